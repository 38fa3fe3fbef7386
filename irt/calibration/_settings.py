"""How a calibration climbs: nodes, tolerance, and where the work is done."""

from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from irt.arrays import Floats


def _default_nodes() -> Floats:
    nodes: Floats = np.linspace(-6.0, 6.0, 61)
    return nodes


@dataclass(frozen=True, eq=False)
class Settings:
    """How to climb, not what to.

    Attributes
    ----------
    nodes : (n_nodes,)
        Equally spaced nodes of theta. Their spacing must not exceed the posterior sd of the best measured person.
    tolerance : float
        An EM step that changes no parameter by this much has converged.
    max_iterations : int
        E-steps after which the result is returned as not converged.
    standard_errors : bool
        Whether to invert the observed information; costs as much as some dozen E-steps.
    executor : Executor, optional
        Where blocks of rows are worked on; any `concurrent.futures` executor, also one of other machines.
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
        nodes = np.asarray(self.nodes, dtype=np.float64)
        if nodes.ndim != 1 or nodes.size < 3 or not np.isfinite(nodes).all():
            raise ValueError("nodes must be a vector of at least 3 finite numbers")
        steps = np.diff(nodes)
        if not (steps > 0).all() or not np.allclose(steps, steps[0]):
            raise ValueError("nodes must increase in equal steps")
        if not (self.tolerance > 0 and self.max_iterations > 0 and self.n_partitions > 0):
            raise ValueError("tolerance, max_iterations and n_partitions must be positive")
        object.__setattr__(self, "nodes", nodes)
