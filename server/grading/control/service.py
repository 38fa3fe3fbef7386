"""Commands on the control of results: a run is asked for and kept, and people decide what it asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from server import delivery
from server.core import tasks
from server.core.errors import Invalid, Stale
from server.core.ruling import Json
from server.core.tasks import TaskRef
from server.core.vault import digest
from server.core.work import Work
from server.grading import access, head
from server.grading.control import queries
from server.grading.control.checks import Draft
from server.grading.control.models import (
    VERDICTS,
    ControlDecision,
    ControlFinding,
    ControlledSession,
    ControlRun,
)
from server.grading.control.queries import CLAUSE

KIND = "control"
REASON_MIN, REASON_MAX = 10, 500


def ask(work: Work, sitting_id: int) -> int:
    """The results of the sitting wait to be looked at; the id of the task, the same one until it has ended."""
    access.require_whole(work, delivery.sitting_ref(work, sitting_id).edition)
    return tasks.ask_once(work, KIND, f"sitting:{sitting_id}", {"sitting_id": sitting_id})


def record_run(
    work: Work, task: TaskRef, sitting_id: int, seen_at: datetime, facts: Mapping[str, Json], found: Sequence[Draft]
) -> int:
    """The run stands with its findings; its id. `seen_at` is when the results it saw were read."""
    head.alone(work)  # whoever releases these results has done so, or sees what was found
    run = ControlRun(
        sitting_id=sitting_id, task_id=task.id, asked_by=task.asked_by, seen_at=seen_at, facts=dict(facts),
        digest=_digest(found), made_at=work.now,
    )  # fmt: skip
    work.db.add(run)
    work.db.flush()  # its findings refer to it
    for each in found:
        row = ControlFinding(
            run_id=run.id, name=each.name, kind=each.kind, subject=each.subject, group_id=each.group_id, p=each.p,
            figures=dict(each.figures),
        )  # fmt: skip
        work.db.add(row)
        work.db.flush()  # the sessions refer to it
        work.db.add_all(ControlledSession(finding_id=row.id, session_id=session) for session in each.sessions)
    work.record("results_controlled", f"sitting:{sitting_id}", clause=CLAUSE, run=run.id, findings=len(found),
                digest=run.digest)  # fmt: skip
    return run.id


def decide(work: Work, finding_id: int, verdict: str, reason: str) -> int:
    """A finding is decided: its results are held, or cleared, for a reason; the sitting it belongs to.

    A hold is lifted by somebody else than who decided it."""
    access.require_country(work)
    # Lock before reading: of two who decide at once the second sees the first; who releases sees both, or was before.
    head.alone(work)
    finding = queries.finding(work, finding_id)
    access.require_whole(work, delivery.sitting_ref(work, finding.sitting_id).edition)
    reason = " ".join(reason.split())
    if verdict not in VERDICTS:
        raise Invalid("control_verdict_missing")
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid("control_reason_missing", minimum=REASON_MIN, maximum=REASON_MAX)
    if work.actor.id is None:
        raise ValueError("a finding is decided by a member of the staff")
    before = finding.decision
    if before is not None and before.verdict == verdict:
        raise Stale("control_decided_so", verdict=verdict)
    if before is not None and before.verdict == "hold" and before.decided_by == work.actor.id:
        raise Stale("control_own_hold")
    work.db.add(
        ControlDecision(
            finding_id=finding_id, verdict=verdict, reason=reason, decided_by=work.actor.id, decided_at=work.now
        )
    )
    work.record("control_decided", f"control_finding:{finding_id}", clause=CLAUSE, verdict=verdict, reason=reason,
                name=finding.name, sessions=list(finding.sessions))  # fmt: skip
    return finding.sitting_id


def _digest(found: Sequence[Draft]) -> str:
    said = [[each.name, each.p, dict(each.figures)] for each in found]
    return digest(json.dumps(said, sort_keys=True).encode())
