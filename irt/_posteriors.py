"""Posteriors of many persons at once, with items missing by design; `ability` serves one candidate.

The order of summing is the matrix product's, so these are for statistics, never for a score to be replayed.
"""

from dataclasses import dataclass

import numpy as np

from irt._responses import Responses
from irt.ability import Grid, mass_of
from irt.arrays import Floats
from irt.mixed import ItemSet, log_prob

CHUNK = 20_000  # rows at a time


@dataclass(frozen=True, eq=False)
class Posteriors:
    """The log-likelihoods of a set of items at the nodes, ready for any persons.

    Attributes
    ----------
    p : (n_nodes, n_items, max_categories)
        Probability of each category, 0 where there is none.
    log_p : (max_categories, n_items, n_nodes)
        Its log, 0 where there is none.
    """

    grid: Grid
    p: Floats
    log_p: Floats

    @classmethod
    def of(cls, items: ItemSet, grid: Grid | None) -> "Posteriors":
        """The tables of these items."""
        nodes = grid or Grid()
        logs = log_prob(nodes.nodes, items)
        exists = np.arange(logs.shape[2]) < items.n_categories[:, None]
        return cls(nodes, np.exp(logs), np.ascontiguousarray(np.where(exists, logs, 0.0).transpose(2, 1, 0)))

    @property
    def expected(self) -> Floats:
        """Expected score of each item at each node, (n_nodes, n_items)."""
        expected: Floats = self.p @ np.arange(self.p.shape[2], dtype=np.float64)
        return expected

    def mass(self, data: Responses, rows: slice) -> Floats:
        """Posterior mass of each node for the persons of these rows, (n_rows, n_nodes), each summing to one."""
        x = data.x[rows]
        log_mass = np.tile(self.grid.log_prior, (x.shape[0], 1))
        for category, table in enumerate(self.log_p):
            log_mass += (x == category).astype(np.float64) @ table
        return mass_of(log_mass)

    def moments(self, data: Responses) -> tuple[Floats, Floats]:
        """Posterior mean and sd of theta of each person (EAP), each (n_rows,)."""
        theta, se = np.empty(data.n_rows), np.empty(data.n_rows)
        nodes = self.grid.nodes
        for rows in data.slices(CHUNK):
            mass = self.mass(data, rows)
            theta[rows] = mass @ nodes
            se[rows] = np.sqrt((mass * (nodes - theta[rows, None]) ** 2).sum(axis=1))
        return theta, se
