"""Which sittings are additional tests or repeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from server.candidates.cases.queries import is_called_off
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery.additional.models import AdditionalSitting
from server.delivery.machine import OVER
from server.delivery.models import ExamSession, Section, Sitting


@dataclass(frozen=True)
class AdditionalRef:
    """An additional test or a repeat: its sitting, its order, where it is held, whether it was made known in time."""

    sitting_id: int
    kind: str
    ordered_on: date
    centre_id: int | None
    late_because: str
    ruling: Ruling
    published_at: datetime


def kind_of(work: Work, sitting_id: int) -> str | None:
    """What kind of additional sitting it is; None of an ordinary one."""
    found = select(AdditionalSitting.kind).where(AdditionalSitting.sitting_id == sitting_id)
    return work.db.execute(found).scalar_one_or_none()


def additional_sittings(work: Work) -> list[AdditionalRef]:
    """Every additional test and repeat, the newest first."""
    rows = work.db.execute(select(AdditionalSitting).order_by(AdditionalSitting.id.desc())).scalars()
    return [
        AdditionalRef(row.sitting_id, row.kind, row.ordered_on, row.centre_id, row.late_because,
                      Ruling.from_json(row.ruling), row.published_at)
        for row in rows
    ]  # fmt: skip


def first_start(work: Work, programme_id: int) -> datetime | None:
    """When the first ordinary sitting of a programme starts; None before one is published."""
    ordinary = select(func.min(Sitting.starts_at)).where(
        Sitting.programme_id == programme_id, Sitting.id.not_in(select(AdditionalSitting.sitting_id))
    )
    return work.db.execute(ordinary).scalar_one_or_none()


def missed_subjects(work: Work, session_id: int) -> tuple[str, ...]:
    """The subjects of a session that nobody came to, in their order; none of one whose place was taken back."""
    found = select(Section.subject).join(ExamSession, ExamSession.id == Section.session_id)
    found = found.where(ExamSession.id == session_id, ExamSession.state == "absent")
    found = found.where(~is_called_off(ExamSession.registration_id))
    return tuple(work.db.execute(found.order_by(Section.position)).scalars())


def sat_at(work: Work, registration_id: int) -> datetime | None:
    """When the test of a registration was over, if its candidate came to one."""
    found = select(func.min(ExamSession.ended_at)).where(
        ExamSession.registration_id == registration_id, ExamSession.state.in_(set(OVER) - {"absent"})
    )
    return work.db.execute(found).scalar_one_or_none()
