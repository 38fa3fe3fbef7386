"""What a camera covers of a sitting, and which gaps are shown (VS-1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from proctor.archive.coverage import CoverageBar, Span, coverage
from proctor.archive.rules import ArchiveRule
from server.core.regulation import load_edition

START = datetime(2026, 5, 12, 3, 0, tzinfo=UTC)
RULE = load_edition("kg-distinction", "2013").get("VS-1.archive", ArchiveRule)
HOUR, MOST = 3600, RULE.gap_max_s


def span(begins: float, ends: float) -> Span:
    return Span(START + timedelta(seconds=begins), START + timedelta(seconds=ends))


@pytest.mark.parametrize(
    ("recorded", "covered", "gaps"),
    [
        ([], [], [(0, HOUR)]),
        ([(0, HOUR)], [(0, HOUR)], []),
        ([(-100, HOUR + 100)], [(0, HOUR)], []),
        ([(HOUR, 2 * HOUR), (-HOUR, 0)], [], [(0, HOUR)]),
        ([(0, 1000), (1000 + MOST, HOUR)], [(0, 1000), (1000 + MOST, HOUR)], []),
        ([(0, 1000), (1001 + MOST, HOUR)], [(0, 1000), (1001 + MOST, HOUR)], [(1000, 1001 + MOST)]),
        ([(1800, HOUR), (0, 2000)], [(0, HOUR)], []),
        ([(0, HOUR), (100, 200), (150, 3000)], [(0, HOUR)], []),
        ([(600, 1200), (1200, 1800)], [(600, 1800)], [(0, 600), (1800, HOUR)]),
    ],
)
def test_vs_1_coverage_and_gaps(
    recorded: list[tuple[int, int]], covered: list[tuple[int, int]], gaps: list[tuple[int, int]]
) -> None:
    found = coverage(RULE, span(0, HOUR), [span(*each) for each in recorded])
    assert list(found.covered) == [span(*each) for each in covered]
    assert list(found.gaps) == [span(*each) for each in gaps]
    assert found.percent == pytest.approx(sum(b - a for a, b in covered) / HOUR * 100)


def test_the_bar_draws_each_stretch_and_each_gap() -> None:
    found = coverage(RULE, span(0, HOUR), [span(0, 900), span(1800, 2700)])
    drawn = CoverageBar("c", "A <camera>", "Half", found, "09:00", "10:00").__html__()
    assert (drawn.count('class="s0"'), drawn.count('class="s1"')) == (2, 2)
    assert "A &lt;camera&gt;" in drawn
    assert 'width="179.5"' in drawn  # a quarter of the bar
