"""Pages of cases: the nearest deadline first, part by part, none lost and none twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.appeals import listing
from server.appeals.listing import Sheet, Wish

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
PARTS = {"mine": lambda row: row.id % 3 == 0, "open": lambda row: row.due_at is not None,
         "over": lambda row: row.due_at is None}  # fmt: skip


@dataclass(frozen=True)
class Row:
    id: int
    due_at: datetime | None
    searched: str


def row(number: int, days: int | None) -> Row:
    return Row(number, None if days is None else NOW + timedelta(days=days), f"A-{number:05d} 26-001-{number:05d}-4")


def shown(rows: list[Row], **wish: str) -> Sheet[Row]:
    return listing.sheet(rows, Wish.of(wish), PARTS)


def test_the_nearest_deadline_stands_first_and_what_awaits_nothing_last_newest_first() -> None:
    rows = [row(1, 5), row(2, -3), row(4, 1), row(5, None), row(7, None)]
    assert [each.id for each in shown(rows).rows] == [2, 4, 1]
    assert [each.id for each in shown(rows, show="over").rows] == [7, 5]


def test_of_a_part_that_nobody_names_the_first_one_with_a_case() -> None:
    assert (shown([row(3, 1)]).show, shown([row(1, 1)]).show, shown([row(1, None)]).show) == ("mine", "open", "over")
    assert (shown([]).show, shown([], show="rumour").pages) == ("mine", 1)


def test_a_number_is_looked_for_in_every_part_and_stands_in_the_address_of_each_page() -> None:
    found = shown([row(n, 1) for n in range(1, 200)], q="a-00017")
    assert (found.show, [each.id for each in found.rows], found.counts["mine"]) == ("open", [17], 0)
    assert found.args == {"show": "open", "q": "a-00017"}


def test_a_page_that_is_not_there_is_the_last_one() -> None:
    for typed in ("3", "9", "999999"):
        found = shown([row(n, 1) for n in range(101)], show="open", page=typed)
        assert (found.page, found.pages, len(found.rows)) == (3, 3, 1)
    for typed in ("", "0", "-1", "²", "1e3", "9999999", "x"):
        assert shown([row(n, 1) for n in range(101)], show="open", page=typed).page == 1


@given(st.lists(st.one_of(st.none(), st.integers(-9, 9)), max_size=180))
def test_every_case_stands_on_exactly_one_page_of_its_part(days: list[int | None]) -> None:
    rows = [row(number, each) for number, each in enumerate(days)]
    for name, belongs in PARTS.items():
        pages = [shown(rows, show=name, page=str(n + 1)) for n in range(shown(rows, show=name).pages)]
        ids = [each.id for page in pages for each in page.rows]
        assert sorted(ids) == [each.id for each in rows if belongs(each)]
        assert all(len(page.rows) <= listing.PAGE for page in pages)
