"""The papers of a room in a sitting, by name; each printing is journalled with the digest that stands on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from proctor.irregularities.queries import tallies
from proctor.rooms.models import Room, RoomSitting
from proctor.rooms.papers import attendance, instruction, report, seating, slips
from proctor.rooms.papers.setting import OpenRoom, Setting, set_up
from proctor.rooms.views import Guest
from server import accounts, delivery
from server.core import journal
from server.core.errors import NotFound
from server.core.i18n import language, local_time, speaking
from server.core.paper import Paper, Printed, press
from server.core.work import Work

Maker = Callable[[Work, Setting], Paper]
# Codes are the centre's alone; everything else is of use to whoever is on duty in the room too.
AT_DESK: Mapping[str, Maker] = {
    "attendance": attendance.sheet,
    "door": seating.door_list,
    "plan": seating.plan,
    "instruction": instruction.script,
    "report": report.report,
}
AT_CENTRE: Mapping[str, Maker] = {"slips": slips.sheet, **AT_DESK}


def print_paper(
    work: Work, makers: Mapping[str, Maker], kind: str, room: OpenRoom, tongue: str, origin: str
) -> Printed:
    """The paper of that name in that language; the journal knows who printed it."""
    if kind not in makers:
        raise NotFound("not_found")
    with speaking(tongue):
        setting = set_up(work, *room, origin)
        printed = press(work.vault, makers[kind](work, setting))
    note(work, printed, kind, tongue, room[0].id)
    return printed


def accused(work: Work, guests: Mapping[int, Guest]) -> list[Guest]:
    """Those among the guests on whom there is a protocol to be printed."""
    known = tallies(work, list(guests))
    return [guest for session_id, guest in guests.items() if session_id in known]


def note(work: Work, printed: Printed, kind: str, tongue: str, room_sitting_id: int, **facts: Any) -> None:
    """The journal will tell, by the digest on the paper, what was printed, when and by whom."""
    work.record("paper:printed", f"paper:{printed.digest}", kind=kind, language=tongue,
                room_sitting=room_sitting_id, **facts)  # fmt: skip


@dataclass(frozen=True)
class Printing:
    """That a paper was printed: which, when, in which language, and for which room if it is of one."""

    kind: str
    language: str
    centre: str
    room: str
    sitting: str
    at: str


def printings(work: Work, digest: str) -> list[Printing]:
    """Every printing of the paper that bears this digest, oldest first; none if it was not printed here."""
    return [_printing(work, entry) for entry in journal.entries_on(work.db, f"paper:{digest}")]


def _printing(work: Work, entry: journal.Known) -> Printing:
    kind, tongue = str(entry.facts["kind"]), str(entry.facts["language"])
    if "room_sitting" not in entry.facts:  # such as minutes of the commission
        return Printing(kind, tongue, "", "", "", local_time(entry.at, entry.facts["zone"], "d MMMM y, HH:mm:ss"))
    room = work.db.get_one(RoomSitting, entry.facts["room_sitting"])
    where = work.db.get_one(Room, room.room_id)
    sitting = delivery.sitting_ref(work, room.sitting_id)
    return Printing(
        kind=kind,
        language=tongue,
        centre=accounts.organisation_of(work, where.centre_id).name(language()),
        room=where.name,
        sitting=sitting.titles[language()],
        at=local_time(entry.at, sitting.zone, "d MMMM y, HH:mm:ss"),
    )
