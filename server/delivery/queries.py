"""What others and the candidate's page may know of sittings and sessions; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, select
from sqlalchemy.orm import joinedload

from itembank.pretests.rules import PretestRule
from server.candidates import accommodating
from server.candidates.cases.queries import is_called_off
from server.candidates.rules import SubjectsRule
from server.core.clock import ms_between
from server.core.db import batches
from server.core.errors import Denied, NotFound
from server.core.i18n import language
from server.core.regulation import Edition
from server.core.roles import Actor
from server.core.vault import Tampered
from server.core.work import Work
from server.delivery import forms
from server.delivery.bench import BENCHES
from server.delivery.events import progress_of, times_view
from server.delivery.machine import LIVE, OVER
from server.delivery.media import heard
from server.delivery.models import (
    CandidateMessage,
    ExamSession,
    Response,
    Seal,
    Section,
    Sitting,
    Step,
    answer_place,
    session_place,
)
from server.delivery.policy import edition_of, times_of
from server.delivery.rules import StartRule
from server.delivery.seb.check import still_holds
from server.delivery.seb.settings import QUIT
from server.delivery.timing import Clockface, Facts, clockface, is_due
from server.delivery.tools import queries as tools
from server.delivery.wire import (
    ClockView,
    ConditionView,
    MessageView,
    OwnTimes,
    ProgressView,
    RunnerState,
    SectionView,
    StepView,
    TimesView,
)
from server.delivery.working import working_kinds, working_view

IS_SECTION_LEFT = exists().where(Section.session_id == ExamSession.id, Section.state == "pending")

STEP, MESSAGE = Step.__table__, CandidateMessage.__table__
# Built once: three hundred pages ask for all of it in the seconds after the word to start.
WITH_SITTING = (joinedload(ExamSession.sitting),)
LAST_STEP = (
    select(STEP.c.seq, STEP.c.item_index, STEP.c.option_order)
    .where(STEP.c.section_id == bindparam("section_id"))
    .order_by(STEP.c.seq.desc())
    .limit(1)
)
UNREAD = (
    select(MESSAGE.c.id, MESSAGE.c.text, MESSAGE.c.sent_at)
    .where(MESSAGE.c.session_id == bindparam("session_id"), MESSAGE.c.read_at.is_(None))
    .order_by(MESSAGE.c.id)
    .limit(1)
)


@dataclass(frozen=True)
class SessionRef:
    """A session as other features may know it."""

    id: int
    sitting_id: int
    registration_id: int
    registration_no: str
    name: str
    seat: str | None
    state: str
    started_at: datetime | None
    ends_at: datetime | None
    centre_id: int
    is_on_break: bool = False
    held_since: datetime | None = None
    is_section_left: bool = False

    @property
    def form_no(self) -> str:
        """The unique number of the form that is delivered in it (CS-14.3)."""
        return forms.form_no(self.id)


@dataclass(frozen=True)
class SittingRef:
    """A sitting as other features may know it."""

    id: int
    programme_id: int
    titles: Mapping[str, str]
    starts_at: datetime
    zone: str
    edition: Edition
    order_no: str
    early_start_order: str | None
    is_released_at_once: bool
    seb_policy: str
    subjects: tuple[str, ...]
    limits_s: tuple[int, ...]
    pool_ids: tuple[int, ...]


@dataclass(frozen=True)
class GivenStep:
    """One step as evidence: what was given, why, and what came of it; `score` is None where nothing was answered."""

    seq: int
    item_index: int
    item_version_id: int
    option_order: str
    is_reached: bool
    is_pretest: bool
    trace: Mapping[str, Any]
    made_at: datetime
    given: Mapping[str, Any] | None
    score: int | None
    spent_ms: int | None
    received_at: datetime | None

    @property
    def is_blank(self) -> bool:
        """True where the answer says nothing, or there is none."""
        said = None if self.given is None else self.given[self.given["kind"]]
        return not (said.strip() if isinstance(said, str) else said)


@dataclass(frozen=True)
class GivenSection:
    """One subject of a session as evidence."""

    section_id: int
    position: int
    subject: str
    language: str
    pool_id: int
    length: int
    open_items: bytes | None
    pretest: Mapping[str, Any] | None
    stop_reason: str | None
    steps: tuple[GivenStep, ...]


def session_ref(work: Work, session_id: int) -> SessionRef:
    """The session; NotFound if there is none."""
    (ref,) = session_refs(work, [session_id]) or (None,)
    if ref is None:
        raise NotFound("not_found")
    return ref


def session_refs(work: Work, session_ids: Sequence[int]) -> list[SessionRef]:
    """The sessions that exist among these, in order of id."""
    query = select(ExamSession, IS_SECTION_LEFT).order_by(ExamSession.id)
    return [
        SessionRef(s.id, s.sitting_id, s.registration_id, s.registration_no, s.name, s.seat, s.state,
                   s.started_at, s.ends_at, s.centre_id, s.break_until is not None,
                   s.paused_at if s.held_at else None, is_section_left)
        for some in batches(session_ids)
        for s, is_section_left in work.db.execute(query.where(ExamSession.id.in_(some)))
    ]  # fmt: skip


def sitting_ref(work: Work, sitting_id: int) -> SittingRef:
    """The sitting with its edition; NotFound if there is none."""
    sitting = work.db.get(Sitting, sitting_id)
    if sitting is None:
        raise NotFound("not_found")
    return SittingRef(
        sitting.id, sitting.programme_id, sitting.titles, sitting.starts_at, sitting.zone, edition_of(sitting),
        sitting.order_no, sitting.early_start_order, sitting.is_released_at_once, sitting.seb_policy,
        tuple(s.subject for s in sitting.sections), tuple(s.limit_s for s in sitting.sections),
        tuple(s.pool_id for s in sitting.sections),
    )  # fmt: skip


def sessions_of_sitting(work: Work, sitting_id: int) -> list[SessionRef]:
    """All sessions of a sitting, without those whose place was taken back."""
    found = select(ExamSession.id).where(ExamSession.sitting_id == sitting_id)
    return session_refs(work, work.db.scalars(found.where(~is_called_off(ExamSession.registration_id))).all())


def sittings_of_centre(work: Work, centre_id: int) -> list[SittingRef]:
    """The sittings for which candidates are expected at a centre, newest first."""
    ids = select(ExamSession.sitting_id).where(ExamSession.centre_id == centre_id).distinct()
    found = [sitting_ref(work, each) for each in work.db.execute(ids).scalars()]
    return sorted(found, key=lambda each: (each.starts_at, each.id), reverse=True)


def sessions_of_registration(work: Work, registration_id: int) -> list[int]:
    """Every session of one registration, in whichever sitting of the programme."""
    query = select(ExamSession.id).where(ExamSession.registration_id == registration_id).order_by(ExamSession.id)
    return list(work.db.execute(query).scalars())


def sessions_numbered(work: Work, registration_no: str) -> list[int]:
    """Every session under that registration number, the newest first."""
    query = select(ExamSession.id).where(ExamSession.registration_no == registration_no.strip().upper())
    return list(work.db.execute(query.order_by(ExamSession.id.desc())).scalars())


def work_code_of(work: Work, session_id: int) -> str:
    """The code under which the work of a session is read (CS-14.2)."""
    found = work_codes_of(work, [session_id])
    if not found:
        raise NotFound("not_found")
    return found[session_id]


def work_codes_of(work: Work, session_ids: Collection[int]) -> dict[int, str]:
    """The same of many at once."""
    places = select(ExamSession.id, ExamSession.sitting_id, ExamSession.registration_id)
    return {
        row.id: forms.work_code(work.vault, session_place(row.sitting_id, row.registration_id))
        for some in batches(session_ids)
        for row in work.db.execute(places.where(ExamSession.id.in_(some)))
    }


def sealed_until(work: Work, session_ids: Sequence[int], until: datetime) -> set[int]:
    """Those of the sessions whose seal stood at that instant."""
    query = select(Seal.session_id).where(Seal.sealed_at <= until)
    return {each for some in batches(session_ids) for each in work.db.scalars(query.where(Seal.session_id.in_(some)))}


def answers_since(work: Work, session_id: int, since: datetime) -> list[datetime]:
    """When answers of a session came in after that instant, in order."""
    query = select(Response.received_at).where(Response.session_id == session_id, Response.received_at > since)
    return list(work.db.execute(query.order_by(Response.received_at)).scalars())


def signed_in_at(work: Work, session_id: int) -> datetime | None:
    """When the candidate signed in last: the first sign of life there is."""
    at = select(ExamSession.code_used_at).where(ExamSession.id == session_id)
    return work.db.execute(at).scalar_one()


def work_codes(work: Work, sitting_id: int) -> dict[str, int]:
    """The code of written work of each session of a sitting → the session (CS-14.2)."""
    rows = select(ExamSession).where(ExamSession.sitting_id == sitting_id).order_by(ExamSession.id)
    return {forms.work_code(work.vault, row.place): row.id for row in work.db.execute(rows).scalars()}


def seed_of(work: Work, session_id: int) -> int:
    """What a replay of the session starts from; of use to nobody else."""
    return work.db.execute(select(ExamSession.seed).where(ExamSession.id == session_id)).scalar_one()


def progress(work: Work, session_ids: Sequence[int]) -> dict[int, ProgressView]:
    """How far each of the sessions is."""
    sessions = work.db.execute(select(ExamSession).where(ExamSession.id.in_(session_ids))).scalars().all()
    parts = work.db.execute(
        select(Section).where(Section.session_id.in_(session_ids)).order_by(Section.position)
    ).scalars()
    by_session: dict[int, list[Section]] = {}
    for part in parts:
        by_session.setdefault(part.session_id, []).append(part)
    return {s.id: progress_of(s, by_session[s.id]) for s in sessions}


Broken = dict[tuple[int, int], str]  # section and seq of what does not open as it was sealed → what the vault says


def evidence(work: Work, session_id: int, broken: Broken | None = None) -> tuple[GivenSection, ...]:
    """All that a session holds, its answers opened: for scoring, appeals and replays.

    Tampered if an answer does not open; where `broken` is given it is named there, and the step says nothing."""
    session = work.db.get(ExamSession, session_id)
    if session is None:
        raise NotFound("not_found")
    key = work.vault.unwrap(session.data_key, session.place)
    rows = work.db.execute(
        select(Step, Response)
        .outerjoin(Response, (Response.section_id == Step.section_id) & (Response.seq == Step.seq))
        .where(Step.section_id.in_([s.id for s in session.sections]))
        .order_by(Step.section_id, Step.seq)
    ).all()
    return tuple(
        GivenSection(
            s.id, s.position, s.subject, s.language, s.pool_id, s.length, s.open_items, s.pretest,
            s.stop_reason,
            tuple(_given(work, key, session_id, st, r, broken) for st, r in rows if st.section_id == s.id),
        )
        for s in session.sections
    )  # fmt: skip


def _given(
    work: Work, key: bytes, session_id: int, step: Step, response: Response | None, broken: Broken | None
) -> GivenStep:
    head = (step.seq, step.item_index, step.item_version_id, step.option_order, step.is_reached,
            step.is_pretest, step.trace,
            step.made_at)  # fmt: skip
    if response is None:
        return GivenStep(*head, None, None, None, None)
    place = answer_place(session_id, step.section_id, step.seq)
    try:
        given = json.loads(work.vault.open(key, response.answer_sealed, place))
    except Tampered as error:
        if broken is None:
            raise
        given, broken[step.section_id, step.seq] = None, str(error)
    return GivenStep(*head, given, response.score, response.spent_ms, response.received_at)


def held(work: Work, *, to_change: bool = False) -> ExamSession:
    """The session of the candidate who acts, if this device still holds it; locked if it is `to_change`."""
    how: dict[str, Any] = {"with_for_update": True} if to_change else {"options": WITH_SITTING}
    session = work.db.get(ExamSession, work.actor.id, **how)
    if session is None:
        raise NotFound("not_found")
    check_device(work.actor, session, session.sitting.seb_policy)
    return session


def check_device(actor: Actor, at: ExamSession | Row[Any], seb_policy: str) -> None:
    """Denied if another device holds the session by now, or this one is no more the browser that signed in."""
    if at.lease != actor.lease:
        raise Denied("other_device")
    # A test that is over has nothing to protect: its result is read at home, in any browser.
    if at.state not in OVER and not still_holds(seb_policy, at.seb_way, at.seb_key, actor.hashes):
        raise Denied("seb_needed")


def is_expiry_due(work: Work, session: ExamSession) -> bool:
    """True if the clock has run out for something that still runs."""
    if session.state != "running":
        return False
    grace_s = times_of(session).grace_s
    running = [s.ends_at for s in session.sections if s.state == "running"]
    return any(is_due(ends_at, work.now, grace_s) for ends_at in (*running, session.ends_at))


def clock_of(work: Work, session: ExamSession) -> Clockface:
    """The session's clock as the candidate should see it."""
    running = session.running
    facts = Facts(
        session.state,
        session.sitting.starts_at,
        session.ends_at,
        session.paused_at,
        running.ends_at if running else None,
        session.pending is not None,
    )
    return clockface(facts, work.now)


def runner_state(work: Work, session: ExamSession) -> RunnerState:
    """All that the candidate's page needs to draw itself."""
    sitting = session.sitting
    clock = clock_of(work, session)
    titles = subject_titles(edition_of(sitting))
    conditions = conditions_of(work, session.registration_id)
    needs = accommodating.needs_of(conditions)
    running = session.running
    is_open = clock.phase == "running" and not is_expiry_due(work, session)
    step = open_step_view(work, running) if running is not None and is_open else None
    return RunnerState(
        session_id=session.id,
        registration_no=session.registration_no,
        form_no=forms.form_no(session.id),
        name=session.name,
        seat=session.seat,
        sitting_title=sitting.titles[language()],
        language=session.language,
        is_admitted=session.state != "expected",
        starts_in_ms=clock.remaining_ms if clock.phase == "waiting" else None,
        briefing_s=edition_of(sitting).get("DC-11", StartRule).briefing_s,
        clock=clock_view(clock),
        sections=[
            section_view(work, s, titles, working_kinds(edition_of(sitting), s.subject)) for s in session.sections
        ],
        step=step,
        tools=list(tools.offered(sitting)),
        working=working_view(work, session, step) if step is not None else None,
        message=unread_message(work, session.id),
        conditions=[
            *(ConditionView(effect=each.effect, words=each.words) for each in conditions), *told_of_pretests(session)
        ],
        text_percent=needs.text_percent,
        times=own_times(session, work.now, needs.break_s if session.state in LIVE else 0),
        quit_url=QUIT if session.seb_way else None,
    )


def told_of_pretests(session: ExamSession) -> list[ConditionView]:
    """That something is tried out in the test, in the words of the edition; never what (DC-8)."""
    if all(section.pretest is None for section in session.sections):
        return []
    told = edition_of(session.sitting).get("DC-8.pretest", PretestRule).told
    return [ConditionView(effect="told", words=each.title(language())) for each in told]


def conditions_of(work: Work, registration_id: int) -> tuple[accommodating.AccommodationRef, ...]:
    """The conditions under which the candidate sits the test (DC-12)."""
    return accommodating.accommodations(work, [registration_id])[registration_id]


def own_times(at: ExamSession | Row[Any], now: datetime, break_s: int | None = None) -> OwnTimes:
    """What the candidate has beside the limits; `break_s` is what was decided of breaks, where it is known."""
    until = at.break_until
    return OwnTimes(
        given_s=at.given_s,
        plays_given=at.plays_given,
        break_left_s=None if break_s is None else max(0, break_s - at.break_used_s),
        break_ends_in_ms=max(0, ms_between(now, until)) if until is not None else None,
        is_held=at.held_at is not None,
    )


def times_of_sessions(work: Work, session_ids: Sequence[int]) -> dict[int, TimesView]:
    """What the console shows of time beside each clock."""
    rows = work.db.execute(select(ExamSession).where(ExamSession.id.in_(session_ids))).scalars()
    return {row.id: times_view(row) for row in rows}


def clock_view(clock: Clockface) -> ClockView:
    """The clock as it is sent."""
    return ClockView(
        phase=clock.phase, remaining_ms=clock.remaining_ms, total_remaining_ms=clock.total_remaining_ms
    )


def section_view(
    work: Work, section: Section, titles: Mapping[str, str], working_kinds: list[str]
) -> SectionView:
    """A section as the candidate may know it."""
    may_end_early = section.state != "done" and BENCHES.of(work, section).may_end_early
    return SectionView(
        section_id=section.id, position=section.position, subject=section.subject,
        title=titles[section.subject], language=section.language, state=section.state,
        length=section.length, may_end_early=may_end_early, answered=section.answered, limit_s=section.limit_s,
        extra_s=section.extra_s,
        working_kinds=working_kinds,
    )  # fmt: skip


def open_step_view(work: Work, section: Section) -> StepView | None:
    """The one item now open in a running section; none in one that is over, though its last item was not answered."""
    if section.state != "running":
        return None
    step = work.db.connection().execute(LAST_STEP, {"section_id": section.id}).one_or_none()
    if step is None or step.seq != section.answered + 1:
        return None
    return step_view(work, section, step.seq, (step.item_index, step.option_order))


def step_view(work: Work, section: Section, seq: int, chosen: tuple[int, str]) -> StepView:
    """A step as it is sent: no key, no parameter, no other item."""
    bench = BENCHES.of(work, section)
    recording = bench.content(chosen[0]).recording(section.language)
    return StepView(
        section_id=section.id, seq=seq, length=section.length,
        item=bench.view(chosen[0], section.language, chosen[1]),
        recording=heard.recording_view(work, section, recording) if recording else None,
    )  # fmt: skip


def unread_message(work: Work, session_id: int) -> MessageView | None:
    """The oldest message the candidate has not confirmed."""
    message = work.db.connection().execute(UNREAD, {"session_id": session_id}).one_or_none()
    return None if message is None else message_view(message.id, message.text, message.sent_at)


def message_view(message_id: int, text: str, sent_at: datetime) -> MessageView:
    """A message as it is sent."""
    return MessageView(id=message_id, text=text, sent_at=sent_at.isoformat())


def subject_titles(edition: Edition) -> dict[str, str]:
    """Subject code → title in the reader's language, as the edition names them (DC-3)."""
    return {s.code: s.title(language()) for s in edition.get("DC-3", SubjectsRule).subjects}
