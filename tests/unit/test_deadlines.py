"""Deadlines: overdue to the second, what is due next before what is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.core.deadlines import SOON, Deadline, State, in_order

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def deadline(due_at: datetime, done_at: datetime | None = None, subject: str = "a") -> Deadline:
    return Deadline("case", subject, "/office/cases/1", "DC-17", due_at, done_at)


@pytest.mark.parametrize(("due_at", "done_at", "state"), [
    (NOW, None, "soon"), (NOW - SECOND, None, "overdue"), (NOW + SOON, None, "soon"),
    (NOW + SOON + SECOND, None, "open"), (NOW, NOW, "done"), (NOW, NOW + SECOND, "done_late"),
    (NOW, NOW + timedelta(milliseconds=999), "done"),
])
def test_each_state_begins_where_it_should(due_at: datetime, done_at: datetime | None, state: State) -> None:
    assert deadline(due_at, done_at).state(NOW) == state


def test_what_is_overdue_longest_stands_first_and_what_is_done_last() -> None:
    day = timedelta(days=1)
    every = [
        deadline(NOW + 5 * day, subject="open"), deadline(NOW - day, NOW - 2 * day, "done"),
        deadline(NOW - day, subject="overdue"), deadline(NOW + day, subject="soon"),
        deadline(NOW - 3 * day, subject="long overdue"), deadline(NOW - 4 * day, NOW - day, "late"),
        deadline(NOW - 9 * day, NOW - 9 * day, "done before"),
    ]
    found = [each.subject for each, _ in in_order(every, NOW)]
    assert found == ["long overdue", "overdue", "soon", "open", "late", "done", "done before"]
