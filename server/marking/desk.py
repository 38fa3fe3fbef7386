"""What a marker has before them: how much is left, one work with its task and rubric, and what they marked last.
A work is known by its code; nothing here knows who wrote it (CS-14.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import func, select

from itembank.authoring.html import FigureLink, of_tree
from itembank.items.service import open_media
from server import delivery
from server.candidates.rules import SubjectsRule
from server.core.errors import NotFound
from server.core.i18n import language
from server.core.journal import last_acts
from server.core.regulation import Edition
from server.core.terms import Named
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.bench import BENCHES, Bench
from server.delivery.masking import MASK, covering
from server.delivery.written import WrittenAnswer, codes_of, written_answer
from server.marking.calls import standing_calls
from server.marking.drawing import BACK, THIRD
from server.marking.giving import Drawn, first_mark, held, newest_mark
from server.marking.models import Allotment, Mark, Marking, MarkingTask, WrittenWork, note_place
from server.marking.queries import rule_of

MARKED = select(Mark.allotment_id).where(Mark.allotment_id.is_not(None))
OPENED_LATELY = timedelta(hours=12)
MOST_RECENT = 10


@dataclass(frozen=True)
class Load:
    """The marking of a sitting as one marker has it: how many works are marked, how many are left, until when."""

    title: str
    zone: str
    due_at: datetime
    done: int
    left: int
    is_overdue: bool


@dataclass(frozen=True)
class Recent:
    """A work marked of late, with the points given; whether they may still be corrected."""

    ref: str
    code: str
    subject: str
    task: int
    points: str
    maximum: int
    made_at: datetime
    zone: str
    may_correct: bool


@dataclass(frozen=True)
class Sheet:
    """One work: its code, the task with its rubric, the writing, and what was given for it already."""

    ref: str
    subject: str
    task: int
    language: str
    maximum: int
    passage: Markup
    stem: Markup
    rubric: Markup
    least: int | None
    most: int | None
    answer: WrittenAnswer
    n_words: int
    reasons: tuple[Named, ...]
    done: int
    left: int
    mark: Mark | None
    note: str
    clause: str

    @property
    def is_covered(self) -> bool:
        """Whether something in the writing is covered."""
        return MASK in (self.answer.text or "")


def loads(work: Work) -> list[Load]:
    """The markings in which works were drawn for the actor, the most urgent first."""
    rows = work.db.execute(
        select(Marking, func.count(Allotment.id), func.count(Mark.id))
        .join(WrittenWork, WrittenWork.marking_id == Marking.id)
        .join(Allotment, Allotment.work_id == WrittenWork.id)
        .outerjoin(Mark, (Mark.allotment_id == Allotment.id) & Mark.supersedes_id.is_(None))
        .where(Allotment.staff_id == work.actor.id, Allotment.id.not_in(BACK))
        .group_by(Marking.id)
        .order_by(Marking.due_at, Marking.id)
    )
    found = []
    for marking, total, done in rows:
        sitting = delivery.sitting_ref(work, marking.sitting_id)
        is_overdue = done < total and work.now > marking.due_at
        found.append(
            Load(sitting.titles[language()], sitting.zone, marking.due_at, done, total - done, is_overdue)
        )  # fmt: skip
    return found


def next_ref(work: Work) -> str | None:
    """The work to mark now: one task after the other, so that its rubric is fresh; within it in no known order."""
    query = (
        select(WrittenWork.ref)
        .join(Allotment, Allotment.work_id == WrittenWork.id)
        .join(Marking, Marking.id == WrittenWork.marking_id)
        .where(Allotment.staff_id == work.actor.id, Allotment.id.not_in(BACK), Allotment.id.not_in(MARKED))
        .order_by(Marking.due_at, WrittenWork.task_id, WrittenWork.language, WrittenWork.ref)
        .limit(1)
    )
    return work.db.execute(query).scalar_one_or_none()


def recent(work: Work) -> list[Recent]:
    """The works the actor marked last, the newest first."""
    corrected = select(Mark.supersedes_id).where(Mark.supersedes_id.is_not(None), Mark.source == "marker")
    rows = work.db.execute(
        select(Mark, WrittenWork, MarkingTask, Marking.sitting_id)
        .join(Allotment, Allotment.id == Mark.allotment_id)
        .join(WrittenWork, WrittenWork.id == Mark.work_id)
        .join(MarkingTask, MarkingTask.id == WrittenWork.task_id)
        .join(Marking, Marking.id == WrittenWork.marking_id)
        .where(Allotment.staff_id == work.actor.id, Mark.id.not_in(corrected))
        .order_by(Mark.id.desc())
        .limit(MOST_RECENT)
    ).all()
    codes = codes_of(work, [written.session_id for _mark, written, _task, _sitting in rows])
    sittings = {each: delivery.sitting_ref(work, each) for each in {row.sitting_id for row in rows}}
    calling = {
        each for each in {written.marking_id for _mark, written, _task, _sitting in rows}
        if work.actor.id in standing_calls(work, each)
    }  # fmt: skip
    return [
        _recent(work, mark, written, task, sittings[sitting_id], codes[written.session_id],
                is_called=written.marking_id in calling)
        for mark, written, task, sitting_id in rows
    ]  # fmt: skip


def _recent(
    work: Work, mark: Mark, written: WrittenWork, task: MarkingTask, sitting: SittingRef, code: str, *, is_called: bool
) -> Recent:
    assert mark.allotment_id is not None
    made_at = first_mark(work, mark.allotment_id).made_at
    ruling = rule_of(sitting.edition).judge_correction(made_at, work.now, is_third_drawn=False)
    return Recent(
        written.ref, code, subject_title(sitting.edition, task.subject), _number(work, task), mark.points,
        task.maximum, mark.made_at, sitting.zone, is_called and ruling.allowed,
    )  # fmt: skip


def sheet(work: Work, ref: str, link: FigureLink) -> Sheet:
    """The work that was drawn for the actor. That it was read, and the item opened, stands in the journal (DC-7)."""
    drawn = held(work, ref)
    task = work.db.get_one(MarkingTask, drawn.written.task_id)
    bench = BENCHES.get(work, task.pool_id)
    _note_reading(work, drawn, task, bench)
    sitting = delivery.sitting_ref(work, drawn.marking.sitting_id)
    tongue = drawn.written.language
    view, text = bench.content(task.item_index).view(tongue), bench.key(task.item_index)["rubric"]
    mark = newest_mark(work, drawn.allotment.id)
    mine = [each for each in loads_by_marking(work) if each[0] == drawn.marking.id]
    _id, total, done = mine[0]
    words, written = view["words"] or {}, drawn.written
    answer = written_answer(work, written.session_id, written.section_id, written.seq)
    return Sheet(
        ref=ref, subject=subject_title(sitting.edition, task.subject), task=_number(work, task),
        language=tongue, maximum=task.maximum,
        passage=of_tree(view["passage"] or [], link), stem=of_tree(view["stem"], link),
        rubric=of_tree(text.get(tongue) or next(iter(text.values())), link), least=words.get("least"),
        most=words.get("most"),
        answer=_covered(work, written.session_id, answer), n_words=len((answer.text or "").split()),
        reasons=drawn.rule.give_back, done=done, left=total - done, mark=mark, note=_note(work, drawn, mark),
        clause=sitting.edition.label("CS-14.2", language()),
    )  # fmt: skip


def _covered(work: Work, session_id: int, answer: WrittenAnswer) -> WrittenAnswer:
    """The same, without what its writer said of themselves (CS-14.2)."""
    cover, working = covering(work, session_id), answer.working
    return replace(
        answer, text=None if answer.text is None else cover(answer.text),
        working=None if working is None else replace(working, text=cover(working.text)),
    )  # fmt: skip


def figure(work: Work, ref: str, name: str) -> tuple[bytes, str]:
    """A figure of the task of a work that was drawn for the actor, with its kind."""
    drawn = held(work, ref)
    task = work.db.get_one(MarkingTask, drawn.written.task_id)
    found = BENCHES.get(work, task.pool_id).content(task.item_index).figure(drawn.written.language, name)
    if found is None:
        raise NotFound("not_found")
    return open_media(work, task.item_version_id, name), str(found["type"])


def figures(work: Work, ref: str) -> dict[str, tuple[str, str]]:
    """Of each figure of the task, by the name its text has for it, the digest and what is said of it."""
    drawn = held(work, ref)
    task = work.db.get_one(MarkingTask, drawn.written.task_id)
    view = BENCHES.get(work, task.pool_id).content(task.item_index).view(drawn.written.language)
    return {name: (str(each["digest"]), str(each["alternative"])) for name, each in view["figures"].items()}


def loads_by_marking(work: Work) -> list[tuple[int, int, int]]:
    """The actor's markings with how many works were drawn and how many of them are marked."""
    rows = work.db.execute(
        select(WrittenWork.marking_id, func.count(Allotment.id), func.count(Mark.id))
        .join(Allotment, Allotment.work_id == WrittenWork.id)
        .outerjoin(Mark, (Mark.allotment_id == Allotment.id) & Mark.supersedes_id.is_(None))
        .where(Allotment.staff_id == work.actor.id, Allotment.id.not_in(BACK))
        .group_by(WrittenWork.marking_id)
    )
    return [(marking_id, total, done) for marking_id, total, done in rows]


def subject_title(edition: Edition, subject: str) -> str:
    """What a subject is called in the reader's language."""
    found = {each.code: each.title(language()) for each in edition.get("DC-3", SubjectsRule).subjects}
    return found.get(subject, subject)


def _number(work: Work, task: MarkingTask) -> int:
    """Which of the written tasks of its subject it is, counted from one."""
    return task.item_index - BENCHES.get(work, task.pool_id).pool.written.start + 1


def _note(work: Work, drawn: Drawn, mark: Mark | None) -> str:
    if mark is None or mark.note_sealed is None:
        return ""
    key = work.vault.unwrap(drawn.marking.data_key, f"marking:{drawn.marking.sitting_id}")
    place = note_place(drawn.written.ref, drawn.allotment.staff_id)
    return work.vault.open(key, mark.note_sealed, place).decode()


def _note_reading(work: Work, drawn: Drawn, task: MarkingTask, bench: Bench) -> None:
    """Once for each work and task within some hours: a page that is drawn again tells nobody anything new."""
    since, me = work.now - OPENED_LATELY, work.actor.label
    item, session = f"item:{bench.pool.codes[task.item_index]}", f"session:{drawn.written.session_id}"
    if not last_acts(work.db, item, "item_opened", me, since, most=1):
        work.record(
            "item_opened", item, clause="DC-7", item_version_id=task.item_version_id, purpose="marking"
        )
    known = last_acts(work.db, session, "work:opened", me, since, most=20)
    if not any(each.facts.get("ref") == drawn.written.ref for each in known):
        work.record("work:opened", session, clause="CS-14.2", ref=drawn.written.ref)


__all__ = ["THIRD", "Load", "Recent", "Sheet", "figure", "figures", "loads", "next_ref", "recent", "sheet"]
