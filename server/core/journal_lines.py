"""The journal as people read it: a page at a time, filtered, each line proved against the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from server.core import journal
from server.core.journal import JournalEntry
from server.core.work import Work

# Works that run side by side read the clock before they wait for the chain: lines may stand a little out of time.
OUT_OF_TIME = 1000


@dataclass(frozen=True)
class Wish:
    """Which lines are wanted; what is empty is not asked for. `actor` is a label such as `staff:3`."""

    act: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True)
class Page:
    """Lines newest first, whether each stands as it was written, and from where on to read earlier ones."""

    lines: Sequence[JournalEntry]
    is_whole: dict[int, bool]
    before: int | None


def page(work: Work, wish: Wish, size: int) -> Page:
    """The newest `size` lines that are wanted."""
    query = select(JournalEntry).where(*_wanted(work, wish)).order_by(JournalEntry.seq.desc()).limit(size + 1)
    found = list(work.db.execute(query).scalars())
    lines = found[:size]
    return Page(lines, journal.whole(work.db, work.vault, lines), lines[-1].seq if len(found) > size else None)


def _wanted(work: Work, wish: Wish) -> Iterator[ColumnElement[bool]]:
    for column, value in ((JournalEntry.act, wish.act), (JournalEntry.actor, wish.actor),
                          (JournalEntry.subject, wish.subject)):  # fmt: skip
        if value:
            yield column == value
    if wish.before is not None:
        yield JournalEntry.seq < wish.before
    if wish.since is not None:
        yield JournalEntry.at >= wish.since
        first = _seq(work, JournalEntry.at >= wish.since, JournalEntry.at)
        yield JournalEntry.seq >= (0 if first is None else first - OUT_OF_TIME)
    if wish.until is not None:
        yield JournalEntry.at < wish.until
        last = _seq(work, JournalEntry.at < wish.until, JournalEntry.at.desc())
        yield JournalEntry.seq <= (0 if last is None else last + OUT_OF_TIME)


def _seq(work: Work, which: ColumnElement[bool], order: Any) -> int | None:
    """The number of the first line of that order, so that a page of long ago does not read all that came since."""
    return work.db.execute(select(JournalEntry.seq).where(which).order_by(order).limit(1)).scalar_one_or_none()
