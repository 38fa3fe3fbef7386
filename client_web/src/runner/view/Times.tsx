// What a candidate has beside the limits by a recorded decision: conditions, breaks, time given back (DC-12).
import type { VNode } from "preact";
import { clockText } from "../../common/clock";
import { _ } from "../../common/i18n";
import type { RunnerState } from "../../common/wire";
import { isTold } from "../briefing";
import type { Runner } from "../ctrl";

/** Before the start: under which conditions the test is sat. */
export function Conditions({ state }: { state: RunnerState }): VNode | null {
  const own = state.conditions.filter((each) => !isTold(each));
  if (own.length === 0) return null;
  return (
    <div class="conditions">
      <p class="conditions__title">
        {_("Your conditions")} <span class="clause">DC-12</span>
      </p>
      <ul class="conditions__list">
        {own.map(({ words }) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </div>
  );
}

/** While the test runs: the break that may still be taken, and what was given back. */
export function OwnTimes({ runner, state }: { runner: Runner; state: RunnerState }): VNode | null {
  const { given_s, break_left_s } = state.times;
  if (given_s === 0 && !break_left_s) return null;
  return (
    <div class="own-times">
      {given_s > 0 && <p class="own-times__given">{_("Lost time given back to you: %(time)s", { time: clockText(given_s) })}</p>}
      {!!break_left_s && (
        <button type="button" class="govuk-button govuk-button--secondary" disabled={runner.isBusy.value || runner.isLocked.value} onClick={() => void runner.takeBreak()}>
          {_("Take a break (%(time)s left)", { time: clockText(break_left_s) })}
        </button>
      )}
    </div>
  );
}

/** In a break: how long it may last, and the way back before that. */
export function OnBreak({ runner }: { runner: Runner }): VNode {
  const left = runner.breakLeft.seconds.value;
  return (
    <>
      <p>{_("Your time stands still. The question comes back by itself when the break is over.")}</p>
      {left !== null && <p class="notice__figure">{_("The break ends in %(time)s", { time: clockText(left) })}</p>}
      <button type="button" class="govuk-button" disabled={runner.isBusy.value} onClick={() => void runner.goOn()}>
        {_("Go on with the test now")}
      </button>
    </>
  );
}
