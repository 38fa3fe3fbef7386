"""Recordings are handed out to be heard: counted here, by the server, whatever a page or a second device does."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from itembank.items.service import open_media
from server.core.errors import NotFound, Stale
from server.core.work import Work
from server.delivery import wire
from server.delivery.bench import BENCHES
from server.delivery.media import heard
from server.delivery.media.models import SoundPlay
from server.delivery.media.queries import File, OpenItem, open_item
from server.delivery.models import ExamSession
from server.delivery.queries import held, is_expiry_due


@dataclass(frozen=True)
class Play:
    """One play of a recording: the file, and which play it is."""

    file: File
    number: int


def play(work: Work, ask: wire.Play) -> Play:
    """The play is on record and handed out; asked for again under its key, it is the same play for a while."""
    session = held(work, to_change=True)  # locked: two tabs press at once
    item = _open(work, session, ask)
    recording = BENCHES.get(work, item.section.pool_id).pool.contents[item.step.item_index].recording(
        item.section.language
    )
    if recording is None:
        raise NotFound("not_found")
    rule, name = heard.rule_of(session.sitting), recording["digest"]
    row = _known(work, session, ask)
    if row is None:
        ruling = rule.judge(recording["plays"], heard.used(work, item.section.id, name))
        row = SoundPlay(
            session_id=session.id, section_id=item.section.id, seq=ask.seq, digest=name,
            play=ruling.or_refuse().facts["play"], key=str(ask.key), ruling=ruling.to_json(), played_at=work.now,
        )  # fmt: skip
        work.db.add(row)
    elif (row.section_id, row.digest) != (item.section.id, name):
        raise Stale("step_is_past")
    else:
        since_s = (work.now - row.played_at).total_seconds()
        rule.judge_again(recording["duration_ms"] / 1000, since_s).or_refuse()
    return Play(File(open_media(work, item.step.item_version_id, name), recording["type"]), row.play)


def _open(work: Work, session: ExamSession, ask: wire.Play) -> OpenItem:
    item = open_item(work, session)
    is_here = item is not None and (item.section.id, item.step.seq) == (ask.section_id, ask.seq)
    if item is None or not is_here or is_expiry_due(work, session):
        raise Stale("step_is_past")
    return item


def _known(work: Work, session: ExamSession, ask: wire.Play) -> SoundPlay | None:
    same = (SoundPlay.session_id == session.id) & (SoundPlay.key == str(ask.key))
    return work.db.execute(select(SoundPlay).where(same)).scalar_one_or_none()
