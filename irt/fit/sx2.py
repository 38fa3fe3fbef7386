"""S-X2: does each item work at each level of the observed sum score as the model says? For complete data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from irt._responses import Matrix, Responses, Weights
from irt.ability import Grid
from irt.arrays import Floats, Ints
from irt.fit.sum_scores import sum_scores, sum_scores_without_each
from irt.mixed import ItemSet, Mixed, log_prob
from irt.models import Items


@dataclass(frozen=True, eq=False)
class FitTable:
    """Observed and expected persons, each (n_groups, n_categories), by groups of sum scores after collapsing.

    `lowest`, `highest` (n_groups,) are the sum scores of each group. Within a group, categories pooled with a
    neighbour are nan but for the pool's first.
    """

    lowest: Ints
    highest: Ints
    observed: Floats
    expected: Floats


@dataclass(frozen=True, eq=False)
class SX2:
    """The statistic of each item, its degrees of freedom and p value, (n_items,), and the tables behind them.

    Where collapsing left no degree of freedom p and rmsea are nan: nothing can be said of that item.
    """

    statistic: Floats
    df: Ints
    p: Floats
    rmsea: Floats
    tables: tuple[FitTable, ...]


def sx2(
    x: Matrix,
    items: ItemSet,
    grid: Grid | None = None,
    n_estimated: Sequence[int] | Ints | None = None,
    *,
    weights: Weights = None,
    min_expected: float = 1.0,
) -> SX2:
    """S-X2 of each item.

    Parameters
    ----------
    x : (n_persons, n_items)
        Scores, complete; on adaptive data the sum score means nothing and `fit.adaptive` is to be used.
    items, grid
        The parameters, and the nodes with the population they were calibrated to.
    n_estimated : (n_items,), optional
        Parameters of each item estimated from these same data; zeros if from others. Without it all the item has.
    min_expected : float
        Least expected count of a cell. Score groups of dichotomous items are pooled from both ends to the middle,
        categories of others within a score group; those groups in which a category cannot occur join their
        neighbour first.

    References
    ----------
    Orlando & Thissen (2000), Applied Psychological Measurement 24, 50-64; Kang & Chen (2008), Journal of Educational
    Measurement 45, 391-406.
    """
    data = Responses.of(x, weights, items.n_categories)
    if not data.is_complete:
        raise ValueError("S-X2 needs complete data; for items missing by design use fit.adaptive")
    if data.n_items < 3:
        raise ValueError("S-X2 needs at least three items")
    if not min_expected > 0:
        raise ValueError("min_expected must be positive")
    estimated = n_parameters(items) if n_estimated is None else np.asarray(n_estimated)
    if estimated.shape != (data.n_items,) or estimated.dtype.kind not in "iu" or (estimated < 0).any():
        raise ValueError("n_estimated needs one whole number for each item")
    tables = _tables(data, items, grid or Grid(), min_expected)
    statistic = np.array([_pearson(table) for table in tables])
    cells = np.array([np.isfinite(table.expected).sum() - len(table.expected) for table in tables])
    df = np.maximum(cells - estimated, 0)
    has_df = df > 0
    p = np.where(has_df, chi2.sf(statistic, np.maximum(df, 1)), np.nan)
    return SX2(statistic, df, p, rmsea(statistic, df, data.n_persons), tables)


def rmsea(statistic: Floats, df: Ints, n_persons: float) -> Floats:
    """Root mean square error of approximation, sqrt(max(X2 - df, 0) / (df (N - 1))); nan without a df."""
    room = np.maximum(df, 1) * max(n_persons - 1, 1)
    value: Floats = np.where(df > 0, np.sqrt(np.maximum(statistic - df, 0) / room), np.nan)
    return value


def n_parameters(items: ItemSet) -> Ints:
    """How many parameters each item has, (n_items,): an asymptote counts where it is not at its end."""
    if isinstance(items, Mixed):
        counts = np.empty(len(items), dtype=np.intp)
        for part, places in items.placed:
            counts[places] = n_parameters(part)
        return counts
    if isinstance(items, Items):
        return 2 + (items.c > 0).astype(np.intp) + (items.d < 1)
    return items.n_categories.astype(np.intp)


def _tables(data: Responses, items: ItemSet, grid: Grid, least: float) -> tuple[FitTable, ...]:
    mass = np.exp(grid.log_prior)
    p = np.exp(log_prob(grid.nodes, items))
    others = sum_scores_without_each(grid.nodes, items)
    whole = mass @ sum_scores(grid.nodes, items)
    total = data.x.sum(axis=1).astype(np.intp)
    persons = np.bincount(total, data.weights, minlength=whole.size)
    tables = []
    for item, m in enumerate(items.n_categories):
        joint = np.zeros((whole.size, m))  # of sum score and category
        observed = np.zeros_like(joint)
        for category in range(m):
            joint[category:, category] = (mass * p[:, item, category]) @ others[item, :, : whole.size - category]
        share = np.divide(joint, whole[:, None], out=np.zeros_like(joint), where=whole[:, None] > 0)
        np.add.at(observed, (total, data.x[:, item].astype(np.intp)), data.weights)
        tables.append(_collapsed(observed, share * persons[:, None], least))
    return tuple(tables)


def _collapsed(observed: Floats, expected: Floats, least: float) -> FitTable:
    """The table of score groups of which every category can occur and, as far as may be, is expected `least` times."""
    n_scores, m = expected.shape
    if n_scores < 2 * m - 1:  # no score at which every category is possible
        return FitTable(np.empty(0, np.intp), np.empty(0, np.intp), np.empty((0, m)), np.empty((0, m)))
    # Scores 0 and S leave no choice; below m - 1 and above S - m + 1 some category cannot occur.
    starts = [1, *range(m, n_scores - m + 1), n_scores - 1]
    if m == 2:
        starts = _pooled_from_both_ends(expected, starts, least)
    lowest, highest = np.array(starts[:-1]), np.array(starts[1:]) - 1
    observed = np.add.reduceat(observed[: n_scores - 1], lowest)
    expected = np.add.reduceat(expected[: n_scores - 1], lowest)
    if m > 2:
        for group in range(len(expected)):
            _pool_categories(observed[group], expected[group], least)
    return FitTable(lowest, highest, observed, expected)


def _pooled_from_both_ends(expected: Floats, starts: list[int], least: float) -> list[int]:
    """`starts` without those whose group is too thin: it joins the neighbour towards the middle."""
    starts = list(starts)

    def is_thin(group: int) -> bool:
        return bool(expected[starts[group] : starts[group + 1]].sum(axis=0).min() < least)

    while True:
        thin = [group for group in range(len(starts) - 1) if is_thin(group)]
        if not thin or len(starts) <= 2:
            return starts
        middle = (len(starts) - 1) / 2
        group = max(thin, key=lambda number: abs(number + 0.5 - middle))
        del starts[group + 1 if group + 0.5 < middle else group]


def _pool_categories(observed: Floats, expected: Floats, least: float) -> None:
    """Pools neighbouring categories of one score group in place, upwards; what is left at the top joins the last."""
    first = 0
    kept = []
    for category in range(expected.size):
        if category > first:
            for counts in (observed, expected):
                counts[first] += counts[category]
                counts[category] = np.nan
        if expected[first] >= least:
            kept.append(first)
            first = category + 1
    if first < expected.size and kept:
        for counts in (observed, expected):
            counts[kept[-1]] += counts[first]
            counts[first] = np.nan


def _pearson(table: FitTable) -> float:
    """Sum of (O - E)^2 / E over the cells; one never expected and never seen adds nothing."""
    counted = table.expected > 0
    residual = table.observed[counted] - table.expected[counted]
    return float((residual**2 / table.expected[counted]).sum())
