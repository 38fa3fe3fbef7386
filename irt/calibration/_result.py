"""What a calibration returns: estimates with their errors, what was refused, and whether it may be believed."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from irt.arrays import Floats, Ints
from irt.calibration._priors import Refused

Doubt: TypeAlias = Literal["no_items", "iterations", "errors", "population", "nodes"]


class NotConvergedWarning(RuntimeWarning):
    """A calibration was returned that may not be believed; its `doubts` say why."""


@dataclass(frozen=True)
class Population:
    """A normal population of theta; a standard error is 0 where the moment was fixed, nan where it is unknown."""

    mean: float
    sd: float
    se_mean: float = 0.0
    se_sd: float = 0.0


@dataclass(frozen=True, eq=False)
class Calibration:
    """A calibration; look at `converged` and `refused` before storing anything of it.

    Attributes
    ----------
    items : Items, Graded, PartialCredit or Mixed
        The calibrated items, in the order of `indices`; None when all were refused.
    indices : (n_calibrated,)
        Their columns in x.
    models : tuple of str
        Their models.
    estimates, se : dict of (n_calibrated,)
        Reported parameters by name and their standard errors; nan where an item has no such parameter. Errors are
        nan for all when they were not asked for or the information is not positive definite.
    populations : tuple of Population
        One per group, in the order of the group numbers.
    refused : tuple of Refused
        Items that were not calibrated, each with the reason.
    doubts : tuple of str
        Why it may not be believed; empty when it has `converged`. no_items: all were refused. iterations: the last
        EM step still changed a parameter by the tolerance. errors: the information is not positive definite.
        population: one has mass on an end node, or a free one is narrower than the spacing of the nodes. nodes: they
        were made denser as far as they go, and posteriors are narrower still, as with slopes of a hundred.
    n_iterations : int
        E-steps taken.
    log_likelihood : float
        Marginal log-likelihood of the answers to the calibrated (and fixed) items.
    last_change : float
        Largest change of a parameter in the last EM step.
    n_persons : float
        Sum of the weights of persons with at least one answer.
    n_nodes : int
        Nodes used: those asked for, their spacing halved until posteriors were wide enough for it.
    """

    items: Any
    indices: Ints
    models: tuple[str, ...]
    estimates: dict[str, Floats]
    se: dict[str, Floats]
    populations: tuple[Population, ...]
    refused: tuple[Refused, ...]
    doubts: tuple[Doubt, ...]
    n_iterations: int
    log_likelihood: float
    last_change: float
    n_persons: float
    n_nodes: int

    @property
    def converged(self) -> bool:
        """Whether nothing speaks against believing it."""
        return not self.doubts
