"""Answers by the thousand, for calibration: what was said to which item version, with its score; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from server.core.work import Work
from server.delivery.models import (
    ExamSession,
    Response,
    Seal,
    Section,
    Sitting,
    SittingSection,
    Step,
    answer_place,
)


@dataclass(frozen=True)
class Answered:
    """One answer to one item version; `option` is the letter chosen, where one option is chosen."""

    session_id: int
    language: str
    item_version_id: int
    score: int
    option: str | None
    spent_ms: int


@dataclass(frozen=True)
class Source:
    """A sitting whose answers in a subject may be calibrated: how many sessions of it are sealed."""

    sitting_id: int
    titles: Mapping[str, str]
    starts_at: datetime
    zone: str
    n_sealed: int


def sources(work: Work, subject: str) -> list[Source]:
    """The sittings of a subject that have a sealed session, the newest first."""
    sealed = (
        select(ExamSession.sitting_id, func.count().label("n")).join(Seal, Seal.session_id == ExamSession.id)
        .group_by(ExamSession.sitting_id).subquery()
    )  # fmt: skip
    rows = work.db.execute(
        select(Sitting, sealed.c.n)
        .join(sealed, sealed.c.sitting_id == Sitting.id)
        .join(SittingSection, SittingSection.sitting_id == Sitting.id)
        .where(SittingSection.subject == subject)
        .order_by(Sitting.starts_at.desc(), Sitting.id.desc())
    )
    return [Source(row.id, row.titles, row.starts_at, row.zone, n) for row, n in rows]


def answers(work: Work, session_ids: Sequence[int], subject: str) -> Iterator[Answered]:
    """Every scored answer of these sessions in a subject, blank ones too, in the order of sessions and tasks."""
    sessions = work.db.execute(select(ExamSession).where(ExamSession.id.in_(session_ids))).scalars()
    keys = {row.id: work.vault.unwrap(row.data_key, row.place) for row in sessions}
    rows = work.db.execute(
        select(Section.session_id, Section.id, Section.language, Step.item_version_id, Response.seq, Response.score,
               Response.answer_sealed, Response.spent_ms)
        .join(Step, Step.section_id == Section.id)
        .join(Response, (Response.section_id == Section.id) & (Response.seq == Step.seq))
        .where(Section.session_id.in_(session_ids), Section.subject == subject, Response.score.is_not(None))
        .order_by(Section.session_id, Section.position, Step.seq)
    )  # fmt: skip
    for session_id, section_id, language, version_id, seq, score, sealed, spent_ms in rows:
        given = json.loads(work.vault.open(keys[session_id], sealed, answer_place(session_id, section_id, seq)))
        said = given.get("option") if isinstance(given, dict) else None
        yield Answered(session_id, language, version_id, score or 0, said if isinstance(said, str) else None, spent_ms)
