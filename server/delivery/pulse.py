"""What a candidate's page learns from a sign of life. Read in one statement and no objects of the ORM:

a hall of three hundred that waits for the word asks a hundred and fifty times a second."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, exists, func, select

from server.core.errors import NotFound
from server.core.work import Work
from server.delivery.models import CandidateMessage, ExamSession, Section, Sitting
from server.delivery.queries import check_device, clock_view, message_view, own_times
from server.delivery.timing import Facts, clockface
from server.delivery.wire import HeartbeatReply

SESSION, SECTION, MESSAGE = ExamSession.__table__, Section.__table__, CandidateMessage.__table__

WAITING = MESSAGE.alias("waiting")
UNREAD = (
    select(func.min(WAITING.c.id))
    .where(WAITING.c.session_id == SESSION.c.id, WAITING.c.read_at.is_(None))
    .correlate(SESSION)
    .scalar_subquery()
)
PENDING = exists().where(SECTION.c.session_id == SESSION.c.id, SECTION.c.state == "pending").correlate(SESSION)
RUNNING = SECTION.alias("running")
PULSE = (
    select(
        SESSION.c.lease, SESSION.c.state, SESSION.c.ends_at, SESSION.c.paused_at, SESSION.c.given_s,
        SESSION.c.plays_given, SESSION.c.break_until, SESSION.c.held_at, SESSION.c.watched_until, SESSION.c.seb_way,
        SESSION.c.seb_key, Sitting.seb_policy, Sitting.starts_at,
        RUNNING.c.ends_at.label("section_ends_at"), PENDING.label("has_pending"),
        MESSAGE.c.id.label("message_id"), MESSAGE.c.text, MESSAGE.c.sent_at,
    )
    .select_from(
        SESSION.join(Sitting)
        .outerjoin(RUNNING, (RUNNING.c.session_id == SESSION.c.id) & (RUNNING.c.state == "running"))
        .outerjoin(MESSAGE, MESSAGE.c.id == UNREAD)
    )
    .where(SESSION.c.id == bindparam("session_id"))
)  # fmt: skip


def heartbeat_reply(work: Work) -> HeartbeatReply:
    """What may have changed for the candidate who asks; Denied if another device holds the session by now."""
    row: Any = work.db.connection().execute(PULSE, {"session_id": work.actor.id}).one_or_none()
    if row is None:
        raise NotFound("not_found")
    check_device(work.actor, row, row.seb_policy)
    facts = Facts(row.state, row.starts_at, row.ends_at, row.paused_at, row.section_ends_at, row.has_pending)
    return HeartbeatReply(
        clock=clock_view(clockface(facts, work.now)),
        times=own_times(row, work.now),
        is_admitted=row.state != "expected",
        is_watched=row.watched_until is not None and work.now < row.watched_until,
        message=None if row.message_id is None else message_view(row.message_id, row.text, row.sent_at),
    )
