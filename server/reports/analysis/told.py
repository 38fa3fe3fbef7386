"""Whose results an office may look at together: its circle's rows of the newest released list (CS-5, DC-22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.rolls import roll_of
from server.grading import lists
from server.grading.access import Circle
from server.grading.lists.standing import Row, standing_rows


@dataclass(frozen=True)
class Told:
    """The rows, and the list they are of: None where nothing is released yet and the testing centre looks ahead.

    `everybody` are all rows of that list where they were asked for, as means beside which others stand; nobody is
    shown them one by one."""

    rows: Sequence[Row]
    version: int | None
    everybody: Sequence[Row]

    @property
    def sessions(self) -> list[int]:
        """The sessions of the rows."""
        return [row.session_id for row in self.rows]


def told_rows(work: Work, sitting: SittingRef, circle: Circle, *, is_beside_all: bool = False) -> Told | None:
    """What the circle may look at; None before the release for everybody but the whole country's offices."""
    released = lists.newest_released(work, sitting.id)
    if released is not None:
        if is_beside_all or circle.is_whole:
            everybody = lists.rows_of(work, released.id)
            return Told(_within(everybody, circle), released.version, everybody)
        return Told(lists.rows_of(work, released.id, circle), released.version, ())
    if not (circle.is_whole or sitting.is_released_at_once):
        return None
    standing = standing_rows(work, roll_of(work, sitting.id))
    return Told(_within(standing, circle), None, standing)


def _within(rows: Sequence[Row], circle: Circle) -> list[Row]:
    return [row for row in rows if circle.covers(row.centre_id, row.registration_id)]
