"""When results may be listed, by each edition."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from server.core.regulation import load_edition
from server.grading.control.rules import ReleaseControlRule

RULE = load_edition("kg-distinction", "2013").get("DC-22.control", ReleaseControlRule)


def test_dc_22_control_when_results_may_be_listed() -> None:
    at = datetime(2026, 5, 20, tzinfo=UTC)
    assert RULE.judge(None, at, 0).code == "control_missing"
    assert RULE.judge(at, at + timedelta(seconds=1), 0).code == "control_missing"
    assert RULE.judge(at, at, 2).code == "control_open"
    assert RULE.judge(at, at, 0).allowed
    free = load_edition("zz-trial", "2030").get("DC-22.control", ReleaseControlRule)
    assert free.judge(None, at, 3).allowed
    with pytest.raises(ValueError, match="chance"):
        replace(RULE, fit_p=Decimal(0))
    with pytest.raises(ValueError, match="one fast answer"):
        replace(RULE, timed_min=9)
