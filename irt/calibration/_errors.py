"""Standard errors from the observed information of the marginal likelihood, by Louis's identity, over all parameters.

Information = complete-data information - E[s s' | x] + E[s | x] E[s | x]' summed over persons, s the complete score.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TypeAlias

import numpy as np
from scipy import sparse

from irt.arrays import Bools, Floats, Ints
from irt.calibration._expectation import Expectation, Table, over_rows, posteriors
from irt.calibration._family import Family
from irt.calibration._problem import Point, Problem
from irt.calibration._rows import Rows

_DIFFERENCE = 1e-5
_SINGULAR = 1e-5  # least part of the complete information, in any direction, that the answers may leave
_SHARE = 0.05
_NEGLIGIBLE = 1e-18  # posterior mass that rounding would lose beside the rest of its person's
_MAX_ENTRIES = 16_000_000  # of the cross-products kept at once, 128 MB

_Numbers: TypeAlias = tuple[list[Ints], Ints, int]


@dataclass(frozen=True, eq=False)
class Scores:
    """Complete-data scores as they depend on the answers, and on the group for what all its persons have in common.

    Attributes
    ----------
    columns : (n_columns, width, n_nodes)
        Derivative of the log probability of each column of the layout with respect to the parameters in `places`.
    places : (n_columns, width)
        Number of the free parameter; n_free where there is none.
    common : (n_groups, n_free, n_nodes)
        Derivative of the log mass, and when complete of the lowest categories, of each group.
    """

    columns: Floats
    places: Ints
    common: Floats

    def by_node(self) -> Iterator[sparse.csr_array]:
        """Scores at each node of the columns, then of the groups, (n_columns + n_groups, n_free + 1)."""
        (n_columns, width), (n_groups, n_free, n_nodes) = self.places.shape, self.common.shape
        number = np.concatenate([self.places.ravel(), np.tile(np.arange(n_free), n_groups)])
        ends = np.cumsum(np.repeat([0, width, n_free], [1, n_columns, n_groups]))
        shape = (n_columns + n_groups, n_free + 1)
        values = np.concatenate([self.columns.reshape(-1, n_nodes), self.common.reshape(-1, n_nodes)])
        return (sparse.csr_array((one, number, ends), shape=shape) for one in values.T)

    def mean(self, y: Floats, groups: Floats, mass: Floats) -> Floats:
        """Posterior mean of each row's score, (n_free + 1, n_rows)."""
        n_columns, width = self.places.shape
        answers = np.ascontiguousarray(y.T)
        total = np.zeros((self.common.shape[1] + 1, len(y)))
        for slot in range(width):
            each = np.ones(n_columns), (self.places[:, slot], np.arange(n_columns))
            into = sparse.csr_array(each, shape=(len(total), n_columns))
            total += into @ (answers * (self.columns[:, slot] @ mass))
        for common, member in zip(self.common, groups.T, strict=True):
            total[:-1] += member * (common @ mass)
        return total


@dataclass(frozen=True, eq=False)
class Covariance:
    """Covariance of all free parameters.

    Attributes
    ----------
    values : (n_free, n_free)
        nan where the information is not positive definite.
    places : list of (n_items, n_params), one per part
        Each parameter's row of `values`; n_free where there is none.
    moments : (n_groups, 2)
        The rows of each population's mean and sd, likewise.
    weak : list of int
        Items, by their number in the layout, whose parameters the answers cannot tell apart.
    """

    values: Floats
    places: list[Ints]
    moments: Ints
    weak: list[int]

    def of(self, numbers: Ints) -> Floats:
        """Covariances (..., k, k) of the parameters numbered (..., k); 0 where there is no parameter."""
        padded = np.pad(self.values, (0, 1))
        block: Floats = padded[numbers[..., :, None], numbers[..., None, :]]
        return block


def covariance(problem: Problem, point: Point, expectation: Expectation) -> Covariance:
    """The inverse of the observed information of all free parameters together.

    References
    ----------
    Louis (1982), JRSS B 44, 226-233.
    """
    places, moments, n_free = numbered(problem)
    information = _complete_information(problem, point, expectation, (places, moments, n_free))
    scores = _scores(problem, point, (places, moments, n_free))
    lost = over_rows(problem.executor, missing_information, problem.rows, problem.table(point), scores)
    # On the scale of the complete information, for where the answers say nothing the rest is but rounding.
    scale = np.sqrt(np.maximum(np.diag(information), np.finfo(float).tiny))
    information -= reduce(add, lost)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    flat = values < _SINGULAR
    if not flat.any():
        return Covariance((vectors / values) @ vectors.T / np.outer(scale, scale), places, moments, [])
    share = np.append((vectors[:, flat] ** 2).sum(axis=1), 0.0)
    pairs = zip(problem.parts, places, strict=True)
    weak = [int(item) for part, rows in pairs for item in part.items[share[rows].sum(axis=1) > _SHARE]]
    return Covariance(np.full((n_free, n_free), np.nan), places, moments, weak)


def numbered(problem: Problem) -> _Numbers:
    """Numbers of the free parameters of each part and of the populations, and how many there are."""
    n_free = 0
    places: list[Ints] = []
    for part in problem.parts:
        used = part.family.used.copy()
        tied = list(part.family.tied)
        used[1:, tied] = False
        numbers = np.full(used.shape, -1, dtype=np.intp)
        numbers[used] = n_free + np.arange(used.sum())
        numbers[:, tied] = numbers[0, tied]
        n_free += int(used.sum())
        places.append(numbers)
    free = np.stack([problem.free_mean, problem.free_sd], axis=1)
    moments = np.full(free.shape, -1, dtype=np.intp)
    moments[free] = n_free + np.arange(free.sum())
    n_free += int(free.sum())
    return (
        [np.where(numbers < 0, n_free, numbers) for numbers in places],
        np.where(moments < 0, n_free, moments),
        n_free,
    )


def missing_information(rows: Rows, table: Table, scores: Scores) -> Floats:
    """What not knowing theta costs: the sum over rows of the posterior covariance of the complete score."""
    n_groups, n_nodes = table.log_mass.shape
    n_answers = len(scores.places) + n_groups
    n_at_once = max(1, _MAX_ENTRIES // n_answers**2)
    by_node = scores.by_node()
    total = np.zeros((scores.common.shape[1] + 1,) * 2)
    for start in range(0, n_nodes, n_at_once):
        nodes = range(start, min(start + n_at_once, n_nodes))
        together = np.zeros((len(nodes), n_answers, n_answers))
        for chunk, y, mass, _ in posteriors(rows, table):
            y = y.toarray() if hasattr(y, "toarray") else y
            member = np.zeros(len(y), dtype=np.intp) if chunk.groups is None else chunk.groups
            groups = np.equal.outer(member, np.arange(n_groups)).astype(np.float64)
            if start == 0:
                mean = scores.mean(y, groups, mass) * np.sqrt(chunk.weights)
                total -= mean @ mean.T
            # Ordered by theta, the persons who may be at a node lie together, and the others need not be looked at.
            order = np.argsort(mass.argmax(axis=0), kind="stable")
            answers = np.hstack([y, groups])[order]
            root = np.sqrt(mass * chunk.weights)[:, order]
            first, stop = _span(mass[:, order] > _NEGLIGIBLE)
            for place, node in enumerate(nodes):
                here = slice(first[node], stop[node])
                weighted = answers[here] * root[node, here, None]
                together[place] += weighted.T @ weighted
        for answers, score in zip(together, by_node, strict=False):
            total += score.T @ (score.T @ answers).T
    return total[:-1, :-1]


def _span(where: Bools) -> tuple[Ints, Ints]:
    """For each row, the slice from its first to its last True; empty where there is none."""
    stop = np.where(where.any(axis=1), where.shape[1] - where[:, ::-1].argmax(axis=1), 0)
    return where.argmax(axis=1), stop


def _complete_information(
    problem: Problem, point: Point, expectation: Expectation, numbers: _Numbers
) -> Floats:
    """Minus the second derivatives of the expected complete-data log posterior, (n_free, n_free)."""
    places, moments, n_free = numbers
    total = np.zeros((n_free + 1, n_free + 1))
    for part, p, r, own in zip(problem.parts, point.parts, problem.counts(expectation), places, strict=True):
        blocks = _curvature(part.family, p, r, problem.nodes)
        np.add.at(total, (own[:, :, None], own[:, None, :]), blocks)
    for mass, mean, sd, (at_mean, at_sd) in zip(expectation.mass, point.mean, point.sd, moments, strict=True):
        z = (problem.nodes - mean) / sd
        total[at_mean, at_mean] += mass.sum() / sd**2
        total[at_sd, at_sd] += mass @ (3 * z**2 - 1) / sd**2
        total[at_mean, at_sd] += mass @ (2 * z) / sd**2
        total[at_sd, at_mean] += mass @ (2 * z) / sd**2
    return total[:-1, :-1]


def _curvature(family: Family, p: Floats, r: Floats, nodes: Floats) -> Floats:
    """Minus the second derivatives of the objective, (n_items, n_params, n_params), by differences of its gradient."""
    curvature = np.zeros((*p.shape, p.shape[1]))
    for k in range(p.shape[1]):
        step = np.zeros(p.shape[1])
        step[k] = _DIFFERENCE
        above, _ = family.gradient_and_information(p + step, r, nodes)
        below, _ = family.gradient_and_information(p - step, r, nodes)
        curvature[:, :, k] = (below - above) / (2 * _DIFFERENCE)
    symmetric: Floats = (curvature + curvature.transpose(0, 2, 1)) / 2
    return symmetric


def _scores(problem: Problem, point: Point, numbered_as: _Numbers) -> Scores:
    """The complete-data scores of all answers and of group membership."""
    places, moments, n_free = numbered_as
    layout, nodes = problem.layout, problem.nodes
    item, category = layout.pairs
    width = max(2, max((part.family.n_params for part in problem.parts), default=2))
    by_item = np.zeros((layout.n_items, int(layout.n_categories.max(initial=2)), width, nodes.size))
    numbers = np.full((layout.n_items, width), n_free, dtype=np.intp)
    for part, p, own in zip(problem.parts, point.parts, places, strict=True):
        n_params = part.family.n_params
        by_item[part.items, : part.family.n_categories, :n_params] = _log_prob_slopes(part.family, p, nodes)
        numbers[part.items, :n_params] = own
    columns = by_item[item, category]
    common = _moment_scores(nodes, point, moments, n_free)
    if layout.complete:
        columns = columns - by_item[item, 0]
        constant = np.zeros((n_free + 1, nodes.size))
        np.add.at(constant, numbers.ravel(), by_item[:, 0].reshape(-1, nodes.size))
        common += constant[:-1]
    return Scores(columns, numbers[item], common)


def _moment_scores(nodes: Floats, point: Point, moments: Ints, n_free: int) -> Floats:
    """Derivative of each group's log mass with respect to its free moments, (n_groups, n_free, n_nodes)."""
    scores = np.zeros((len(moments), n_free + 1, nodes.size))
    for group, (mean, sd, (at_mean, at_sd)) in enumerate(zip(point.mean, point.sd, moments, strict=True)):
        z = (nodes - mean) / sd
        scores[group, at_mean] += z / sd
        scores[group, at_sd] += (z**2 - 1) / sd
    return scores[:, :-1]


def _log_prob_slopes(family: Family, p: Floats, nodes: Floats) -> Floats:
    """Derivatives (n_items, n_categories, n_params, n_nodes) of the log probabilities; 0 for a missing category."""
    slopes = np.zeros((family.n_items, family.n_categories, family.n_params, nodes.size))
    for k in range(family.n_params):
        step = np.zeros(family.n_params)
        step[k] = _DIFFERENCE
        above, below = family.log_prob(p + step, nodes), family.log_prob(p - step, nodes)
        exists = np.isfinite(above) & np.isfinite(below)
        slopes[:, :, k] = np.subtract(above, below, out=np.zeros_like(above), where=exists) / (
            2 * _DIFFERENCE
        )
    return slopes
