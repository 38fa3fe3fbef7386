// The bar on top: sitting, name and seat, whether answers are reaching the server, and the time left.
import type { VNode } from "preact";
import { clockText } from "../../common/clock";
import { _ } from "../../common/i18n";
import { Bar, Pill, type PillKind } from "../../common/shell";
import type { Runner } from "../ctrl";
import type { Line } from "../types";

const LOW_S = 300;

export function Head({ runner, languages }: { runner: Runner; languages: VNode }): VNode {
  const state = runner.screen.value === "exam" ? runner.state.value : null;
  const who = state ? [state.name, state.seat && _("seat %(seat)s", { seat: state.seat })].filter(Boolean).join(" · ") : "";
  const phase = state?.clock.phase;
  return (
    <Bar title={state?.sitting_title ?? _("State test")} who={who}>
      {languages}
      {runner.screen.value !== "other_tab" && <LinePill runner={runner} />}
      {(phase === "running" || phase === "paused") && <Clock runner={runner} />}
    </Bar>
  );
}

function LinePill({ runner }: { runner: Runner }): VNode {
  const isWorking = runner.isRunning && !runner.isLocked.value && runner.screen.value === "exam";
  const isKnown = runner.screen.value === "exam"; // before the sign-in no console has this computer to miss
  const waiting = isWorking ? _("Waiting for the network: keep working") : _("Waiting for the network");
  const said: Record<Line, readonly [PillKind, string]> = {
    connected: ["good", _("Connected")],
    saved: ["good", _("Answer saved")],
    saving: ["busy", _("Saving…")],
    waiting: ["wait", waiting],
    called: ["wait", isKnown ? _("No network: the proctor has been called") : waiting],
    held: ["off", _("Answer kept")],
  };
  const [kind, text] = said[runner.network.line.value];
  return <Pill kind={kind}>{text}</Pill>;
}

function Clock({ runner }: { runner: Runner }): VNode | null {
  const seconds = runner.countdown.seconds.value;
  if (seconds === null) return null;
  const isLow = seconds <= LOW_S;
  return (
    <span class={isLow ? "bar__clock bar__clock--low" : "bar__clock"} role="timer" aria-live="off">
      <span class="govuk-visually-hidden">{_("Time left in this section:")} </span>
      {clockText(seconds)}
    </span>
  );
}
