"""The data behind the figures: responses drawn from known parameters, and pretest data of adaptive tests.

theta ~ N(0, 1) unless said otherwise; everything is in the logistic metric (D = 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from irt.arrays import Floats
from irt.models import Items, info, prob

N_CATEGORIES = 5
CHUNK = 20_000  # persons drawn at once, so that a million of them need no second copy
POOL, OPERATIONAL, PRETEST, PRETEST_SEEN, BEST = 300, 25, 40, 5, 5
POPULATION = (0.5, 1.2)  # mean and standard deviation of those who take the adaptive tests


@dataclass(frozen=True, eq=False)
class Responses:
    """Answers `x` (n_persons, n_items) and the parameters they were drawn from; `b` has a column a threshold."""

    a: Floats
    b: Floats
    c: Floats
    x: Floats


@dataclass(frozen=True, eq=False)
class Pretest:
    """`x` (n_persons, n_known + n_pretest), nan where not seen; the `known` items come first, `new` are true."""

    x: Floats
    known: Items
    new: Items


def dichotomous_items(rng: np.random.Generator, n_items: int, guessing: bool) -> Items:
    """a ~ lognormal(.2, .3) in [.5, 2.5], b ~ N(0, 1) in +-2.5, c ~ Beta(20, 80) in [.05, .35] or none."""
    a = rng.lognormal(0.2, 0.3, n_items).clip(0.5, 2.5)
    b = rng.standard_normal(n_items).clip(-2.5, 2.5)
    c = rng.beta(20, 80, n_items).clip(0.05, 0.35) if guessing else np.zeros(n_items)
    return Items(a, b, c, np.ones(n_items))


def dichotomous(
    rng: np.random.Generator, n_persons: int, n_items: int, guessing: bool, dtype: type = np.float64
) -> Responses:
    """Right (1) and wrong (0) answers of `n_persons`."""
    items = dichotomous_items(rng, n_items, guessing)
    x = np.empty((n_persons, n_items), dtype)
    for start in range(0, n_persons, CHUNK):
        rows = x[start : start + CHUNK]
        rows[:] = rng.random(rows.shape) < prob(rng.standard_normal(len(rows)), items)
    return Responses(items.a, items.b[:, None], items.c, x)


def graded(rng: np.random.Generator, n_persons: int, n_items: int) -> Responses:
    """Graded response model: thresholds at location - .9 and then in steps of U(.5, 1.1)."""
    a, location = _polytomous_items(rng, n_items)
    steps = rng.uniform(0.5, 1.1, (n_items, N_CATEGORIES - 2))
    b = location[:, None] + np.hstack((np.full((n_items, 1), -0.9), -0.9 + np.cumsum(steps, axis=1)))
    theta = rng.standard_normal(n_persons)
    at_least = expit(a[:, None] * (theta[:, None, None] - b))
    x = (rng.random((n_persons, n_items, 1)) < at_least).sum(axis=2)
    return Responses(a, b, np.zeros(n_items), x.astype(np.float64))


def partial_credit(rng: np.random.Generator, n_persons: int, n_items: int) -> Responses:
    """Generalised partial credit model: step difficulties are the location + N(0, .7)."""
    a, location = _polytomous_items(rng, n_items)
    b = location[:, None] + 0.7 * rng.standard_normal((n_items, N_CATEGORIES - 1))
    theta = rng.standard_normal(n_persons)
    steps = a[:, None] * (theta[:, None, None] - b)
    weight = np.exp(np.concatenate((np.zeros((n_persons, n_items, 1)), steps.cumsum(axis=2)), axis=2))
    below = weight.cumsum(axis=2)
    x = (rng.random((n_persons, n_items, 1)) * below[..., -1:] > below[..., :-1]).sum(axis=2)
    return Responses(a, b, np.zeros(n_items), x.astype(np.float64))


def _polytomous_items(rng: np.random.Generator, n_items: int) -> tuple[Floats, Floats]:
    """Slopes lognormal(.1, .3) in [.5, 2.2] and locations N(0, .7)."""
    return rng.lognormal(0.1, 0.3, n_items).clip(0.5, 2.2), rng.normal(0.0, 0.7, n_items)


def adaptive_pretest(rng: np.random.Generator, n_persons: int, guessing: bool) -> Pretest:
    """Maximum-information tests of 25 of 300 known items, each with 5 of 40 new items nobody is scored on.

    The next item is one of the five most informative at the person's EAP, at random; the population is N(.5, 1.2).
    """
    known = dichotomous_items(rng, POOL, guessing)
    new = dichotomous_items(rng, PRETEST, guessing)
    theta = POPULATION[0] + POPULATION[1] * rng.standard_normal(n_persons)
    x = np.full((n_persons, POOL + PRETEST), np.nan)
    for start in range(0, n_persons, CHUNK):
        stop = min(start + CHUNK, n_persons)
        _take_tests(rng, known, theta[start:stop], x[start:stop, :POOL])
    seen = rng.random((n_persons, PRETEST)).argsort(axis=1)[:, :PRETEST_SEEN]
    rows = np.arange(n_persons)[:, None]
    right = rng.random((n_persons, PRETEST)) < prob(theta, new)
    x[rows, POOL + seen] = right[rows, seen]
    return Pretest(x, known, new)


def _take_tests(rng: np.random.Generator, items: Items, theta: Floats, x: Floats) -> None:
    """Fills `x` (n_persons, n_known) with the answers of adaptive tests, all persons step by step together."""
    nodes = np.linspace(-4.0, 4.0, 81)
    information = info(nodes, items)
    p_node = prob(nodes, items)
    log_lik = np.stack((np.log1p(-p_node), np.log(p_node)))
    p_true = prob(theta, items)
    rows = np.arange(theta.size)
    posterior = np.tile(-0.5 * nodes**2, (theta.size, 1))
    for _ in range(OPERATIONAL):
        mass = np.exp(posterior - posterior.max(axis=1, keepdims=True))
        eap = mass @ nodes / mass.sum(axis=1)
        nearest = np.rint((eap - nodes[0]) / (nodes[1] - nodes[0])).astype(np.intp)
        gain = np.where(np.isnan(x), information[nearest], -1.0)
        best = np.argpartition(gain, -BEST, axis=1)[:, -BEST:]
        item = best[rows, rng.integers(0, BEST, theta.size)]
        right = rng.random(theta.size) < p_true[rows, item]
        x[rows, item] = right
        posterior += log_lik[right.astype(np.intp), :, item]
