"""Grading's commands: finished sessions are graded once each, or held with their reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Table, insert, select

from server.candidates.queries import subjects_of
from server.core.db import batches
from server.core.errors import NotFound, Stale
from server.core.work import Work
from server.delivery.rolls import Brief, briefs
from server.delivery.service import absences
from server.grading.corrections import Corrections
from server.grading.deciding import with_clauses
from server.grading.gathering import Gathered, Refusal, scores_of
from server.grading.models import Eligibility, Grade, Hold, Score
from server.grading.policy import Policy, policy_of
from server.grading.queries import decided_among, eligibility_of
from server.grading.rescoring.in_force import corrections_in_force
from server.grading.rules import Standing
from server.grading.scoring import SectionScore

FINISHED = ("submitted", "removed", "absent")
SCORE, GRADE, ELIGIBILITY = (cast(Table, model.__table__) for model in (Score, Grade, Eligibility))


@dataclass(frozen=True)
class Outcome:
    """How a session stands after grading; `reason` says why one is held."""

    state: Literal["graded", "held"]
    reason: str | None = None


def grade_session(work: Work, session_id: int) -> Outcome:
    """The session has its grades and its decision, or is held; graded once, whatever is asked again.

    Each of its answers is opened and judged once more."""
    return grade_sessions(work, [session_id], is_thorough=True)[session_id]


def grade_sessions(
    work: Work, session_ids: Sequence[int], *, is_thorough: bool = False, ahead: Gathered | None = None
) -> dict[int, Outcome]:  # fmt: skip
    """The same of many at once, each as if it were alone; `is_thorough` as `gathering.scores_of` has it.

    What was gathered `ahead` is taken if all that it rests on still stands."""
    sessions = _finished(work, session_ids)
    decided = decided_among(work, session_ids)
    left = [each for each in sessions if each.session_id not in decided]
    corrections = corrections_in_force(work, to_grade=True)
    if ahead is None or not ahead.stands(work, corrections):
        ahead = _gathered(work, left, corrections, is_thorough=is_thorough)
    policies = _policies(work, left)
    scores = {each.session_id: ahead.scores[each.session_id] for each in left if each.state == "submitted"}
    refused = {id_: found for id_, found in scores.items() if isinstance(found, Refusal)}
    given = {id_: found for id_, found in scores.items() if not isinstance(found, Refusal)}
    grades = _grade(work, {each.session_id: policies[each.sitting_id] for each in left}, given)
    _decide(work, policies, [each for each in left if each.session_id not in refused], grades)
    _hold(work, refused)
    held = {id_: Outcome("held", refusal.code) for id_, refusal in refused.items()}
    return {each.session_id: held.get(each.session_id, Outcome("graded")) for each in sessions}


def gather(work: Work, session_ids: Sequence[int]) -> Gathered:
    """What `grade_sessions` may be given ahead: nothing is written, so that no writer waits for it."""
    return _gathered(work, _finished(work, session_ids), corrections_in_force(work), is_thorough=False)


def reconsider_absence(work: Work, session_id: int) -> None:
    """The decision on an absent candidate is what the reasons now on record make of it; the earlier is superseded."""
    (session,) = briefs(work, [session_id])
    before = eligibility_of(work, session_id)
    if session.state == "absent" and before is not None:
        policies = {session.sitting_id: policy_of(work, session.sitting_id)}
        _decide(work, policies, [session], {}, {session_id: before.id})


def _finished(work: Work, session_ids: Sequence[int]) -> list[Brief]:
    sessions = briefs(work, session_ids)
    if len(sessions) != len(set(session_ids)):
        raise NotFound("not_found")
    for each in sessions:
        if each.state not in FINISHED:
            raise Stale("session_not_finished", state=each.state)
    return sessions


def _policies(work: Work, sessions: Sequence[Brief]) -> dict[int, Policy]:
    return {id_: policy_of(work, id_) for id_ in {each.sitting_id for each in sessions}}


def _gathered(
    work: Work, sessions: Sequence[Brief], corrections: Corrections, *, is_thorough: bool
) -> Gathered:  # fmt: skip
    policies = _policies(work, sessions)
    submitted = {each.session_id: policies[each.sitting_id] for each in sessions if each.state == "submitted"}
    return scores_of(work, submitted, corrections, is_thorough=is_thorough)


def _grade(
    work: Work, policies: Mapping[int, Policy], given: Mapping[int, Sequence[SectionScore]]
) -> dict[int, dict[str, str]]:  # fmt: skip
    """Scores and grades stand, each grade with the ruling that gave it; by session and subject its code."""
    pairs = [(session_id, score) for session_id, scores in given.items() for score in scores]
    if not pairs:
        return {}
    rows = [{"session_id": session_id, "made_at": work.now, **vars(score)} for session_id, score in pairs]
    work.db.execute(insert(SCORE), rows)
    ids = _ids_of(work, [score.section_id for _session_id, score in pairs])
    grades: list[dict[str, Any]] = []
    found: dict[int, dict[str, str]] = {}
    for session_id, score in pairs:
        ruling = policies[session_id].cuts.judge(score.percent)
        code = str(ruling.facts["grade"])
        grades.append({
            "session_id": session_id, "score_id": ids[score.section_id], "subject": score.subject, "grade": code,
            "percent": str(ruling.facts["compared"]), "ruling": ruling.to_json(), "made_at": work.now,
        })  # fmt: skip
        found.setdefault(session_id, {})[score.subject] = code
    work.db.execute(insert(GRADE), grades)
    return found


def _ids_of(work: Work, section_ids: Sequence[int]) -> dict[int, int]:
    """By section the id of its first score. Asked for afterwards: rows that return theirs are added one by one."""
    found: dict[int, int] = {}
    for some in batches(section_ids):
        first = select(Score.section_id, Score.id).where(Score.section_id.in_(some), Score.supersedes_id.is_(None))
        found |= {row.section_id: row.id for row in work.db.execute(first)}
    return found


def _decide(
    work: Work, policies: Mapping[int, Policy], sessions: Sequence[Brief], grades: Mapping[int, Mapping[str, str]],
    before: Mapping[int, int] = {},
) -> None:  # fmt: skip
    """Each decision stands with every reason (DC-21); a registered subject without a grade is one."""
    registered = subjects_of(work, [each.registration_id for each in sessions])
    rows: list[dict[str, Any]] = []
    for each in sessions:
        policy, own = policies[each.sitting_id], grades.get(each.session_id, {})
        by_subject = {subject: own.get(subject) for subject in registered[each.registration_id]}
        ruling = with_clauses(policy.distinction.judge(_standing(work, policy, each, by_subject)))
        rows.append({
            "session_id": each.session_id, "is_eligible": ruling.allowed, "ruling": ruling.to_json(),
            "made_at": work.now, "supersedes_id": before.get(each.session_id),
        })  # fmt: skip
        work.record(
            "session:graded", f"session:{each.session_id}", clause=ruling.clause, state=each.state, grades=dict(own),
            is_eligible=ruling.allowed,
        )  # fmt: skip
    if rows:
        work.db.execute(insert(ELIGIBILITY), rows)


def _standing(work: Work, policy: Policy, session: Brief, grades: Mapping[str, str | None]) -> Standing:
    """The grades with what the edition lets removal and absence without a reason cost, however good the answers."""
    if session.state == "removed" and policy.violations.forfeits_certificate:
        return Standing(grades=grades, forfeits=("removal",))
    if session.state != "absent":
        return Standing(grades=grades)
    spared = absences.spared_by(work, session.session_id)
    is_kept = policy.lateness.judge_absence(spared is not None).allowed
    return Standing(grades=grades, forfeits=() if is_kept else ("absence",), spared=spared)


def _hold(work: Work, refused: Mapping[int, Refusal]) -> None:
    """Each is listed as held for its reason, once; it stays without grades until that is resolved."""
    known: set[tuple[int, str]] = set()
    for some in batches(refused):
        held = select(Hold.session_id, Hold.reason).where(Hold.session_id.in_(some))
        known |= {(row.session_id, row.reason) for row in work.db.execute(held)}
    for session_id, refusal in refused.items():
        if (session_id, refusal.code) not in known:
            stored = {**refusal.facts, "clause": refusal.clause}
            work.db.add(Hold(session_id=session_id, reason=refusal.code, facts=stored, made_at=work.now))
            work.record(
                "session:held", f"session:{session_id}", clause=refusal.clause, reason=refusal.code,
                facts=dict(refusal.facts),
            )  # fmt: skip
