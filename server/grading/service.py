"""Grading's commands: a finished session is graded once, or held with its reason; grades are released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select

from server import candidates, delivery
from server.core.errors import Stale
from server.core.ruling import Json, Ruling, plain
from server.core.vault import Tampered
from server.core.work import Work
from server.delivery import SessionRef
from server.delivery.bench import BENCHES
from server.delivery.queries import GivenSection
from server.delivery.service import absences
from server.grading.models import Eligibility, Grade, Hold, Release, Score
from server.grading.policy import Policy, policy_of
from server.grading.queries import eligibility_of, is_released
from server.grading.rules import Standing
from server.grading.scoring import SectionScore, Unscorable, marks_awaited, score_section

CODED_WORK = "CS-14.2"  # people mark it, and see its code in place of a name
FINISHED = ("submitted", "removed", "absent")
# The clause that takes the right away, for each forfeit that DC-21 gathers.
FORFEIT_CLAUSES = {"removal": "DC-15", "absence": "DC-16", "grade": "DC-20"}


@dataclass(frozen=True)
class Outcome:
    """How a session stands after grading; `reason` says why one is held."""

    state: Literal["graded", "held"]
    reason: str | None = None


def grade_session(work: Work, session_id: int) -> Outcome:
    """The session has its grades and its decision, or is held; graded once, whatever is asked again."""
    session = delivery.session_ref(work, session_id)
    if session.state not in FINISHED:
        raise Stale("session_not_finished", state=session.state)
    if eligibility_of(work, session_id) is not None:
        return Outcome("graded")
    policy = policy_of(work, session.sitting_id)
    grades: dict[str, str] = {}
    if session.state == "submitted":
        refusal = _seal_refusal(work, policy, session_id)
        if refusal is not None:
            return _hold(work, session_id, refusal.code, refusal.facts, refusal.clause)
        try:
            scores = _scores(work, policy, session_id)
        except Unscorable as error:
            return _hold(work, session_id, error.code, {k: plain(v) for k, v in error.facts.items()}, "DC-20")
        except Tampered as error:
            return _hold(work, session_id, "content_changed", {"fault": str(error)}, "DC-7")
        awaited = _marks_awaited(work, session_id)
        if awaited:
            return _hold(work, session_id, "marks_awaited", {"tasks": awaited}, CODED_WORK)
        grades = {score.subject: _grade(work, policy, session_id, score) for score in scores}
    _decide(work, policy, session, grades)
    return Outcome("graded")


def reconsider_absence(work: Work, session_id: int) -> None:
    """The decision on an absent candidate is what the reasons now on record make of it; the earlier is superseded."""
    session = delivery.session_ref(work, session_id)
    if session.state == "absent" and eligibility_of(work, session_id) is not None:
        _decide(work, policy_of(work, session.sitting_id), session, {})


def release_sitting(work: Work, sitting_id: int) -> None:
    """The sitting's candidates see their grades from now on; harmless twice, refused while any is at work."""
    sitting = delivery.sitting_ref(work, sitting_id)
    if is_released(work, sitting):
        return
    sessions = delivery.sessions_of_sitting(work, sitting_id)
    open_ones = sum(session.state not in FINISHED for session in sessions)
    if open_ones or not sessions:
        raise Stale("sitting_not_over", n=open_ones)
    ids = [session.id for session in sessions]
    decided, held = _sessions_with(work, Eligibility, ids), _sessions_with(work, Hold, ids)
    waiting = set(ids) - decided - held
    if waiting:
        raise Stale("grades_missing", n=len(waiting))
    work.db.add(Release(sitting_id=sitting_id, released_by=work.actor.label, released_at=work.now))
    work.record(
        "results:released", f"sitting:{sitting_id}", clause="DC-22", graded=len(decided),
        held=len(held - decided),
    )  # fmt: skip


def _sessions_with(work: Work, model: type[Eligibility | Hold], ids: list[int]) -> set[int]:
    return set(work.db.execute(select(model.session_id).where(model.session_id.in_(ids))).scalars())


def _seal_refusal(work: Work, policy: Policy, session_id: int) -> Ruling | None:
    """Why the attempt may not be marked, if it may not (DC-14)."""
    intact = delivery.verify_seal(work, session_id)
    ruling = policy.seal.judge(is_sealed=intact is not None, is_intact=bool(intact))
    return None if ruling.allowed else ruling


def _scores(work: Work, policy: Policy, session_id: int) -> list[SectionScore]:
    return [_score(work, policy, section) for section in delivery.evidence(work, session_id)]


def _score(work: Work, policy: Policy, section: GivenSection) -> SectionScore:
    return score_section(BENCHES.of(work, section), section, policy.times, policy.cuts)


def _marks_awaited(work: Work, session_id: int) -> dict[str, Json]:
    """By subject the written tasks that people are to mark; a subject that has any gets no grade without them.

    One left without a word is among them: it is a marker who says what that is worth, never an omission of ours."""
    found = {
        section.subject: marks_awaited(BENCHES.of(work, section), section)
        for section in delivery.evidence(work, session_id)
    }
    return {subject: list(steps) for subject, steps in found.items() if steps}


def _grade(work: Work, policy: Policy, session_id: int, score: SectionScore) -> str:
    """Score and grade stand, the grade with the ruling that gave it; its code."""
    row = Score(session_id=session_id, made_at=work.now, **vars(score))
    work.db.add(row)
    work.db.flush()  # the grade refers to its id
    ruling = policy.cuts.judge(score.percent)
    grade = str(ruling.facts["grade"])
    work.db.add(
        Grade(
            session_id=session_id, score_id=row.id, subject=score.subject, grade=grade,
            percent=str(ruling.facts["compared"]), ruling=ruling.to_json(), made_at=work.now,
        )
    )  # fmt: skip
    return grade


def _decide(work: Work, policy: Policy, session: SessionRef, grades: Mapping[str, str]) -> None:
    """The decision stands with every reason (DC-21); a registered subject without a grade is one."""
    (who,) = candidates.registrations(work, [session.registration_id])
    before = eligibility_of(work, session.id)
    by_subject = {subject: grades.get(subject) for subject, _ in who.subjects}
    standing = Standing(grades=by_subject, forfeits=_forfeits(work, policy, session))
    ruling = _with_clauses(policy.distinction.judge(standing))
    is_eligible = ruling.allowed
    work.db.add(
        Eligibility(
            session_id=session.id, is_eligible=is_eligible, ruling=ruling.to_json(), made_at=work.now,
            supersedes_id=before.id if before else None,
        )
    )  # fmt: skip
    work.record(
        "session:graded", f"session:{session.id}", clause=ruling.clause, state=session.state,
        grades=dict(grades), is_eligible=is_eligible,
    )  # fmt: skip


def _forfeits(work: Work, policy: Policy, session: SessionRef) -> tuple[str, ...]:
    """What the edition lets removal and absence without a reason cost, however good the answers."""
    if session.state == "removed" and policy.violations.forfeits_certificate:
        return ("removal",)
    if session.state != "absent":
        return ()
    return () if policy.lateness.judge_absence(absences.is_excused(work, session.id)).allowed else ("absence",)


def _with_clauses(ruling: Ruling) -> Ruling:
    """The ruling with the clause of each reason beside it, for screens and letters."""
    stated = ruling.facts["reasons"]
    assert isinstance(stated, list)
    reasons: list[Json] = [
        {**reason, "clause": FORFEIT_CLAUSES.get(str(reason["reason"]), ruling.clause)}
        for reason in stated
        if isinstance(reason, dict)
    ]
    return replace(ruling, facts={**ruling.facts, "reasons": reasons})


def _hold(work: Work, session_id: int, reason: str, facts: Mapping[str, Json], clause: str) -> Outcome:
    """The session is listed as held for this reason, once; it stays without grades until that is resolved."""
    known = select(Hold.id).where(Hold.session_id == session_id, Hold.reason == reason)
    if work.db.execute(known).first() is None:
        stored = {**facts, "clause": clause}
        work.db.add(Hold(session_id=session_id, reason=reason, facts=stored, made_at=work.now))
        work.record("session:held", f"session:{session_id}", clause=clause, reason=reason, facts=dict(facts))
    return Outcome("held", reason)
