"""The case file: what stands stored of a subject of one session, and the same played again step by step.
Readers know the work by its code; nothing here names whose it is (CS-14.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from server import delivery
from server.appeals.casefile.standings import Change, changes_of
from server.appeals.rules import AppealMaterialRule, UnansweredRule
from server.core.errors import NotFound
from server.core.regulation import Edition, Ruling
from server.core.work import Work
from server.delivery.bench import BENCHES, Bench
from server.delivery.media import heard
from server.delivery.queries import Broken, GivenSection, GivenStep, work_code_of
from server.delivery.working import GivenWorking, workings_of
from server.grading import Difference, GradeRef, grades_of, walk
from server.grading.corrections import NONE, Corrections
from server.grading.policy import Policy
from server.grading.replaying import replay_section
from server.grading.rescoring import corrections_then
from server.grading.scoring import Unscorable, check_evidence
from server.marking import MarkedTask, marks_of

Correction = Literal["struck", "key"]
ANSWERS, WORKING, DRAWINGS = "answers", "working", "drawings"  # kinds of material, as DC-26 names them


@dataclass(frozen=True)
class Task:
    """One task of the file: what came of it, when, what it did to the score, and where the replay differs on it.

    `reviewed` is what DC-27 says; `change` is None where the evidence bears no score; `correction` is what a decision
    has changed for everybody who met the item."""

    step: GivenStep
    outcome: str
    tier: str
    reviewed: Ruling
    is_disputed: bool
    is_written: bool
    is_unreadable: bool
    mark: MarkedTask | None
    change: Change | None
    correction: Correction | None
    differences: tuple[Difference, ...]
    plays: tuple[datetime, ...]
    plays_back: tuple[tuple[datetime, str], ...]

    @property
    def seq(self) -> int:
        """Its number in the candidate's test."""
        return self.step.seq


@dataclass(frozen=True)
class CaseFile:
    """All of a subject that an appeal is judged on. `seal` is True, False (broken) or None (there is none);
    `differences` concern the subject as a whole, `fault` says why no score follows from what is stored."""

    code: str
    subject: str
    titles: Mapping[str, str]
    starts_at: datetime
    zone: str
    edition: Edition
    policy: Policy
    section: GivenSection
    tasks: tuple[Task, ...]
    differences: tuple[Difference, ...]
    seal: bool | None
    fault: str | None
    grade: GradeRef | None
    material: Mapping[str, Ruling]
    bench: Bench = field(repr=False)
    workings: Mapping[int, GivenWorking] = field(repr=False)

    @property
    def is_equal(self) -> bool:
        """Whether everything came out as it is stored, to the bit, and the seal fits."""
        return self.seal is True and not self.fault and not self.all_differences

    @property
    def all_differences(self) -> tuple[Difference, ...]:
        """Those of every task, then those of the subject."""
        return (*(each for task in self.tasks for each in task.differences), *self.differences)

    def task(self, seq: int) -> Task:
        """The task of that number; NotFound if the test has none."""
        found = next((each for each in self.tasks if each.seq == seq), None)
        if found is None:
            raise NotFound("not_found")
        return found

    def beside(self, seq: int, by: int) -> int | None:
        """The number of the task before (by = -1) or after (by = 1) that one."""
        numbers = [task.seq for task in self.tasks]
        at = numbers.index(seq) + by
        return numbers[at] if 0 <= at < len(numbers) else None


def case_file(
    work: Work, session_id: int, subject: str, disputed: Collection[int] = (), *, is_played: bool = True
) -> CaseFile:
    """The file of that subject; NotFound if the session has none. What does not open as sealed is named, not fatal.

    Not `is_played`: nothing is recomputed, for a part of a page that was made with all of it."""
    session, broken, torn = delivery.session_ref(work, session_id), Broken(), Broken()
    sitting = delivery.sitting_ref(work, session.sitting_id)
    section = next(
        (each for each in delivery.evidence(work, session_id, broken) if each.subject == subject), None
    )
    if section is None:
        raise NotFound("not_found")
    bench, policy = BENCHES.of(work, section), Policy.of(sitting.edition)
    grade = grades_of(work, [session_id]).get(session_id, {}).get(subject)
    corrections = _corrections(work, section, grade)
    changes, fault = _changes(bench, section, policy, corrections)
    kept = {
        seq: each
        for (of, seq), each in workings_of(work, session_id, torn).items()
        if of == section.section_id
    }
    played = replay_section(work, session, section) if is_played else []
    differences = _differences(section, played, _here(section, broken), _here(section, torn))
    tasks = _tasks(work, session_id, bench, section, sitting.edition, (changes, differences), set(disputed),
                   corrections)  # fmt: skip
    material = sitting.edition.get("DC-26", AppealMaterialRule)
    return CaseFile(
        code=work_code_of(work, session_id), subject=subject, titles=sitting.titles, starts_at=sitting.starts_at,
        zone=sitting.zone, edition=sitting.edition, policy=policy, section=section, tasks=tasks,
        differences=tuple(each for each in differences if each.seq is None),
        seal=delivery.verify_seal(work, session_id), fault=fault,
        grade=grade,
        material={kind: material.judge(subject, kind) for kind in (ANSWERS, WORKING, DRAWINGS)},
        bench=bench, workings=kept,
    )  # fmt: skip


def _here(section: GivenSection, broken: Broken) -> set[int]:
    return {seq for of, seq in broken if of == section.section_id}


def _corrections(work: Work, section: GivenSection, grade: GradeRef | None) -> Corrections:
    """What was corrected of this test's items when its score was computed."""
    versions = frozenset(step.item_version_id for step in section.steps)
    return corrections_then(work, "" if grade is None else grade.corrections, versions) or NONE


def _changes(
    bench: Bench, section: GivenSection, policy: Policy, corrections: Corrections
) -> tuple[Mapping[int, Change], str | None]:
    """The score after each task, or why the evidence bears none."""
    try:
        check_evidence(bench, section)
        return changes_of(bench, section, policy.times, corrections), None
    except Unscorable as error:
        return {}, error.code


def _differences(
    section: GivenSection, played: Sequence[Difference], answers: set[int], workings: set[int]
) -> list[Difference]:
    """What the replay finds; of an answer that does not open it is said once, as that."""
    named = [Difference(section.subject, seq, "answer_sealed", None, None) for seq in sorted(answers)]
    named += [Difference(section.subject, seq, "working_sealed", None, None) for seq in sorted(workings)]
    return [*named, *(each for each in played if each.what != "answer_score" or each.seq not in answers)]


def _tasks(
    work: Work, session_id: int, bench: Bench, section: GivenSection, edition: Edition,
    found: tuple[Mapping[int, Change], list[Difference]], disputed: set[int],
    corrections: Corrections,
) -> tuple[Task, ...]:  # fmt: skip
    changes, differences = found
    unanswered, marks = edition.get("DC-27", UnansweredRule), marks_of(work, [session_id]).get(session_id, {})
    plays, back = heard.plays_of(work, session_id), heard.returns_of(work, session_id)
    unreadable = {each.seq for each in differences if each.what == "answer_sealed"}
    tasks = []
    for step in section.steps:
        place, is_unreadable = (section.section_id, step.seq), step.seq in unreadable
        tasks.append(
            Task(
                step=step, outcome=walk.outcome_of(step), tier=bench.tier(step.item_index),
                reviewed=unanswered.judge(section.subject, is_answered=is_unreadable or not step.is_blank),
                is_disputed=step.seq in disputed, is_written=bench.is_written(step.item_index),
                is_unreadable=is_unreadable, mark=marks.get(place), change=changes.get(step.seq),
                correction=_correction(corrections, step),
                differences=tuple(each for each in differences if each.seq == step.seq),
                plays=tuple(plays.get(place, ())),
                plays_back=tuple((row.given_at, row.reason) for row in back.get(place, ())),
            )
        )  # fmt: skip
    return tuple(tasks)


def _correction(corrections: Corrections, step: GivenStep) -> Correction | None:
    if step.item_version_id in corrections.struck:
        return "struck"
    return "key" if step.item_version_id in corrections.keys else None
