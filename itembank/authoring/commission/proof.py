"""Proof of the commission's sessions: minutes and notes open at their places."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from itembank.authoring.commission.minutes import place
from itembank.authoring.models import CommissionNote, CommissionSession
from itembank.items.proof import opening_faults
from server.core.work import Work


def session_faults(work: Work, ids: Collection[int]) -> Iterator[str]:
    """One sentence for each thing in these sessions that was changed."""
    for row in work.db.execute(select(CommissionSession).where(CommissionSession.id.in_(ids))).scalars():
        notes = select(CommissionNote).where(CommissionNote.commission_session_id == row.id)
        sealed = {each.place: each.body_sealed for each in work.db.execute(notes).scalars()}
        sealed |= {"minutes": row.minutes_sealed} if row.minutes_sealed is not None else {}
        yield from opening_faults(work, row.data_key, place(row.id), sealed)
