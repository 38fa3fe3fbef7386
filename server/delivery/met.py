"""Sections as those see them who score anew: who met an item version, or what one session holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Executable, select

from itembank.blueprints.queries import pools_with
from server.core.work import Work
from server.delivery.models import ExamSession, Section, Step

HEAD = (
    Section.session_id, Section.id, Section.subject, Section.language, ExamSession.sitting_id, ExamSession.centre_id,
    ExamSession.registration_id, ExamSession.state,
)  # fmt: skip


@dataclass(frozen=True)
class Met:
    """A section, and whether the item was only tried out in it: then no score rests on it."""

    session_id: int
    section_id: int
    subject: str
    language: str
    sitting_id: int
    centre_id: int
    registration_id: int
    state: str
    is_pretest: bool = False


def met(work: Work, item_version_id: int) -> list[Met]:
    """Every section in which the item version was given, whatever came of it, in order of its session."""
    given = select(*HEAD, Step.is_pretest).select_from(Section).join(Step, Step.section_id == Section.id)
    given = given.join(ExamSession, ExamSession.id == Section.session_id).where(Step.item_version_id == item_version_id)
    # By way of the pools: steps are found by their section, and those that tried something out by their item.
    scored = given.where(Section.pool_id.in_(pools_with(work, item_version_id)), Step.is_pretest.is_(False))
    return _read(work, (scored, given.where(Step.is_pretest)))


def sections_of(work: Work, session_id: int) -> list[Met]:
    """The sections of one session."""
    query = select(*HEAD).select_from(Section).join(ExamSession, ExamSession.id == Section.session_id)
    return _read(work, (query.where(ExamSession.id == session_id),))


def _read(work: Work, queries: Iterable[Executable]) -> list[Met]:
    found = {Met(*row) for query in queries for row in work.db.execute(query)}
    return sorted(found, key=lambda each: (each.session_id, each.section_id))
