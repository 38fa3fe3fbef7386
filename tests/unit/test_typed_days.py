"""Days as they are typed into forms."""

from __future__ import annotations

from datetime import date, time

import pytest

from server.core.terms import typed_day, typed_hour, typed_page


@pytest.mark.parametrize("text", ["31.12.2026", " 31.12.2026 ", "2026-12-31"])
def test_a_day_is_read_as_people_and_as_browsers_write_it(text: str) -> None:
    assert typed_day(text) == date(2026, 12, 31)


def test_nobody_must_write_noughts() -> None:
    assert typed_day("1.2.2026") == date(2026, 2, 1)


@pytest.mark.parametrize("text", ["", "31.12", "31.02.2026", "12/31/2026", "1.1.99999999999999999999", "-1.1.2026"])
def test_what_is_no_day_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed_day(text)


@pytest.mark.parametrize("text", ["9:30", " 09:30 ", "09.30"])
def test_an_hour_is_read_as_people_write_it(text: str) -> None:
    assert typed_hour(text) == time(9, 30)


@pytest.mark.parametrize("text", ["", "9", "24:00", "9:60", "9:30:00", "noon", "-1:30"])
def test_what_is_no_hour_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed_hour(text)


@pytest.mark.parametrize(
    ("text", "page"),
    [("", 1), ("0", 1), ("-3", 1), ("x", 1), ("٣", 1), ("7", 7), ("999999", 999999), ("9" * 30, 1)],
)
def test_a_page_is_a_number_or_the_first(text: str, page: int) -> None:
    assert typed_page(text) == page
