"""Free tests of many simulated candidates at once: the same decisions as `one`, as arrays over candidates.

Sums are made row by row by the same routines as for one candidate, so that theta, and hence every choice, is
the same to the last bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irt.ability import EDGE_MASS, Grid, mass_of, posterior_moments
from irt.arrays import Bools, Floats, Ints
from irt.exposure import progressive, uniforms
from irt.selection import POINTS_A_SPACING
from irt.simulate.design import ANSWERS, Design, Simulation
from irt.simulate.population import upper_tails
from irt.simulate.streams import Words, below, units, words

_BLOCK = 50_000  # numbers worked on at a time: they stay in a processor's cache


@dataclass
class _Crowd:
    """The candidates still at work: who they are and how far they have come, one row each."""

    who: Ints
    seeds: list[int]
    log_mass: Floats
    tails: Floats
    luck: Floats
    gone: Bools  # items given, or closed to this candidate
    is_masked: bool

    def keep(self, stays: Bools) -> None:
        """Those who have finished leave."""
        self.seeds = [seed for seed, here in zip(self.seeds, stays.tolist(), strict=True) if here]
        for name in ("who", "log_mass", "tails", "luck", "gone"):
            setattr(self, name, getattr(self, name)[stays])


def is_vectorised(design: Design) -> bool:
    """Whether `simulate_many` knows this design."""
    is_known = design.rule.criterion in ("information", "posterior_weighted")
    return is_known and design.constraints.is_free and not design.stops.criteria


def simulate_many(
    design: Design, theta_true: Floats, seeds: Sequence[int], open_items: Bools | None = None
) -> Simulation:
    """One test for each theta and seed; `open_items` (n_persons, n_items) is what exposure control allows."""
    n_persons, length, stops = theta_true.size, design.constraints.length, design.stops
    crowd = _crowd(design, theta_true, seeds, open_items)
    indices = np.full((n_persons, length), -1, dtype=np.intp)
    scores = np.full((n_persons, length), np.nan)
    theta, se = np.empty(n_persons), np.empty(n_persons)
    converged = np.empty(n_persons, dtype=np.bool_)
    for n_given in range(length + 1):
        mass = mass_of(crowd.log_mass)
        eap = np.vecdot(mass, design.grid.nodes)
        may_stop = n_given >= stops.maximum or (stops.se is not None and n_given >= stops.minimum)
        if may_stop:
            sd = _sd(design.grid, mass, eap)
            ends = np.full(eap.shape, n_given >= stops.maximum) | (sd <= (stops.se or 0.0))
            at = crowd.who[ends]
            theta[at], se[at] = eap[ends], sd[ends]
            converged[at] = _converged(design.grid, mass[ends], sd[ends])
            if ends.all():
                break
            crowd.keep(~ends)
            mass, eap = mass[~ends], eap[~ends]
        chosen = _choices(design, crowd, mass, eap, n_given)
        row = np.arange(chosen.size)
        x = (crowd.luck[:, n_given, None] < crowd.tails[row, chosen]).sum(axis=1)
        indices[crowd.who, n_given], scores[crowd.who, n_given] = chosen, x
        crowd.log_mass += design.log_lik.values[chosen, x]
        crowd.gone[row, chosen] = True
    return Simulation(theta_true, theta, se, converged, indices, scores, np.zeros(n_persons, dtype=np.intp))


def _crowd(design: Design, theta_true: Floats, seeds: Sequence[int], open_items: Bools | None) -> _Crowd:
    shape = (theta_true.size, len(design.items))
    return _Crowd(
        who=np.arange(theta_true.size),
        seeds=list(seeds),
        log_mass=np.tile(design.grid.log_prior, (theta_true.size, 1)),
        tails=upper_tails(theta_true, design.items),
        luck=units(words([(seed, ANSWERS) for seed in seeds], design.length)),
        gone=np.zeros(shape, dtype=np.bool_) if open_items is None else ~open_items,
        is_masked=open_items is not None,
    )


def _sd(grid: Grid, mass: Floats, eap: Floats) -> Floats:
    sd: Floats = np.sqrt(np.vecdot(mass, (grid.nodes - eap[:, None]) ** 2))
    return sd


def _converged(grid: Grid, mass: Floats, sd: Floats) -> Bools:
    """As `posterior_moments` says of each row; only a posterior narrower than a spacing needs the longer look."""
    fits: Bools = np.maximum(mass[:, 0], mass[:, -1]) <= EDGE_MASS
    for row in np.flatnonzero(sd < grid.spacing):
        fits[row] = posterior_moments(grid, mass[row]).converged
    return fits


def _choices(design: Design, crowd: _Crowd, mass: Floats, eap: Floats, n_given: int) -> Ints:
    """The next item of each candidate."""
    points = _points(design.grid, eap)
    if design.rule.criterion == "information" and not (crowd.is_masked or design.decider.is_progressive):
        return _ranked(design, crowd, points, n_given)
    n_words = design.decider.is_progressive + (design.rule.randomesque > 1)
    drawn = words([(seed, n_given) for seed in crowd.seeds], n_words) if n_words else None
    rows = max(1, _BLOCK // crowd.gone.shape[1])
    parts = []
    for start in range(0, eap.size, rows):
        block = slice(start, start + rows)
        if design.rule.criterion == "information":
            criterion = design.info_table.between[points[block]]
        else:  # one product for each row: the sums of a product of matrices may differ in the last bit
            criterion = np.matmul(mass[block, None, :], design.info_table.at_nodes)[:, 0]
        free = ~crowd.gone[block]
        parts.append(_best(design, criterion, free, None if drawn is None else drawn[block], n_given))
    return np.concatenate(parts)


def _best(design: Design, criterion: Floats, free: Bools, drawn: Words | None, n_given: int) -> Ints:
    """The rule's choice for each row of a criterion, given the words of the step."""
    if design.decider.is_progressive and drawn is not None:
        share = design.decider.weight(n_given)
        criterion = progressive(criterion, free, share, uniforms(drawn[:, 0], criterion.shape[1]))
    if design.rule.randomesque == 1 or drawn is None:
        return np.asarray(np.argmax(np.where(free, criterion, -1.0), axis=1), dtype=np.intp)
    most = min(design.rule.randomesque, free.shape[1])
    return _drawn_of_best(criterion, free, most, drawn[:, -1])


def _points(grid: Grid, eap: Floats) -> Ints:
    """The row of the information table for each theta, as `InfoTable.at` finds it."""
    place = np.rint((eap - grid.lower) / grid.spacing * POINTS_A_SPACING).astype(np.intp)
    return np.clip(place, 0, POINTS_A_SPACING * (grid.n_nodes - 1))


def _ranked(design: Design, crowd: _Crowd, points: Ints, n_given: int) -> Ints:
    """The best items not given: among the first n_given + k of the ranking there are k such."""
    k = min(design.rule.randomesque, len(design.items) - n_given)
    top = design.ranking[points, : n_given + k]
    row = np.arange(points.size)
    free = ~crowd.gone[row[:, None], top]
    if k == 1:
        return np.asarray(top[row, np.argmax(free, axis=1)])
    wanted = below(words([(seed, n_given) for seed in crowd.seeds], 1)[:, 0], k)
    place = np.argmax(np.cumsum(free, axis=1) == wanted[:, None] + 1, axis=1)
    return np.asarray(top[row, place])


def _drawn_of_best(criterion: Floats, free: Bools, most: int, drawn: Words) -> Ints:
    """An even draw among the `most` best free items of each row, equal ones ordered by number."""
    masked = np.where(free, criterion, -1.0)
    k = np.minimum(most, free.sum(axis=1))
    best = np.sort(np.argpartition(-masked, most - 1, axis=1)[:, :most], axis=1)
    values = np.take_along_axis(masked, best, axis=1)
    best = np.take_along_axis(best, np.argsort(-values, axis=1, kind="stable"), axis=1)
    is_tied = (masked >= values.min(axis=1, keepdims=True)).sum(axis=1) > most
    for row in np.flatnonzero(is_tied):  # a partition is free to keep either of two equal items
        best[row] = np.argsort(-masked[row], kind="stable")[:most]
    return np.asarray(best[np.arange(k.size), below(drawn, k)], dtype=np.intp)
