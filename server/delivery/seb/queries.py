"""What stands about Safe Exam Browser: the configuration of a sitting, its exam keys, what was checked last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.core.work import Work
from server.delivery.models import ExamSession, Sitting
from server.delivery.seb.models import SebCheck, SebConfiguration, SebExamKey

PASSWORD_BYTES = 8
SHOWN = 50
RECENT = 20


@dataclass(frozen=True)
class FailedCheck:
    """A browser that was refused, or came without proof: for the staff of its centre."""

    checked_at: datetime
    registration_no: str
    seat: str | None
    fault: str
    url: str
    config_hash: str
    exam_hash: str
    client: str


def configuration(work: Work, sitting_id: int) -> SebConfiguration | None:
    """The newest configuration of the sitting; None if none was made yet."""
    query = select(SebConfiguration).where(SebConfiguration.sitting_id == sitting_id)
    return work.db.execute(query.order_by(SebConfiguration.revision.desc()).limit(1)).scalar_one_or_none()


def of_key(work: Work, config_key: str) -> SebConfiguration | None:
    """The configuration with that Config Key, whichever sitting it was made for."""
    query = select(SebConfiguration).where(SebConfiguration.config_key == config_key)
    return work.db.execute(query.order_by(SebConfiguration.id.desc()).limit(1)).scalar_one_or_none()


def exam_keys(work: Work, configuration_id: int) -> list[SebExamKey]:
    """The Browser Exam Keys that are believed with a configuration, oldest first."""
    query = select(SebExamKey).where(
        SebExamKey.configuration_id == configuration_id, SebExamKey.withdrawn_at.is_(None)
    )
    return list(work.db.execute(query.order_by(SebExamKey.id)).scalars())


def quit_password(work: Work, sitting_id: int, revision: int) -> str:
    """The supervisor's password of a configuration: derived, never stored."""
    return work.vault.mac("seb-quit", f"{sitting_id}/{revision}".encode())[:PASSWORD_BYTES].hex()


def is_nonce_used(work: Work, nonce: str) -> bool:
    """True if the page of that nonce was believed before."""
    return work.db.execute(select(SebCheck.id).where(SebCheck.nonce == nonce)).first() is not None


def failed_checks(work: Work, sitting_id: int, centre_id: int) -> list[FailedCheck]:
    """What failed at a centre in a sitting, the newest first."""
    query = (
        select(SebCheck, ExamSession.registration_no, ExamSession.seat)
        .join(ExamSession, ExamSession.id == SebCheck.session_id)
        .where(
            ExamSession.sitting_id == sitting_id,
            ExamSession.centre_id == centre_id,
            SebCheck.fault.is_not(None),
        )
    )
    rows = work.db.execute(query.order_by(SebCheck.id.desc()).limit(SHOWN)).all()
    return [
        FailedCheck(c.checked_at, no, seat, str(c.fault), c.url, c.config_hash, c.exam_hash, c.client)
        for c, no, seat in rows
    ]


def current_configurations(work: Work) -> list[tuple[Sitting, SebConfiguration, Collection[SebExamKey]]]:
    """The latest sittings that look for Safe Exam Browser, with what they expect."""
    query = (
        select(Sitting).where(Sitting.seb_policy != "off").order_by(Sitting.starts_at.desc()).limit(RECENT)
    )
    found = [(each, configuration(work, each.id)) for each in work.db.execute(query).scalars()]
    return [(each, made, exam_keys(work, made.id)) for each, made in found if made is not None]
