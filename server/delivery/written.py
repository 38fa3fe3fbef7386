"""What sealed sessions hold on written tasks, for who marks them: found without a name, opened one by one (CS-14.2)."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from server.core.work import Work
from server.delivery import forms
from server.delivery.models import ExamSession, Response, Section, Step, Working, answer_place
from server.delivery.working import GivenWorking, given_working


@dataclass(frozen=True)
class WrittenStep:
    """A written task as it stands in a session: where, in which language, and which item it is."""

    session_id: int
    section_id: int
    seq: int
    language: str
    item_version_id: int


@dataclass(frozen=True)
class WrittenAnswer:
    """The code of the work, the text that was given, and what stood beside it; None where nothing was given."""

    code: str
    text: str | None
    working: GivenWorking | None


def submitted(work: Work, sitting_id: int) -> list[int]:
    """The sessions of a sitting that were handed in, in order of id."""
    query = select(ExamSession.id).where(
        ExamSession.sitting_id == sitting_id, ExamSession.state == "submitted"
    )
    return list(work.db.scalars(query.order_by(ExamSession.id)))


def written_steps(
    work: Work, session_ids: Collection[int], item_version_ids: Collection[int]
) -> list[WrittenStep]:
    """The steps of these sessions at which one of these items was given, in order."""
    rows = work.db.execute(
        select(Step.session_id, Step.section_id, Step.seq, Section.language, Step.item_version_id)
        .join(Section, Section.id == Step.section_id)
        .where(Step.session_id.in_(session_ids), Step.item_version_id.in_(item_version_ids))
        .order_by(Step.session_id, Step.section_id, Step.seq)
    )
    return [WrittenStep(*row) for row in rows]


def written_answer(work: Work, session_id: int, section_id: int, seq: int) -> WrittenAnswer:
    """The text of a written task and its working area; Tampered if either was changed."""
    session = work.db.get_one(ExamSession, session_id)
    key = work.vault.unwrap(session.data_key, session.place)
    here = (Response.section_id == section_id) & (Response.seq == seq)
    sealed = work.db.execute(select(Response.answer_sealed).where(here)).scalar_one_or_none()
    beside = (Working.section_id == section_id) & (Working.seq == seq)
    row = work.db.execute(select(Working).where(beside)).scalar_one_or_none()
    text = None
    if sealed is not None:
        said = json.loads(work.vault.open(key, sealed, answer_place(session_id, section_id, seq)))
        text = None if said is None else str(said[said["kind"]])
    working = None if row is None else given_working(work.vault, key, row)
    return WrittenAnswer(forms.work_code(work.vault, session.place), text, working)


def codes_of(work: Work, session_ids: Sequence[int]) -> dict[int, str]:
    """The code of the work of each session (CS-14.2)."""
    rows = work.db.scalars(select(ExamSession).where(ExamSession.id.in_(session_ids)))
    return {row.id: forms.work_code(work.vault, row.place) for row in rows}


def centres_of(work: Work, session_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The centre and the registration of each session: who belongs to them marks no work of theirs."""
    query = select(ExamSession.id, ExamSession.centre_id, ExamSession.registration_id)
    rows = work.db.execute(query.where(ExamSession.id.in_(session_ids)))
    return {row.id: (row.centre_id, row.registration_id) for row in rows}
