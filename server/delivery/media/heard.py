"""What a candidate may know of the recording beside an item, and what was heard of it; nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from server.candidates import accommodating
from server.core.work import Work
from server.delivery.media.models import SoundPlay
from server.delivery.media.rules import ListeningRule
from server.delivery.models import ExamSession, Section
from server.delivery.policy import Pinned, edition_of
from server.delivery.wire import RecordingView

CLAUSE = "DC-12.listening"


def rule_of(sitting: Pinned) -> ListeningRule:
    """What the sitting's edition says of recordings."""
    return edition_of(sitting).get(CLAUSE, ListeningRule)


def used(work: Work, section_id: int, digest: str) -> int:
    """How often a recording was handed out in a section."""
    here = (SoundPlay.section_id == section_id) & (SoundPlay.digest == digest)
    return work.db.execute(select(func.count()).select_from(SoundPlay).where(here)).scalar_one()


def recording_view(work: Work, section: Section, recording: Mapping[str, Any]) -> RecordingView:
    """The recording as it is offered: how often it may still be heard, and its words for those who read them."""
    session = work.db.get_one(ExamSession, section.session_id)
    conditions = accommodating.accommodations(work, [session.registration_id])[session.registration_id]
    rule = rule_of(session.sitting)
    return RecordingView(
        title=recording["title"],
        duration_ms=recording["duration_ms"],
        plays=rule.most(recording["plays"]),
        used=used(work, section.id, recording["digest"]),
        may_pause=rule.may_be_paused([each.effect for each in conditions]),
        transcript=recording["transcript"] if accommodating.needs_of(conditions).has_transcript else None,
    )


def plays_of(work: Work, session_id: int) -> dict[tuple[int, int], list[datetime]]:
    """When recordings were handed out in a session, by section and seq of the step."""
    found: dict[tuple[int, int], list[datetime]] = {}
    for row in _rows(work, session_id):
        found.setdefault((row.section_id, row.seq), []).append(row.played_at)
    return found


def lines_of(work: Work, session_id: int) -> list[list[object]]:
    """The plays of a session as the seal covers them."""
    return [
        [row.section_id, row.seq, row.digest, row.play, row.key, row.played_at] for row in _rows(work, session_id)
    ]


def _rows(work: Work, session_id: int) -> Sequence[SoundPlay]:
    query = select(SoundPlay).where(SoundPlay.session_id == session_id).order_by(SoundPlay.id)
    return work.db.execute(query).scalars().all()
