"""What a calibration returns: estimates with their errors, what was refused, and whether it may be believed."""

from dataclasses import dataclass
from typing import Any

from irt.arrays import Floats, Ints
from irt.calibration._priors import Refused


class NotConvergedWarning(RuntimeWarning):
    """A calibration was returned whose last step still changed the parameters, or whose errors are unknown."""


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
    converged : bool
        The last EM step changed no parameter by as much as the tolerance, and no population runs off the nodes.
    n_iterations : int
        E-steps taken.
    log_likelihood : float
        Marginal log-likelihood of the answers to the calibrated (and fixed) items.
    last_change : float
        Largest change of a parameter in the last EM step.
    n_persons : float
        Sum of the weights of persons with at least one answer.
    """

    items: Any
    indices: Ints
    models: tuple[str, ...]
    estimates: dict[str, Floats]
    se: dict[str, Floats]
    populations: tuple[Population, ...]
    refused: tuple[Refused, ...]
    converged: bool
    n_iterations: int
    log_likelihood: float
    last_change: float
    n_persons: float
