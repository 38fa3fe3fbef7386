"""What the centre's pages show: frozen facts in the reader's language, ready to be put into a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from proctor.rooms.drawing import Link, Sheet, Spot
from proctor.rooms.geometry import Outline
from proctor.rooms.models import Room, RoomSitting
from proctor.rooms.queries import RoomSittingRef, SeatRef, room_sittings_of, seated_ids, seats_in
from server import candidates, delivery
from server.candidates import accommodating
from server.core.i18n import _, language, local_time
from server.core.work import Work
from server.delivery import service as sessions

MARGIN_M = 1.0


@dataclass(frozen=True)
class SittingRow:
    """A sitting at this centre: when, how many candidates, how many have a seat, in which rooms."""

    id: int
    title: str
    starts: str
    n_candidates: int
    n_seated: int
    rooms: tuple[RoomSittingRef, ...]
    has_seb: bool


@dataclass(frozen=True)
class Guest:
    """A candidate as the centre sees them."""

    session_id: int
    registration_no: str
    name: str
    school: str
    state: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedSeat:
    """A place on the plan and who sits there."""

    seat: SeatRef
    guest: Guest | None


@dataclass(frozen=True)
class Slip:
    """What a candidate is handed: where to sit and how to sign in; no code once it was used."""

    registration_no: str
    name: str
    room: str
    seat: str
    code: str | None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The seats of a room and its size in metres; with a drawing if there is one, and pairs that break a rule."""

    seats: tuple[PlannedSeat, ...]
    width_m: float
    depth_m: float
    outline: Outline | None = None
    links: tuple[Link, ...] = ()
    kept: Mapping[int, str] = field(default_factory=dict)

    def sheet(self, title: str) -> Sheet:
        """The plan as it is drawn, in the reader's language."""
        words = _("Seats as seen from above, the proctor's table at the board. The table below lists them.")
        return Sheet(title=title, description=words, metre=_("1 m"), width_m=self.width_m, depth_m=self.depth_m,
                     spots=[self._spot(each) for each in self.seats], outline=self.outline, links=self.links)

    def _spot(self, planned: PlannedSeat) -> Spot:
        seat, guest = planned.seat, planned.guest
        words = _("Seat %(seat)s, free") % {"seat": seat.number}
        if guest:
            facts = {"seat": seat.number, "name": guest.name, "school": guest.school}
            words = _("Seat %(seat)s, %(name)s, %(school)s") % facts
        is_kept = guest is not None and guest.session_id in self.kept
        if is_kept:
            words = _("%(seat)s, kept") % {"seat": words}
        line = guest.registration_no if guest else ""
        words = ", ".join(filter(None, (words, line)))  # what is seen of the seat is in its name
        return Spot(seat.id, seat.number, seat.x_m, seat.y_m, words, line, seat.session_id, is_kept)


def sitting_rows(work: Work, centre_id: int, sittings: list[delivery.SittingRef]) -> list[SittingRow]:
    """Each sitting with its rooms at this centre."""
    rooms = room_sittings_of(work, centre_id)
    rows = []
    for each in sittings:
        here = [ref.id for ref in delivery.sessions_of_sitting(work, each.id) if ref.centre_id == centre_id]
        rows.append(
            SittingRow(
                each.id,
                each.titles[language()],
                local_time(each.starts_at, each.zone),
                len(here),
                len(seated_ids(work, each.id) & set(here)),
                tuple(room for room in rooms if room.sitting_id == each.id),
                each.seb_policy != "off",
            )
        )
    return rows


def plan(seats: list[SeatRef], guests: dict[int, Guest] | None = None, outline: Outline | None = None) -> Plan:
    """The plan of a room, with its guests if a sitting is meant; in plain rows its walls are a metre off."""
    known = guests or {}
    wide = max((seat.x_m for seat in seats), default=0.0) + MARGIN_M
    deep = max((seat.y_m for seat in seats), default=0.0) + MARGIN_M
    if outline:
        wide, deep = outline.width_mm / 1000, outline.depth_mm / 1000
    placed = tuple(PlannedSeat(seat, known.get(seat.session_id or 0)) for seat in seats)
    return Plan(placed, wide, deep, outline)


def guests_in(work: Work, room: RoomSitting) -> tuple[list[SeatRef], dict[int, Guest]]:
    """The seats of a room in a sitting, and who sits on them by session id."""
    seats = seats_in(work, room)
    ids = [seat.session_id for seat in seats if seat.session_id is not None]
    return seats, _guests(work, delivery.session_refs(work, ids))


def waiting_guests(work: Work, room: RoomSitting, centre_id: int) -> list[Guest]:
    """Who is expected at this centre for the sitting and has no seat yet, by registration number."""
    seated = seated_ids(work, room.sitting_id)
    refs = [
        ref
        for ref in delivery.sessions_of_sitting(work, room.sitting_id)
        if ref.centre_id == centre_id and ref.id not in seated and ref.state == "expected"
    ]
    return sorted(_guests(work, refs).values(), key=lambda guest: guest.registration_no)


def slips(work: Work, room: RoomSitting, where: Room) -> list[Slip]:
    """A slip for everybody seated in the room, by seat; that codes were shown is on record."""
    seats, guests = guests_in(work, room)
    found, shown = [], []
    for seat in seats:
        guest = guests.get(seat.session_id or 0)
        if guest is None:
            continue
        is_expected = guest.state in ("expected", "admitted", "running", "paused")
        code = sessions.issue_code(work, guest.session_id) if is_expected else None
        found.append(Slip(guest.registration_no, guest.name, where.name, seat.number, code,
                          guest.conditions))
        if code is not None:
            shown.append(guest.session_id)
    work.record("slips:shown", f"room_sitting:{room.id}", sessions=shown)
    return found


def _guests(work: Work, refs: list[delivery.SessionRef]) -> dict[int, Guest]:
    known = {each.id: each for each in candidates.registrations(work, [ref.registration_id for ref in refs])}
    held = accommodating.accommodations(work, list(known))
    return {
        ref.id: Guest(ref.id, ref.registration_no, ref.name, known[ref.registration_id].school, ref.state,
                      tuple(each.words for each in held[ref.registration_id]))
        for ref in refs
    }  # fmt: skip
