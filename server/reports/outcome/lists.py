"""The lists of an outcome, of one circle: made of what was released, of the desk and of the rooms (CS-10, CS-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from proctor.rooms.desk import admissions, latest_checks
from proctor.rooms.models import Duty, Room, RoomSitting, Seat
from server.core.i18n import language
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.absences.queries import spared
from server.grading import outcomes
from server.grading.lists.standing import Row
from server.grading.outcomes import OrderRef, TellingRef
from server.grading.policy import Policy
from server.reports.analysis.groups import Figures, figures
from server.reports.analysis.told import Told
from server.reports.rules import LowGradesRule, OutcomeListsRule, ParentsToldRule

CLAUSES = {"lists": "CS-10", "low": "CS-11", "order": "CS-13", "parents": "CS-16"}
FAILING = "failing"


@dataclass(frozen=True)
class Readiness:
    """What was ready: candidates expected, rooms with their seats and those closed, proctors on duty."""

    candidates: int
    rooms: int
    seats: int
    closed: int
    proctors: int


@dataclass(frozen=True)
class Failing:
    """A candidate who failed: in which subjects, and who was shown the list on that account."""

    row: Row
    subjects: tuple[str, ...]
    told: tuple[TellingRef, ...]
    ruling: Ruling


@dataclass(frozen=True)
class TurnedAway:
    """A candidate who came and was not let in: refused at the desk, or checked there and too late (DC-9, DC-16)."""

    row: Row
    is_refused: bool
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """All lists of the circle, whether they are what the edition asks for, and the order of one's own office."""

    readiness: Readiness
    progress: tuple[tuple[str, Figures], ...]
    failing: tuple[Failing, ...]
    low_only: tuple[Row, ...]
    not_admitted: tuple[TurnedAway, ...]
    removed: tuple[Row, ...]
    absent: tuple[tuple[Row, bool], ...]
    order: OrderRef | None
    lists: Ruling
    ordered: Ruling

    @property
    def longest(self) -> int:
        """How many stand on the longest list."""
        return max(map(len, (self.failing, self.low_only, self.not_admitted, self.absent, self.removed)))

    @property
    def untold(self) -> int:
        """How many failing candidates' parents were not told yet."""
        return sum(not each.ruling.allowed for each in self.failing)


def outcome(work: Work, sitting: SittingRef, policy: Policy, told: Told, organisation_id: int) -> Outcome:
    """The outcome as it now stands."""
    rows, grades = told.rows, [band.code for band in policy.cuts.grades]
    absent = [row for row in rows if row.state == "absent"]
    away = _turned_away(work, absent)
    excused = spared(work, {row.session_id: row.registration_id for row in absent})
    order = outcomes.order_of(work, sitting.id, organisation_id)
    edition = sitting.edition
    titles = policy.subject_titles(language())
    return Outcome(
        readiness=_readiness(work, sitting.id, rows),
        progress=tuple((titles[each], figures(rows, each, grades)) for each in sitting.subjects),
        failing=_failing(work, sitting, policy, rows),
        low_only=tuple(row for row in rows if _is_low(edition.get(CLAUSES["low"], LowGradesRule), row)),
        not_admitted=tuple(away.values()),
        removed=tuple(row for row in rows if row.state == "removed"),
        absent=tuple((row, row.session_id in excused) for row in absent if row.session_id not in away),
        order=order,
        lists=edition.get(CLAUSES["lists"], OutcomeListsRule).judge(
            ["readiness", "progress", FAILING, "not_admitted", "absent"]
        ),
        ordered=edition.get(CLAUSES["order"], OutcomeListsRule).judge(["shortcomings", "measures"] if order else []),
    )


def _turned_away(work: Work, absent: Sequence[Row]) -> dict[int, TurnedAway]:
    """Who of the absent had come: the desk has looked at their document, and nobody let them in."""
    ids = [row.session_id for row in absent]
    came, let_in = latest_checks(work, ids), admissions(work, ids)
    return {
        row.session_id: TurnedAway(row, check.verdict == "refused", check.checked_at) for row in absent
        if (check := came.get(row.session_id)) is not None and row.session_id not in let_in
    }  # fmt: skip


def _failing(work: Work, sitting: SittingRef, policy: Policy, rows: Sequence[Row]) -> tuple[Failing, ...]:
    """Those with the lowest grade in any subject."""
    lowest = policy.cuts.grades[-1].code
    titles = policy.subject_titles(language())
    rule = sitting.edition.get(CLAUSES["parents"], ParentsToldRule)
    found = [
        (row, tuple(titles[each["subject"]] for each in row.grades if each["grade"] == lowest)) for row in rows
    ]
    tellings = outcomes.tellings_of(work, [row.session_id for row, subjects in found if subjects])
    return tuple(
        Failing(row, subjects, tuple(tellings.get(row.session_id, ())),
                rule.judge(FAILING, {each.shown_to for each in tellings.get(row.session_id, ())}))
        for row, subjects in found if subjects
    )  # fmt: skip


def _is_low(rule: LowGradesRule, row: Row) -> bool:
    return rule.judge([each["grade"] for each in row.grades]).allowed


def _readiness(work: Work, sitting_id: int, rows: Sequence[Row]) -> Readiness:
    """Of the rooms in the centres where these candidates were to sit."""
    here = (RoomSitting.sitting_id == sitting_id, Room.centre_id.in_({row.centre_id for row in rows}))
    rooms = work.db.execute(
        select(RoomSitting.id, RoomSitting.state, Room.id).join(Room, Room.id == RoomSitting.room_id).where(*here)
    ).all()
    seats = select(func.count()).select_from(Seat).where(Seat.room_id.in_([room for _id, _state, room in rooms]))
    duties = select(func.count(Duty.staff_id.distinct())).where(Duty.room_sitting_id.in_([each[0] for each in rooms]))
    closed = sum(state == "closed" for _id, state, _room in rooms)
    n_seats, n_proctors = (work.db.execute(each).scalar_one() for each in (seats, duties))
    return Readiness(len(rows), len(rooms), n_seats, closed, n_proctors)
