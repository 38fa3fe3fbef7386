"""The console's snapshot: one read of a room with its seats, candidates, desk and signs of life."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import select

from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.models import Heartbeat
from proctor.monitoring.wire import (
    ChoiceView,
    ClauseView,
    PresenceView,
    SeatView,
    SessionView,
    Snapshot,
    WhoView,
)
from proctor.rooms.desk import desk_views
from proctor.rooms.duty import watching
from proctor.rooms.queries import SeatRef, room_view, seats_in
from proctor.rooms.rules import IdentityRule
from server import candidates, delivery
from server.candidates.rules import SubjectsRule
from server.core import events
from server.core.i18n import language
from server.core.regulation import Edition
from server.core.roles import Role
from server.core.work import Work
from server.edge.sockets import make_ticket

SILENCE_WARN_S = 20
SILENCE_ALARM_S = 60
CITED = ("DC-9", "DC-10", "DC-11", "DC-12", "DC-15", "DC-16", "VS-1")
NEVER_SEEN = PresenceView(seen_at=None, lost_focus=0, unsent=0)

PhotoUrl = Callable[[int], str]


def snapshot(
    work: Work, room_sitting_id: int, photo_url: PhotoUrl, realtime_origin: str | None = None
) -> Snapshot:
    """The whole console of a room, in the reader's language, at a version of its topic."""
    room = watching(work, room_sitting_id)
    # The version first: what is read after it can only be newer, and events set whole values, so none harms.
    v = events.version(work.db, room.topic)
    sitting = delivery.sitting_ref(work, room.sitting_id)
    seats = seats_in(work, room)
    views = session_views(work, [seat.session_id for seat in seats if seat.session_id is not None], photo_url)
    violations = sitting.edition.get("DC-15", ViolationsRule)
    return Snapshot(
        epoch=events.epoch(work.vault),
        v=v,
        topic=room.topic,
        ticket=make_ticket(work.vault, room.topic, Role.PROCTOR, work.now),
        realtime_origin=realtime_origin,
        now=work.now.isoformat(),
        room=room_view(work, room, sitting),
        seats=[_seat(seat, views) for seat in seats],
        documents=_documents(sitting.edition.get("DC-9", IdentityRule)),
        violations=[
            ChoiceView(code=each.code, title=each.title(language()), consequence=each.consequence)
            for each in violations.violations
        ],
        min_witnesses=violations.witnesses_min,
        clauses=_clauses(sitting.edition),
        subjects={
            each.code: each.title(language()) for each in sitting.edition.get("DC-3", SubjectsRule).subjects
        },
        silence_warn_s=SILENCE_WARN_S,
        silence_alarm_s=SILENCE_ALARM_S,
    )


def _seat(seat: SeatRef, views: Mapping[int, SessionView]) -> SeatView:
    return SeatView(
        seat_id=seat.id,
        number=seat.number,
        row=seat.row,
        col=seat.col,
        x_m=seat.x_m,
        y_m=seat.y_m,
        session=views.get(seat.session_id) if seat.session_id is not None else None,
    )


def session_views(work: Work, session_ids: Collection[int], photo_url: PhotoUrl) -> dict[int, SessionView]:
    """All that the console shows of each candidate."""
    ids = sorted(session_ids)
    whos = _whos(work, ids, photo_url)
    progress = delivery.progress(work, ids)
    desks = desk_views(work, ids)
    seen = _presence(work, ids)
    return {
        each: SessionView(
            who=whos[each], progress=progress[each], desk=desks[each], presence=seen.get(each, NEVER_SEEN)
        )
        for each in ids
    }


def presence_view(row: Heartbeat) -> PresenceView:
    """A sign of life as the wire carries it."""
    return PresenceView(seen_at=row.seen_at.isoformat(), lost_focus=row.lost_focus, unsent=row.unsent)


def _whos(work: Work, session_ids: list[int], photo_url: PhotoUrl) -> dict[int, WhoView]:
    refs = delivery.session_refs(work, session_ids)
    known = {each.id: each for each in candidates.registrations(work, [ref.registration_id for ref in refs])}
    return {ref.id: _who(ref, known[ref.registration_id], photo_url) for ref in refs}


def _who(
    ref: delivery.SessionRef, registration: candidates.RegistrationRef, photo_url: PhotoUrl
) -> WhoView:
    return WhoView(
        session_id=ref.id,
        registration_no=ref.registration_no,
        name=ref.name,
        school=registration.school,
        language=registration.language,
        birth_date=registration.birth_date.isoformat(),
        photo_url=photo_url(ref.id) if registration.has_photo else None,
    )


def _presence(work: Work, session_ids: list[int]) -> Mapping[int, PresenceView]:
    rows = work.db.execute(select(Heartbeat).where(Heartbeat.session_id.in_(session_ids))).scalars()
    return {row.session_id: presence_view(row) for row in rows}


def _documents(rule: IdentityRule) -> list[ChoiceView]:
    """Each kind with the codes of the checks it needs, by which the form asks for no more than that."""
    return [
        ChoiceView(code=each.code, title=each.title(language()), hint=" ".join(each.needs))
        for each in rule.documents
    ]


def _clauses(edition: Edition) -> dict[str, ClauseView]:
    return {
        each: ClauseView(id=each, title=edition.clauses[each].title[language()])
        for each in CITED
        if each in edition.clauses
    }
