"""The E-step: posteriors of blocks of persons on the nodes, and the answers expected there, as matrix products.

Everything here runs unchanged in another process: rows and a table go out, small sums come back.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from irt.arrays import Floats
from irt.calibration._rows import Layout, Rows, take

_CHUNK = 2048  # rows whose posteriors stay in the processor's cache
_Sum = TypeVar("_Sum")


@dataclass(frozen=True, eq=False)
class Table:
    """What the E-step needs to know of the parameters.

    Attributes
    ----------
    columns : (n_columns, n_nodes)
        Log probability of each column of the layout (less that of the lowest category when complete).
    log_mass : (n_groups, n_nodes)
        Log prior mass of each node, plus the constants of the items when complete.
    """

    columns: Floats
    log_mass: Floats

    @classmethod
    def of(cls, layout: Layout, log_prob: Floats, log_prior: Floats) -> "Table":
        """The table of these items; log_prob (n_items, n_categories, n_nodes), log_prior (n_groups, n_nodes)."""
        item, category = layout.pairs
        columns = log_prob[item, category]
        if not layout.complete:
            return cls(columns, log_prior)
        return cls(columns - log_prob[item, 0], log_prior + log_prob[:, 0].sum(axis=0))


@dataclass(frozen=True, eq=False)
class Expectation:
    """Sums over persons.

    Attributes
    ----------
    columns : (n_columns, n_nodes)
        Expected answers of each column at each node.
    mass : (n_groups, n_nodes)
        Expected persons of each group at each node.
    log_likelihood : float
        Marginal log-likelihood of all rows.
    """

    columns: Floats
    mass: Floats
    log_likelihood: float

    def __add__(self, other: "Expectation") -> "Expectation":
        return Expectation(
            self.columns + other.columns, self.mass + other.mass, self.log_likelihood + other.log_likelihood
        )

    def counts(self, layout: Layout) -> Floats:
        """Expected answers (n_items, n_categories, n_nodes); 0 where there is no such category."""
        item, category = layout.pairs
        r = np.zeros((layout.n_items, int(layout.n_categories.max()), self.columns.shape[1]))
        r[item, category] = self.columns
        if layout.complete:
            r[:, 0] = np.maximum(self.mass.sum(axis=0) - r.sum(axis=1), 0.0)  # rounding may leave -1e-13
        return r


def posteriors(rows: Rows, table: Table) -> Iterator[tuple[Rows, Any, Floats, Floats]]:
    """Chunk by chunk: its rows, indicators as floats, posterior masses (n_nodes, n), log-likelihoods (n,)."""
    for start in range(0, len(rows.weights), _CHUNK):
        chunk = take(rows, slice(start, start + _CHUNK))
        # Nodes come first, so that what is summed over them runs along whole rows of the array.
        mass: Floats
        if hasattr(chunk.indicators, "tocsr"):
            y = chunk.indicators
            mass = np.ascontiguousarray((y @ table.columns).T)
        else:
            y = chunk.indicators.astype(np.float64)
            mass = table.columns.T @ y.T
        mass += table.log_mass[0, :, None] if chunk.groups is None else table.log_mass[chunk.groups].T
        if chunk.offset is not None:
            mass += chunk.offset.T
        peak = mass.max(axis=0)
        mass -= peak
        np.exp(mass, out=mass)
        total = mass.sum(axis=0)
        mass /= total
        yield chunk, y, mass, np.log(total) + peak


def expect(rows: Rows, table: Table) -> Expectation:
    """The expectation of one block of rows."""
    n_groups = len(table.log_mass)
    columns, mass = np.zeros_like(table.columns), np.zeros_like(table.log_mass)
    log_likelihood = 0.0
    for chunk, y, posterior, log_lik in posteriors(rows, table):
        log_likelihood += float(chunk.weights @ log_lik)
        posterior *= chunk.weights
        columns += y.T @ posterior.T
        if chunk.groups is None:
            mass[0] += posterior.sum(axis=1)
        else:
            mass += np.equal.outer(np.arange(n_groups), chunk.groups).astype(np.float64) @ posterior.T
    return Expectation(columns, mass, log_likelihood)


def blurred(rows: Rows, table: Table, nodes: Floats) -> Floats:
    """Sums over the rows of weight times the error of quadrature, and of weight, (2,).

    The error is that of the rectangle rule for a normal posterior, relative to its likelihood: at most
    2 exp(-2 pi^2 (sd / spacing)^2) by Poisson's summation formula.
    """
    spacing, sums = nodes[1] - nodes[0], np.zeros(2)
    for chunk, _, mass, _ in posteriors(rows, table):
        variance = np.maximum(nodes**2 @ mass - (nodes @ mass) ** 2, 0.0)
        error = np.minimum(2 * np.exp(-2 * np.pi**2 * variance / spacing**2), 1.0)
        sums += chunk.weights @ error, chunk.weights.sum()
    return sums


def over_rows(
    executor: Executor | None, work: Callable[..., _Sum], blocks: Iterable[Rows], *facts: Any
) -> Iterator[_Sum]:
    """What `work(rows, *facts)` returns for each block, in their order, wherever it was computed."""
    if executor is None:
        yield from (work(rows, *facts) for rows in blocks)
        return
    futures: list[Future[_Sum]] = []
    try:
        futures.extend(executor.submit(work, rows, *facts) for rows in blocks)
        yield from (future.result() for future in futures)
    finally:  # where one failed, the others are not wanted
        for future in futures:
            future.cancel()
