"""How a calibration climbs: nodes, tolerance, and where the work is done."""

from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from irt.arrays import Floats, frozen_floats


def _default_nodes() -> Floats:
    nodes: Floats = np.linspace(-6.0, 6.0, 61)
    return nodes


@dataclass(frozen=True, eq=False)
class Settings:
    """How to climb, not what to.

    Attributes
    ----------
    nodes : (n_nodes,)
        Equally spaced nodes of theta. Where posteriors turn out too narrow for them, as with 60 items of five
        categories, the calibration goes on with half their spacing, as often as needed.
    tolerance : float
        An EM step that changes no parameter by this much has converged.
    max_iterations : int
        E-steps after which the result is returned as not converged.
    standard_errors : bool
        Whether to invert the observed information; costs as much as some dozen E-steps.
    executor : Executor, optional
        Where blocks of rows are worked on; any `concurrent.futures` executor, also one of other machines. What
        fails there is raised here.
    n_partitions : int
        Pieces into which each block of rows is cut for the executor.
    """

    nodes: Floats = field(default_factory=_default_nodes)
    tolerance: float = 1e-4
    max_iterations: int = 1000
    standard_errors: bool = True
    executor: Executor | None = None
    n_partitions: int = 1

    def __post_init__(self) -> None:
        nodes = frozen_floats(self.nodes, "nodes")
        if nodes.size < 3:
            raise ValueError("nodes must be a vector of at least 3 finite numbers")
        steps = np.diff(nodes)
        if not (steps > 0).all() or not np.allclose(steps, steps[0]):
            raise ValueError("nodes must increase in equal steps")
        if not 0 < self.tolerance < np.inf:
            raise ValueError("tolerance must be positive and finite")
        if not all(isinstance(n, int | np.integer) and n > 0 for n in (self.max_iterations, self.n_partitions)):
            raise ValueError("max_iterations and n_partitions must be whole numbers from 1")
        if not (self.executor is None or isinstance(self.executor, Executor)):
            raise ValueError("executor must be a concurrent.futures.Executor, such as dask's Client.get_executor()")
        object.__setattr__(self, "nodes", nodes)
