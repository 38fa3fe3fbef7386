"""Whom a correction may lower, and whose signatures apply it: DC-28.rescoring."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.regulation import Edition, editions
from server.grading.rescoring.rules import RescoringRule

CLAUSE = "DC-28.rescoring"
LAWS = pytest.mark.parametrize("law", editions(), ids=lambda law: law.code)


@LAWS
def test_dc_28_rescoring(law: Edition) -> None:
    rule = law.get(CLAUSE, RescoringRule)
    everybody = list(range(1, rule.signatures + 1))
    assert rule.judge_signatures(everybody, proposer=1).allowed
    assert not rule.judge_signatures(everybody[:-1], proposer=None).allowed
    assert not rule.judge_signatures([1] * rule.signatures, proposer=1).allowed  # one person, however often
    assert rule.judge(50.0, 50.0, told=50.0).allowed
    assert rule.judge(50.0, 61.0, told=50.0).allowed
    refused = rule.judge(61.0, 50.0, told=61.0)
    assert (refused.allowed, refused.clause) == (rule.lowers == "always", CLAUSE)


@pytest.mark.parametrize(("lowers", "before", "after", "told", "allowed"), [
    ("always", 75.0, 74.9, 75.0, True), ("before_release", 75.0, 74.9, None, True),
    ("before_release", 75.0, 74.9, 75.0, False), ("never", 75.0, 74.9, None, False),
    ("before_release", 75.0, 71.0, 70.0, True),  # the candidate was never told of the 75
    ("before_release", 75.0, 69.9, 70.0, False), ("never", 75.0, 75.0, 75.0, True),
    ("never", 75.0, 74.99999999999997, 75.0, True),  # the noise of the arithmetic lowers nobody
])  # fmt: skip
def test_dc_28_rescoring_lowers_as_the_edition_says(
    lowers: str, before: float, after: float, told: float | None, allowed: bool
) -> None:
    rule = replace(editions()[0].get(CLAUSE, RescoringRule), lowers=lowers)  # type: ignore[arg-type]
    assert rule.judge(before, after, told).allowed == allowed


def test_dc_28_rescoring_is_never_one_persons() -> None:
    rule = editions()[0].get(CLAUSE, RescoringRule)
    with pytest.raises(ValueError, match="one person alone"):
        replace(rule, signatures=1)
    assert not rule.judge_signatures([], proposer=None).allowed
