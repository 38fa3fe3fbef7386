"""Where unscored items stand and who is offered which: lawful always, even in the long run, repeatable."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irt.draws import Draws
from itembank.pretests.places import WHOLE, Kin, Layout, nearest, offered, share, spread

FREE = Kin(None, None)
LAYOUTS = st.builds(Layout, st.integers(1, 6), st.integers(0, 6), st.integers(1, 5))


@given(LAYOUTS, st.integers(1, 40), st.integers(0, 12), st.integers(0, 2**62))
def test_places_are_lawful_and_the_same_each_time(layout: Layout, length: int, n: int, seed: int) -> None:
    if n > layout.most(length):
        with pytest.raises(ValueError, match="no room"):
            layout.places(n, length, Draws(seed, 1))
        return
    places = layout.places(n, length, Draws(seed, 1))
    assert len(places) == n
    assert all(layout.first <= at <= length - layout.last for at in places)
    assert all(b - a >= layout.apart for a, b in pairwise(places))
    assert places == layout.places(n, length, Draws(seed, 1))


def test_most_is_as_many_as_there_is_room_for() -> None:
    for length in range(1, 15):
        for layout in (Layout(3, 2, 1), Layout(2, 1, 3), Layout(1, 0, 2)):
            lawful = [at for at in range(length + 1) if layout.first <= at <= length - layout.last]
            sizes = [n for n in range(len(lawful) + 1) for chosen in combinations(lawful, n)
                     if all(b - a >= layout.apart for a, b in pairwise(chosen))]  # fmt: skip
            assert layout.most(length) == max(sizes)


def test_every_lawful_way_is_equally_likely() -> None:
    """Chi-squared over the 15 ways of two places in 8 .. 12 apart: 99.9 % of even draws stay below 36."""
    layout, n = Layout(3, 2, 2), 6_000
    found = Counter(layout.places(2, 11, Draws(seed, 1)) for seed in range(n))
    ways = [(a, b) for a, b in combinations(range(3, 10), 2) if b - a >= 2]
    assert set(found) == set(ways)
    expected = n / len(ways)
    assert sum((found[way] - expected) ** 2 / expected for way in ways) < 36


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.sampled_from([None, "a", "b"]), st.sampled_from([None, "p"])),
             min_size=1, max_size=12),
    st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**62), st.sets(st.integers(0, 11)),
)  # fmt: skip
def test_the_least_answered_are_offered_and_never_two_that_clash(
    rows: list[tuple[int, str | None, str | None]], n: int, needed: int, seed: int, closed: set[int]
) -> None:
    counts, kin = [row[0] for row in rows], [Kin(*row[1:]) for row in rows]
    found = offered(counts, needed, kin, closed, n, Draws(seed, 1))
    assert len(set(found)) == len(found) <= n
    assert closed.isdisjoint(found)
    assert all(counts[at] < needed * WHOLE for at in found)
    assert not any(kin[a].clashes(kin[b]) for a, b in combinations(found, 2))
    for at in set(range(len(rows))) - set(found) - closed:
        is_open = counts[at] < needed * WHOLE
        is_behind = len(found) == n and all(counts[at] >= counts[other] for other in found)
        assert not is_open or is_behind or any(kin[at].clashes(kin[other]) for other in found)
    assert found == offered(counts, needed, kin, closed, n, Draws(seed, 1))


def test_answers_are_spread_evenly_and_end_when_there_are_enough() -> None:
    kin = [FREE] * 11
    counts = spread(kin, 1_000, 3, 3, 400, lambda k: Draws(7, k))
    assert sum(counts) == 400 * 3 * WHOLE
    assert max(counts) - min(counts) <= WHOLE
    full = spread(kin, 20, 3, 3, 400, lambda k: Draws(7, k))
    assert full == [20 * WHOLE] * 11
    near = spread(kin, 1_000, 2, 6, 300, lambda k: Draws(7, k))
    assert max(near) - min(near) <= WHOLE


def test_pairs_that_meet_are_drawn_by_lot() -> None:
    """With equal counts any pair is as likely: no item always comes with the same other."""
    pairs = Counter(
        tuple(sorted(offered([0] * 6, 9, [FREE] * 6, (), 2, Draws(seed, 1)))) for seed in range(3_000)
    )
    assert len(pairs) == 15
    assert max(pairs.values()) < 2 * min(pairs.values())


def test_what_an_offer_is_worth_and_which_is_nearest() -> None:
    assert [share(2, 6), share(3, 3), share(3, 2), share(1, 0)] == [333, WHOLE, WHOLE, 0]
    guesses = (-1.0, 0.1, 1.2, 0.1)
    assert [nearest(guesses, (0, 1, 2, 3), theta) for theta in (-3.0, 0.0, 2.0)] == [0, 1, 2]
    assert nearest(guesses, (3, 1), 0.0) == 3, "of equals the one that stands first in the lot"
