"""Recordings are handed out to be heard: counted here, by the server, whatever a page or a second device does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from itembank.items.service import open_media
from server.core.errors import NotFound, Refused, Stale
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery import wire
from server.delivery.bench import BENCHES
from server.delivery.media import heard
from server.delivery.media.models import PlayReturn, SoundPlay
from server.delivery.media.queries import File, OpenItem, item_before, open_item
from server.delivery.models import ExamSession
from server.delivery.queries import held, is_expiry_due
from server.delivery.service.planning import get_session


@dataclass(frozen=True)
class Play:
    """One play of a recording: the file, and which play it is of those that count."""

    file: File
    number: int


def play(work: Work, ask: wire.Play) -> Play:
    """The play is on record and handed out; asked for again under its key, it is the same play for a while."""
    session = held(work, to_change=True)  # locked: two tabs press at once
    item = _open(work, session, ask)
    recording = _recording(work, item)
    if recording is None:
        raise NotFound("not_found")
    rule, name = heard.rule_of(session.sitting), recording["digest"]
    handed, returned = heard.used(work, item.section.id, name)
    row = _known(work, session, ask)
    if row is None:
        ruling = rule.judge(recording["plays"], handed, returned)
        row = SoundPlay(
            session_id=session.id, section_id=item.section.id, seq=ask.seq, digest=name,
            play=ruling.or_refuse().facts["play"], key=str(ask.key), ruling=ruling.to_json(), played_at=work.now,
        )  # fmt: skip
        work.db.add(row)
    elif (row.section_id, row.digest) != (item.section.id, name):
        raise Stale("step_is_past")
    elif heard.is_returned(work, row.id):
        raise Stale("step_is_past")  # what was given back is not heard under its old key too
    else:
        since_s = (work.now - row.played_at).total_seconds()
        rule.judge_again(recording["duration_ms"] / 1000, since_s).or_refuse()
    return Play(File(open_media(work, item.step.item_version_id, name), recording["type"]), row.play - returned)


def give_back(work: Work, session_id: int, reason: str) -> Ruling:
    """The last play of the recording before the candidate counts no more: a failure cut it."""
    session = get_session(work, session_id)
    item, rule = item_before(work, session), heard.rule_of(session.sitting)
    recording = None if item is None else _recording(work, item)
    if item is None or recording is None:
        raise Refused.by(rule.judge_return(0, 0, is_last_returned=False))
    last = heard.last_play(work, item.section.id, recording["digest"])
    used, returned = heard.used(work, item.section.id, recording["digest"])
    ruling = rule.judge_return(used, returned, is_last_returned=last is not None and last[1]).or_refuse()
    if last is None:
        raise ValueError("a play that was judged is on record")
    session.plays_given += 1
    work.db.add(PlayReturn(play_id=last[0].id, session_id=session.id, reason=reason, ruling=ruling.to_json(),
                           given_by=work.actor.label, given_at=work.now))  # fmt: skip
    work.record("play:given-back", f"session:{session.id}", clause=ruling.clause, play=last[0].play, seq=last[0].seq,
                reason=reason)  # fmt: skip
    return ruling


def _recording(work: Work, item: OpenItem) -> Mapping[str, Any] | None:
    return BENCHES.of(work, item.section).content(item.step.item_index).recording(item.section.language)


def _open(work: Work, session: ExamSession, ask: wire.Play) -> OpenItem:
    item = open_item(work, session)
    is_here = item is not None and (item.section.id, item.step.seq) == (ask.section_id, ask.seq)
    if item is None or not is_here or is_expiry_due(work, session):
        raise Stale("step_is_past")
    return item


def _known(work: Work, session: ExamSession, ask: wire.Play) -> SoundPlay | None:
    same = (SoundPlay.session_id == session.id) & (SoundPlay.key == str(ask.key))
    return work.db.execute(select(SoundPlay).where(same)).scalar_one_or_none()
