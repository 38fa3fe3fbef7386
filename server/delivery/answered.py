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
    """A sitting whose answers may be calibrated: its order, its centres, and how many sessions of it are sealed."""

    sitting_id: int
    titles: Mapping[str, str]
    starts_at: datetime
    zone: str
    order_no: str
    centre_ids: frozenset[int]
    n_sealed: int


def sources(work: Work, subject: str | None = None, among: Sequence[int] | None = None) -> list[Source]:
    """The sittings of a subject that have a sealed session, or these with or without one, the newest first."""
    asked = select(Sitting).order_by(Sitting.starts_at.desc(), Sitting.id.desc())
    if subject is not None:
        asked = asked.where(Sitting.sections.any(SittingSection.subject == subject))
    if among is not None:
        asked = asked.where(Sitting.id.in_(among))
    counted = (
        select(ExamSession.sitting_id, ExamSession.centre_id, func.count(Seal.id))
        .outerjoin(Seal, Seal.session_id == ExamSession.id)
        .group_by(ExamSession.sitting_id, ExamSession.centre_id)
    )
    sealed: dict[int, dict[int, int]] = {}
    for sitting_id, centre_id, n in work.db.execute(counted):
        sealed.setdefault(sitting_id, {})[centre_id] = n
    found = [_source(row, sealed.get(row.id, {})) for row in work.db.scalars(asked)]
    return [each for each in found if each.n_sealed or among is not None]


def _source(row: Sitting, sealed: Mapping[int, int]) -> Source:
    return Source(
        row.id, row.titles, row.starts_at, row.zone, row.order_no, frozenset(sealed), sum(sealed.values())
    )  # fmt: skip


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
