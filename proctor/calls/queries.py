"""Calls as pages show them; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from sqlalchemy import select

from proctor.calls.models import Call
from server.core.work import Work
from server.delivery.wire import CallState, CallView


def open_calls(work: Work, session_ids: Collection[int]) -> dict[int, CallView]:
    """The open call of each session that has one."""
    found = select(Call).where(Call.session_id.in_(session_ids), Call.closed_at.is_(None))
    return {row.session_id: call_view(row) for row in work.db.execute(found).scalars()}


def calls_of(work: Work, session_id: int) -> list[Call]:
    """Every call of a session, in order."""
    return list(work.db.execute(select(Call).where(Call.session_id == session_id).order_by(Call.id)).scalars())


def call_view(row: Call) -> CallView:
    """A call as the wire carries it."""
    return CallView(
        call_id=row.id, kind=row.kind, words=row.words, state=cast(CallState, row.state),
        asked_at=row.asked_at.isoformat(),
    )  # fmt: skip
