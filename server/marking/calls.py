"""Who marks what in a marking, as it stands; nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from server.core.work import Work
from server.marking.models import MarkerCall


@dataclass(frozen=True)
class Call:
    """A marker with the subjects and languages they were called for."""

    staff_id: int
    subjects: frozenset[str]
    languages: frozenset[str]

    def covers(self, subject: str, language: str) -> bool:
        """Whether works of that subject in that language may be drawn for them."""
        return subject in self.subjects and language in self.languages


def standing_calls(work: Work, marking_id: int) -> Mapping[int, Call]:
    """The markers of a marking who are called now."""
    rows = work.db.scalars(
        select(MarkerCall).where(MarkerCall.marking_id == marking_id).order_by(MarkerCall.id)
    )
    newest = {row.staff_id: row for row in rows}
    return {
        id_: Call(id_, frozenset(row.subjects), frozenset(row.languages))
        for id_, row in newest.items()
        if row.is_called
    }
