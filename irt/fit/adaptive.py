"""Item fit along the posterior of theta, for data of any design, adaptive ones included.

What is found is left to people: an item is named when it is both surely and noticeably off.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, false_discovery_control

from irt._posteriors import CHUNK, Posteriors
from irt._responses import Matrix, Responses, Weights, ratio
from irt.ability import Grid
from irt.arrays import Bools, Floats, Ints
from irt.fit._gradients import prob_gradients
from irt.mixed import ItemSet

_LEAST_PERSONS = 50  # below it chi-square is no guide
_LEAST_INFORMATION = 10.0  # of a band, in persons times P (1 - P) of the rarest category
_LEAST_VARIANCE = 0.03  # of a direction, relative to the largest: bands smeared into one another say nothing


@dataclass(frozen=True, eq=False)
class AdaptiveFit:
    """Fit of each item, (n_items,) where nothing else is said.

    Attributes
    ----------
    n : persons who saw the item
    rmsd : root mean squared difference between observed and expected proportions along theta
    rmsd_adjusted : the same less what chance alone adds; the effect size
    statistic, df : score statistic for the model holding in every band, chi-square
    p : its p value, nan where too few saw the item
    p_adjusted : p under Benjamini & Hochberg (1995) over the items
    is_flagged : p_adjusted below `level` and rmsd_adjusted at least `least_rmsd`
    bands : (n_items, n_bands)
        Mean theta of each band, nan where an item has fewer.
    persons : (n_items, n_bands)
        Sum of the posterior masses in it.
    observed, expected : (n_items, n_bands, max_categories)
        Proportion of each category, for a plot.
    """

    n: Floats
    rmsd: Floats
    rmsd_adjusted: Floats
    statistic: Floats
    df: Ints
    p: Floats
    p_adjusted: Floats
    is_flagged: Bools
    bands: Floats
    persons: Floats
    observed: Floats
    expected: Floats


@dataclass(frozen=True, eq=False)
class Rule:
    """How finely to look and when to name an item."""

    n_bands: int = 4
    level: float = 0.05
    least_rmsd: float = 0.03

    def __post_init__(self) -> None:
        if type(self.n_bands) is not int or self.n_bands < 1:
            raise ValueError("n_bands must be a whole number of at least 1")
        if not 0 < self.level < 1 or not self.least_rmsd >= 0:
            raise ValueError("level must lie between 0 and 1, least_rmsd must not be negative")


def adaptive_fit(
    x: Matrix,
    items: ItemSet,
    grid: Grid | None = None,
    rule: Rule | None = None,
    *,
    weights: Weights = None,
    estimated: bool = False,
) -> AdaptiveFit:
    """Fit of each item from expected against observed proportions along the posterior.

    Parameters
    ----------
    x : (n_persons, n_items)
        Scores, nan where an item was not seen.
    items, grid
        The parameters, and the nodes with the population of *these* persons (see `calibration`): a wrong population
        is read as misfit.
    estimated : bool
        Whether the items' parameters were estimated from these same data, as of pretest items; then what they can
        mend is taken out before the test.

    Notes
    -----
    With pi_p the posterior of person p given *all* the answers, and h_j the indicator of a band of theta, the model
    says E[sum_q pi_pq h_j(q) (1[x = k] - P_k(q))] = 0 whatever chose the items, so long as it saw only earlier answers
    of this person: it is the score of a shift in band j, and the likelihood does not know the selection. (This is not
    true of the posterior without the item: later items betray the answer.) Their sums are referred to the observed
    information (`variance` below); no simulation of the selection is needed. The posterior smears a local departure,
    so the rmsd is rather too small in short tests; and items badly off move the posteriors that judge the others, so
    mend the worst and look again.

    References
    ----------
    Glas (1999), Psychometrika 64, 273-294 (score tests of fit); Stone (2000), Journal of Educational Measurement 37,
    58-75 (pseudo-counts); Louis (1982), JRSS B 44, 226-233 (the information); Koehler, Robitzsch & Hartig (2020),
    Journal of Educational and Behavioral Statistics 45, 251-273 (the rmsd and its bias).
    """
    rule = rule or Rule()
    data = Responses.of(x, weights, items.n_categories, unseen_allowed=True)
    tables = Posteriors.of(items, grid)
    counts, squares = _pseudo_counts(data, tables)
    gradients = prob_gradients(tables.grid.nodes, items) if estimated else [None] * data.n_items
    fits = [
        _Item(tables.p[:, item, :m], counts[:m, item].T, squares[:m, item].T, rule.n_bands, gradients[item])
        for item, m in enumerate(items.n_categories)
    ]
    for rows in data.slices(CHUNK):
        mass = tables.mass(data, rows)
        for item, fit in enumerate(fits):
            fit.add(mass, data.x[rows, item], data.weights[rows])
    return _together(fits, tables.grid.nodes, rule, tables.p.shape[2])


def _pseudo_counts(data: Responses, tables: Posteriors) -> tuple[Floats, Floats]:
    """Sums of the posterior masses, and of their squares, of those who gave each answer, (m, n_items, n_nodes)."""
    counts, squares = np.zeros_like(tables.log_p), np.zeros_like(tables.log_p)
    for rows in data.slices(CHUNK):
        mass = tables.mass(data, rows)
        for category in range(counts.shape[0]):
            chose = (data.weights[rows, None] * (data.x[rows] == category)).T
            counts[category] += chose @ mass
            squares[category] += chose @ mass**2
    return counts, squares


class _Item:
    """Pseudo-counts of one item's categories at the nodes, and the persons' scores for each departure tested.

    The score of person p is sum_q pi_pq c(q, x_p): c (n_nodes, m, n_directions) holds first the shifts of each
    category but 0 in each band, then the item's own parameters if they are to be allowed for.
    """

    def __init__(
        self, p: Floats, counts: Floats, squares: Floats, n_bands: int, gradients: Floats | None
    ) -> None:
        self.p, self.counts, self.squares = p, counts, squares
        self.at_nodes = counts.sum(axis=1)
        self.within = _bands(self.at_nodes, p, n_bands)
        surprise = np.eye(p.shape[1])[:, 1:] - p[:, None, 1:]
        self.c = (self.within[:, None, :, None] * surprise[:, :, None, :]).reshape(*p.shape, -1)
        self.n_tested = self.c.shape[2]
        if gradients is not None:
            own = np.divide(gradients, p, out=np.zeros_like(gradients), where=p > 1e-300)
            self.c = np.concatenate([self.c, own.transpose(1, 2, 0)], axis=2)
        self.products = np.zeros((self.c.shape[2],) * 2)

    def add(self, mass: Floats, x: Floats, weights: Floats) -> None:
        """Counts the scores of these persons in: posteriors (n, n_nodes), answers (nan where not seen), weights."""
        for category in range(self.p.shape[1]):
            chose = np.flatnonzero(x == category)
            scores = mass[chose] @ self.c[:, category]
            self.products += scores.T @ (weights[chose, None] * scores)

    @property
    def excess(self) -> Floats:
        """Observed less expected pseudo-counts, (n_nodes, m)."""
        excess: Floats = self.counts - self.at_nodes[:, None] * self.p
        return excess

    @property
    def variance(self) -> Floats:
        """Information on the departures, (n_directions, n_directions), by Louis (1982).

        The products of the scores, with the pseudo-counts in them put at their expectation: so a chance few of a rare
        answer do not pass for a small variance.
        """
        expected: Floats = self.products - np.einsum("qx,qxi,qxj->ij", self.excess, self.c, self.c)
        return expected

    def test(self) -> tuple[float, int, float]:
        """Score statistic, its degrees of freedom and p; nan (df 0) where too few persons saw the item."""
        k, variance = self.n_tested, self.variance
        total = np.einsum("qx,qxi->i", self.counts, self.c)
        largest = np.linalg.eigvalsh(variance[:k, :k])[-1]
        if not largest > 0:  # answers the model all but excludes leave nothing of the information but their products
            variance = self.products
            largest = np.linalg.eigvalsh(variance[:k, :k])[-1]
        if total.size > k:
            mend = variance[:k, k:] @ np.linalg.pinv(variance[k:, k:], hermitian=True)
            total, variance = total[:k] - mend @ total[k:], variance[:k, :k] - mend @ variance[k:, :k]
        values, vectors = np.linalg.eigh(variance)
        kept = values > _LEAST_VARIANCE * max(largest, 0.0)
        if self.at_nodes.sum() < _LEAST_PERSONS or not kept.any():
            return np.nan, 0, np.nan
        statistic = float(((vectors[:, kept].T @ total) ** 2 / values[kept]).sum())
        return statistic, int(kept.sum()), float(chi2.sf(statistic, kept.sum()))

    def rmsd(self) -> tuple[float, float]:
        """The root mean squared difference of proportions at the nodes, and the same less what chance adds to it.

        Squares are summed over categories and halved: with two categories that is the square for the right answer.
        """
        counted = self.at_nodes > 0
        if not counted.any():
            return np.nan, np.nan
        scale = 2 * self.at_nodes.sum() * self.at_nodes[counted]
        squared = float(((self.excess[counted] ** 2).sum(axis=1) / scale).sum())
        surprise = (np.eye(self.p.shape[1]) - self.p[:, None, :]) ** 2
        chance = float(((self.squares[:, :, None] * surprise)[counted].sum(axis=(1, 2)) / scale).sum())
        return squared**0.5, max(squared - chance, 0.0) ** 0.5


def _bands(at_nodes: Floats, p: Floats, most: int) -> Floats:
    """Bands of theta of equal information on the rarest category, (n_nodes, n_bands) of 0 and 1."""
    rarest = at_nodes * (p * (1 - p)).min(axis=1)
    n_bands = max(1, min(most, int(rarest.sum() // _LEAST_INFORMATION)))
    middle = (np.cumsum(rarest) - rarest / 2) / max(rarest.sum(), 1e-300)
    band = np.unique(np.minimum((middle * n_bands).astype(np.intp), n_bands - 1), return_inverse=True)[1]
    within: Floats = (band[:, None] == np.arange(band.max() + 1)).astype(np.float64)
    return within


def _together(fits: list[_Item], nodes: Floats, rule: Rule, max_categories: int) -> AdaptiveFit:
    n_items, n_bands = len(fits), max(fit.within.shape[1] for fit in fits)
    bands, persons = (np.full((n_items, n_bands), np.nan) for _ in range(2))
    observed, expected = (np.full((n_items, n_bands, max_categories), np.nan) for _ in range(2))
    for row, fit in enumerate(fits):
        here, m = slice(fit.within.shape[1]), fit.p.shape[1]
        persons[row, here] = size = fit.within.T @ fit.at_nodes
        bands[row, here] = ratio(fit.within.T @ (fit.at_nodes * nodes), size)
        observed[row, here, :m] = ratio(fit.within.T @ fit.counts, size[:, None])
        expected[row, here, :m] = observed[row, here, :m] - ratio(fit.within.T @ fit.excess, size[:, None])
    statistic, df, p = (np.array(column) for column in zip(*(fit.test() for fit in fits), strict=True))
    rmsd, adjusted = (np.array(column) for column in zip(*(fit.rmsd() for fit in fits), strict=True))
    p_adjusted = np.full(n_items, np.nan)
    if np.isfinite(p).any():
        p_adjusted[np.isfinite(p)] = false_discovery_control(p[np.isfinite(p)])
    flagged = (p_adjusted < rule.level) & (adjusted >= rule.least_rmsd)
    n = np.array([fit.at_nodes.sum() for fit in fits])
    return AdaptiveFit(n, rmsd, adjusted, statistic, df, p, p_adjusted, flagged, bands, persons, observed, expected)
