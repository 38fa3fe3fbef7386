"""Local dependence: pairs of items whose answers go together more than theta explains.

A screen for all pairs (Q3), a test for some that holds on adaptive data too, and the covariances `dimensionality` uses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control, norm

from irt._posteriors import CHUNK, Posteriors
from irt._responses import Matrix, Responses, Weights, person_values, ratio
from irt.ability import Grid
from irt.arrays import Floats
from irt.mixed import ItemSet, expected_score

LEAST_JOINT = 30  # persons who saw both items, below which a correlation is not worth its name


@dataclass(frozen=True)
class Pair:
    """Two items that depend on one another: Q3, Q3 less the mean of all pairs, persons who saw both."""

    first: int
    second: int
    q3: float
    adjusted: float
    n: float


@dataclass(frozen=True, eq=False)
class Q3:
    """Correlations of residuals.

    Attributes
    ----------
    values, adjusted : (n_items, n_items)
        Q3, and Q3 less its mean over the pairs; nan on the diagonal and where fewer than LEAST_JOINT saw both.
    n : (n_items, n_items)
        Persons who saw both.
    mean : float
        Of all pairs that have a value; about -1 / (n_items - 1) if the model holds.
    n_pairs, n_unknown : int
        Pairs with and without a value.
    named : tuple of Pair
        Those surely and noticeably positive, the strongest first.
    """

    values: Floats
    adjusted: Floats
    n: Floats
    mean: float
    n_pairs: int
    n_unknown: int
    named: tuple[Pair, ...]


def q3(
    x: Matrix,
    items: ItemSet,
    grid: Grid | None = None,
    theta: Sequence[float] | Floats | None = None,
    *,
    weights: Weights = None,
    cut: float = 0.2,
    level: float = 0.05,
) -> Q3:
    """Q3 of every pair, and the pairs to look at.

    Parameters
    ----------
    x : (n_persons, n_items)
        Scores, nan where an item was not seen.
    theta : (n_persons,), optional
        Estimates to take residuals from; without it the EAP under `grid`.
    cut, level : float
        A pair is named if its adjusted Q3 is at least `cut`, and above zero under Benjamini & Hochberg's (1995) rule
        at `level` (Fisher's z), so that sparse pairs are not named for their noise.

    Notes
    -----
    Where the choice of an item depends on earlier answers the residuals of pairs are correlated by the choice itself;
    confirm what is named there by `pair_tests`.

    References
    ----------
    Yen (1984), Applied Psychological Measurement 8, 125-145; Christensen, Makransky & Horton (2017), same journal 41,
    178-194, for the adjustment and the cut.
    """
    if not 0 < level < 1 or not cut >= 0:
        raise ValueError("level must lie between 0 and 1, cut must not be negative")
    data = _data(x, items, weights)
    if theta is None:
        points, _ = Posteriors.of(items, grid).moments(data)
    else:
        points = person_values(theta, data.n_rows, "theta")
    values, n = residual_correlations(data, items, points)
    known = np.isfinite(values)
    mean = float(values[known].mean()) if known.any() else np.nan
    adjusted = values - mean
    n_pairs = int(known.sum()) // 2
    n_unknown = data.n_items * (data.n_items - 1) // 2 - n_pairs
    return Q3(values, adjusted, n, mean, n_pairs, n_unknown, _named(values, adjusted, n, cut, level))


def residual_correlations(data: Responses, items: ItemSet, theta: Floats) -> tuple[Floats, Floats]:
    """Correlation of the residuals x - E[x | theta] of each pair over those who saw both, and their number.

    nan on the diagonal, where fewer than LEAST_JOINT saw both, and where a residual does not vary.
    """
    n = np.zeros((data.n_items, data.n_items))
    sums, squares, products = np.zeros_like(n), np.zeros_like(n), np.zeros_like(n)
    for rows in data.slices(CHUNK):
        seen = data.seen[rows].astype(np.float64)
        residual = np.where(data.seen[rows], data.x[rows] - expected_score(theta[rows], items), 0.0)
        weighted = data.weights[rows, None] * seen
        n += seen.T @ weighted
        sums += residual.T @ weighted  # of the row's item, over those who saw the column's too
        squares += (residual**2).T @ weighted
        products += residual.T @ (data.weights[rows, None] * residual)
    # A library's product of matrices need not be symmetric to the last bit.
    covariance = 0.5 * (products + products.T) - ratio(sums * sums.T, n)
    variance = np.maximum(squares - ratio(sums**2, n), 0.0)
    scale = np.sqrt(variance * variance.T)
    enough = (n >= LEAST_JOINT) & (scale > 1e-9 * np.sqrt(squares * squares.T))
    np.fill_diagonal(enough, False)
    return np.where(enough, np.clip(ratio(covariance, scale), -1.0, 1.0), np.nan), n


def _named(values: Floats, adjusted: Floats, n: Floats, cut: float, level: float) -> tuple[Pair, ...]:
    first, second = np.nonzero(np.triu(np.isfinite(values), 1))
    if first.size == 0:
        return ()
    q, above, joint = values[first, second], adjusted[first, second], n[first, second]
    shift = np.arctanh(np.clip(q, -0.999999, 0.999999)) - np.arctanh(np.clip(q - above, -0.999999, 0.999999))
    is_sure = false_discovery_control(norm.sf(shift * np.sqrt(joint - 3))) < level
    chosen = np.flatnonzero(is_sure & (above >= cut))
    order = chosen[np.argsort(-above[chosen], kind="stable")]
    return tuple(
        Pair(int(first[k]), int(second[k]), float(q[k]), float(above[k]), float(joint[k])) for k in order
    )


@dataclass(frozen=True, eq=False)
class PairTests:
    """Score tests of local dependence of the pairs asked for, (n_pairs,) each.

    `correlation` is the mean product of residuals along the posterior in units of their standard deviations; `z` is
    about standard normal if the model holds, `p` two-sided. nan where fewer than LEAST_JOINT saw both.
    """

    correlation: Floats
    z: Floats
    p: Floats
    n: Floats


def pair_tests(
    x: Matrix,
    items: ItemSet,
    pairs: Sequence[tuple[int, int]],
    grid: Grid | None = None,
    *,
    weights: Weights = None,
) -> PairTests:
    """Whether the products of residuals of these pairs are zero on the average, for data of any design.

    `grid` must have the population of these persons. Holds on adaptive data for the reason given in
    `fit.adaptive.adaptive_fit`: the expectation of (x_i - E_i)(x_j - E_j) given *all* the answers is the score of
    dependence, and its mean is zero whatever chose the items by earlier answers.

    References
    ----------
    Glas & Suarez Falcon (2003), Applied Psychological Measurement 27, 87-106; Liu & Thissen (2012), same journal 36,
    670-688; Louis (1982), JRSS B 44, 226-233, for the information.
    """
    data = _data(x, items, weights)
    wanted = np.asarray(pairs)
    if wanted.ndim != 2 or wanted.shape[1] != 2 or wanted.size == 0 or wanted.dtype.kind not in "iu":
        raise ValueError("pairs must be pairs of item numbers, at least one")
    if wanted.min() < 0 or wanted.max() >= data.n_items or (wanted[:, 0] == wanted[:, 1]).any():
        raise ValueError(f"pairs must be of two different items of 0 .. {data.n_items - 1}")
    tables = Posteriors.of(items, grid)
    tests = [_PairScore(tables, int(i), int(j)) for i, j in wanted]
    for rows in data.slices(CHUNK):
        mass = tables.mass(data, rows)
        for test in tests:
            test.add(mass, data, rows)
    correlation, z, n = (np.array(column) for column in zip(*(test.outcome() for test in tests), strict=True))
    return PairTests(correlation, z, 2 * norm.sf(np.abs(z)), n)


class _PairScore:
    """Scores of one pair: their sum and squares, and the pseudo-counts of its answers at the nodes."""

    def __init__(self, tables: Posteriors, first: int, second: int) -> None:
        k = np.arange(tables.p.shape[2])
        self._pair = first, second
        one, two = (k - tables.expected[:, item, None] for item in self._pair)
        self._p_one, self._p_two = tables.p[:, first], tables.p[:, second]
        self._c = one[:, :, None] * two[:, None, :]
        self._counts = np.zeros_like(self._c)
        self._sum = self._square = self._n = 0.0

    def add(self, mass: Floats, data: Responses, rows: slice) -> None:
        """Counts these persons in."""
        x = data.x[rows][:, self._pair]
        for one in range(self._c.shape[1]):
            for two in range(self._c.shape[2]):
                chose = (x[:, 0] == one) & (x[:, 1] == two)
                weights, of_them = data.weights[rows][chose], mass[chose]
                scores = of_them @ self._c[:, one, two]
                self._counts[:, one, two] += weights @ of_them
                self._sum += float(weights @ scores)
                self._square += float(weights @ scores**2)
                self._n += float(weights.sum())

    def outcome(self) -> tuple[float, float, float]:
        """Correlation, z and number of persons."""
        persons = self._counts.sum(axis=(1, 2))
        p = self._p_one[:, :, None] * self._p_two[:, None, :]
        variance = self._square + float(((persons[:, None, None] * p - self._counts) * self._c**2).sum())
        scale = float(persons @ np.sqrt((p * self._c**2).sum(axis=(1, 2))))
        if self._n < LEAST_JOINT or not variance > 0:
            return np.nan, np.nan, self._n
        return self._sum / scale, self._sum / variance**0.5, self._n


def conditional_covariances(data: Responses, tables: Posteriors) -> tuple[Floats, Floats]:
    """Mean product of the residuals of each pair along the posterior, and the persons who saw both.

    Zero on the average if the model holds, whatever the design; nan on the diagonal and for pairs nobody saw.
    """
    expected = tables.expected
    n, products = (np.zeros((data.n_items, data.n_items)) for _ in range(2))
    for rows in data.slices(CHUNK):
        mass = tables.mass(data, rows)
        seen, x, weights = data.seen[rows].astype(np.float64), data.filled[rows], data.weights[rows, None]
        mean = seen * (mass @ expected)
        n += seen.T @ (weights * seen)
        cross = x.T @ (weights * mean)
        products += x.T @ (weights * x) - cross - cross.T
        for node, at_node in enumerate(expected):
            products += np.outer(at_node, at_node) * (seen.T @ (weights * mass[:, node, None] * seen))
    np.fill_diagonal(n, 0.0)
    return ratio(products, n), n


def _data(x: Matrix, items: ItemSet, weights: Weights) -> Responses:
    data = Responses.of(x, weights, items.n_categories, unseen_allowed=True)
    if data.n_items < 2:
        raise ValueError("dependence needs at least two items")
    return data
