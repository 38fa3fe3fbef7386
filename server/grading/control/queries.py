"""Where the control of a sitting's results stands: runs, findings with what was decided, who is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from server import delivery
from server.core.db import batches
from server.core.errors import NotFound
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.rolls import ids_of
from server.grading.control.models import ControlDecision, ControlFinding, ControlledSession, ControlRun
from server.grading.control.rules import ReleaseControlRule
from server.grading.models import Eligibility

CLAUSE = "DC-22.control"


@dataclass(frozen=True)
class RunRef:
    """A look at all results of a sitting."""

    id: int
    asked_by: str
    seen_at: datetime
    made_at: datetime
    facts: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class DecisionRef:
    """What was decided on a finding."""

    verdict: str
    reason: str
    decided_by: int
    decided_at: datetime


@dataclass(frozen=True)
class FindingRef:
    """Something unusual with the decision on it that stands; `is_current` where the newest run asks it too."""

    id: int
    sitting_id: int
    run_id: int
    name: str
    kind: str
    subject: str
    sessions: tuple[int, ...]
    group_id: int | None
    p: float | None
    figures: Mapping[str, Any]
    decision: DecisionRef | None
    is_current: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to decide."""
        return self.decision is None and self.is_current

    @property
    def is_held(self) -> bool:
        """Whether its results are held."""
        return self.decision is not None and self.decision.verdict == "hold"


@dataclass(frozen=True)
class Standing:
    """Where the control of a sitting stands: its newest run, the questions, and whether the results may be listed."""

    run: RunRef | None
    findings: list[FindingRef]
    ruling: Ruling


def newest_run(work: Work, sitting_id: int) -> RunRef | None:
    """The last control of the sitting."""
    rows = select(ControlRun).where(ControlRun.sitting_id == sitting_id).order_by(ControlRun.id.desc()).limit(1)
    row = work.db.execute(rows).scalar_one_or_none()
    return None if row is None else RunRef(row.id, row.asked_by, row.seen_at, row.made_at, row.facts, row.digest)


def findings(work: Work, sitting_id: int) -> list[FindingRef]:
    """Every question about the sitting's results, each once: as the newest run asks it, or as it was held before."""
    return _findings(work, sitting_id, newest_run(work, sitting_id))


def standing(work: Work, sitting: SittingRef) -> Standing:
    """The newest run, its questions, and what follows for the list of results."""
    run = newest_run(work, sitting.id)
    found = _findings(work, sitting.id, run)
    rule, n_open = sitting.edition.get(CLAUSE, ReleaseControlRule), sum(each.is_open for each in found)
    return Standing(run, found, rule.judge(run.seen_at if run else None, _graded_at(work, sitting.id), n_open))


def finding(work: Work, finding_id: int) -> FindingRef:
    """One finding as it was found, with the decision on its question that stands."""
    row = work.db.get(ControlFinding, finding_id)
    if row is None:
        raise NotFound("not_found")
    sitting_id = work.db.get_one(ControlRun, row.run_id).sitting_id
    return _refs(work, sitting_id, newest_run(work, sitting_id), [row])[0]


def history(work: Work, ref: FindingRef) -> list[DecisionRef]:
    """Every decision on the question, the oldest first."""
    rows = work.db.execute(
        select(ControlDecision)
        .join(ControlFinding, ControlFinding.id == ControlDecision.finding_id)
        .join(ControlRun, ControlRun.id == ControlFinding.run_id)
        .where(ControlFinding.name == ref.name, ControlRun.sitting_id == ref.sitting_id)
        .order_by(ControlDecision.id)
    ).scalars()
    return [_decision(row) for row in rows]


def held(work: Work, sitting_id: int) -> dict[int, str]:
    """The sessions of a sitting whose results are held by a decision → the kind of what was found."""
    return {session: each.kind for each in findings(work, sitting_id) if each.is_held for session in each.sessions}


def may_be_listed(work: Work, sitting_id: int) -> Ruling:
    """Whether the sitting's results were controlled since they were graded, and every question decided."""
    return standing(work, delivery.sitting_ref(work, sitting_id)).ruling


def _graded_at(work: Work, sitting_id: int) -> datetime | None:
    """When the last decision on a candidate of the sitting was made."""
    newest = select(func.max(Eligibility.made_at)).where(Eligibility.session_id.in_(ids_of(sitting_id)))
    return work.db.execute(newest).scalar()


def _rows(work: Work, sitting_id: int) -> list[ControlFinding]:
    """All that was ever found in the sitting, the oldest first."""
    runs = select(ControlRun.id).where(ControlRun.sitting_id == sitting_id)
    asked = select(ControlFinding).where(ControlFinding.run_id.in_(runs)).order_by(ControlFinding.id)
    return list(work.db.execute(asked).scalars())


def _findings(work: Work, sitting_id: int, newest: RunRef | None) -> list[FindingRef]:
    latest = {row.name: row for row in _rows(work, sitting_id)}
    found = _refs(work, sitting_id, newest, list(latest.values()))
    return [each for each in found if each.is_current or each.is_held]


def _refs(
    work: Work, sitting_id: int, newest: RunRef | None, rows: Sequence[ControlFinding]
) -> list[FindingRef]:
    decided = _decisions(work, sitting_id)
    sessions = _sessions(work, [row.id for row in rows])
    return [
        FindingRef(
            row.id, sitting_id, row.run_id, row.name, row.kind, row.subject, tuple(sessions[row.id]), row.group_id,
            row.p, row.figures, decided.get(row.name), newest is not None and row.run_id == newest.id,
        )
        for row in rows
    ]  # fmt: skip


def _decisions(work: Work, sitting_id: int) -> dict[str, DecisionRef]:
    """The name of a question of the sitting → the decision on it that stands: the last, in whichever run."""
    asked = (
        select(ControlFinding.name, ControlDecision)
        .join(ControlFinding, ControlFinding.id == ControlDecision.finding_id)
        .join(ControlRun, ControlRun.id == ControlFinding.run_id)
        .where(ControlRun.sitting_id == sitting_id)
        .order_by(ControlDecision.id)
    )
    return {name: _decision(row) for name, row in work.db.execute(asked)}


def _decision(row: ControlDecision) -> DecisionRef:
    return DecisionRef(row.verdict, row.reason, row.decided_by, row.decided_at)


def _sessions(work: Work, finding_ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {each: [] for each in finding_ids}
    for part in batches(finding_ids):
        asked = select(ControlledSession).where(ControlledSession.finding_id.in_(part))
        for row in work.db.execute(asked.order_by(ControlledSession.session_id)).scalars():
            found[row.finding_id].append(row.session_id)
    return found
