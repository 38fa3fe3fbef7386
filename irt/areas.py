"""Strengths by content area: how far the ability in one area lies from that in the rest of the subject.

An adaptive test gives few items of an area, near half of them right whatever the ability: right answers are not
counted here, and what few items cannot tell is seen in the figures.
"""

import math
from dataclasses import dataclass

import numpy as np

from irt.ability import LogLikTable, posterior
from irt.arrays import Bools, Floats, Indices, Ints, Scores, answered
from irt.domain import expected_score
from irt.mixed import ItemSet

REACH = 3.0  # a difference is looked for up to so many units of theta, either way
_STEP = 0.01  # of the means that are tried
_FARTHEST = 2.0  # of the means, either way


@dataclass(frozen=True)
class AreaStrength:
    """One candidate in one area.

    `percent` of the marks of the area's items on the reference form, with its posterior sd; `ahead`, by how many
    points that is above what the rest of the subject leads to expect, with its sd; `p_ahead`, the probability that it
    is above; `p_alike`, that it is no further than the margin either way; `reliability`, what part of the spread
    between candidates these answers do away with: 0 where they tell nothing.
    """

    n_items: int
    percent: float
    sd: float
    ahead: float
    ahead_sd: float
    p_ahead: float
    p_alike: float
    reliability: float


@dataclass(frozen=True)
class MeanDifference:
    """The mean of a group's differences in units of theta, its standard error, and of how many candidates."""

    mean: float
    se: float
    n_persons: int


@dataclass(frozen=True, eq=False)
class AreaEvidence:
    """What the answers of one candidate say of one area.

    Attributes
    ----------
    rest : (n_nodes,)
        The posterior of theta given the answers outside the area.
    likelihood : (n_nodes,)
        Of the answers inside the area, were theta there the node's; up to a factor.
    n_items : int
    """

    rest: Floats
    likelihood: Floats
    n_items: int


def offsets(table: LogLikTable) -> Floats:
    """The differences that are weighed, (n_offsets,): whole nodes up to REACH, zero in the middle."""
    steps = math.floor(REACH / table.grid.spacing + 1e-9)
    found: Floats = np.arange(-steps, steps + 1, dtype=np.float64) * table.grid.spacing
    return found


def area_evidence(table: LogLikTable, indices: Indices, scores: Scores, is_inside: Bools) -> AreaEvidence:
    """What the answers say of the area whose items are marked.

    Parameters
    ----------
    table : LogLikTable
    indices, scores : (n_administered,)
        As for `ability.posterior`; None where there was no answer that counts.
    is_inside : (n_administered,)
        Which of the items are of the area.

    Notes
    -----
    That the engine chose the items by the answers does not matter here: given the answers, the choice says nothing
    more of the ability (Mislevy & Wu 1996, RR-96-30).
    """
    inside = np.asarray(is_inside, dtype=np.bool_)
    if inside.shape != (len(indices),):
        raise ValueError("each administered item is inside the area or outside")
    items, categories = answered(indices, scores, table.n_items, table.n_categories)
    within = inside[[score is not None and not np.isnan(score) for score in scores]]
    rest = posterior(table, items[~within], categories[~within])
    own = table.values[items[within], categories[within]].sum(axis=0)
    return AreaEvidence(rest, np.exp(own - own.max()), int(within.sum()))


def difference_likelihood(table: LogLikTable, evidence: AreaEvidence) -> Floats:
    """The likelihood of each of `offsets`, (n_offsets,): that of the area's answers, the rest's theta averaged out."""
    likelihood: Floats = _joint(table, evidence).sum(axis=0)
    return likelihood


def strength(
    table: LogLikTable, evidence: AreaEvidence, reference: ItemSet, spread: float, margin: float
) -> AreaStrength:
    """The candidate in the area, where differences between areas are N(0, spread^2) in units of theta.

    Parameters
    ----------
    reference : ItemSet
        The items of the area on the reference form.
    spread : float
        How far apart one candidate's abilities in the areas lie, as an sd.
    margin : float
        In points of percent: what is no further apart is alike.

    References
    ----------
    Wainer et al. (2001), in Test scoring, ch. 9: what little an area tells is drawn towards the whole.
    Haberman (2008), Journal of Educational and Behavioral Statistics 33, 204-229: when a subscore adds anything.
    """
    if not (spread > 0 and margin >= 0):
        raise ValueError("a spread is above zero, a margin not below")
    there = offsets(table)
    mass = _joint(table, evidence) * _normal(there, 0.0, spread)
    mass /= mass.sum()
    curve = 100.0 * expected_score(table.grid.nodes, reference)
    in_area, ahead = curve[_places(table)], curve[_places(table)] - curve[:, None]
    percent, lead = float((mass * in_area).sum()), float((mass * ahead).sum())
    by_offset = mass.sum(axis=0)
    mean = float(by_offset @ there)
    variance = float(by_offset @ (there - mean) ** 2)
    prior = _normal(there, 0.0, spread)
    middle = there.size // 2
    return AreaStrength(
        n_items=evidence.n_items,
        percent=percent,
        sd=math.sqrt(float((mass * (in_area - percent) ** 2).sum())),
        ahead=lead,
        ahead_sd=math.sqrt(float((mass * (ahead - lead) ** 2).sum())),
        p_ahead=float(by_offset[middle + 1 :].sum() + by_offset[middle] / 2),
        p_alike=float(mass[np.abs(ahead) <= margin].sum()),
        reliability=max(0.0, 1.0 - variance / float(prior @ there**2)),
    )


def mean_difference(table: LogLikTable, likelihoods: Floats, spread: float) -> MeanDifference:
    """The mean difference of a group in one area, by maximum likelihood, the candidates about it N(mean, spread^2).

    Parameters
    ----------
    likelihoods : (n_persons, n_offsets)
        `difference_likelihood` of each; those who met no item of the area say nothing.
    """
    tried = np.arange(-_FARTHEST, _FARTHEST + _STEP / 2, _STEP)
    whole = _log_likelihood(table, likelihoods, tried, spread)
    best = min(max(int(np.argmax(whole)), 1), tried.size - 2)  # at an end the slope there is what can be told
    before, at, after = (float(whole[n]) for n in (best - 1, best, best + 1))
    curvature = (2 * at - before - after) / _STEP**2
    if len(likelihoods) == 0 or not curvature > 0:
        return MeanDifference(0.0, math.inf, len(likelihoods))
    mean = float(tried[best]) + (after - before) / (2 * _STEP * curvature)
    return MeanDifference(min(max(mean, -_FARTHEST), _FARTHEST), 1.0 / math.sqrt(curvature), len(likelihoods))


def _places(table: LogLikTable) -> Ints:
    """Where theta in the area is, for each node and offset, (n_nodes, n_offsets); the ends of the grid hold it."""
    n = table.grid.n_nodes
    steps = len(offsets(table)) // 2
    places: Ints = np.clip(np.arange(n)[:, None] + np.arange(-steps, steps + 1)[None], 0, n - 1)
    return places


def _joint(table: LogLikTable, evidence: AreaEvidence) -> Floats:
    """Of theta in the rest and the offset, (n_nodes, n_offsets), before any prior of the offset."""
    joint: Floats = evidence.rest[:, None] * evidence.likelihood[_places(table)]
    return joint


def _normal(there: Floats, mean: float | Floats, spread: float) -> Floats:
    """A normal mass on the offsets, the last axis summing to one."""
    density = np.exp(-0.5 * ((there - np.asarray(mean)[..., None]) / spread) ** 2)
    mass: Floats = density / density.sum(axis=-1, keepdims=True)
    return mass


def _log_likelihood(table: LogLikTable, likelihoods: Floats, means: Floats, spread: float) -> Floats:
    """Of a group, for each mean, (n_means,)."""
    there = offsets(table)
    if likelihoods.ndim != 2 or likelihoods.shape[1] != there.size:
        raise ValueError("one likelihood is needed for each offset")
    found: Floats = np.log(likelihoods @ _normal(there, means, spread).T).sum(axis=0)
    return found
