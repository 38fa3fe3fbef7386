"""Filing an appeal within its window (DC-25), by the candidate or the department, one or a list; taking it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from server import delivery, grading
from server.appeals.machine import APPEAL
from server.appeals.models import Appeal, AppealTask
from server.appeals.rules import AppealScopeRule, AppealWindowRule, UnansweredRule
from server.appeals.sealing import place, seal
from server.candidates.registration_no import is_registration_no
from server.core.errors import CatError, Invalid, NotFound, Refused, Stale
from server.core.regulation import Edition, Ruling
from server.core.work import Work
from server.delivery import SessionRef
from server.delivery.queries import GivenSection, held, sessions_numbered
from server.grading import access

SCOPE, WINDOW, UNANSWERED = "DC-23", "DC-25", "DC-27"
WORDS_MAX, LIST_MAX = 4000, 500


@dataclass(frozen=True)
class Claim:
    """What is appealed: a subject, on which grounds, which tasks by number (none: all of them), in whose words."""

    subject: str
    grounds: tuple[str, ...]
    tasks: tuple[int, ...] = ()
    words: str = field(default="", repr=False)


@dataclass(frozen=True)
class Filed:
    """What became of one line of a list: the case, or why there is none."""

    line: str
    appeal_id: int | None
    fault: CatError | None


def file_own(work: Work, claim: Claim) -> int | CatError:
    """The candidate's own appeal stands filed; a refusal is returned, so that its trace stays."""
    return _file(work, delivery.session_ref(work, held(work).id), claim, "candidate", None)


def file_for(work: Work, registration_no: str, claim: Claim) -> int | CatError:
    """The department's appeal for a candidate of its own; another's number is told from none by nobody."""
    number = registration_no.strip().upper()
    if not is_registration_no(number):
        return Invalid("appeal_number_malformed", number=number[:40])
    found = _session_for(work, number, claim.subject)
    if found is None:
        return NotFound("appeal_number_unknown", number=number)
    session, circle = found
    kind = circle.kind if circle.kind == "department" else "office"
    return _file(work, session, claim, kind, circle.organisation_id)


def file_list(work: Work, lines: Sequence[str], claim: Claim) -> list[Filed]:
    """A department's list: on each line a number, and after it the tasks where only some are appealed."""
    told = [" ".join(each.split()) for each in lines]
    told = [each for each in dict.fromkeys(told) if each]
    if not 1 <= len(told) <= LIST_MAX:
        raise Invalid("appeal_list_length", maximum=LIST_MAX)
    return [_file_line(work, each, claim) for each in told]


def withdraw_own(work: Work, appeal_id: int) -> None:
    """The candidate takes their appeal back before it is heard."""
    appeal = find(work, appeal_id, to_change=True)
    if appeal.session_id != held(work).id:
        raise NotFound("not_found")
    _withdraw(work, appeal)


def withdraw_for(work: Work, appeal_id: int) -> None:
    """The department takes back what it filed, before it is heard."""
    appeal = find(work, appeal_id, to_change=True)
    session = delivery.session_ref(work, appeal.session_id)
    access.require_act(work, delivery.sitting_ref(work, session.sitting_id).edition, session)
    if appeal.department_id != work.actor.organisation_id:
        raise NotFound("not_found")
    _withdraw(work, appeal)


def find(work: Work, appeal_id: int, *, to_change: bool = False) -> Appeal:
    """The case, locked if it is `to_change`; NotFound if there is none."""
    appeal = work.db.get(Appeal, appeal_id, with_for_update=to_change or None, populate_existing=to_change)
    if appeal is None:
        raise NotFound("not_found")
    return appeal


def tasks_of(claim: Collection[str]) -> tuple[int, ...]:
    """Numbers of tasks as they were typed, each once; Invalid if one is no number."""
    if not all(each.isascii() and each.isdecimal() and len(each) < 5 for each in claim):
        raise Invalid("appeal_tasks_malformed")
    return tuple(sorted({int(each) for each in claim}))


def _file_line(work: Work, line: str, claim: Claim) -> Filed:
    number, *tasks = line.replace(",", " ").replace(";", " ").split()
    try:
        told = replace(claim, tasks=tasks_of(tasks) or claim.tasks)
    except Invalid as error:
        return Filed(line, None, error)
    outcome = file_for(work, number, told)
    return Filed(line, None, outcome) if isinstance(outcome, CatError) else Filed(line, outcome, None)


def _session_for(work: Work, number: str, subject: str) -> tuple[SessionRef, access.Circle] | None:
    """The newest session of that number in the subject, if it lies in the actor's circle."""
    for session_id in sessions_numbered(work, number):
        session = delivery.session_ref(work, session_id)
        sitting = delivery.sitting_ref(work, session.sitting_id)
        if subject not in sitting.subjects:
            continue
        access.acting_office_of(work, sitting.edition)
        circle = access.circle_of(work, sitting.edition)
        return (session, circle) if circle.has(session) else None
    return None


def _file(work: Work, session: SessionRef, claim: Claim, by: str, department_id: int | None) -> int | CatError:
    sitting = delivery.sitting_ref(work, session.sitting_id)
    edition = sitting.edition
    section = next((s for s in delivery.evidence(work, session.id) if s.subject == claim.subject), None)
    if section is None or not claim.grounds or len(claim.words) > WORDS_MAX:
        return Invalid("appeal_incomplete", maximum=WORDS_MAX)
    received_at = grading.received_at(work, session.id)
    rulings = [edition.get(SCOPE, AppealScopeRule).judge(each) for each in claim.grounds]
    window = edition.get(WINDOW, AppealWindowRule).judge(received_at, work.now, by)
    tasks = _judged(edition, section, claim.tasks)
    if isinstance(tasks, CatError):
        return tasks
    every = [*rulings, window, *([] if any(each.allowed for each in tasks.values()) else list(tasks.values())[:1])]
    refusal = next((each for each in every if not each.allowed), None)
    if refusal is not None:
        work.record("appeal:not_taken", f"session:{session.id}", clause=refusal.clause, subject_code=claim.subject,
                    ruling=refusal.to_json())  # fmt: skip
        return Refused.by(refusal)
    assert received_at is not None
    row = Appeal(
        programme_id=sitting.programme_id, sitting_id=sitting.id, session_id=session.id, subject=claim.subject,
        filed_by=by, department_id=department_id,
        grounds=list(dict.fromkeys(claim.grounds)), words_sealed=b"", data_key=b"", received_at=received_at,
        filed_at=work.now, filer=work.actor.label, ruling=window.to_json(), state="filed",
    )  # fmt: skip
    return _added(work, row, section, claim.words.strip(), tasks)


def _added(work: Work, row: Appeal, section: GivenSection, words: str, tasks: dict[int, Ruling]) -> int | CatError:
    known = select(Appeal.id).where(
        Appeal.session_id == row.session_id, Appeal.subject == row.subject, Appeal.received_at == row.received_at,
        Appeal.state != "withdrawn",
    )  # fmt: skip
    if work.db.execute(known).first() is not None:
        return Stale("appeal_filed_already")
    try:
        with work.db.begin_nested():  # two may file at once: the index lets one of them
            work.db.add(row)
    except IntegrityError:
        return Stale("appeal_filed_already")
    row.data_key = work.vault.new_key(place(row.id))[1]
    row.words_sealed = seal(work, row, "words", words)
    for seq, ruling in tasks.items():
        work.db.add(AppealTask(appeal_id=row.id, section_id=section.section_id, seq=seq, ruling=ruling.to_json()))
    work.record("appeal:filed", place(row.id), clause=WINDOW, session=row.session_id, subject_code=row.subject,
                by=row.filed_by, grounds=row.grounds, tasks=sorted(tasks))  # fmt: skip
    work.db.flush()  # who acts next names its revision
    return row.id


def _judged(edition: Edition, section: GivenSection, tasks: Sequence[int]) -> dict[int, Ruling] | CatError:
    """Of each task that is named, whether it is reviewed (DC-27)."""
    rule = edition.get(UNANSWERED, UnansweredRule)
    steps = {step.seq: step for step in section.steps if step.is_reached}
    unknown = [each for each in tasks if each not in steps]
    if unknown:
        return Invalid("appeal_task_unknown", tasks=unknown, last=max(steps, default=0))
    return {each: rule.judge(section.subject, is_answered=not steps[each].is_blank) for each in tasks}


def _withdraw(work: Work, appeal: Appeal) -> None:
    work.move(appeal, APPEAL, "withdraw")
    work.record("appeal:withdrawn", place(appeal.id), clause=WINDOW)
    work.db.flush()  # another may be filed in the same work


