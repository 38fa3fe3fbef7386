"""The posterior predictive check: written out by enumeration, silent under the model, loud where answers do not fit."""

from itertools import product

import numpy as np
import pytest

from irt.ability import Grid, LogLikTable, posterior
from irt.models import Items, prob
from irt.posterior_check import predictive_p


def a_table(n_items: int, seed: int) -> tuple[LogLikTable, Items]:
    rng = np.random.default_rng(seed)
    items = Items(rng.lognormal(0.3, 0.2, n_items), rng.normal(size=n_items), np.full(n_items, 0.15), np.ones(n_items))
    return LogLikTable.of(items, Grid()), items


def test_it_is_the_sum_over_nodes_and_answers() -> None:
    table, _items = a_table(4, 1)
    indices, scores = [0, 1, 2, 3], [0, 1, 0, 1]
    mass, exact = posterior(table, indices, scores), 0.0
    given = sum(table.values[i, s] for i, s in zip(indices, scores, strict=True))
    for made in product((0, 1), repeat=4):
        logs = sum(table.values[i, s] for i, s in zip(indices, made, strict=True))
        exact += float((mass * np.exp(logs) * (logs <= given + 1e-12)).sum())
    found = predictive_p(table, indices, scores, np.random.default_rng(2), draws=40_000)
    assert found == pytest.approx(exact, abs=4 * np.sqrt(0.25 / 40_000))


def test_under_the_model_it_is_silent_and_knowledge_of_the_hard_ones_is_found() -> None:
    table, items = a_table(40, 3)
    rng = np.random.default_rng(4)
    order = np.argsort(items.b)
    honest, odd = [], []
    for _ in range(400):
        x = (rng.random(40) < prob(float(rng.normal()), items)[0]).astype(int)
        honest.append(predictive_p(table, range(40), x, rng, draws=200))
        weak = (rng.random(40) < prob(-1.5, items)[0]).astype(int)
        weak[order[-12:]] = 1  # the hardest ones were known beforehand
        odd.append(predictive_p(table, range(40), weak, rng, draws=200))
    assert np.mean(np.array(honest) < 0.01) <= 0.01
    assert np.mean(np.array(odd) < 0.01) > 0.7


def test_what_was_not_answered_says_nothing_and_nothing_at_all_is_refused() -> None:
    table, _items = a_table(5, 6)
    both = (([0, 1], [1, 0]), ([0, 4, 1], [1, None, 0]))
    same = [predictive_p(table, indices, scores, np.random.default_rng(7)) for indices, scores in both]
    assert same[0] == same[1]
    with pytest.raises(ValueError, match="at least one answer"):
        predictive_p(table, [2], [None], np.random.default_rng(7))
    with pytest.raises(ValueError, match="at least one answer"):
        predictive_p(table, [2], [1], np.random.default_rng(7), draws=1)
