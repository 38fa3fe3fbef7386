"""Estimates of many candidates at once from stored responses, each to the last bit as if it were alone.

Every sum runs over one candidate's own values in one order, so nothing depends on who else is in the batch.
"""

from dataclasses import dataclass

import numpy as np

from irt.ability import COARSE_SE, EDGE_MASS, Grid, LogLikTable, is_narrow, mass_of
from irt.arrays import Bools, Floats, Ints

NONE = -1  # where a candidate has no step, or the step says nothing about theta


@dataclass(frozen=True, eq=False)
class Estimates:
    """Theta with its standard error and whether they may be stored, each (n_persons,); as `ability.Estimate`."""

    theta: Floats
    se: Floats
    converged: Bools


def posteriors(table: LogLikTable, indices: Ints, scores: Ints) -> Floats:
    """Posterior mass of each node, (n_persons, n_nodes), each row as `ability.posterior` gives it, to the bit.

    Parameters
    ----------
    table : LogLikTable
    indices, scores : (n_persons, n_steps) of whole numbers
        In the order of the steps; where either is negative the step says nothing.
    """
    if indices.shape != scores.shape or indices.ndim != 2:
        raise ValueError("one score is needed for each item index")
    if not (indices.dtype.kind == scores.dtype.kind == "i"):
        raise ValueError("item indices and scores are whole numbers with a sign")
    counts = (indices >= 0) & (scores >= 0)
    items = indices[counts]
    if items.size and (items.max() >= table.n_items or (scores[counts] >= table.n_categories[items]).any()):
        raise ValueError("an item that is not in the table, or a score that the item does not have")
    log_mass = np.tile(table.grid.log_prior, (indices.shape[0], 1))
    for step in range(indices.shape[1]):  # in step order: a sum of another order has other last bits
        who = np.flatnonzero(counts[:, step])
        log_mass[who] += table.values[indices[who, step], scores[who, step]]
    return mass_of(log_mass)


def moments(grid: Grid, mass: Floats) -> Estimates:
    """Mean and sd of each posterior (n_persons, n_nodes), each row as `ability.posterior_moments` gives it."""
    if mass.ndim != 2 or mass.shape[1] != grid.n_nodes:
        raise ValueError("one posterior mass is needed for each node")
    theta = np.vecdot(mass, grid.nodes)
    se: Floats = np.sqrt(np.vecdot(mass, (grid.nodes - theta[:, None]) ** 2))
    converged: Bools = np.maximum(mass[:, 0], mass[:, -1]) <= EDGE_MASS
    for row in np.flatnonzero(se < COARSE_SE * grid.spacing):
        converged[row] &= not is_narrow(mass[row])
    return Estimates(theta, se, converged)
