"""How surely a test grades: accuracy and consistency of grades cut at several places, from posteriors or sum scores.

What the cuts are is the regulation's word.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import ndtr

from irt._posteriors import CHUNK, Posteriors
from irt._responses import Matrix, Responses, Weights, person_values, ratio, row_counts
from irt.ability import Grid
from irt.arrays import Floats, Ints
from irt.fit.sum_scores import sum_scores
from irt.mixed import ItemSet, expected_score

Cuts = Sequence[float] | Floats


@dataclass(frozen=True, eq=False)
class Classification:
    """Accuracy and consistency of grades 0 .. n_cuts.

    Attributes
    ----------
    table : (n_grades, n_grades)
        Part of persons of each true grade (row) given each grade (column).
    accuracy, consistency : float
        Part given the true grade; part given the same grade by another test as good.
    kappa : float
        Consistency beyond chance; nan if all have one grade.
    accuracy_by_grade, consistency_by_grade : (n_grades,)
        The same among those given the grade; nan if none.
    accuracy_by_cut, passed_in_error, failed_in_error : (n_cuts,)
        Part on the right side of each cut, wrongly above, wrongly below.
    """

    table: Floats
    accuracy: float
    consistency: float
    kappa: float
    accuracy_by_grade: Floats
    consistency_by_grade: Floats
    accuracy_by_cut: Floats
    passed_in_error: Floats
    failed_in_error: Floats


def classification(chances: Floats, given: Sequence[int] | Ints, weights: Weights = None) -> Classification:
    """Accuracy and consistency of the grades given.

    Parameters
    ----------
    chances : (n_persons, n_grades)
        Probability of each true grade, rows summing to one: of `grade_chances`, `grade_chances_normal`, or differences
        of `domain.DomainScore.at_least`.
    given : (n_persons,)
        The grade each person got, from 0.

    Notes
    -----
    Consistency is the chance that two draws from a person's `chances` agree. Of two simulated sittings graded by EAP
    a little more agree: .576, .663 and .750 against .563, .654 and .749 (15, 30 and 60 2PL items, four grades).

    References
    ----------
    Rudner (2001, 2005), Practical Assessment, Research & Evaluation 7(14), 10(13); Guo (2006), same journal 11(6);
    Wyse & Hao (2012), Applied Psychological Measurement 36, 602-624, for consistency.
    """
    p = np.asarray(chances, dtype=np.float64)
    if p.ndim != 2 or 0 in p.shape or not ((p >= -1e-9) & (p <= 1 + 1e-9)).all():
        raise ValueError("chances must be a matrix of probabilities of persons by grades")
    if not np.allclose(p.sum(axis=1), 1, atol=1e-6):
        raise ValueError("the chances of each person must sum to one")
    grade = np.asarray(given)
    if grade.shape != (p.shape[0],) or grade.dtype.kind not in "iu":
        raise ValueError("given needs one grade for each person")
    if grade.min() < 0 or grade.max() >= p.shape[1]:
        raise ValueError(f"grades given must lie in 0 .. {p.shape[1] - 1}")
    mass = row_counts(weights, grade.size)
    mass = mass / mass.sum()
    got = (grade[:, None] == np.arange(p.shape[1])).astype(np.float64)
    return _summary((mass[:, None] * p).T @ got, (p**2).sum(axis=1) * mass @ got, mass @ p)


def grade_chances(grid: Grid, mass: Floats, cuts: Cuts) -> Floats:
    """Probability of each grade from posteriors (n_persons, n_nodes), cut at thetas (n_cuts,), (n_persons, n_grades).

    A node's mass, corrected by a 24th of the second difference, is that of the cell around it; the distribution
    function at the cells' edges is joined by a cubic spline. Error below .001 at a posterior sd of .25 and the usual
    grid, .0022 at .2 (normal posteriors, any place of the cut).
    """
    bounds = _checked_cuts(cuts)
    posteriors = np.asarray(mass, dtype=np.float64)
    if posteriors.ndim != 2 or posteriors.shape[1] != grid.n_nodes:
        raise ValueError("one posterior mass is needed for each person and node")
    if not (posteriors >= 0).all() or not np.allclose(posteriors.sum(axis=1), 1, atol=1e-6):
        raise ValueError("the posterior of each person must sum to one")
    half = grid.spacing / 2
    edges = np.concatenate([grid.nodes - half, [grid.upper + half]])
    cells = posteriors.copy()
    cells[:, 1:-1] += np.diff(posteriors, 2, axis=1) / 24
    below = np.hstack([np.zeros((posteriors.shape[0], 1)), np.cumsum(cells, axis=1)])
    # A spline is linear in its values: the part of each edge in each cut is found once for all persons.
    parts = CubicSpline(edges, np.eye(edges.size))(np.clip(bounds, edges[0], edges[-1]))
    at_cuts = below @ parts.T
    return _between(np.maximum.accumulate(np.clip(at_cuts, 0.0, 1.0), axis=1))


def grade_chances_normal(theta: Sequence[float] | Floats, se: Sequence[float] | Floats, cuts: Cuts) -> Floats:
    """Probability of each grade if theta is normal about its estimate, (n_persons, n_grades) (Rudner 2005)."""
    bounds = _checked_cuts(cuts)
    estimates = person_values(theta, np.size(theta), "theta")
    errors = person_values(se, estimates.size, "se")
    if not (errors > 0).all():
        raise ValueError("se must be positive")
    return _between(ndtr((bounds - estimates[:, None]) / errors[:, None]))


def posterior_classification(
    x: Matrix, items: ItemSet, cuts: Cuts, grid: Grid | None = None, *, weights: Weights = None
) -> Classification:
    """Accuracy and consistency of grading these answers (nan where not seen) by EAP at cuts of theta (Guo 2006)."""
    data = Responses.of(x, weights, items.n_categories, unseen_allowed=True)
    bounds = _checked_cuts(cuts)
    tables = Posteriors.of(items, grid)
    chances = np.vstack(
        [grade_chances(tables.grid, tables.mass(data, rows), bounds) for rows in data.slices(CHUNK)]
    )
    theta, _ = tables.moments(data)
    return classification(chances, np.searchsorted(bounds, theta, side="right"), data.weights)


def sum_score_classification(items: ItemSet, cuts: Cuts, grid: Grid | None = None) -> Classification:
    """Accuracy and consistency of grading a fixed form by its sum score, over the grid's population.

    Parameters
    ----------
    cuts : (n_cuts,)
        Lowest sum score of each grade but the first. The true grade is that of the expected sum score.

    References
    ----------
    Lee (2010), Journal of Educational Measurement 47, 1-17; the scores by Lord & Wingersky (1984).
    """
    bounds = _checked_cuts(cuts)
    population = grid or Grid()
    scores = sum_scores(population.nodes, items)
    grades = np.searchsorted(bounds, np.arange(scores.shape[1]), side="right")
    got = scores @ (grades[:, None] == np.arange(bounds.size + 1)).astype(np.float64)
    true_score = expected_score(population.nodes, items).sum(axis=1)
    true = np.searchsorted(bounds, true_score, side="right")
    mass = np.exp(population.log_prior)
    table = ((true[:, None] == np.arange(bounds.size + 1)) * mass[:, None]).T @ got
    return _summary(table, mass @ got**2, mass @ got)


def _summary(table: Floats, agree: Floats, shares: Floats) -> Classification:
    """The indices from the joint table, the agreement by grade given, and the shares of an independent grading."""
    given, n_cuts = table.sum(axis=0), table.shape[0] - 1
    consistency, by_chance = float(agree.sum()), float(shares @ shares)
    passed = np.array([table[:cut, cut:].sum() for cut in range(1, n_cuts + 1)])
    failed = np.array([table[cut:, :cut].sum() for cut in range(1, n_cuts + 1)])
    return Classification(
        table=table,
        accuracy=float(np.trace(table)),
        consistency=consistency,
        kappa=(consistency - by_chance) / (1 - by_chance) if by_chance < 1 - 1e-12 else float("nan"),
        accuracy_by_grade=ratio(np.diag(table), given),
        consistency_by_grade=ratio(agree, given),
        accuracy_by_cut=1 - passed - failed,
        passed_in_error=passed,
        failed_in_error=failed,
    )


def _between(below: Floats) -> Floats:
    """Probability of each grade from that of lying below each cut, (n_persons, n_cuts)."""
    ends = np.zeros((below.shape[0], 1))
    chances: Floats = np.diff(np.hstack([ends, below, ends + 1]), axis=1)
    return chances


def _checked_cuts(cuts: Cuts) -> Floats:
    bounds: Floats = np.asarray(cuts, dtype=np.float64)
    if bounds.ndim != 1 or bounds.size == 0 or not np.isfinite(bounds).all() or (np.diff(bounds) <= 0).any():
        raise ValueError("cuts must be finite and increasing, at least one")
    return bounds
