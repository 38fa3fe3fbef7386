"""The office's list of sittings: how many candidates stand where, what is released, what is due (DC-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from server import delivery
from server.core.i18n import language
from server.core.regulation import Ruling
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.models import ExamSession, Sitting
from server.grading.access import Circle, circle_of
from server.grading.lists.models import Release
from server.grading.models import Eligibility, Hold
from server.grading.rules import ResultsDeliveryRule
from server.reports.results import in_circle

GROUPS = {
    "expected": ("expected", "admitted"),
    "running": ("running", "paused"),
    "finished": ("submitted",),
    "removed": ("removed",),
    "absent": ("absent",),
}


@dataclass(frozen=True)
class Counts:
    """Candidates of a sitting by where they stand; `graded` and `held` are among the finished."""

    expected: int = 0
    running: int = 0
    finished: int = 0
    removed: int = 0
    absent: int = 0
    graded: int = 0
    held: int = 0

    @property
    def all(self) -> int:
        """Everybody."""
        return self.expected + self.running + self.finished + self.removed + self.absent


@dataclass(frozen=True)
class SittingRow:
    """A sitting as the office sees it; `due` says whether its results are in time."""

    ref: SittingRef
    title: str
    counts: Counts
    released_at: datetime | None
    is_released: bool
    due: Ruling
    due_at: datetime
    due_clause: str


def sitting_rows(work: Work) -> list[SittingRow]:
    """Every sitting, the newest first, its candidates counted within the circle of the actor's office."""
    ids = work.db.execute(select(Sitting.id).order_by(Sitting.starts_at.desc(), Sitting.id.desc())).scalars()
    return [sitting_row(work, sitting_id) for sitting_id in ids]


def sitting_row(work: Work, sitting_id: int) -> SittingRow:
    """One sitting; NotFound if there is none."""
    ref = delivery.sitting_ref(work, sitting_id)
    circle = circle_of(work, ref.edition)
    release = select(func.min(Release.released_at)).where(Release.sitting_id == sitting_id)
    released_at: datetime | None = work.db.execute(release).scalar_one()
    rule = ref.edition.get("DC-22", ResultsDeliveryRule)
    return SittingRow(
        ref=ref,
        title=ref.titles[language()],
        counts=_counts(work, sitting_id, circle),
        released_at=released_at,
        is_released=released_at is not None or ref.is_released_at_once,
        due=rule.judge(ref.starts_at, released_at, work.now),
        due_at=rule.last(ref.starts_at),
        due_clause=ref.edition.label("DC-22", language()),
    )


def _counts(work: Work, sitting_id: int, circle: Circle) -> Counts:
    decided = select(Eligibility.session_id).distinct().subquery()
    held = select(Hold.session_id).distinct().subquery()
    is_decided, is_held = decided.c.session_id.is_not(None), held.c.session_id.is_not(None)
    rows = work.db.execute(
        select(ExamSession.state, is_decided, is_held, func.count())
        .outerjoin(decided, decided.c.session_id == ExamSession.id)
        .outerjoin(held, held.c.session_id == ExamSession.id)
        .where(*in_circle(sitting_id, circle))
        .group_by(ExamSession.state, is_decided, is_held)
    ).all()
    found = dict.fromkeys((*GROUPS, "graded", "held"), 0)
    for state, decision, hold, n in rows:
        found[next(name for name, states in GROUPS.items() if state in states)] += n
        found["graded"] += n if decision and state == "submitted" else 0
        found["held"] += n if hold and not decision else 0
    return Counts(**found)
