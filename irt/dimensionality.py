"""Is one theta enough? Eigenvalues against chance, residuals against the model, DETECT by content area.

The first two need pairs of items seen together by many and refuse others; DETECT holds for adaptive data too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from irt._posteriors import Posteriors
from irt._responses import Matrix, Responses, Weights, ratio, refuse
from irt._tetrachoric import tetrachoric, with_half_a_person
from irt.ability import Grid
from irt.arrays import Bools, Floats, Ints
from irt.dependence import LEAST_JOINT, conditional_covariances, residual_correlations
from irt.mixed import ItemSet

Correlation = Literal["tetrachoric", "pearson"]


@dataclass(frozen=True, eq=False)
class Eigenvalues:
    """Eigenvalues of the correlations of the items, in descending order.

    Attributes
    ----------
    values, by_chance : (n_items,)
        Observed, and the 95th percentile of those of items that have nothing in common.
    ratio : float
        First to second.
    n_factors : int
        How many in succession lie above chance (parallel analysis).
    least_joint : float
        The fewest persons that any pair of items rests on.
    """

    values: Floats
    by_chance: Floats
    ratio: float
    n_factors: int
    least_joint: float


def eigenvalues(
    x: Matrix, rng: np.random.Generator, correlation: Correlation = "tetrachoric", n_replications: int = 50
) -> Eigenvalues:
    """Eigenvalues with a parallel analysis: each item's answers are dealt anew among those who saw it.

    Parameters
    ----------
    x : (n_persons, n_items)
        Scores, nan where missing by a design that does not depend on the answers. Each pair must have been seen by
        LEAST_JOINT persons; an adaptive test's correlations are of persons alike and say nothing of dimensions.
    rng : numpy.random.Generator
    correlation
        "tetrachoric" for 0/1 scores, "pearson" for more categories.

    References
    ----------
    Horn (1965), Psychometrika 30, 179-185; Weng & Cheng (2005), Educational and Psychological Measurement 65, 697-716,
    for 0/1 items; Reckase (1979) on the first eigenvalue.
    """
    if correlation not in ("tetrachoric", "pearson"):
        raise ValueError(f"unknown correlation {correlation!r}")
    _check_replications(n_replications)
    data = Responses.of(x)
    n = _joint(data)
    if correlation == "tetrachoric":
        refuse("with more than two categories, which need correlation='pearson'", data.filled.max(axis=0) > 1)
    values = _spectrum(_correlations(data.filled, data.seen, correlation))
    chance = np.empty((n_replications, data.n_items))
    for replication in range(n_replications):
        dealt = np.zeros_like(data.filled)
        for item in range(data.n_items):
            seen = data.seen[:, item]
            dealt[seen, item] = rng.permutation(data.x[seen, item])
        chance[replication] = _spectrum(_correlations(dealt, data.seen, correlation))
    by_chance = np.quantile(chance, 0.95, axis=0)
    above = values > by_chance
    n_factors = int(np.argmin(above)) if not above.all() else data.n_items
    second = values[1]
    return Eigenvalues(
        values, by_chance, float(values[0] / second) if second > 0 else np.inf, n_factors, float(n.min())
    )


@dataclass(frozen=True, eq=False)
class ResidualCheck:
    """Largest eigenvalue of the residual correlations (Q3), what the model gives for it, and p.

    Attributes
    ----------
    largest : float
    expected : (n_replications,)
        The same of data simulated from the model, in ascending order.
    p : float
        Part of these (and of the observed one) not below `largest`.
    loadings : (n_items,)
        The eigenvector: items of one sign pull together against the others.
    """

    largest: float
    expected: Floats
    p: float
    loadings: Floats


def residual_check(
    x: Matrix, items: ItemSet, rng: np.random.Generator, grid: Grid | None = None, n_replications: int = 99
) -> ResidualCheck:
    """Whether something besides theta is left in the answers (modified parallel analysis).

    The reference is simulated with the same items, population and pattern of missing answers, which must not depend on
    the answers; each pair of items must have been seen by LEAST_JOINT persons.

    References
    ----------
    Drasgow & Lissak (1983), Journal of Applied Psychology 68, 363-373; with residuals: Chou & Wang (2010), Educational
    and Psychological Measurement 70, 717-731.
    """
    _check_replications(n_replications)
    data = Responses.of(x, None, items.n_categories)
    _joint(data)
    tables = Posteriors.of(items, grid)
    largest, loadings = _largest(data, items, tables)
    cumulative = np.cumsum(tables.p, axis=2)[..., :-1]
    expected = np.empty(n_replications)
    for replication in range(n_replications):
        nodes = rng.choice(tables.grid.n_nodes, data.n_rows, p=np.exp(tables.grid.log_prior))
        drawn = (rng.random((*data.x.shape, 1)) > cumulative[nodes]).sum(axis=2).astype(np.float64)
        simulated = Responses(np.where(data.seen, drawn, np.nan), data.seen, data.weights)
        expected[replication], _ = _largest(simulated, items, tables)
    p = (1 + int((expected >= largest).sum())) / (1 + n_replications)
    return ResidualCheck(largest, np.sort(expected), p, loadings)


@dataclass(frozen=True)
class Detect:
    """DETECT of a partition of the items, its sign index (ASSI) and its ratio, and how many pairs they rest on.

    DETECT below .2 is essential unidimensionality, .2 to .4 weak, .4 to 1 moderate and above 1 strong
    multidimensionality; ratio and ASSI near 1 say that the partition is the structure.
    """

    detect: float
    assi: float
    ratio: float
    n_pairs: int
    n_unknown: int


def detect(
    x: Matrix,
    items: ItemSet,
    clusters: Sequence[int] | Ints,
    grid: Grid | None = None,
    *,
    weights: Weights = None,
) -> Detect:
    """DETECT of the items' partition into `clusters` (n_items,), content areas for one, given beforehand.

    100 times the mean over pairs of the conditional covariance, taken negative for pairs of two clusters. Pairs seen by
    fewer than LEAST_JOINT are left out and counted. The covariances are those along the posterior
    (`dependence.conditional_covariances`), zero on the average in adaptive data too if the model holds.

    References
    ----------
    Stout, Habing, Douglas, Kim, Roussos & Zhang (1996), Applied Psychological Measurement 20, 331-354; Zhang & Stout
    (1999), Psychometrika 64, 213-249; Roussos & Ozbek (2006), Journal of Educational Measurement 43, 215-243.
    """
    data = Responses.of(x, weights, items.n_categories, unseen_allowed=True)
    of_item = np.asarray(clusters)
    if of_item.shape != (data.n_items,) or of_item.dtype.kind not in "iu":
        raise ValueError("clusters needs one whole number for each item")
    covariances, n = conditional_covariances(data, Posteriors.of(items, grid))
    first, second = np.triu_indices(data.n_items, 1)
    known = n[first, second] >= LEAST_JOINT
    n_pairs = int(known.sum())
    if n_pairs == 0:
        return Detect(np.nan, np.nan, np.nan, 0, known.size)
    covariance = covariances[first, second][known]
    sign = np.where(of_item[first] == of_item[second], 1.0, -1.0)[known]
    size = float(np.abs(covariance).mean())
    mean = float((sign * covariance).mean())
    assi = float((sign * np.sign(covariance)).mean())
    return Detect(100 * mean, assi, mean / size if size > 0 else np.nan, n_pairs, known.size - n_pairs)


def _check_replications(n_replications: int) -> None:
    if type(n_replications) is not int or n_replications < 1:
        raise ValueError("n_replications must be a whole number of at least 1")


def _joint(data: Responses) -> Floats:
    """Persons who saw both items of each pair, (n_items, n_items); ValueError where too few or all alike."""
    if data.n_items < 3:
        raise ValueError("dimensionality needs at least three items")
    seen = data.seen.astype(np.float64)
    n: Floats = seen.T @ seen
    first, second = np.triu_indices(data.n_items, 1)
    n_thin = int((n[first, second] < LEAST_JOINT).sum())
    if n_thin:
        raise ValueError(
            f"{n_thin} of {first.size} pairs of items were seen together by fewer than {LEAST_JOINT} persons: "
            "take items that were, or see detect, which leaves such pairs out"
        )
    low = np.where(data.seen, data.x, np.inf).min(axis=0)
    refuse("on which everybody scored the same", low == data.filled.max(axis=0))
    return n


def _correlations(x: Floats, seen_by: Bools, kind: Correlation) -> Floats:
    """Correlation of each pair over those who saw both; x is 0 where not seen."""
    seen = seen_by.astype(np.float64)
    n, sums, both = seen.T @ seen, x.T @ seen, x.T @ x
    first, second = np.triu_indices(n.shape[0], 1)
    matrix = np.eye(n.shape[0])
    if kind == "tetrachoric":
        shares = with_half_a_person(both[first, second], sums[first, second], sums[second, first], n[first, second])
        values = tetrachoric(*shares)
    else:
        squares = (x**2).T @ seen
        variance = squares - sums**2 / n
        scale = np.sqrt(variance * variance.T)
        values = np.nan_to_num(ratio(both - sums * sums.T / n, scale))[first, second]
    matrix[first, second] = matrix[second, first] = values
    return matrix


def _spectrum(matrix: Floats) -> Floats:
    descending: Floats = np.asarray(np.linalg.eigvalsh(matrix)[::-1], dtype=np.float64)
    return descending


def _largest(data: Responses, items: ItemSet, tables: Posteriors) -> tuple[float, Floats]:
    """Largest eigenvalue of Q3 with ones on the diagonal, and its vector; a residual that never varies counts 0."""
    theta, _ = tables.moments(data)
    matrix = np.nan_to_num(residual_correlations(data, items, theta)[0])
    np.fill_diagonal(matrix, 1.0)
    values, vectors = np.linalg.eigh(matrix)
    loadings: Floats = vectors[:, -1]
    return float(values[-1]), loadings
