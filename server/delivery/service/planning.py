"""Before the day: sittings are published, sessions prepared, seats told, codes issued."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from server import candidates
from server.candidates.cases.queries import called_off, exempt
from server.core.errors import Invalid, NotFound
from server.core.regulation import Edition
from server.core.work import Work
from server.delivery import codes, unseen
from server.delivery.bench import BENCHES
from server.delivery.events import publish_changed
from server.delivery.models import ExamSession, Section, Sitting, SittingSection
from server.delivery.rules import SectionTimeRule, SessionOrderRule, StartRule
from server.delivery.seb.check import Policy
from server.delivery.service import exposing, seeding
from server.delivery.service.claims import set_aside


@dataclass(frozen=True)
class NewSitting:
    """What it takes to publish a sitting. `starts_at` is the start of the test, after the briefing (DC-11)."""

    programme_id: int
    edition: Edition
    titles: Mapping[str, str]
    starts_at: datetime
    order_no: str
    pools: Mapping[str, int]
    early_start_order: str | None = None
    is_released_at_once: bool = False
    seb_policy: Policy = "off"


def publish_sitting(work: Work, new: NewSitting) -> int:
    """The sitting stands, pinned to its edition; refused at another hour (DC-11) or without an order (CS-7)."""
    new.edition.get("DC-11", StartRule).judge(new.starts_at, new.order_no).or_refuse()
    new.edition.get("CS-7", SessionOrderRule).judge(new.order_no).or_refuse()
    times = new.edition.get("DC-12", SectionTimeRule)
    unknown = sorted(set(new.pools) - set(times.order))
    if unknown or not new.pools:
        raise Invalid("sitting_subjects", subjects=", ".join(unknown))
    sitting = Sitting(
        programme_id=new.programme_id,
        titles=dict(new.titles),
        starts_at=new.starts_at,
        zone=str(times.zone),
        edition_code=new.edition.code,
        edition_version=new.edition.version,
        edition_digest=new.edition.digest,
        order_no=new.order_no,
        early_start_order=new.early_start_order,
        is_released_at_once=new.is_released_at_once,
        seb_policy=new.seb_policy,
        sections=[
            SittingSection(
                position=n, subject=subject, pool_id=new.pools[subject], limit_s=times.limit_s(subject)
            )
            for n, subject in enumerate((s for s in times.order if s in new.pools), start=1)
        ],
    )
    for pool_id in sorted(set(new.pools.values())):
        exposing.ready(work, pool_id)
    work.db.add(sitting)
    work.db.flush()  # the journal names it by its id
    work.record(
        "sitting:published",
        f"sitting:{sitting.id}",
        clause="CS-7",
        order=new.order_no,
        edition=f"{new.edition.code}-{new.edition.version}",
        digest=new.edition.digest,
    )
    return sitting.id


def total_s(times: SectionTimeRule, limits: list[int]) -> int:
    """Seconds from start to end: the sections with their breaks, and not less than the law's total (DC-12)."""
    return max(times.total_min_s, sum(limits) + times.break_s * (len(limits) - 1))


def session_end(times: SectionTimeRule, limits: list[int], started_at: datetime) -> datetime:
    """When everything is over for those who started then."""
    return started_at + timedelta(seconds=total_s(times, limits))


def prepare_session(work: Work, sitting_id: int, registration_id: int, centre_id: int) -> int:
    """The candidate has a session with one section per registered subject, each in its language (DC-4)."""
    sitting = work.db.get(Sitting, sitting_id)
    if sitting is None:
        raise NotFound("not_found")
    if exempt(work, [registration_id]):
        raise Invalid("registration_exempt", clause="DC-17")
    if registration_id in called_off(work):
        raise Invalid("place_taken_back", clause="DC-17.cases")
    (who,) = candidates.registrations(work, [registration_id])
    languages = dict(who.subjects)
    session = ExamSession(
        sitting_id=sitting_id,
        registration_id=registration_id,
        registration_no=who.registration_no,
        name=who.name,
        language=who.language,
        centre_id=centre_id,
        seed=secrets.randbits(62),
        data_key=b"",
    )
    _, session.data_key = work.vault.new_key(session.place)
    for part in sitting.sections:
        if part.subject in languages:
            session.sections.append(_section(work, sitting, part, languages[part.subject]))
    if not session.sections:
        raise Invalid("no_subject_here", registration_no=who.registration_no)
    work.db.add(session)
    work.db.flush()  # callers seat it by its id
    unseen.fix(work, session)
    return session.id


def _section(work: Work, sitting: Sitting, part: SittingSection, language: str) -> Section:
    pool = BENCHES.get(work, part.pool_id).pool
    if language not in pool.languages:
        raise Invalid("no_language_version", subject=part.subject, language=language)
    section = Section(position=part.position, subject=part.subject, language=language, pool_id=part.pool_id)
    seeding.prepare(work, sitting, part, section)
    return section


def seat_session(work: Work, session_id: int, seat: str, topic: str) -> None:
    """The session belongs at this seat; its events go to this topic."""
    session = get_session(work, session_id)
    session.seat, session.topic = seat, topic


def issue_code(work: Work, session_id: int) -> str | None:
    """The one-time code as it now is; None once it was used, for it lets nobody in any more."""
    session = get_session(work, session_id)
    if session.code_used_at is not None:
        return None
    return codes.code_for(work.vault, session.id, session.code_serial, session.seed)


def renew_code(work: Work, session_id: int, reason: str) -> str:
    """A fresh code; the device that held the session, if any, is left at once, and none waits for it any more."""
    session = get_session(work, session_id)
    session.code_serial += 1
    session.lease += 1
    session.code_used_at = None
    session.code_failed, session.code_locked_until = 0, None
    set_aside(work, session, "a new code")
    work.record("code:renewed", f"session:{session_id}", reason=reason, serial=session.code_serial)
    publish_changed(work, session)
    return codes.code_for(work.vault, session.id, session.code_serial, session.seed)


def get_session(work: Work, session_id: int) -> ExamSession:
    """The session's row, locked against other writers."""
    session = work.db.get(ExamSession, session_id, with_for_update=True)
    if session is None:
        raise NotFound("not_found")
    return session
