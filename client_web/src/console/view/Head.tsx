// The bar on top: room and sitting, how many are connected, the console's own line, the server's clock.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import { Bar, Pill } from "../../common/shell";
import type { Console } from "../ctrl/console";
import { hourText } from "../ctrl/time";

export function Head({ ctrl, languages }: { ctrl: Console; languages: VNode }): VNode {
  const room = ctrl.snapshot.value?.room;
  const title = room?.name ?? _("Room console");
  const hours = room && (room.ends_at ? `${hourText(room.started_at ?? room.starts_at)}–${hourText(room.ends_at)}` : _("start at %(time)s", { time: hourText(room.starts_at) }));
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
