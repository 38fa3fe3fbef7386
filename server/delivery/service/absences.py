"""Reasons for an absence: recorded by the office with paper and decision, withdrawn by another (DC-16, DC-18)."""

from __future__ import annotations

from server.candidates.cases.queries import called_off
from server.candidates.rules import MakeUpCase, MakeUpRule
from server.core.errors import Invalid, Stale
from server.core.regulation import Ruling
from server.core.work import Work
from server.delivery.absences.models import AbsenceReason
from server.delivery.absences.queries import Absence, reasons, spared
from server.delivery.policy import edition_of
from server.delivery.service.planning import get_session

CLAUSE = "DC-18"
MAY_BE_ABSENT = ("expected", "absent")
DECISION_MAX, PAPER_MAX = 60, 300


def record_reason(work: Work, session_id: int, said: Absence) -> Ruling:
    """The absence has a valid reason from now on, before or after the sitting closes; refused as DC-18 says."""
    session = get_session(work, session_id)
    if session.state not in MAY_BE_ABSENT:
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    if session.registration_id in called_off(work):
        raise Stale("place_taken_back", clause="DC-17.cases")
    rule = edition_of(session.sitting).get(CLAUSE, MakeUpRule)
    paper, decision = (" ".join(text.split()) for text in (said.paper, said.decision))
    ruling = rule.judge(MakeUpCase(reason=said.reason, evidence=[said.evidence], decision=decision)).or_refuse()
    if not 0 < len(paper) <= PAPER_MAX or len(decision) > DECISION_MAX:
        raise Invalid("absence_malformed", maximum=PAPER_MAX)
    if session_id in reasons(work, [session_id]):
        raise Invalid("absence_recorded_already")
    _add(work, session_id, ruling, Absence(said.reason, said.evidence, paper, decision))
    work.record("absence:reason-recorded", f"session:{session_id}", clause=ruling.clause, ruling=ruling.to_json(),
                paper=paper)  # fmt: skip
    return ruling


def withdraw_reason(work: Work, session_id: int, decision: str) -> None:
    """The reason counts no longer, by another decision; both stay on record."""
    get_session(work, session_id)
    known, decision = reasons(work, [session_id]).get(session_id), " ".join(decision.split())
    if known is None:
        raise Stale("changed_meanwhile")
    if not 0 < len(decision) <= DECISION_MAX:
        raise Invalid("absence_malformed", maximum=PAPER_MAX)
    row = work.db.get_one(AbsenceReason, known.id)
    said = Absence(row.reason, row.evidence, row.paper, decision)
    _add(work, session_id, Ruling.from_json(row.ruling), said, supersedes_id=row.id)
    work.record("absence:reason-withdrawn", f"session:{session_id}", clause=CLAUSE, decision=decision)


def spared_by(work: Work, session_id: int) -> str | None:
    """Why not to come costs the candidate nothing: "exempt" (DC-17), "excused" (DC-18); None if nothing says so.

    Who records or withdraws a reason meanwhile waits, and sees what came of this."""
    session = get_session(work, session_id)
    return spared(work, {session_id: session.registration_id}).get(session_id)


def _add(work: Work, session_id: int, ruling: Ruling, said: Absence, *, supersedes_id: int | None = None) -> None:
    work.db.add(
        AbsenceReason(
            session_id=session_id, reason=said.reason, evidence=said.evidence, paper=said.paper,
            decision=said.decision, ruling=ruling.to_json(), supersedes_id=supersedes_id, recorded_by=work.actor.label,
            recorded_at=work.now,
        )
    )  # fmt: skip
    work.db.flush()  # what is in force is read back by queries
