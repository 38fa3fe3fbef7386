"""The percents that a case file shows of the way of a score."""

from __future__ import annotations

import pytest

from server.appeals.casefile.standings import Standing


@pytest.mark.parametrize(("percent", "shown"), [(64.97, 64.9), (65.0, 65.0), (74.999, 74.9), (75.0, 75.0), (0.0, 0.0)])
def test_no_bound_is_shown_that_was_not_reached(percent: float, shown: float) -> None:
    assert Standing(theta=0.0, se=0.3, percent=percent, percent_sd=4.0).reached == shown
