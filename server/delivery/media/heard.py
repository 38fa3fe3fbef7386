"""What a candidate may know of the recording beside an item, and what was heard of it; nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from server.candidates import accommodating
from server.core.work import Work
from server.delivery.media.models import PlayReturn, SoundPlay
from server.delivery.media.rules import ListeningRule
from server.delivery.models import ExamSession, Section
from server.delivery.policy import Pinned, edition_of
from server.delivery.wire import RecordingView

CLAUSE = "DC-12.listening"


def rule_of(sitting: Pinned) -> ListeningRule:
    """What the sitting's edition says of recordings."""
    return edition_of(sitting).get(CLAUSE, ListeningRule)


def used(work: Work, section_id: int, digest: str) -> tuple[int, int]:
    """How often a recording was handed out in a section, and how many of these plays were given back."""
    here = (SoundPlay.section_id == section_id) & (SoundPlay.digest == digest)
    counts = select(func.count(SoundPlay.id), func.count(PlayReturn.id)).outerjoin_from(SoundPlay, PlayReturn)
    handed, returned = work.db.execute(counts.where(here)).one()
    return handed, returned


def last_play(work: Work, section_id: int, digest: str) -> tuple[SoundPlay, bool] | None:
    """The play of a recording that was handed out last, and whether it was given back."""
    here = (SoundPlay.section_id == section_id) & (SoundPlay.digest == digest)
    query = select(SoundPlay, PlayReturn.id).outerjoin(PlayReturn, PlayReturn.play_id == SoundPlay.id).where(here)
    found = work.db.execute(query.order_by(SoundPlay.play.desc()).limit(1)).one_or_none()
    return None if found is None else (found[0], found[1] is not None)


def is_returned(work: Work, play_id: int) -> bool:
    """True if that play was given back, and so is not the candidate's any more."""
    return work.db.execute(select(PlayReturn.id).where(PlayReturn.play_id == play_id)).first() is not None


def recording_view(work: Work, section: Section, recording: Mapping[str, Any]) -> RecordingView:
    """The recording as it is offered: how often it may still be heard, and its words for those who read them."""
    session = work.db.get_one(ExamSession, section.session_id)
    conditions = accommodating.accommodations(work, [session.registration_id])[session.registration_id]
    rule = rule_of(session.sitting)
    handed, returned = used(work, section.id, recording["digest"])
    return RecordingView(
        title=recording["title"],
        duration_ms=recording["duration_ms"],
        plays=rule.most(recording["plays"]),
        used=handed - returned,
        may_pause=rule.may_be_paused([each.effect for each in conditions]),
        transcript=recording["transcript"] if accommodating.needs_of(conditions).has_transcript else None,
    )


def plays_of(work: Work, session_id: int) -> dict[tuple[int, int], list[datetime]]:
    """When recordings were handed out in a session, by section and seq of the step."""
    found: dict[tuple[int, int], list[datetime]] = {}
    for row in _rows(work, session_id):
        found.setdefault((row.section_id, row.seq), []).append(row.played_at)
    return found


def returns_of(work: Work, session_id: int) -> dict[tuple[int, int], list[PlayReturn]]:
    """The decisions by which plays were given back in a session, by section and seq of the step."""
    query = select(SoundPlay.section_id, SoundPlay.seq, PlayReturn).join(PlayReturn).order_by(PlayReturn.id)
    found: dict[tuple[int, int], list[PlayReturn]] = {}
    for section_id, seq, row in work.db.execute(query.where(PlayReturn.session_id == session_id)):
        found.setdefault((section_id, seq), []).append(row)
    return found


def _rows(work: Work, session_id: int) -> Sequence[SoundPlay]:
    query = select(SoundPlay).where(SoundPlay.session_id == session_id).order_by(SoundPlay.id)
    return work.db.execute(query).scalars().all()
