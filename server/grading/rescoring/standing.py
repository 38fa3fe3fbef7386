"""What stands of the sessions that a run concerns, and the digest of all that its effect rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from itembank.items.content import canonical
from server import delivery, marking
from server.core.db import batches
from server.core.regulation import editions
from server.core.work import Work
from server.delivery.met import Met, met, sections_of
from server.grading.corrections import Corrections
from server.grading.models import Eligibility, Grade, Score
from server.grading.policy import Policy
from server.grading.rescoring.in_force import corrections_in_force, with_run
from server.grading.rescoring.models import RescoringRun
from server.grading.rescoring.rules import RescoringRule
from server.grading.rescoring.told import are_told_at_once, told_by_list

CLAUSE = "DC-28.rescoring"
STANDS: tuple[Any, ...] = (
    Score.id, Score.session_id, Score.subject, Score.percent, Grade.id, Grade.percent, Grade.grade,
)  # fmt: skip


@dataclass(frozen=True)
class Stands:
    """The score and the grade of a section as they stand now."""

    score_id: int
    session_id: int
    subject: str
    percent: float
    grade_id: int
    compared: str
    grade: str


@dataclass(frozen=True)
class Decided:
    """The decision on the right as it stands now."""

    id: int
    is_eligible: bool


@dataclass(frozen=True)
class Ground:
    """All that the effect of a run rests on."""

    run_id: int
    sections: tuple[Met, ...]
    stands: Mapping[int, Stands]
    grades: Mapping[int, Mapping[str, str]]
    decided: Mapping[int, Decided]
    policies: Mapping[int, Policy]
    told: Mapping[int, float]
    target: Corrections
    basis: str

    @property
    def graded(self) -> list[Met]:
        """The sections that have a score, in which the item counted."""
        return [each for each in self.sections if each.section_id in self.stands and not each.is_pretest]

    def among(self, sections: Collection[Met]) -> Ground:
        """The same of these sections alone."""
        ids, sessions = [each.section_id for each in sections], {each.session_id for each in sections}
        return replace(
            self, sections=tuple(sections), stands={at: self.stands[at] for at in ids},
            grades={at: self.grades[at] for at in sessions}, decided={at: self.decided[at] for at in sessions},
            told={at: self.told[at] for at in ids if at in self.told},
        )  # fmt: skip


def ground_of(work: Work, run: RescoringRun) -> Ground:
    """The ground of a run as it is now; two that are alike have one basis."""
    sections = tuple(_concerned(work, run))
    counted = {each.session_id for each in sections if not each.is_pretest}
    of_these = {section.section_id for section in sections}
    every = standing(work, counted)
    grades: dict[int, dict[str, str]] = {}
    for each in every.values():
        grades.setdefault(each.session_id, {})[each.subject] = each.grade
    stands = {at: each for at, each in every.items() if at in of_these}
    decided = _decisions(work, counted)
    sittings = {sitting: delivery.sitting_ref(work, sitting) for sitting in sorted({s.sitting_id for s in sections})}
    told = _told(work, sections, stands)
    known = corrections_in_force(work)
    target = with_run(work, run, known)
    basis = _digest(
        {
            "run": [run.id, run.kind, run.item_version_id, run.key_version_id, run.session_id],
            "corrections": [known.digest, target.digest],
            "marks": _marks(work, counted),
        },
        ([at, each.score_id, each.grade_id] for at, each in sorted(stands.items())),
        ([at, each.id] for at, each in sorted(decided.items())),
        ([at, percent] for at, percent in sorted(told.items())),
    )
    policies = {sitting: Policy.of(ref.edition) for sitting, ref in sittings.items()}
    return Ground(run.id, sections, stands, grades, decided, policies, told, target, basis)


def strictest_rule(work: Work, sitting_ids: Iterable[int]) -> RescoringRule:
    """Of the editions of these sittings the rule that asks for the most signatures; of all there are without any."""
    laws = [delivery.sitting_ref(work, each).edition for each in sitting_ids] or list(editions())
    return max((law.get(CLAUSE, RescoringRule) for law in laws), key=lambda rule: rule.signatures)


def standing(work: Work, session_ids: Collection[int]) -> dict[int, Stands]:
    """The newest score and grade of every section of these sessions that has any."""
    found: dict[int, Stands] = {}
    for ids in batches(session_ids):
        rows = select(Score.section_id, *STANDS).join(Grade, Grade.score_id == Score.id)
        for section_id, *stands in work.db.execute(rows.where(Score.session_id.in_(ids)).order_by(Grade.id)):
            found[section_id] = Stands(*stands)  # a later one supersedes
    return found


def _decisions(work: Work, session_ids: Collection[int]) -> dict[int, Decided]:
    found: dict[int, Decided] = {}
    for ids in batches(session_ids):
        rows = select(Eligibility.session_id, Eligibility.id, Eligibility.is_eligible)
        for session_id, id_, is_eligible in work.db.execute(
            rows.where(Eligibility.session_id.in_(ids)).order_by(Eligibility.id)
        ):
            found[session_id] = Decided(id_, is_eligible)
    return found


def _told(work: Work, sections: Iterable[Met], stands: Mapping[int, Stands]) -> dict[int, float]:
    """By section the percent that the candidate knows of: as it stands where that is seen at once, else as listed."""
    graded = [each for each in sections if each.section_id in stands]
    sittings = sorted({each.sitting_id for each in graded})
    at_once = are_told_at_once(work, sittings)
    listed = told_by_list(work, [each for each in sittings if each not in at_once], {s.session_id for s in graded})
    found = {s.section_id: listed.get((s.session_id, s.subject)) for s in graded if s.sitting_id not in at_once}
    seen = {s.section_id: stands[s.section_id].percent for s in graded if s.sitting_id in at_once}
    return seen | {at: percent for at, percent in found.items() if percent is not None}


def _concerned(work: Work, run: RescoringRun) -> list[Met]:
    if run.item_version_id is not None:
        return met(work, run.item_version_id)
    assert run.session_id is not None
    return sections_of(work, run.session_id)


def _marks(work: Work, session_ids: Collection[int]) -> list[Any]:
    """The marks of written tasks that stand."""
    marks: list[Any] = []
    for ids in batches(session_ids):
        for session_id, tasks in sorted(marking.marks_of(work, ids).items()):
            marks += [[session_id, *place, list(task.mark_ids)] for place, task in sorted(tasks.items())]
    return marks


def _digest(head: Mapping[str, Any], *parts: Iterable[list[Any]]) -> str:
    """SHA-256 over the head and over each row of each part."""
    whole = hashlib.sha256(canonical(dict(head)))
    for part in parts:
        whole.update(b"\n")
        for row in part:
            whole.update(canonical(row))
    return whole.hexdigest()
