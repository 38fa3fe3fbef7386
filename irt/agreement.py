"""Whether an independent program confirms a calibration: item by item, and where it does not, by how much.

High-stakes parameters are estimated twice; the differences are for the psychometrician to read, nothing is averaged.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from irt._girth import GirthEstimates, estimate
from irt.arrays import Floats, Ints
from irt.calibration._result import Calibration


@dataclass(frozen=True)
class Disagreement:
    """A parameter of an item (a column of x) on which the programs differ beyond the limit; z = difference / error."""

    item: int
    name: str
    first: float
    second: float
    error: float
    z: float


@dataclass(frozen=True, eq=False)
class Agreement:
    """Two sets of estimates from the same answers, side by side.

    Attributes
    ----------
    items : (n_items,)
        Columns of x.
    names : (n_parameters,) tuple of str
        "a", "b" or "b1", "b2", ...
    first, second, error, z : (n_items, n_parameters)
        Estimates, the error of their difference, and second - first in units of it; nan where an item has no such
        parameter.
    limit : float
        |z| above which a parameter is in `beyond`.
    correlation, rmsd : dict of float
        Over all slopes ("a") and over all difficulties ("b"); a correlation is nan where nothing varies.
    beyond : tuple of Disagreement
        The largest |z| first.
    unjudged : tuple of int
        Items about which nothing can be said: the second program left them at a bound, or an error is unknown.
    converged : bool
        Both programs ended by their own rule.
    """

    items: Ints
    names: tuple[str, ...]
    first: Floats
    second: Floats
    error: Floats
    z: Floats
    limit: float
    correlation: dict[str, float]
    rmsd: dict[str, float]
    beyond: tuple[Disagreement, ...]
    unjudged: tuple[int, ...]
    converged: bool

    @property
    def is_confirmed(self) -> bool:
        """Whether both converged and every parameter was judged and lies within the limit."""
        return self.converged and not self.beyond and not self.unjudged


def confirm(x: npt.ArrayLike, calibration: Calibration, limit: float = 1.0) -> Agreement:
    """What girth makes of the answers `x` behind a calibration, beside it.

    Parameters
    ----------
    x : (n_persons, n_items)
        The matrix that was calibrated, complete in the columns of `calibration.indices` and of weight 1.
    calibration : Calibration
        Of one model, with standard errors, theta ~ N(0, 1) not estimated.
    limit : float
        See `agreement`.

    Raises
    ------
    ValueError
        Missing answers, a model girth lacks or cannot run (3PL), several models, a population not held at N(0, 1).
    """
    models = set(calibration.models)
    if not models:
        raise ValueError("the calibration has no items to confirm: all were refused")
    if len(models) != 1:
        raise ValueError("girth confirms items of one model: calibrate each model's items by themselves")
    answers = np.asarray(x)
    if answers.ndim != 2 or calibration.indices.max() >= answers.shape[1]:
        raise ValueError("x must be the matrix that was calibrated, persons by items")
    return agreement(calibration, estimate(answers[:, calibration.indices], models.pop()), limit)


def agreement(calibration: Calibration, second: GirthEstimates, limit: float = 1.0) -> Agreement:
    """Differences of two estimates of the same items from the same answers, in units of their error.

    Parameters
    ----------
    calibration : Calibration
    second : GirthEstimates
        Of the calibrated items, in their order.
    limit : float
        Parameters with |z| above it are named.

    Notes
    -----
    girth gives no standard errors, so the error is the calibration's own. Both programs read the same answers and
    err together; where one of them is efficient the variance of the difference is the difference of the variances
    (Hausman 1978), far below either. One standard error apart is therefore no accident of sampling: one of the
    programs is wrong or has not converged. Hence the limit of 1, where independent samples would need 2.

    References
    ----------
    Hausman (1978), Econometrica 46, 1251-1271.
    """
    _check(calibration, second, limit)
    names = tuple(calibration.estimates)
    first = np.column_stack([calibration.estimates[name] for name in names])
    error = np.column_stack([calibration.se[name] for name in names])
    other = np.hstack((second.a[:, None], second.b))
    if first.shape != other.shape or (np.isnan(first) & ~np.isnan(other)).any():
        raise ValueError("both estimates must be of the same items with the same categories")
    z = np.divide(other - first, error, out=np.full_like(error, np.nan), where=error > 0)
    unknown = second.held | (~np.isnan(first) & np.isnan(z)).any(axis=1)
    return Agreement(
        items=calibration.indices,
        names=names,
        first=first,
        second=other,
        error=error,
        z=z,
        limit=float(limit),
        correlation={
            "a": _correlation(first[:, :1], other[:, :1]),
            "b": _correlation(first[:, 1:], other[:, 1:]),
        },
        rmsd={"a": _rmsd(first[:, :1], other[:, :1]), "b": _rmsd(first[:, 1:], other[:, 1:])},
        beyond=_beyond(calibration.indices, names, (first, other, error, z), limit),
        unjudged=tuple(int(item) for item in calibration.indices[unknown]),
        converged=calibration.converged and second.converged,
    )


def _beyond(
    items: Ints, names: tuple[str, ...], columns: tuple[Floats, Floats, Floats, Floats], limit: float
) -> tuple[Disagreement, ...]:
    """The parameters with |z| above the limit, the largest first."""
    first, second, error, z = columns
    size = np.nan_to_num(np.abs(z))
    rows, parameters = np.nonzero(size > limit)
    worst_first = np.argsort(-size[rows, parameters], kind="stable")
    return tuple(
        Disagreement(int(items[i]), names[k], *(float(values[i, k]) for values in (first, second, error, z)))
        for i, k in zip(rows[worst_first], parameters[worst_first], strict=True)
    )


def _check(calibration: Calibration, second: GirthEstimates, limit: float) -> None:
    if not limit > 0:
        raise ValueError("the limit must be positive")
    if tuple(calibration.estimates)[:1] != ("a",) or set(calibration.models) != {second.model}:
        raise ValueError(f"the calibration must be of model {second.model}, as the second estimates are")
    if len(calibration.populations) != 1:
        raise ValueError("girth knows one population; the calibration has several")
    population = calibration.populations[0]
    if (population.mean, population.sd) != (0.0, 1.0):
        raise ValueError("girth holds theta at N(0, 1); the calibration must have done the same")


def _correlation(first: Floats, second: Floats) -> float:
    """Pearson correlation over the pairs that exist; nan where either does not vary."""
    pairs = np.isfinite(first) & np.isfinite(second)
    one, other = first[pairs], second[pairs]
    if one.size < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _rmsd(first: Floats, second: Floats) -> float:
    """Root mean squared difference over the pairs that exist; nan where there is none."""
    difference = (second - first)[np.isfinite(first) & np.isfinite(second)]
    return float(np.sqrt(np.mean(difference**2))) if difference.size else float("nan")
