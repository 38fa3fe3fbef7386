"""What a blueprint may say beyond quotas: passages, time, exposure, an early end; and what contradicts itself."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from irt.assembly import Feasible, feasibility
from irt.exposure import Control
from irt.models import Items
from irt.response_times import TimeParameters, form_time
from irt.stopping import Classified
from itembank import Spec
from itembank.blueprints.limits import Attributes, EarlyEnd, PassageUse, TimeLimit
from tests.factories.itembank import AREAS, PLACES, spec

LIMITS: dict[str, Any] = {
    "passages": PassageUse((2, 3), (1, 2)),
    "time": TimeLimit(300.0, slow=0.1, coverage=0.9),
    "exposure": Control("eligibility", 0.25),
    "early_end": EarlyEnd(4, 0.3, 0.9, (50.0, 75.0)),
}


def a_pool(times: TimeParameters | None = None) -> Attributes:
    """Three items of each tier and area, which share a passage."""
    cells = [(tier, area) for tier in PLACES for area in AREAS for _ in range(3)]
    return Attributes(
        tiers=[tier for tier, _ in cells], areas=[area for _, area in cells], families=[None] * 18,
        passages=[f"{tier} {area}" for tier, area in cells], times=times,
    )  # fmt: skip


def test_it_is_stored_as_json_and_comes_back_the_same() -> None:
    for made in (spec(), spec(**LIMITS), spec(passages=PassageUse((1, 2)))):
        assert Spec.from_json(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"length": 0}, "length"),
        ({"tiers": dict.fromkeys(PLACES, (3, 3))}, "tiers"),
        ({"areas": dict.fromkeys(AREAS, (0, 2))}, "areas"),
        ({"passages": PassageUse((0, 2))}, "passages"),
        ({"passages": PassageUse((3, 2))}, "passages"),
        ({"passages": PassageUse((2, 3), (4, 4))}, "passages"),
        ({"passages": PassageUse((2, 3), (2, 1))}, "passages"),
        ({"time": TimeLimit(0.0)}, "time"),
        ({"time": TimeLimit(60.0, slow=0.0)}, "time"),
        ({"time": TimeLimit(60.0, coverage=0.4)}, "time"),
        ({"early_end": EarlyEnd(7, 0.3)}, "early_end"),
        ({"early_end": EarlyEnd(0, 0.3)}, "early_end"),
        ({"early_end": EarlyEnd(3)}, "early_end"),
        ({"early_end": EarlyEnd(3, -0.1)}, "early_end"),
        ({"early_end": EarlyEnd(3, certainty=0.9)}, "early_end"),
        ({"early_end": EarlyEnd(3, 0.3, percents=(50.0,))}, "early_end"),
        ({"early_end": EarlyEnd(3, certainty=0.9, percents=(100.0,))}, "early_end"),
        ({"method": "eligible", "passages": PassageUse((1, 2))}, "method"),
        ({"method": "eligible", "time": TimeLimit(60.0)}, "method"),
    ],
)
def test_what_no_test_can_satisfy_is_named(changes: dict[str, Any], part: str) -> None:
    assert spec(**changes).contradiction() == part


def test_what_can_be_satisfied_is_no_contradiction() -> None:
    assert spec(**LIMITS).contradiction() is None


def test_items_of_a_passage_come_together_as_the_blueprint_says() -> None:
    constraints = spec(passages=PassageUse((2, 2))).constraints(a_pool())
    assert [(each.minimum, each.maximum, each.items.size) for each in constraints.passages] == [(2, 2, 3)] * 6
    found = feasibility(constraints)
    assert isinstance(found, Feasible)
    assert sorted(np.bincount(constraints.passage_of[list(found.example)], minlength=6)) == [0, 0, 0, 2, 2, 2]


def test_items_stand_alone_where_the_blueprint_knows_no_passages() -> None:
    assert spec().constraints(a_pool()).counts_only


def test_every_form_fits_the_time_of_the_slow() -> None:
    times = TimeParameters(np.full(18, 2.0), np.tile([3.0, 3.5, 4.0], 6), 0.3)
    limit = TimeLimit(320.0, slow=0.1, coverage=0.9)
    constraints = spec(time=limit).constraints(a_pool(times))
    found = feasibility(constraints)
    assert isinstance(found, Feasible)
    form = form_time(times.take(list(found.example)), times.speed_at(0.1))
    assert form.quantile(0.9) <= 320.0
    # The slowest six would not: the limit is one that binds.
    slowest = np.argsort(-times.beta, kind="stable")[:6]
    assert form_time(times.take(slowest), times.speed_at(0.1)).quantile(0.9) > 320.0


def test_a_time_limit_needs_times() -> None:
    with pytest.raises(ValueError, match="response times"):
        spec(time=TimeLimit(60.0)).constraints(a_pool())


def test_an_early_end_decides_the_cuts_on_the_reference_form() -> None:
    reference = Items.from_lists([1.0, 1.0], [0.0, 0.0])
    rule = EarlyEnd(4, None, 0.9, (50.0,)).rule(6, reference)
    (criterion,) = rule.criteria
    assert isinstance(criterion, Classified)
    assert (rule.minimum, rule.maximum, criterion.certainty) == (4, 6, 0.9)
    assert criterion.cuts == pytest.approx((0.0,), abs=1e-9)


@pytest.mark.parametrize("part", [{"time": TimeLimit(math.inf)}, {"early_end": EarlyEnd(3, se=math.inf)}])
def test_no_limit_is_without_end(part: dict[str, Any]) -> None:
    assert spec(**part).contradiction() == next(iter(part))
