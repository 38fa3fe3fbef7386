// What an event makes of a snapshot. Pure: the outcome equals the snapshot the server would now give.
import type { EventFrame, IncidentView, SeatMoved, SessionSeen, SessionView, Snapshot } from "../../common/wire";

/** The snapshot after the event; null where the event speaks of somebody or some seat that is not in it. */
export function apply(snapshot: Snapshot, frame: EventFrame): Snapshot | null {
  const next = body(snapshot, frame);
  return next && { ...next, v: frame.v };
}

function body(snapshot: Snapshot, frame: EventFrame): Snapshot | null {
  switch (frame.name) {
    case "session:changed":
      return amend(snapshot, frame.body.session_id, { progress: frame.body.progress });
    case "desk:changed":
      return amend(snapshot, frame.body.session_id, { desk: frame.body.desk });
    case "duty:changed":
      return { ...snapshot, acting: frame.body.acting };
    case "seat:moved":
      return moved(snapshot, frame.body);
    case "call:changed":
      return amend(snapshot, frame.body.session_id, { call: frame.body.call });
    case "times:changed":
      return amend(snapshot, frame.body.session_id, { times: frame.body.times });
    case "incident:changed":
      return { ...snapshot, incidents: logged(snapshot.incidents, frame.body.incident) };
    case "message:changed":
      return amend(snapshot, frame.body.session_id, { message: frame.body.message });
    case "room:changed":
      return { ...snapshot, room: { ...snapshot.room, ...frame.body.room } };
  }
}

/** One of the same id is replaced; the log is in the order in which they began. */
function logged(log: readonly IncidentView[], one: IncidentView): IncidentView[] {
  return [...log.filter(({ id }) => id !== one.id), one].sort((a, b) => a.began_at.localeCompare(b.began_at) || a.id - b.id);
}

/** A heartbeat told that somebody is there; of a stranger it tells nothing. */
export function applySeen(snapshot: Snapshot, seen: SessionSeen): Snapshot {
  return amend(snapshot, seen.session_id, { presence: seen.presence }) ?? snapshot;
}

function amend(snapshot: Snapshot, session_id: number, part: Partial<SessionView>): Snapshot | null {
  let isKnown = false;
  const seats = snapshot.seats.map((seat) => {
    if (seat.session?.who.session_id !== session_id) return seat;
    isKnown = true;
    return { ...seat, session: { ...seat.session, ...part } };
  });
  return isKnown ? { ...snapshot, seats } : null;
}

function moved(snapshot: Snapshot, { session_id, seat_id }: SeatMoved): Snapshot | null {
  const from = snapshot.seats.find((seat) => seat.session?.who.session_id === session_id);
  const to = snapshot.seats.find((seat) => seat.seat_id === seat_id);
  if (!from?.session || !to) return null;
  if (from === to) return snapshot;
  // Somebody sits there as far as is known here, so something else is not known.
  if (to.session) return null;
  const { session } = from;
  const seats = snapshot.seats.map((seat) => {
    if (seat === from) return { ...seat, session: null };
    return seat === to ? { ...seat, session } : seat;
  });
  return { ...snapshot, seats };
}
