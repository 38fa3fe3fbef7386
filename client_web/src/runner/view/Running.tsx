// The running test: where one is, the item, and the question put before a blank answer is given.
import type { VNode } from "preact";
import { useFocus } from "../../common/dom";
import { _ } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import { FigureOf, RichText, type Rich } from "../../common/rich";
import type { Language, RunnerState, StepView } from "../../common/wire";
import type { Runner } from "../ctrl";
import { later } from "../later";
import { answerOf, isWritten, stepName } from "../types";
import { ItemForm } from "./Item";

const WorkingPanel = later(() => import("../working/Panel").then((chunk) => chunk.WorkingPanel));
const Figure = later(() => import("../items/Figure").then((chunk) => chunk.Figure), true);
const Player = later(() => import("../items/Player").then((chunk) => chunk.Player));
const OwnTimes = later(() => import("./Times").then((chunk) => chunk.OwnTimes), true);

interface RunningProps {
  readonly runner: Runner;
  readonly state: RunnerState;
  readonly step: StepView;
}

/** `.work` takes a second panel beside the item, or stays one column without it. */
export function Running({ runner, state, step }: RunningProps): VNode {
  const isLocked = runner.isLocked.value;
  const isLast = step.seq === step.length;
  const drawFigure = (id: string) => {
    const figure = step.item.figures[id];
    return figure ? <Figure key={figure.digest} figure={figure} /> : null;
  };
  return (
    <FigureOf.Provider value={drawFigure}>
    <div class="work">
      {step.item.passage && <Passage key={JSON.stringify(step.item.passage)} content={step.item.passage} language={step.item.language} />}
      <section class="panel work__item" aria-labelledby="item-number">
        <Place state={state} step={step} />
        <OwnTimes runner={runner} state={state} />
        {step.recording && <Player key={stepName(step)} step={step} recording={step.recording} given={state.times.plays_given} />}
        <ItemForm
          item={step.item}
          name={stepName(step)}
          draft={runner.given.value}
          isLocked={isLocked || (isWritten(step) && !runner.working.isReady.value)}
          area={runner.working}
          onEdit={(draft) => runner.edit(draft)}
          onNext={() => void runner.submit()}
          nextLabel={isLocked ? _("Saving…") : isLast ? _("Finish the section") : _("Next question")}
        />
        <Kept runner={runner} />
      </section>
      {runner.working.kinds.value.length > 0 && (
        <div class="work__aside">
          <WorkingPanel area={runner.working} isLocked={isLocked} />
        </div>
      )}
      {runner.isConfirming.value && <BlankDialog runner={runner} />}
    </div>
    </FigureOf.Provider>
  );
}

/** What becomes of the answer while there is no network. */
function Kept({ runner }: { runner: Runner }): VNode | null {
  const isCalled = runner.network.line.value === "called";
  const isLocked = runner.isLocked.value;
  if (!runner.network.isCut || (!isLocked && !isCalled)) return null;
  const isOver = runner.countdown.seconds.value === 0;
  return (
    <p class="kept">
      {isOver
        ? _("The time of this section is over. What you had chosen is kept on this computer; the page goes on by itself when the network is back.")
        : isLocked
          ? _("There is no network just now. Your answer is kept on this computer and is sent as soon as the network is back. Stay on this page.")
          : _("There is no network just now. Go on with this question: your answer will be kept on this computer until the network is back.")}
      {isCalled && <span class="kept__called">{_("The proctor has been called. Stay at your seat.")}</span>}
    </p>
  );
}

/** The text that several items are read beside; it stays, and stays where it was scrolled to, as long as it is the same. */
function Passage({ content, language }: { content: Rich; language: Language }): VNode {
  return (
    <section class="panel work__passage" aria-label={_("Text for the question")} tabIndex={0}>
      <div class="passage" lang={language}>
        <RichText content={content} />
      </div>
    </section>
  );
}

export function Place({ state, step }: Omit<RunningProps, "runner">): VNode {
  const heading = useFocus<HTMLHeadingElement>(stepName(step));
  const section = state.sections.find(({ section_id }) => section_id === step.section_id);
  return (
    <div class="place">
      <h1 class="place__number" id="item-number" tabIndex={-1} ref={heading}>
        {section?.may_end_early
          ? _("Question %(seq)s of at most %(length)s", { seq: step.seq, length: step.length })
          : _("Question %(seq)s of %(length)s", { seq: step.seq, length: step.length })}
      </h1>
      {section && (
        <p class="place__section">
          {state.sections.length > 1
            ? _("Section %(position)s: %(title)s", { position: section.position, title: section.title })
            : section.title}
        </p>
      )}
      <progress class="place__bar" value={step.seq - 1} max={step.length} aria-hidden="true" />
    </div>
  );
}

function BlankDialog({ runner }: { runner: Runner }): VNode {
  const isBlank = answerOf(runner.given.value) === null;
  const back = () => (runner.isConfirming.value = false);
  return (
    <Dialog title={isBlank ? _("Leave this question without an answer?") : _("Go on with a part left empty?")} onCancel={back}>
      <p>
        {isBlank
          ? _("You have not answered. You cannot come back to this question later.")
          : _("A part of the answer is empty, so it cannot count as right. You cannot come back to this question later.")}
      </p>
      <div class="dialog__actions">
        <button type="button" class="govuk-button" onClick={back}>
          {_("Back to the question")}
        </button>
        <button type="button" class="govuk-button govuk-button--secondary" onClick={() => void runner.submit(true)}>
          {isBlank ? _("Go on without an answer") : _("Go on all the same")}
        </button>
      </div>
    </Dialog>
  );
}
