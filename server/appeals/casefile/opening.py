"""Opening a case file: for a member of the commission without an interest in the case, while it is being judged.
Each opening stands in the journal: of the result (CS-5), and of each task that is shown (DC-7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from itembank.authoring.safe import new_mark
from server.appeals.casefile.case import CaseFile, Task, case_file
from server.appeals.cases import Case, open_case, tasks_of
from server.core.errors import NotFound, Stale
from server.core.journal import last_acts
from server.core.work import Work
from server.delivery.masking import covering

BEING_JUDGED = ("admitted", "heard", "decided", "told")
OPENED, PURPOSE = "item_opened", "appeal"
WITHIN, LOOKED_AT = timedelta(hours=4), 20


@dataclass(frozen=True)
class Opened:
    """The file as its reader has it before them: `mark` lies across every task of this opening, `mask` covers what
    would tell who the candidate is in what they wrote."""

    case: Case
    file: CaseFile
    mark: str
    mask: Callable[[str], str] = field(repr=False)

    @property
    def appeal_id(self) -> int:
        """The case it belongs to."""
        return self.case.appeal.id


def open_file(work: Work, appeal_id: int) -> Opened:
    """The file; that its result is read stands in the journal."""
    found = _opened(work, appeal_id)
    appeal = found.case.appeal
    work.record("result:read", f"session:{appeal.session_id}", clause="CS-5", case=found.case.number,
                purpose="case_file", appealed=appeal.subject)  # fmt: skip
    return found


def open_task(work: Work, appeal_id: int, seq: int) -> tuple[Opened, Task]:
    """The file with one task of it open."""
    found = open_file(work, appeal_id)
    task = found.file.task(seq)
    note(work, found, [task], PURPOSE)
    return found, task


def seen_task(work: Work, appeal_id: int, seq: int) -> tuple[Opened, Task]:
    """The same, for a part of the task that is asked for by itself: an opening, unless it belongs to one of the last
    hours. NotFound if the task is not shown at all."""
    found = _opened(work, appeal_id, is_played=False)
    task = found.file.task(seq)
    if not is_open(found.file, task):
        raise NotFound("not_found")
    subject = f"item:{found.file.bench.code(task.step.item_index)}"
    lately = last_acts(work.db, subject, OPENED, work.actor.label, work.now - WITHIN, most=LOOKED_AT)
    if not any(each.facts.get("case") == found.case.number for each in lately):
        note(work, found, [task], PURPOSE)
    return found, task


def is_open(file: CaseFile, task: Task) -> bool:
    """Whether the content of the task may be shown: it is reviewed (DC-27), and stands where its pool has it."""
    return task.reviewed.allowed and file.bench.knows(task.step.item_index, task.step.item_version_id)


def note(work: Work, found: Opened, tasks: Iterable[Task], purpose: str) -> None:
    """That the content of these tasks is opened stands in the journal, under the mark of this opening (DC-7)."""
    for task in tasks:
        if is_open(found.file, task):
            code = found.file.bench.code(task.step.item_index)
            work.record(OPENED, f"item:{code}", clause="DC-7", purpose=purpose, case=found.case.number, seq=task.seq,
                        mark=found.mark)  # fmt: skip


def _opened(work: Work, appeal_id: int, *, is_played: bool = True) -> Opened:
    case = open_case(work, appeal_id)
    if case.appeal.state not in BEING_JUDGED:
        raise Stale("appeal_file_not_open")
    named = [task.seq for task in tasks_of(work, appeal_id)]
    file = case_file(work, case.appeal.session_id, case.appeal.subject, named, is_played=is_played)
    return Opened(case, file, new_mark(), covering(work, case.appeal.session_id))
