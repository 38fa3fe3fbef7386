"""Which candidates met these items, in which sittings and places, before and after the leak, and what was graded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.accounts.models import Organisation
from server.core.db import batches
from server.core.work import Work
from server.delivery.models import ExamSession, Section, Sitting, SittingSection, Step
from server.grading.lists.models import Release
from server.grading.models import Eligibility

OVER = ("submitted", "removed", "absent")


@dataclass(frozen=True)
class Met:
    """A candidate was given one of the items, as the task of that number; `is_reached` if it was on the screen."""

    session_id: int
    registration_no: str
    centre: str
    sitting_id: int
    subject: str
    version_id: int
    seq: int
    at: datetime
    is_reached: bool
    state: str


@dataclass
class SittingMet:
    """A sitting in which candidates met them; `graded` of their sessions have a result, which may be released."""

    id: int
    titles: dict[str, str]
    starts_at: datetime
    released_at: datetime | None
    before: set[int] = field(default_factory=set)
    after: set[int] = field(default_factory=set)
    graded: set[int] = field(default_factory=set)
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True)
class Planned:
    """A subject of a sitting whose pool holds one of them, with its candidates who have not finished yet."""

    sitting_id: int
    titles: dict[str, str]
    starts_at: datetime
    subject: str
    pool_id: int
    n_waiting: int
    n_running: int


def meetings(work: Work, version_ids: Collection[int]) -> list[Met]:
    """Every time an item was given, oldest first."""
    query = (
        select(Step, ExamSession, Section.subject, Organisation.code)
        .join(ExamSession, ExamSession.id == Step.session_id)
        .join(Section, Section.id == Step.section_id)
        .join(Organisation, Organisation.id == ExamSession.centre_id)
        .where(Step.item_version_id.in_(version_ids))
        .order_by(Step.made_at, Step.id)
    )
    return [
        Met(session.id, session.registration_no, centre, session.sitting_id, subject, step.item_version_id, step.seq,
            step.made_at, step.is_reached, session.state)
        for step, session, subject, centre in work.db.execute(query)
    ]  # fmt: skip


def by_sitting(work: Work, met: Sequence[Met], leaked_at: datetime | None) -> list[SittingMet]:
    """The same by sitting, the last one first; without a time of the leak all of it is before."""
    ids = {each.sitting_id for each in met}
    released: dict[int, datetime] = {}
    for release in _rows(work, Release, Release.sitting_id.in_(ids)):
        released[release.sitting_id] = min(release.released_at, released.get(release.sitting_id, release.released_at))
    found = {
        row.id: SittingMet(row.id, dict(row.titles), row.starts_at, released.get(row.id))
        for row in _rows(work, Sitting, Sitting.id.in_(ids))
    }
    decided = select(Eligibility.session_id)
    graded = {
        each for some in batches({each.session_id for each in met})
        for each in work.db.scalars(decided.where(Eligibility.session_id.in_(some)))
    }  # fmt: skip
    for each in (each for each in met if each.is_reached):
        row = found[each.sitting_id]
        (row.before if leaked_at is None or each.at < leaked_at else row.after).add(each.session_id)
        row.graded |= {each.session_id} & graded
        row.first_at, row.last_at = row.first_at or each.at, each.at
    return sorted(found.values(), key=lambda row: row.starts_at, reverse=True)


def planned(work: Work, pool_ids: Collection[int]) -> list[Planned]:
    """Subjects of sittings that still give from these pools, the next one first."""
    query = (
        select(Sitting, SittingSection)
        .join(SittingSection, SittingSection.sitting_id == Sitting.id)
        .where(SittingSection.pool_id.in_(pool_ids))
        .order_by(Sitting.starts_at, SittingSection.position)
    )
    found = []
    for sitting, part in work.db.execute(query).all():
        states = [state for (state,) in work.db.execute(_states(sitting.id, part.subject))]
        waiting = sum(state in ("expected", "admitted") for state in states)
        running = len(states) - waiting
        if states or sitting.starts_at > work.now:
            about = (sitting.id, dict(sitting.titles), sitting.starts_at, part.subject, part.pool_id)
            found.append(Planned(*about, waiting, running))
    return found


def _states(sitting_id: int, subject: str) -> Any:
    return (
        select(ExamSession.state)
        .join(Section, Section.session_id == ExamSession.id)
        .where(ExamSession.sitting_id == sitting_id, Section.subject == subject, Section.state != "done",
               ExamSession.state.not_in(OVER))
    )  # fmt: skip


def _rows(work: Work, model: Any, which: Any) -> Any:
    return work.db.execute(select(model).where(which)).scalars()
