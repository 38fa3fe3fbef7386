// The bar on top: room and sitting, how many are connected, the console's own line, the server's clock.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import { Bar, Pill } from "../../common/shell";
import type { Snapshot } from "../../common/wire";
import type { Console } from "../ctrl/console";
import { hourText } from "../ctrl/time";

const SITTING: ReadonlySet<string> = new Set(["running", "paused"]);

/** From when until when: later than was planned, where somebody who still sits has time given back or extra time. */
export function hoursOf({ room, seats }: Snapshot): string {
  if (!room.ends_at) return _("start at %(time)s", { time: hourText(room.starts_at) });
  const ends = seats.flatMap(({ session }) => (session && SITTING.has(session.progress.state) && session.progress.whole_ends_at ? [session.progress.whole_ends_at] : []));
  const last = [room.ends_at, ...ends].reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a));
  const hours = `${hourText(room.started_at ?? room.starts_at)}–${hourText(last)}`;
  return hourText(last) === hourText(room.ends_at) ? hours : _("%(hours)s (planned until %(planned)s)", { hours, planned: hourText(room.ends_at) });
}

export function Head({ ctrl, languages }: { ctrl: Console; languages: VNode }): VNode {
  const room = ctrl.snapshot.value?.room;
  const title = room?.name ?? _("Room console");
  const hours = ctrl.snapshot.value && hoursOf(ctrl.snapshot.value);
  return (
    <Bar title={title} who={room ? `${hours} · ${room.sitting_title}` : ""}>
      {languages}
      {room && <Presence ctrl={ctrl} />}
      <OwnLine ctrl={ctrl} />
      {room && (
        <span class="bar__clock" role="timer" aria-live="off">
          <span class="govuk-visually-hidden">{_("Time of the server:")} </span>
          {hourText(ctrl.now.value, true)}
        </span>
      )}
    </Bar>
  );
}

function Presence({ ctrl }: { ctrl: Console }): VNode {
  const { connected, unconnected } = ctrl.roll.value;
  const said = _("%(n)s connected", { n: connected });
  if (unconnected === 0) return <Pill kind="good">{said}</Pill>;
  return (
    <Pill kind="off">
      {said} <span class="pill__alarm">{_("%(n)s without connection", { n: unconnected })}</span>
    </Pill>
  );
}

function OwnLine({ ctrl }: { ctrl: Console }): VNode {
  switch (ctrl.line.value) {
    case "live":
      return <Pill kind="good">{_("Live")}</Pill>;
    case "connecting":
      return <Pill kind="busy">{_("Connecting…")}</Pill>;
    case "lost":
      return <Pill kind="wait">{_("Console not connected")}</Pill>;
    case "stopped":
      return <Pill kind="off">{_("Stopped")}</Pill>;
  }
}
