"""The effect of a run before it is applied: each candidate whom it changes, from what to what, and all of it in sums.
Pure but for reading: what is kept of it is written by `service`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from itembank.items.content import canonical
from server.candidates.queries import subjects_of
from server.core.db import batches
from server.core.roles import SYSTEM
from server.core.ruling import plain
from server.core.work import Platform, Work, open_reading
from server.delivery.met import Met
from server.grading.models import Score
from server.grading.policy import Policy
from server.grading.rescoring.rules import RescoringRule
from server.grading.rescoring.scoring import Scored, scored
from server.grading.rescoring.standing import CLAUSE, Ground
from server.grading.rules import Standing
from server.grading.scoring import SectionScore

WHERE = ("section_id", "subject")  # of a score: where it stands, not what it is
FIGURES = tuple(name for name in SectionScore.__dataclass_fields__ if name not in (*WHERE, "corrections"))


@dataclass(frozen=True)
class Change:
    """One subject of one candidate that does not stay as it is; the columns of its row."""

    session_id: int
    section_id: int
    subject: str
    score_id: int
    percent_before: float
    compared_before: str
    grade_before: str
    after: dict[str, Any] | None
    compared_after: str
    grade_after: str
    right_before: bool
    right_after: bool
    is_kept: bool
    problem: str | None


def rule_of(policy: Policy) -> RescoringRule:
    """What the edition says of corrections."""
    return policy.edition.get(CLAUSE, RescoringRule)


def changes_on(platform: Platform, ground: Ground) -> list[Change]:
    """What would change on this ground, read by itself."""
    with open_reading(platform, SYSTEM) as work:
        return list(changes(work, ground))


def changes(work: Work, ground: Ground) -> Iterator[Change]:
    """What would change in the sections that have a score, in their order; those that stay are left out."""
    graded = ground.graded
    stand = _figures(work, [ground.stands[each.section_id].score_id for each in graded])
    for sitting_id in sorted({each.sitting_id for each in graded}):
        policy = ground.policies[sitting_id]
        own = {each.section_id: each for each in graded if each.sitting_id == sitting_id}
        places = [(each.session_id, each.section_id) for each in own.values()]
        found: dict[int, list[tuple[Met, Scored]]] = {}
        for each in scored(work, policy, places, ground.target):
            if not _is_same(stand[ground.stands[each.section_id].score_id], each):
                found.setdefault(own[each.section_id].session_id, []).append((own[each.section_id], each))
        subjects = subjects_of(work, {at.registration_id for parts in found.values() for at, _ in parts})
        for _session, parts in sorted(found.items()):
            yield from _of_session(ground, policy, parts, subjects)


def after_json(score: SectionScore) -> dict[str, Any]:
    """The figures of a score, to the bit, as they are kept and later stand."""
    return {name: value if isinstance(value, float | int | str | None) else plain(value)
            for name, value in vars(score).items() if name not in WHERE}  # fmt: skip


def _figures(work: Work, score_ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """The figures of scores that stand, of all but what they were corrected by."""
    found: dict[int, tuple[Any, ...]] = {}
    for some in batches(score_ids):
        rows = select(Score.id, *(getattr(Score, name) for name in FIGURES)).where(Score.id.in_(some))
        found |= {id_: tuple(figures) for id_, *figures in work.db.execute(rows)}
    return found


def _is_same(stands: tuple[Any, ...], again: Scored) -> bool:
    """Whether the score would be what it is, to the bit; what it was corrected by does not matter then."""
    return again.score is not None and stands == tuple(getattr(again.score, name) for name in FIGURES)


def _of_session(
    ground: Ground, policy: Policy, parts: Sequence[tuple[Met, Scored]], subjects: Mapping[int, Sequence[str]]
) -> Iterator[Change]:
    """The changes of one session: the right is that of all its grades together."""
    first = parts[0][0]
    rule = rule_of(policy)
    grades = dict(ground.grades[first.session_id])
    drafts = []
    for at, each in parts:
        stands = ground.stands[at.section_id]
        is_kept = each.score is None or not rule.judge(
            stands.percent, each.score.percent, ground.told.get(at.section_id)
        ).allowed
        grade, compared = stands.grade, stands.compared
        if each.score is not None:
            ruling = policy.cuts.judge(each.score.percent)
            grade, compared = str(ruling.facts["grade"]), str(ruling.facts["compared"])
        if not is_kept:
            grades[at.subject] = grade
        drafts.append((at, each, stands, is_kept, compared, grade))
    before = ground.decided[first.session_id].is_eligible
    after = before
    if grades != ground.grades[first.session_id]:
        taken = {subject: grades.get(subject) for subject in subjects[first.registration_id]}
        after = policy.distinction.judge(Standing(grades=taken)).allowed
    for at, each, stands, is_kept, compared, grade in drafts:
        yield Change(
            at.session_id, at.section_id, at.subject, stands.score_id, stands.percent, stands.compared,
            stands.grade, None if each.score is None else after_json(each.score), compared, grade, before, after,
            is_kept, each.problem,
        )  # fmt: skip


def digest_of(run_id: int, basis: str, summary: Mapping[str, Any], found: Sequence[Change]) -> str:
    """SHA-256 over the run, what its effect rests on, the sums and every change."""
    whole = hashlib.sha256(canonical({"format": 1, "run": run_id, "basis": basis, "summary": dict(summary)}))
    for each in found:
        whole.update(canonical(list(vars(each).values())))
    return whole.hexdigest()
