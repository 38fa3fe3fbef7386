"""A test stops at its length, or once precise enough and never before its quotas are met."""

import pytest

from irt.stopping import StoppingRule, stop

RULE = StoppingRule(minimum=10, maximum=30, se=0.3)


@pytest.mark.parametrize(
    ("n_administered", "se", "is_met", "reason"),
    [
        (30, 0.9, True, "length"),
        (31, 0.9, True, "length"),
        (29, 0.31, True, None),
        (29, 0.3, True, "precision"),
        (10, 0.1, True, "precision"),
        (9, 0.1, True, None),
        (20, 0.1, False, None),
        (0, float("inf"), False, None),
    ],
)
def test_reasons(n_administered: int, se: float, is_met: bool, reason: str | None) -> None:
    assert stop(RULE, n_administered, se, is_met) == reason


def test_without_a_precision_only_length_stops() -> None:
    assert stop(StoppingRule(10, 30), 29, 0.0, True) is None
