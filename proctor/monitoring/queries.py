"""The console's snapshot: one read of a room with its seats, candidates, desk and signs of life."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from proctor.calls.queries import open_calls
from proctor.incidents.queries import incidents
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.models import Heartbeat
from proctor.monitoring.rules import Indicator, WatchRule
from proctor.monitoring.wire import (
    ChoiceView,
    ClauseView,
    IndicatorView,
    PresenceView,
    SeatView,
    SessionView,
    Snapshot,
    WhoView,
)
from proctor.rooms.desk import acting_views, desk_views
from proctor.rooms.duty import watching
from proctor.rooms.queries import SeatRef, room_view, seats_in
from proctor.rooms.rules import DeskPictureRule, IdentityRule
from server import candidates, delivery
from server.candidates import accommodating
from server.candidates.rules import SubjectsRule
from server.core import events
from server.core.i18n import language
from server.core.regulation import Edition
from server.core.roles import Role
from server.core.terms import Named
from server.core.work import Work
from server.delivery.media.queries import has_recordings
from server.delivery.messages import last_messages
from server.delivery.queries import times_of_sessions
from server.delivery.rules import LostTimeRule
from server.delivery.wire import ConditionView
from server.edge.sockets import make_ticket

CITED = (
    "DC-9", "DC-9.picture", "DC-10", "DC-11", "DC-12", "DC-12.accommodations", "DC-12.listening", "DC-12.lost_time",
    "DC-15", "DC-16", "VS-1",
)  # fmt: skip
NEVER_SEEN = PresenceView(
    seen_at=None, lost_focus=0, away_s=0, away_since=None, unsent=0, battery=None, is_charging=None
)

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
    return Snapshot(
        epoch=events.epoch(work.vault),
        v=v,
        topic=room.topic,
        ticket=make_ticket(work.vault, room.topic, Role.PROCTOR, work.now),
        realtime_origin=realtime_origin,
        now=work.now.isoformat(),
        room=room_view(work, room, sitting),
        me=work.actor.id or 0,
        acting=acting_views(work, room.id),
        seats=[_seat(seat, views) for seat in seats],
        incidents=incidents(work, room_sitting_id),
        has_recordings=has_recordings(work, sitting.id, dict(zip(sitting.subjects, sitting.pool_ids, strict=True))),
        **_of_policy(sitting.edition),
    )


def _of_policy(edition: Edition) -> dict[str, Any]:
    """The fields that the edition fills, its words in the reader's language."""
    violations = edition.get("DC-15", ViolationsRule)
    watch = edition.get("DC-15.watch", WatchRule)
    lost_time = edition.get("DC-12.lost_time", LostTimeRule)
    silence = watch.indicator("silence")
    return {
        "documents": _documents(edition.get("DC-9", IdentityRule)),
        "takes_pictures": edition.get("DC-9.picture", DeskPictureRule).judge().allowed,
        "violations": _violations(violations),
        "min_witnesses": violations.witnesses_min,
        "clauses": _clauses(edition),
        "subjects": {each.code: each.title(language()) for each in edition.get("DC-3", SubjectsRule).subjects},
        "silence_warn_s": silence.warn_at,
        "silence_alarm_s": silence.alarm_at,
        "indicators": [_indicator(each) for each in watch.indicators],
        "incident_kinds": _choices(lost_time.incidents),
        "incident_back_max_s": lost_time.incident_back_max_s,
        "settle_s": watch.settle_s,
        "calls": _choices(watch.calls),
        "answers": _choices(watch.answers),
    }


def _choices(entries: Iterable[Named]) -> list[ChoiceView]:
    return [ChoiceView(code=each.code, title=each.title(language())) for each in entries]


def _violations(rule: ViolationsRule) -> list[ChoiceView]:
    return [
        ChoiceView(code=each.code, title=each.title(language()), hint=each.severity, consequence=each.consequence)
        for each in rule.violations
    ]


def _indicator(each: Indicator) -> IndicatorView:
    return IndicatorView(
        code=each.code, title=each.title(language()), warn_at=each.warn_at, alarm_at=each.alarm_at,
        falling=each.falling,
    )  # fmt: skip


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
    times = times_of_sessions(work, ids)
    called, sent = open_calls(work, ids), last_messages(work, ids)
    return {
        each: SessionView(
            who=whos[each], progress=progress[each], desk=desks[each], presence=seen.get(each, NEVER_SEEN),
            times=times[each], call=called.get(each), message=sent.get(each),
        )
        for each in ids
    }  # fmt: skip


def presence_view(row: Heartbeat) -> PresenceView:
    """A sign of life as the wire carries it."""
    return PresenceView(
        seen_at=row.seen_at.isoformat(), lost_focus=row.lost_focus, away_s=row.away_s,
        away_since=row.away_since.isoformat() if row.away_since else None,
        unsent=row.unsent, battery=row.battery, is_charging=row.is_charging, lost_s=row.lost_s,
    )  # fmt: skip


def _whos(work: Work, session_ids: list[int], photo_url: PhotoUrl) -> dict[int, WhoView]:
    refs = delivery.session_refs(work, session_ids)
    known = {each.id: each for each in candidates.registrations(work, [ref.registration_id for ref in refs])}
    held = accommodating.accommodations(work, list(known))
    return {
        ref.id: _who(ref, known[ref.registration_id], held[ref.registration_id], photo_url) for ref in refs
    }


def _who(
    ref: delivery.SessionRef,
    registration: candidates.RegistrationRef,
    conditions: Iterable[accommodating.AccommodationRef],
    photo_url: PhotoUrl,
) -> WhoView:
    return WhoView(
        session_id=ref.id,
        registration_no=ref.registration_no,
        name=ref.name,
        school=registration.school,
        language=registration.language,
        birth_date=registration.birth_date.isoformat(),
        conditions=[ConditionView(effect=each.effect, words=each.words) for each in conditions],
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
