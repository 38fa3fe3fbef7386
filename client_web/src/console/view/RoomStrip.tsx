// The room as a whole: its state, its figures and the acts that are possible now, each with its clause.
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { SeatView, Snapshot } from "../../common/wire";
import { roomKey, type Console } from "../ctrl/console";
import { hourText, secondsTo, spanText } from "../ctrl/time";
import type { RoomAct } from "../types";
import { Clause, Outcome } from "./Clause";
import { isActing, RoomLinks } from "./Duty";
import { useFocusKept } from "./focus";
import { IncidentLog } from "./LostTime";
import { RoomDialog } from "./RoomDialog";

interface Props {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
}

const TOLD: readonly RoomAct[] = ["open", "start", "pause", "resume", "message", "incidents", "give-time", "close"];

export function RoomStrip({ ctrl, snapshot }: Props): VNode {
  const section = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const ask = ctrl.ask.value;
  useFocusKept(section, heading);
  return (
    <section class="strip panel" aria-labelledby="strip-title" ref={section}>
      <h2 class="govuk-visually-hidden" id="strip-title" tabIndex={-1} ref={heading}>
        {_("The room")}
      </h2>
      <Figures ctrl={ctrl} snapshot={snapshot} />
      <div class="strip__acts">
        {isActing(snapshot) && <RoomActs ctrl={ctrl} snapshot={snapshot} />}
        <RoomLinks ctrl={ctrl} />
      </div>
      {TOLD.filter((act) => act !== ask).map((act) => (
        <Outcome key={act} state={ctrl.acts.of(roomKey(act))} />
      ))}
      <IncidentLog ctrl={ctrl} snapshot={snapshot} />
      {ask && <RoomDialog key={ask} ctrl={ctrl} snapshot={snapshot} ask={ask} />}
    </section>
  );
}

function Figure({ name, value, note = "", isLoud = false }: { name: string; value: string; note?: string; isLoud?: boolean }): VNode {
  return (
    <div class={isLoud ? "figure figure--loud" : "figure"}>
      <dt class="figure__name">{name}</dt>
      <dd class="figure__value">
        {value} {note && <span class="figure__note">{note}</span>}
      </dd>
    </div>
  );
}

function Figures({ ctrl, snapshot }: Props): VNode {
  const { room } = snapshot;
  const roll = ctrl.roll.value;
  if (room.state === "planned" || room.state === "open") {
    return (
      <dl class="strip__figures">
        <ToTheHour ctrl={ctrl} snapshot={snapshot} />
        {room.state === "open" ? (
          <>
            <Figure name={_("Admitted")} value={String(roll.admitted)} note={_("of %(n)s", { n: roll.seated })} />
            <Figure name={_("Identity to check")} value={String(roll.unchecked)} />
            <Figure name={_("To be admitted")} value={String(roll.toAdmit)} />
          </>
        ) : (
          <Figure name={_("Candidates")} value={String(roll.seated)} note={_("The doors are closed.")} />
        )}
      </dl>
    );
  }
  const working = roll.running + roll.admitted;
  return (
    <dl class="strip__figures">
      {room.state === "running" && <LateClock ctrl={ctrl} snapshot={snapshot} />}
      <Figure name={_("Working")} value={String(working)} note={_("of %(n)s", { n: roll.seated })} />
      {roll.paused > 0 && <Figure name={_("Paused")} value={String(roll.paused)} isLoud />}
      {roll.expected > 0 && room.state === "running" && <Figure name={_("Not here yet")} value={String(roll.expected)} />}
      <Figure name={_("Have ended")} value={String(roll.over)} />
      {room.state === "closed" && <Figure name={_("The room")} value={_("Closed")} />}
    </dl>
  );
}

function ToTheHour({ ctrl, snapshot }: Props): VNode {
  const left_s = secondsTo(snapshot.room.starts_at, ctrl.now.value) ?? 0;
  const hour = hourText(snapshot.room.starts_at);
  const briefing_s = secondsTo(snapshot.room.briefing_at, ctrl.now.value) ?? 0;
  const briefing = hourText(snapshot.room.briefing_at);
  if (left_s > 0) {
    return (
      <>
        {briefing_s > 0 ? (
          <Figure name={_("To the briefing")} value={spanText(briefing_s)} note={_("at %(time)s", { time: briefing })} />
        ) : (
          <Figure name={_("Briefing")} value={spanText(-briefing_s)} note={_("since %(time)s", { time: briefing })} />
        )}
        <Figure name={_("To the start")} value={spanText(left_s)} note={_("at %(time)s", { time: hour })} />
      </>
    );
  }
  return <Figure name={_("The hour has come")} value={hour} note={_("%(time)s ago", { time: spanText(-left_s) })} isLoud />;
}

/** Until when a latecomer is let in, to the second (DC-16). */
function LateClock({ ctrl, snapshot }: Props): VNode | null {
  const left_s = ctrl.late_s.value;
  if (left_s === null) return null;
  const until = hourText(snapshot.room.late_until ?? "", true);
  if (left_s < 0) return <Figure name={_("Late admission")} value={_("has ended")} note={_("at %(time)s", { time: until })} />;
  return <Figure name={_("Late admission")} value={spanText(left_s)} note={_("until %(time)s", { time: until })} isLoud />;
}

interface ActProps extends Props {
  readonly act: RoomAct;
  readonly label: string;
  readonly tone?: "main" | "plain";
  readonly onClick?: () => void;
}

function RoomButton({ ctrl, snapshot, act, label, tone = "plain", onClick }: ActProps): VNode {
  const { isBusy } = ctrl.acts.of(roomKey(act));
  const press = onClick ?? (() => act !== "open" && ctrl.openAsk(act));
  return (
    <div class="act">
      <button
        type="button"
        class={tone === "main" ? "govuk-button" : "govuk-button govuk-button--secondary"}
        aria-describedby={`room-${act}-clause`}
        aria-busy={isBusy}
        aria-haspopup={onClick ? undefined : "dialog"}
        onClick={press}
      >
        {isBusy ? _("One moment…") : label}
      </button>
      <Clause snapshot={snapshot} act={act} id={`room-${act}-clause`} />
    </div>
  );
}

function RoomActs({ ctrl, snapshot }: Props): VNode | null {
  const at = { ctrl, snapshot };
  const open = () => void ctrl.actOnRoom("open", {}, _("The doors are open."));
  switch (snapshot.room.state) {
    case "planned":
      return <RoomButton {...at} act="open" label={_("Open the doors")} tone="main" onClick={open} />;
    case "open":
      return (
        <>
          <RoomButton {...at} act="start" label={_("Start the room…")} tone="main" />
          <RoomButton {...at} act="message" label={_("Message to all…")} />
          <RoomButton {...at} act="close" label={_("Close the room…")} />
        </>
      );
    case "running":
      return (
        <>
          {ctrl.roll.value.running > 0 && <RoomButton {...at} act="pause" label={_("Pause all…")} />}
          {snapshot.seats.some(waitsForAll) && <RoomButton {...at} act="resume" label={_("Resume all…")} tone="main" />}
          <RoomButton {...at} act="incidents" label={_("Incident…")} />
          <RoomButton {...at} act="give-time" label={_("Give time back…")} />
          <RoomButton {...at} act="message" label={_("Message to all…")} />
          <RoomButton {...at} act="close" label={_("Close the room…")} />
        </>
      );
    case "closed":
      return null;
  }
}

/** Paused by the proctor: a break ends by itself, and whose time ran out is decided one by one. */
export function waitsForAll({ session }: SeatView): boolean {
  return session?.progress.state === "paused" && session.times.held_since === null && session.times.break_until === null;
}
