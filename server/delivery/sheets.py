"""Answer sheets: of each step its item and its mark, written when a session is sealed and covered by its seal.

Making one opens every answer and judges it by the pool's key; who scores by the hundred thousand reads sheets alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from sqlalchemy import Row, select

from irt.arrays import Ints
from server.core.db import batches
from server.core.vault import Tampered
from server.core.work import Work
from server.delivery.bench import BENCHES, Bench
from server.delivery.models import (
    AnswerSheet,
    ExamSession,
    Response,
    Section,
    Step,
    answer_place,
    session_place,
)

UNANSWERED, WRITTEN, TRIED = -1, -2, -3  # marks that are no score
ITEMS, MARKS = np.dtype("<u4"), np.dtype("i1")
POOL, KEY, CHANGED = "evidence_contradicts_pool", "evidence_contradicts_key", "content_changed"

_SECTION = (
    Section.id, Section.session_id, Section.position, Section.subject, Section.language, Section.pool_id,
    Section.length, Section.pretest,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A section's items and marks in the order of its steps; `fault` says why it may not be scored, `seq` where."""

    items: bytes = b""
    marks: bytes = b""
    fault: str | None = None
    seq: int | None = None

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Sheet:
        """The sheet of these items and marks."""
        whole = list(pairs)
        items, marks = [item for item, _ in whole], [mark for _, mark in whole]
        return cls(np.array(items, ITEMS).tobytes(), np.array(marks, MARKS).tobytes())

    @property
    def item_indices(self) -> Ints:
        """The item of each step, (n_steps,)."""
        return np.frombuffer(self.items, ITEMS).astype(np.intp)

    @property
    def scores(self) -> Ints:
        """The mark of each step, (n_steps,): a score, or one of those that are none."""
        return np.frombuffer(self.marks, MARKS).astype(np.intp)

    def __len__(self) -> int:
        return len(self.marks)


@dataclass(frozen=True)
class SheetOf:
    """A sheet with the section it is of: all that scoring needs."""

    section_id: int
    session_id: int
    position: int
    subject: str
    language: str
    pool_id: int
    length: int
    pretest: Mapping[str, Any] | None
    sheet: Sheet

    def with_sheet(self, sheet: Sheet) -> SheetOf:
        """The section with another sheet."""
        return replace(self, sheet=sheet)


class Judged(Protocol):
    """A step with what was answered to it, as a sheet is made of it."""

    @property
    def seq(self) -> int: ...
    @property
    def item_index(self) -> int: ...
    @property
    def item_version_id(self) -> int: ...
    @property
    def is_pretest(self) -> bool: ...
    @property
    def received_at(self) -> datetime | None: ...
    @property
    def score(self) -> int | None: ...
    @property
    def given(self) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True)
class Line:
    """One step with what was answered to it, read for this alone."""

    seq: int
    item_index: int
    item_version_id: int
    is_pretest: bool
    received_at: datetime | None
    score: int | None
    given: Mapping[str, Any] | None = field(repr=False)


def sheets_of(work: Work, session_ids: Collection[int]) -> dict[int, list[SheetOf]]:
    """By session the sheets of its sections as they were sealed, in their order; those never sealed are left out."""
    sheet = (AnswerSheet.items, AnswerSheet.marks, AnswerSheet.fault, AnswerSheet.fault_seq)
    found: dict[int, list[SheetOf]] = {}
    for some in batches(session_ids):
        rows = select(*_SECTION, *sheet).join(AnswerSheet, AnswerSheet.section_id == Section.id)
        rows = rows.where(Section.session_id.in_(some)).order_by(Section.session_id, Section.position)
        for row in work.db.execute(rows):
            found.setdefault(row.session_id, []).append(_of(row, Sheet(*row[len(_SECTION) :])))
    return found


def made_anew(work: Work, session_ids: Collection[int]) -> dict[int, list[SheetOf]]:
    """The same from every step and answer as they are stored now, each answer opened and judged by the pool's key."""
    found: dict[int, list[SheetOf]] = {}
    for some in batches(session_ids):
        keys = _keys(work, some)
        rows = select(*_SECTION).where(Section.session_id.in_(some)).order_by(Section.session_id, Section.position)
        sections = list(work.db.execute(rows))
        steps = _steps(work, [row.id for row in sections])
        for row in sections:
            sheet = _made(work, row, keys[row.session_id], steps.get(row.id, []))
            found.setdefault(row.session_id, []).append(_of(row, sheet))
    return found


def sheet_of(bench: Bench, language: str, lines: Iterable[Judged]) -> Sheet:
    """The sheet of a section, or its fault: each step names an item of the pool once and numbers follow each other,
    each answer bears the score its key gives."""
    pairs: list[tuple[int, int]] = []
    seen: set[int] = set()
    for expected, line in enumerate(lines, start=1):
        is_known = bench.knows(line.item_index, line.item_version_id)
        is_other = line.is_pretest != bench.is_pretest(line.item_index)
        if not is_known or is_other or line.item_index in seen or line.seq != expected:
            return Sheet(fault=POOL, seq=line.seq)
        if line.received_at is not None and line.score != bench.score_of(line.item_index, language, line.given):
            return Sheet(fault=KEY, seq=line.seq)
        seen.add(line.item_index)
        pairs.append((line.item_index, _mark(bench, line)))
    return Sheet.of(pairs)


def answers_at(
    work: Work, places: Mapping[int, Collection[tuple[int, int]]]
) -> dict[tuple[int, int], Mapping[str, Any] | None]:  # fmt: skip
    """What was answered at these places, section and number of the step by session; none where nothing was."""
    found: dict[tuple[int, int], Mapping[str, Any] | None] = {}
    for some in batches(places):
        keys = _keys(work, some)
        wanted = {place: session_id for session_id in some for place in places[session_id]}
        for part in batches({section_id for section_id, _seq in wanted}):
            rows = select(Response.section_id, Response.seq, Response.answer_sealed)
            seqs = {seq for _section_id, seq in wanted}
            for row in work.db.execute(rows.where(Response.section_id.in_(part), Response.seq.in_(seqs))):
                session_id = wanted.get((row.section_id, row.seq))
                if session_id is not None:
                    place = answer_place(session_id, row.section_id, row.seq)
                    opened = work.vault.open(keys[session_id], row.answer_sealed, place)
                    found[row.section_id, row.seq] = json.loads(opened)
    return found


def keep(work: Work, session_id: int) -> None:
    """The sheets of a session that ends stand beside its sections, for its seal to cover."""
    for each in made_anew(work, [session_id]).get(session_id, []):
        work.db.add(
            AnswerSheet(
                section_id=each.section_id, session_id=session_id, items=each.sheet.items, marks=each.sheet.marks,
                fault=each.sheet.fault, fault_seq=each.sheet.seq,
            )
        )  # fmt: skip


def _mark(bench: Bench, line: Judged) -> int:
    if bench.is_written(line.item_index):
        return WRITTEN
    if line.is_pretest:
        return TRIED
    return UNANSWERED if line.score is None else line.score


def _of(row: Row[Any], sheet: Sheet) -> SheetOf:
    return SheetOf(
        row.id, row.session_id, row.position, row.subject, row.language, row.pool_id, row.length, row.pretest, sheet
    )


def _keys(work: Work, session_ids: list[int]) -> dict[int, bytes]:
    """The data key of each session, unwrapped."""
    rows = select(ExamSession.id, ExamSession.sitting_id, ExamSession.registration_id, ExamSession.data_key)
    return {
        row.id: work.vault.unwrap(row.data_key, session_place(row.sitting_id, row.registration_id))
        for row in work.db.execute(rows.where(ExamSession.id.in_(session_ids)))
    }


def _steps(work: Work, section_ids: Collection[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for some in batches(section_ids):
        rows = (
            select(
                Step.section_id, Step.seq, Step.item_index, Step.item_version_id, Step.is_pretest,
                Response.received_at, Response.score, Response.answer_sealed,
            )
            .outerjoin(Response, (Response.section_id == Step.section_id) & (Response.seq == Step.seq))
            .where(Step.section_id.in_(some))
            .order_by(Step.section_id, Step.seq)
        )  # fmt: skip
        for row in work.db.execute(rows):
            found.setdefault(row.section_id, []).append(row)
    return found


def _made(work: Work, section: Row[Any], key: bytes, steps: Iterable[Row[Any]]) -> Sheet:
    """Sealing never fails: what does not open is written down as such, and is refused when it is to be scored."""
    try:
        bench = BENCHES.of(work, section)
        return sheet_of(bench, section.language, _opened(work, section, key, steps))
    except Tampered:
        return Sheet(fault=CHANGED)


def _opened(work: Work, section: Row[Any], key: bytes, steps: Iterable[Row[Any]]) -> Iterator[Line]:
    for row in steps:
        given = None
        if row.answer_sealed is not None:
            place = answer_place(section.session_id, section.id, row.seq)
            given = json.loads(work.vault.open(key, row.answer_sealed, place))
        yield Line(
            row.seq, row.item_index, row.item_version_id, row.is_pretest, row.received_at, row.score, given
        )
