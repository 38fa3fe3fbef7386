// The waiting room: whether one is admitted, when it starts, the briefing step by step, and practice.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { clockText } from "../../common/clock";
import { useFocus } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { RunnerState } from "../../common/wire";
import { briefing, type BriefingStep, type Rule } from "../briefing";
import type { Runner } from "../ctrl";
import { Practice } from "./Practice";
import { Conditions } from "./Times";

export function Waiting({ runner, state }: { runner: Runner; state: RunnerState }): VNode {
  const steps = briefing(state);
  const [at, setAt] = useState(0);
  const step = steps[at] ?? steps[0];
  return (
    <div class="waiting">
      <aside class="panel waiting__state" aria-label={_("Before the start")}>
        <Admission state={state} />
        <Conditions state={state} />
        <Start runner={runner} briefing_s={state.briefing_s} />
        <StepList steps={steps} at={at} onGo={setAt} />
      </aside>
      <section class="panel waiting__briefing" aria-labelledby="briefing-title">
        {step && <Step step={step} at={at} count={steps.length} />}
        <div class="button-row">
          {at > 0 && (
            <button type="button" class="govuk-button govuk-button--secondary" onClick={() => setAt(at - 1)}>
              {_("Back")}
            </button>
          )}
          {at < steps.length - 1 && (
            <button type="button" class="govuk-button" onClick={() => setAt(at + 1)}>
              {_("Read on")}
            </button>
          )}
        </div>
      </section>
    </div>
  );
}

function Admission({ state }: { state: RunnerState }): VNode {
  return (
    <div class={state.is_admitted ? "admission admission--yes" : "admission"} role="status">
      <p class="admission__title">{state.is_admitted ? _("You are admitted") : _("Wait for the identity check")}</p>
      <p class="admission__text">
        {state.is_admitted
          ? _("Your identity is confirmed. Read the briefing until the start.")
          : _("The proctor comes to your seat and looks at your document.")}{" "}
        <span class="clause">DC-9</span>
      </p>
      <p class="admission__text">{_("Form No. %(number)s", { number: state.form_no })}</p>
    </div>
  );
}

/** Until the briefing, through it, and to the start: by the server's clock, to the second (DC-11). */
function Start({ runner, briefing_s }: { runner: Runner; briefing_s: number }): VNode {
  const left = runner.countdown.seconds.value;
  return (
    <div class="start">
      <p class="start__label">{left === 0 || left === null ? _("The test starts when the proctor begins it") : _("Until the start")}</p>
      {left !== null && left > 0 && (
        <p class="start__clock" role="timer" aria-live="off">
          {clockText(left)}
        </p>
      )}
      {left !== null && left > 0 && (
        <p class="start__briefing">
          {left > briefing_s ? _("The briefing begins in %(time)s", { time: clockText(left - briefing_s) }) : _("The briefing is on. No task opens before the start.")}{" "}
          <span class="clause">DC-11</span>
        </p>
      )}
    </div>
  );
}

interface StepListProps {
  readonly steps: readonly BriefingStep[];
  readonly at: number;
  readonly onGo: (at: number) => void;
}

function StepList({ steps, at, onGo }: StepListProps): VNode {
  return (
    <nav aria-label={_("Briefing")}>
      <ol class="step-list">
        {steps.map((step, index) => (
          <li key={step.id}>
            <button
              type="button"
              class="step-list__item"
              {...(index === at ? { "aria-current": "step" as const } : {})}
              onClick={() => onGo(index)}
            >
              <span class="step-list__number">{index + 1}</span> {step.title}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Step({ step, at, count }: { step: BriefingStep; at: number; count: number }): VNode {
  const heading = useFocus<HTMLHeadingElement>(step.id);
  return (
    <>
      <p class="waiting__count">{_("Briefing, step %(at)s of %(count)s", { at: at + 1, count })}</p>
      <h1 class="waiting__title" id="briefing-title" tabIndex={-1} ref={heading}>
        {step.title}
      </h1>
      {step.forbidden && <Rules rules={step.forbidden} kind="forbidden" />}
      {step.allowed && <Rules rules={step.allowed} kind="plain" />}
      {step.id === "practice" && <Practice />}
    </>
  );
}

function Rules({ rules, kind }: { rules: readonly Rule[]; kind: "plain" | "forbidden" }): VNode {
  return (
    <ul class={`rules rules--${kind}`}>
      {rules.map((rule) => (
        <li key={rule.text}>
          {rule.text} {rule.clause && <span class="clause">{rule.clause}</span>}
        </li>
      ))}
    </ul>
  );
}
