"""The clock of a session: pure judgements to the millisecond (DC-12, DC-16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.delivery.timing import (
    Facts,
    break_end,
    clockface,
    is_due,
    section_end,
    total_s,
    went_on_at,
    while_running,
)

NINE = datetime(2026, 5, 12, 3, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def facts(state: str, **more: object) -> Facts:
    known: dict[str, object] = {
        "starts_at": NINE, "ends_at": at(14400), "paused_at": None, "section_ends_at": at(3600),
        "is_section_left": True,
    }  # fmt: skip
    return Facts(state, **{**known, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "more", "phase", "remaining_ms"),
    [
        ("expected", {}, "waiting", 0),
        ("admitted", {}, "waiting", 0),
        ("running", {}, "running", 3_599_500),
        ("running", {"section_ends_at": None}, "between", None),
        ("running", {"section_ends_at": None, "is_section_left": False}, "submitted", None),
        ("paused", {"paused_at": NINE}, "paused", 3_600_000),
        ("submitted", {"section_ends_at": None, "is_section_left": False}, "submitted", None),
        ("removed", {}, "removed", None),
        ("absent", {}, "absent", None),
    ],
)
def test_what_the_clock_says(
    state: str, more: dict[str, object], phase: str, remaining_ms: int | None
) -> None:
    face = clockface(facts(state, **more), at(0.5))
    assert (face.phase, face.remaining_ms) == (phase, remaining_ms)


def test_before_the_hour_the_clock_counts_down_to_the_start() -> None:
    assert clockface(facts("admitted"), at(-90)).remaining_ms == 90_000


def test_a_pause_stops_the_clock_whatever_the_time() -> None:
    paused = facts("paused", paused_at=at(100))
    assert clockface(paused, at(101)).remaining_ms == clockface(paused, at(90_000)).remaining_ms == 3_500_000


def test_dc_12_the_last_second_counts_and_the_next_does_not() -> None:
    assert not is_due(at(3600), at(3600.999), 0)
    assert is_due(at(3600), at(3601), 0)
    assert not is_due(at(3600), at(3605.5), 5)
    assert not is_due(None, at(1e6), 0)


def test_a_section_never_outlasts_its_session() -> None:
    assert section_end(at(0), 3600, at(14400)) == at(3600)
    assert section_end(at(12000), 3600, at(14400)) == at(14400)


def test_dc_12_what_was_lost_is_what_ran_and_was_not_paused() -> None:
    span, runs = (at(-60), at(600)), (at(0), at(500))
    assert while_running(span, runs, []) == [(at(0), at(500))]
    assert while_running(span, runs, [(at(100), at(200)), (at(450), at(700))]) == [(at(0), at(100)), (at(200), at(450))]
    assert while_running(span, runs, [(at(-10), at(510))]) == []
    assert while_running((at(600), at(700)), runs, []) == []


def test_dc_12_a_second_lost_twice_counts_once() -> None:
    assert total_s([(at(0), at(60)), (at(30), at(90)), (at(40), at(50)), (at(200), at(230.9))]) == 120
    assert total_s([]) == 0


def test_dc_12_a_break_never_outlasts_what_was_decided() -> None:
    assert break_end(at(10), 600, 0) == at(610)
    assert break_end(at(10), 600, 599) == at(11)
    assert break_end(at(10), 600, 600) is None
    assert break_end(at(10), 0, 0) is None
    assert went_on_at(at(300), at(610)) == at(300)
    assert went_on_at(at(615), at(610)) == at(610)
    assert went_on_at(at(615), None) == at(615)


@given(st.lists(st.floats(-100, 20_000), min_size=2, max_size=20), st.sampled_from(["running", "paused", "admitted"]))
def test_what_is_left_never_grows_by_itself_and_is_never_less_than_nothing(seconds: list[float], state: str) -> None:
    known = facts(state, paused_at=at(50) if state == "paused" else None)
    faces = [clockface(known, at(each)) for each in sorted(seconds)]
    for left in ([f.remaining_ms or 0 for f in faces], [f.total_remaining_ms or 0 for f in faces]):
        assert left == sorted(left, reverse=True)
        assert left[-1] >= 0
