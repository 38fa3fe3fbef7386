// Between sections: what comes next and how long it lasts. The candidate begins it.
import type { VNode } from "preact";
import { clockText } from "../../common/clock";
import { useFocus } from "../../common/dom";
import { _, ngettext } from "../../common/i18n";
import type { RunnerState, SectionView } from "../../common/wire";
import type { Runner } from "../ctrl";
import { Delayed } from "./Notices";

export function Between({ runner, state }: { runner: Runner; state: RunnerState }): VNode {
  const next = state.sections.find((section) => section.state === "pending") ?? null;
  const heading = useFocus<HTMLHeadingElement>(next?.section_id);
  if (!next) return <p>{_("One moment…")}</p>;
  return (
    <section class="panel between">
      <p class="between__count">
        {_("Section %(position)s of %(count)s", { position: next.position, count: state.sections.length })}
      </p>
      <h1 class="between__title" tabIndex={-1} ref={heading}>
        {next.title}
      </h1>
      <Facts section={next} />
      <p>{_("The time of the section begins to run when you press the button. You cannot come back to a question once you have left it.")}</p>
      <Deadline runner={runner} />
      <button
        type="button"
        class="govuk-button between__begin"
        disabled={runner.isBusy.value}
        onClick={() => void runner.beginSection(next.section_id)}
      >
        {_("Begin the section")}
      </button>
      <Delayed runner={runner} text={_("There is no network just now. The section opens by itself as soon as the network is back.")} />
      <SectionList sections={state.sections} />
    </section>
  );
}

/** The section's clock waits for the button, the clock of the whole test does not. */
function Deadline({ runner }: { runner: Runner }): VNode | null {
  const left = runner.countdown.seconds.value;
  if (left === null) return null;
  return <p class="between__deadline">{_("Time left for the whole test: %(time)s", { time: clockText(left) })}</p>;
}

function Facts({ section }: { section: SectionView }): VNode {
  const minutes = Math.round((section.limit_s + section.extra_s) / 60);
  return (
    <ul class="between__facts">
      <li>
        {section.may_end_early
          ? ngettext("At most %(n)s question", "At most %(n)s questions", section.length)
          : ngettext("%(n)s question", "%(n)s questions", section.length)}
      </li>
      <li>{ngettext("%(n)s minute", "%(n)s minutes", minutes)}</li>
    </ul>
  );
}

/** All sections in order, with how each stands. */
export function SectionList({ sections }: { sections: readonly SectionView[] }): VNode {
  const said = { pending: _("to come"), running: _("open"), done: _("done") };
  return (
    <ol class="sections">
      {sections.map((section) => (
        <li key={section.section_id} class={`sections__item sections__item--${section.state}`}>
          <span class="sections__title">{section.title}</span>
          <span class="sections__time">{ngettext("%(n)s minute", "%(n)s minutes", Math.round((section.limit_s + section.extra_s) / 60))}</span>
          <span class="sections__state">{said[section.state]}</span>
        </li>
      ))}
    </ol>
  );
}
