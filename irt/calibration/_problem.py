"""The calibration problem: which items follow which family, whose answers, what is free; and one EM step on it."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import numpy as np

from irt.arrays import Bools, Floats, Ints
from irt.calibration._expectation import Expectation, Table, blurred, expect, over_rows
from irt.calibration._family import Family, improve
from irt.calibration._priors import Reason
from irt.calibration._rows import Layout, Rows, take

N_SCORING_STEPS = 2
ROWS_IN_A_SAMPLE = 4000


@dataclass(frozen=True, eq=False)
class Part:
    """The items (n_items,), by their number in the layout, of one family."""

    family: Family
    items: Ints


@dataclass(frozen=True, eq=False)
class Point:
    """Values of all parameters: one array per part, and mean and sd (n_groups,) of the populations."""

    parts: tuple[Floats, ...]
    mean: Floats
    sd: Floats


@dataclass(frozen=True, eq=False)
class Problem:
    """What is maximised: the marginal log-likelihood of the rows plus the log prior of the parameters.

    Attributes
    ----------
    free_mean, free_sd : (n_groups,) bool
        Which moments of the normal populations are estimated.
    """

    parts: tuple[Part, ...]
    layout: Layout
    rows: Sequence[Rows]
    nodes: Floats
    free_mean: Bools
    free_sd: Bools
    executor: Executor | None = None

    def table(self, point: Point) -> Table:
        """The E-step's table; items of no part (refused meanwhile) say nothing about theta."""
        n_categories = int(self.layout.n_categories.max(initial=2))
        log_prob = np.zeros((self.layout.n_items, n_categories, self.nodes.size))
        for part, p in zip(self.parts, point.parts, strict=True):
            log_prob[part.items, : part.family.n_categories] = part.family.log_prob(p, self.nodes)
        return Table.of(self.layout, log_prob, log_mass(self.nodes, point.mean, point.sd))

    def expectation(self, point: Point) -> Expectation:
        """The E-step over all rows."""
        return reduce(add, over_rows(self.executor, expect, self.rows, self.table(point)))

    def sampled(self) -> "Problem":
        """The same problem with a systematic sample of its rows, about ROWS_IN_A_SAMPLE of them."""
        every = max(1, sum(len(rows.weights) for rows in self.rows) // ROWS_IN_A_SAMPLE)
        return replace(self, rows=[take(rows, slice(None, None, every)) for rows in self.rows], executor=None)

    def quadrature_error(self, point: Point) -> float:
        """Mean over a sample of persons of the error that the spacing of the nodes leaves in their likelihoods."""
        table = self.table(point)
        error, n_persons = reduce(add, (blurred(rows, table, self.nodes) for rows in self.sampled().rows))
        return float(error / n_persons)

    def log_prior(self, point: Point) -> float:
        """Log prior of all parameters."""
        pairs = zip(self.parts, point.parts, strict=True)
        return float(sum(part.family.log_prior(p).sum() for part, p in pairs))

    def counts(self, expectation: Expectation) -> list[Floats]:
        """Expected answers of each part's items, (n_items, n_categories, n_nodes) each."""
        r = expectation.counts(self.layout)
        return [r[part.items, : part.family.n_categories] for part in self.parts]

    def maximised(self, point: Point, expectation: Expectation, n_steps: int = N_SCORING_STEPS) -> Point:
        """The M-step: parameters that raise the expected log posterior of each item, moments of each population."""
        triples = zip(self.parts, point.parts, self.counts(expectation), strict=True)
        better = tuple(improve(part.family, p, r, self.nodes, n_steps) for part, p, r in triples)
        n = np.maximum(expectation.mass.sum(axis=1), np.finfo(float).tiny)
        mean = np.where(self.free_mean | self._moves, expectation.mass @ self.nodes / n, point.mean)
        squares = (expectation.mass * (self.nodes - mean[:, None]) ** 2).sum(axis=1) / n
        # Below the spacing the nodes no longer represent a normal density.
        widths = np.maximum(np.sqrt(squares), self.nodes[1] - self.nodes[0])
        sd = np.where(self.free_sd | self._moves, widths, point.sd)
        plain = Point(
            better, np.where(self.free_mean, mean, point.mean), np.where(self.free_sd, sd, point.sd)
        )
        if not self._may_expand:
            return plain
        reduced = self._reduced(Point(better, mean, sd))
        # Where there are priors the other scale may be less likely than what the populations gain by it.
        gain = log_mass(self.nodes, mean, sd) - log_mass(self.nodes, plain.mean, plain.sd)
        gained = float((expectation.mass * gain).sum()) + self.log_prior(reduced) - self.log_prior(plain)
        return reduced if gained > 0 else plain

    @property
    def _may_expand(self) -> bool:
        """Whether the scale may move in the M-step, for nothing but the fixed moments of group 0 holds it."""
        return bool(self.parts) and not (self.free_mean[0] and self.free_sd[0])

    @property
    def _moves(self) -> Bools:
        """Groups whose fixed moments move in the M-step, to be moved back, (n_groups,)."""
        moves = np.zeros(self.free_mean.size, dtype=np.bool_)
        moves[0] = self._may_expand
        return moves

    def _reduced(self, point: Point) -> Point:
        """The point on the scale on which the fixed moments of group 0 are 0 and 1.

        References
        ----------
        Liu, Rubin & Wu (1998), Biometrika 85, 755-770: parameter expansion.
        """
        mean = 0.0 if self.free_mean[0] else float(point.mean[0])
        sd = 1.0 if self.free_sd[0] else float(point.sd[0])
        pairs = zip(self.parts, point.parts, strict=True)
        moved = tuple(part.family.rescaled(p, mean, sd) for part, p in pairs)
        return Point(moved, (point.mean - mean) / sd, point.sd / sd)

    def vector(self, point: Point) -> Floats:
        """All free parameters as one vector, sds as logarithms."""
        pairs = zip(self.parts, point.parts, strict=True)
        pieces = [p[part.family.used] for part, p in pairs]
        return np.concatenate([*pieces, point.mean[self.free_mean], np.log(point.sd[self.free_sd])])

    def point(self, vector: Floats, like: Point) -> Point:
        """The inverse of `vector`; what is not free is as in `like`."""
        parts, start = [], 0
        for part, p in zip(self.parts, like.parts, strict=True):
            used = part.family.used
            p, stop = p.copy(), start + int(used.sum())
            p[used] = vector[start:stop]
            parts.append(p)
            start = stop
        mean, sd = like.mean.copy(), like.sd.copy()
        n_means = int(self.free_mean.sum())
        mean[self.free_mean] = vector[start : start + n_means]
        sd[self.free_sd] = np.exp(vector[start + n_means :])
        return Point(tuple(parts), mean, sd)

    def refusals(self, point: Point) -> dict[int, Reason]:
        """Items, by their number in the layout, whose parameters cannot be reported."""
        found: dict[int, Reason] = {}
        for part, p in zip(self.parts, point.parts, strict=True):
            found |= {int(part.items[index]): reason for index, reason in part.family.refusals(p).items()}
        return found

    def without(self, refused: Sequence[int], point: Point) -> tuple["Problem", Point]:
        """The same problem, and point, with fewer items."""
        parts, values = [], []
        for part, p in zip(self.parts, point.parts, strict=True):
            kept = np.flatnonzero(~np.isin(part.items, refused))
            if kept.size:
                parts.append(Part(part.family.take(kept), part.items[kept]))
                values.append(p[kept])
        return replace(self, parts=tuple(parts)), replace(point, parts=tuple(values))


def log_mass(nodes: Floats, mean: Floats, sd: Floats) -> Floats:
    """Log mass of each node under normal populations, (n_groups, n_nodes), each summing to one before the log."""
    log_density = -0.5 * ((nodes - mean[:, None]) / sd[:, None]) ** 2
    log_density -= log_density.max(axis=1, keepdims=True)
    mass: Floats = log_density - np.log(np.exp(log_density).sum(axis=1, keepdims=True))
    return mass
