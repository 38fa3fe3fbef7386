"""What the bank needs and lacks, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irt.exposure import Control
from itembank.authoring.machine import MANUSCRIPT
from itembank.blueprints.spec import Spec
from itembank.inventory.filters import STATES
from itembank.inventory.health import COMING, USABLE, Held, health_of, histogram, needs
from itembank.inventory.service import ACTS, allows

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SPEC = Spec(
    length=20, tiers={"basic": (8, 8), "medium": (8, 8), "raised": (4, 4)}, areas={"north": (15, 15), "south": (5, 5)},
    exposure=Control("eligibility", 0.25),
)  # fmt: skip
ITEM = Held("basic", "north", "approved", True, NOW)


def test_each_cell_needs_what_the_exposure_limit_asks_for() -> None:
    assert needs(SPEC) == {
        ("north", "basic"): 24, ("north", "medium"): 24, ("north", "raised"): 12,
        ("south", "basic"): 8, ("south", "medium"): 8, ("south", "raised"): 4,
    }  # fmt: skip
    assert needs(replace(SPEC, exposure=None))["north", "basic"] == 12


def test_a_tier_without_an_exact_number_needs_no_more_than_a_test_can_hold() -> None:
    spec = replace(SPEC, tiers={"basic": (8, 20), "medium": (4, 20), "raised": (4, 20)})
    assert needs(spec)["north", "basic"] == 36  # of 20 at most 12 are basic: three quarters of them at 0.25


@given(st.floats(0.05, 1), st.integers(1, 10), st.integers(1, 10))
def test_what_is_needed_keeps_every_item_under_its_limit(limit: float, north: int, south: int) -> None:
    spec = replace(SPEC, exposure=Control("eligibility", limit), areas={"north": (north, 20), "south": (south, 20)})
    for (area, tier), needed in needs(spec).items():
        given_of_cell = spec.tiers[tier][1] * spec.areas[area][0] / (north + south)
        assert given_of_cell / needed <= limit + 1e-9


def test_only_approved_items_whole_in_their_languages_are_usable() -> None:
    held = [ITEM, replace(ITEM, is_whole=False), replace(ITEM, state="draft"), replace(ITEM, state="resting"),
            replace(ITEM, state="in_use")]  # fmt: skip
    health = health_of("geography", SPEC, held, NOW)
    [cell] = [cell for cell in health.cells if (cell.area, cell.tier) == ("north", "basic")]
    # What lacks a translation is to be translated, not written again.
    assert (cell.usable, cell.coming, cell.needed, cell.missing) == (2, 2, 24, 20)
    assert health.n_partial == 1
    assert health.states == {"approved": 2, "draft": 1, "resting": 1, "in_use": 1}


def test_the_emptiest_cells_are_written_for_first() -> None:
    held = [replace(ITEM, area=area, tier=tier) for area in ("north", "south") for tier in SPEC.tiers for _ in range(4)]
    to_write = health_of("geography", SPEC, held, NOW).to_write
    assert [(cell.area, cell.tier) for cell in to_write[:2]] == [("north", "basic"), ("north", "medium")]
    assert ("south", "raised") not in [(cell.area, cell.tier) for cell in to_write]


def test_an_area_the_blueprint_does_not_know_is_shown_and_needs_nothing() -> None:
    cells = health_of("geography", SPEC, [replace(ITEM, area="west")], NOW).cells
    [west] = [cell for cell in cells if cell.area == "west"]
    assert (west.usable, west.needed, west.missing, west.share) == (1, 0, 0, 1.0)


def test_items_that_are_old_or_were_never_given_are_counted() -> None:
    old = replace(ITEM, made_at=NOW - timedelta(days=6 * 365), n_given=9)
    health = health_of("geography", SPEC, [old, ITEM, replace(ITEM, state="draft")], NOW)
    assert (health.n_old, health.n_never_given, sorted(health.given)) == (1, 1, [0, 9])


def test_a_subject_without_items_lacks_everything() -> None:
    health = health_of("geography", SPEC, [], NOW)
    assert len(health.to_write) == 6
    assert sum(cell.missing for cell in health.to_write) == 80


@given(st.lists(st.floats(-9, 9)))
def test_every_value_stands_in_one_bar(values: list[float]) -> None:
    assert sum(histogram(values, [-2.0, -1.0, 0.0, 1.0, 2.0])) == len(values)


def test_values_beyond_the_ends_stand_in_the_last_bars() -> None:
    assert histogram([-9, -1.5, 0, 9], [-2.0, -1.0, 0.0, 1.0, 2.0]) == [2, 0, 1, 1]


def test_the_states_asked_for_are_those_of_the_machine() -> None:
    assert set(STATES) == MANUSCRIPT.states
    assert USABLE | COMING | {"resting", "retired"} == MANUSCRIPT.states


@pytest.mark.parametrize("act", ACTS)
def test_no_act_touches_what_its_author_still_writes(act: str) -> None:
    if act != "family":
        assert not any(allows(act, state) for state in ("draft", "content_review", "language_review", "retired"))
