"""The caretaker: what falls due is done, time that is up, grades, old events, the usage of items.
The web process does the same every second; each session is a unit of work of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from weakref import WeakKeyDictionary

from sqlalchemy.exc import IntegrityError

from itembank.interchange import service as imports
from itembank.inventory import usage
from proctor.monitoring.outages import fate_of
from server import delivery, grading
from server.core import events
from server.core.roles import SYSTEM
from server.core.work import Platform, open_reading, open_work
from server.reports.usage import given_between
from server.reports.waiting import sessions_just_marked, sessions_to_grade

OUTBOX_KEPT = timedelta(hours=1)
PRUNE_EVERY = timedelta(minutes=1)
COUNT_EVERY = timedelta(hours=1)
MARKED_EVERY = timedelta(seconds=30)
SETTLED = timedelta(minutes=10)  # no unit of work lasts so long: what was made before is committed by now
LONGEST_WAIT = timedelta(hours=1)
log = logging.getLogger("synak")


@dataclass
class _Memory:
    """What the caretaker of one platform remembers between its rounds."""

    pruned_at: datetime | None = None
    counted_at: datetime | None = None
    marked_at: datetime | None = None
    failed: dict[int, tuple[int, datetime]] = field(default_factory=dict)


_memories: WeakKeyDictionary[Platform, _Memory] = WeakKeyDictionary()


def take_care(platform: Platform) -> None:
    """Everything due now is done; what fails is logged, keeps nothing else waiting, and is tried again."""
    memory = _memories.setdefault(platform, _Memory())
    _guarded("closing sessions", lambda: delivery.expire_due_sessions(platform, fate_of))
    _guarded("grading", lambda: _grade_all(platform, memory))
    _guarded("pruning the outbox and forgotten imports", lambda: _prune(platform, memory))
    _guarded("counting usage", lambda: _count_usage(platform, memory))


def _grade_all(platform: Platform, memory: _Memory) -> None:
    now = platform.clock.now()
    with platform.database.reading() as db:
        waiting = sessions_to_grade(db)
    for session_id in [*waiting, *_just_marked(platform, memory, now)]:
        if session_id in memory.failed and now < memory.failed[session_id][1]:
            continue
        if _guarded(f"grading session {session_id}", partial(_grade, platform, session_id)):
            memory.failed.pop(session_id, None)
        else:
            n = memory.failed.get(session_id, (0, now))[0] + 1
            memory.failed[session_id] = n, now + min(LONGEST_WAIT, timedelta(seconds=2**n))


def _just_marked(platform: Platform, memory: _Memory, now: datetime) -> list[int]:
    """Now and then the sessions whose written work is settled by now; at first those of whenever."""
    if memory.marked_at is not None and now - memory.marked_at < MARKED_EVERY:
        return []
    since = None if memory.marked_at is None else memory.marked_at - SETTLED
    with open_reading(platform, SYSTEM) as work:
        found = sessions_just_marked(work, since)
    memory.marked_at = now
    return found


def _grade(platform: Platform, session_id: int) -> None:
    try:
        with open_work(platform, SYSTEM) as work:
            grading.grade_session(work, session_id)
    except IntegrityError:
        log.info("session %s was graded by another process just now", session_id)


def _prune(platform: Platform, memory: _Memory) -> None:
    now = platform.clock.now()
    if memory.pruned_at is not None and now - memory.pruned_at < PRUNE_EVERY:
        return
    memory.pruned_at = now
    with open_work(platform, SYSTEM) as work:
        events.prune(work.db, now - OUTBOX_KEPT)
        imports.discard_forgotten(work)


def _count_usage(platform: Platform, memory: _Memory) -> None:
    now = platform.clock.now()
    if memory.counted_at is not None and now - memory.counted_at < COUNT_EVERY:
        return
    memory.counted_at = now
    with open_reading(platform, SYSTEM) as work:  # no writer waits while the steps are gone through
        since, until = usage.counted_to(work), work.now - SETTLED
        given = given_between(work, since, until)
    with open_work(platform, SYSTEM) as work:
        if usage.counted_to(work) == since:  # else another process has counted them
            usage.count(work, given, until)


def _guarded(name: str, act: Callable[[], object]) -> bool:
    """True if it was done; a bug in one part must not stop the others, nor this thread."""
    try:
        act()
    except Exception:
        log.exception("caretaker: %s failed; it tries again", name)
        return False
    return True
