// The words for states and acts as an observer reads them; `_` is read anew at each drawing.
import { _, ngettext } from "../../common/i18n";
import type { RoomState, WatchedAct, WatchedEvent, WatchedIncident, WatchedState } from "../../common/wire";
import { secondsTo, spanText } from "../../console/ctrl/time";
import type { IconName } from "../../console/view/Icon";
import type { Counted } from "../ctrl";

export function stateWord(state: Counted): string {
  const words: Record<Counted, string> = {
    free: _("Free seat"),
    expected: _("Not here yet"),
    present: _("Ready"),
    working: _("Working"),
    paused: _("Paused"),
    finished: _("Finished"),
    removed: _("Removed from the test"),
    absent: _("Absent"),
    late: _("Came late"),
  };
  return words[state];
}

export function iconOf(state: WatchedState): IconName {
  return state === "present" ? "admitted" : state;
}

export function roomWord(state: RoomState): string {
  const words: Record<RoomState, string> = {
    planned: _("Planned"),
    open: _("Open"),
    running: _("Running"),
    closed: _("Closed"),
  };
  return words[state];
}

/** What happened, and at which places if not in the whole room. */
export function eventText({ act, seats }: WatchedEvent): string {
  const words: Record<WatchedAct, string> = {
    room_opened: _("The doors were opened"),
    room_started: _("The test was started"),
    room_closed: _("The room was closed"),
    admitted: _("Let in"),
    admitted_late: _("Let in late"),
    paused: _("Paused"),
    resumed: _("Goes on"),
    warned: _("Warned"),
    removed: _("Removed on a protocol"),
    absent: _("Did not come"),
  };
  if (seats.length === 0) return words[act];
  return `${words[act]}: ${ngettext("seat %(seats)s", "seats %(seats)s", seats.length, { seats: seats.join(", ") })}`;
}

/** Of which kind, where, and for how long. */
export function incidentText({ kind, began_at, ended_at, is_whole }: WatchedIncident, now: number): string {
  const time = spanText(-(secondsTo(began_at, ended_at === null ? now : Date.parse(ended_at)) ?? 0));
  const where = is_whole ? _("the whole room") : _("one place");
  return `${kind} · ${where} · ${ended_at === null ? _("lasts %(time)s so far", { time }) : _("over, lasted %(time)s", { time })}`;
}
