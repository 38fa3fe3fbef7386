"""Sessions in few columns, read at once however many they are."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Select, func, select

from server.candidates.cases.queries import called_off, is_called_off
from server.core.db import batches
from server.core.work import Work
from server.delivery.models import ExamSession

CALLED_OFF = "called_off"  # of a session whose place was taken back: nobody is expected, nothing is graded


class RollEntry(NamedTuple):
    """One session of a sitting: whose it is, where, and how far it is."""

    session_id: int
    registration_id: int
    registration_no: str
    name: str
    centre_id: int
    state: str


class Brief(NamedTuple):
    """One session: of which sitting, whose, and how far it is."""

    session_id: int
    sitting_id: int
    registration_id: int
    state: str


def briefs(work: Work, session_ids: Collection[int]) -> list[Brief]:
    """The sessions that exist among these, in order of id."""
    query = select(ExamSession.id, ExamSession.sitting_id, ExamSession.registration_id, ExamSession.state)
    found, away = [], called_off(work)
    for some in batches(session_ids):
        rows = work.db.execute(query.where(ExamSession.id.in_(some)).order_by(ExamSession.id))
        found += [Brief(*row) for row in rows]
    return [each._replace(state=CALLED_OFF) if each.registration_id in away else each for each in found]


def ids_of(sitting_id: int) -> Select[int]:
    """The sessions of a sitting, to ask the database of all of them at once."""
    return select(ExamSession.id).where(ExamSession.sitting_id == sitting_id)


def states_of(work: Work, sitting_id: int) -> dict[str, int]:
    """How many sessions of the sitting are in each state."""
    query = select(ExamSession.state, func.count()).where(ExamSession.sitting_id == sitting_id)
    return dict(work.db.execute(query.group_by(ExamSession.state)).all())


def roll_of(work: Work, sitting_id: int) -> list[RollEntry]:
    """Every session of the sitting, by registration number, without those whose place was taken back."""
    at = ExamSession
    query = select(at.id, at.registration_id, at.registration_no, at.name, at.centre_id, at.state)
    wanted = query.where(at.sitting_id == sitting_id, ~is_called_off(at.registration_id))
    return [RollEntry(*row) for row in work.db.execute(wanted.order_by(at.registration_no, at.id))]
