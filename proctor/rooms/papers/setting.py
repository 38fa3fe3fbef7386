"""What every paper of a room is made from: its sitting, who sits there, and how the desk stands with each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from proctor.irregularities.queries import Tally, tallies
from proctor.rooms.desk import admissions, latest_checks
from proctor.rooms.models import Admission, IdentityCheck, Room, RoomSitting
from proctor.rooms.queries import SeatRef, duties_in, seats_in
from server import accounts, candidates, delivery
from server.candidates import accommodating
from server.candidates.cases.queries import called_off
from server.core.i18n import _, language, local_time
from server.core.paper import Paper
from server.core.paper.blocks import Block
from server.core.paper.foot import checked_foot
from server.core.work import Work
from server.delivery.absences.queries import reasons

OpenRoom = tuple[RoomSitting, Room]  # behind a door that let the actor in


@dataclass(frozen=True)
class Sitter:
    """A candidate at a seat, as papers show them."""

    seat: SeatRef
    session: delivery.SessionRef
    school: str
    check: IdentityCheck | None
    admission: Admission | None
    tally: Tally
    conditions: tuple[str, ...] = ()
    has_reason: bool = False
    is_called_off: bool = False

    @property
    def number(self) -> str:
        """The registration number."""
        return self.session.registration_no


@dataclass(frozen=True)
class Setting:
    """A room in a sitting with its sitters in the order of the seats; `origin` is where papers are checked."""

    room: RoomSitting
    where: Room
    sitting: delivery.SittingRef = field(repr=False)
    centre: str
    on_duty: tuple[str, ...]
    seats: tuple[SeatRef, ...]
    sitters: tuple[Sitter, ...]
    origin: str

    @property
    def title(self) -> str:
        """The sitting's title in the reader's language."""
        return self.sitting.titles[language()]

    def clock(self, at: datetime | None, pattern: str = "HH:mm") -> str:
        """An instant on the wall clock of the room; nothing where there is none."""
        return "" if at is None else local_time(at, self.sitting.zone, pattern)

    def paper(self, title: str, *blocks: Block, is_wide: bool = False) -> Paper:
        """A paper of this room; its date is the sitting's, so that the same facts make the same file."""
        starts = local_time(self.sitting.starts_at, self.sitting.zone)
        return Paper(
            language=language(),
            title=title,
            head=" · ".join((self.centre, self.where.name, self.title, starts)),
            foot=checked_foot(self.origin),
            stamp=int(self.sitting.starts_at.timestamp()),
            blocks=blocks,
            is_wide=is_wide,
        )

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What stands at the head of a form: where, what, when, under which order and edition."""
        edition = self.sitting.edition
        return (
            (_("Test centre"), self.centre),
            (_("Room"), self.where.name),
            (_("Sitting"), self.title),
            (_("Start"), local_time(self.sitting.starts_at, self.sitting.zone)),
            (_("Order"), self.sitting.order_no),
            (_("Regulation"), edition.title[language()]),
        )

    def proctors(self) -> tuple[tuple[str, str], ...]:
        """Who is on duty, each to sign; an empty line where nobody is yet."""
        return tuple((_("Proctor"), name) for name in self.on_duty) or ((_("Proctor"), ""),)


def set_up(work: Work, room: RoomSitting, where: Room, origin: str) -> Setting:
    """The setting as it now is."""
    seats = tuple(seats_in(work, room))
    return Setting(
        room=room,
        where=where,
        sitting=delivery.sitting_ref(work, room.sitting_id),
        centre=accounts.organisation_of(work, where.centre_id).name(language()),
        on_duty=tuple(sorted(duties_in(work, room.id).values())),
        seats=seats,
        sitters=_sitters(work, seats),
        origin=origin,
    )


def _sitters(work: Work, seats: tuple[SeatRef, ...]) -> tuple[Sitter, ...]:
    ids = [seat.session_id for seat in seats if seat.session_id is not None]
    refs = {ref.id: ref for ref in delivery.session_refs(work, ids)}
    known = {each.id: each for each in candidates.registrations(work, [r.registration_id for r in refs.values()])}
    held = accommodating.accommodations(work, list(known))
    checks, let_in, counted = latest_checks(work, ids), admissions(work, ids), tallies(work, ids)
    excused, away = reasons(work, ids), called_off(work)
    return tuple(
        Sitter(
            seat, refs[each], known[refs[each].registration_id].school, checks.get(each), let_in.get(each),
            counted.get(each, Tally()), tuple(c.words for c in held[refs[each].registration_id]), each in excused,
            refs[each].registration_id in away,
        )
        for seat, each in ((seat, seat.session_id) for seat in seats) if each is not None
    )  # fmt: skip
