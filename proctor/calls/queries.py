"""Calls as pages show them; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select

from proctor.calls.models import Call
from proctor.monitoring.rules import WatchRule
from server.core.i18n import language
from server.core.regulation import Edition
from server.core.work import Work
from server.delivery.wire import CallState, CallView


def open_calls(work: Work, session_ids: Collection[int]) -> dict[int, CallView]:
    """The open call of each session that has one."""
    found = select(Call).where(Call.session_id.in_(session_ids), Call.closed_at.is_(None))
    return {row.session_id: call_view(row) for row in work.db.execute(found).scalars()}


@dataclass(frozen=True)
class Called:
    """A call as reports show it, its kind in the reader's language."""

    title: str
    words: str
    state: str
    asked_at: datetime
    closed_at: datetime | None


def calls_of(work: Work, session_id: int, edition: Edition) -> list[Called]:
    """Every call of a session, in order."""
    kinds = edition.get("DC-15.watch", WatchRule).calls
    rows = work.db.execute(select(Call).where(Call.session_id == session_id).order_by(Call.id)).scalars()
    titles = {each.code: each.title(language()) for each in kinds}
    return [Called(titles[row.kind], row.words, row.state, row.asked_at, row.closed_at) for row in rows]


def call_view(row: Call) -> CallView:
    """A call as the wire carries it."""
    return CallView(
        call_id=row.id, kind=row.kind, words=row.words, state=cast(CallState, row.state),
        asked_at=row.asked_at.isoformat(),
    )  # fmt: skip
