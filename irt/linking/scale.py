"""The line from one theta scale to another, and what it does to thetas, items and their errors."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from irt.arrays import Floats
from irt.linking.parameters import covariances, parameters, with_parameters
from irt.mixed import ItemSet

_LEAST_SLOPE = 1e-6  # beyond it, or its inverse, two calibrations have no scale in common


def _no_error() -> Floats:
    return np.zeros((2, 2))


def _is_covariance(matrix: Floats) -> bool:
    """Whether a finite (2, 2) matrix is symmetric with variances and |correlation| that can be, up to rounding."""
    (var_slope, both), (mirrored, var_intercept) = matrix
    if var_slope < 0 or var_intercept < 0:
        return False
    most = math.sqrt(var_slope) * math.sqrt(var_intercept) * (1 + 1e-6) + 1e-12
    return bool(abs(both - mirrored) <= 1e-6 * most and abs(both) <= most)


@dataclass(frozen=True, eq=False)
class Link:
    """theta on the old scale = slope * theta on the new scale + intercept.

    Parameters
    ----------
    slope, intercept : float
        `A` (> 0) and `B` of the literature.
    covariance : (2, 2)
        Of (slope, intercept); zero when they are taken as known.

    Notes
    -----
    a becomes a / A, each b becomes A b + B, c and d stay: every probability is what it was
    (Kolen & Brennan 2014, Test equating, scaling, and linking, section 6.2).
    """

    slope: float
    intercept: float
    covariance: Floats = field(default_factory=_no_error)

    def __post_init__(self) -> None:
        if not (_LEAST_SLOPE <= self.slope <= 1 / _LEAST_SLOPE and math.isfinite(self.intercept)):
            raise ValueError(
                f"a link needs a positive slope, {_LEAST_SLOPE:g} .. {1 / _LEAST_SLOPE:g}, and a finite intercept"
            )
        covariance = np.array(self.covariance, dtype=np.float64)
        if covariance.shape != (2, 2) or not np.isfinite(covariance).all() or not _is_covariance(covariance):
            raise ValueError("the covariance of a link must be finite, (2, 2), symmetric and not negative")
        covariance.setflags(write=False)
        object.__setattr__(self, "covariance", covariance)

    @property
    def se(self) -> tuple[float, float]:
        """Standard errors of slope and intercept."""
        return math.sqrt(self.covariance[0, 0]), math.sqrt(self.covariance[1, 1])

    def theta(self, theta: npt.ArrayLike) -> Floats:
        """These thetas on the old scale, same shape."""
        return self.slope * np.asarray(theta, dtype=np.float64) + self.intercept

    def theta_se(self, theta: npt.ArrayLike, se: npt.ArrayLike) -> Floats:
        """Standard errors on the old scale of thetas with these errors on the new one, the link's own included.

        Var = A^2 se^2 + theta^2 Var A + 2 theta Cov(A, B) + Var B (delta method; thetas independent of the link).
        """
        points = np.asarray(theta, dtype=np.float64)
        errors = np.asarray(se, dtype=np.float64)
        if (errors < 0).any():  # nan is not
            raise ValueError("se must not be negative")
        own = (self.slope * errors) ** 2
        (var_slope, both), (_, var_intercept) = self.covariance
        line = points * (points * var_slope + 2 * both) + var_intercept
        total: Floats = np.sqrt(own + np.maximum(line, 0.0))
        return total

    def items(self, items: ItemSet) -> ItemSet:
        """These items on the old scale, models and order kept."""
        table = parameters(items)
        table[:, 0] /= self.slope
        table[:, 1:-2] = self.slope * table[:, 1:-2] + self.intercept
        return with_parameters(items, table)

    def item_covariance(self, items: ItemSet, errors: npt.ArrayLike) -> Floats:
        """Covariances of the transformed parameters, (n_items, k, k), the link's own included (delta method).

        `errors` as for `parameters.covariances`, on the new scale. Items and link are taken as independent,
        which is exact for items that were not anchors and near it when anchors are many.
        """
        table = parameters(items)
        known = covariances(errors, table, "errors")
        n_items, k = table.shape
        stretch = np.ones(k)
        stretch[0], stretch[1:-2] = 1 / self.slope, self.slope
        by_link = np.zeros((n_items, k, 2))
        by_link[:, 0, 0] = -table[:, 0] / self.slope**2
        by_link[:, 1:-2, 0] = np.nan_to_num(table[:, 1:-2])
        by_link[:, 1:-2, 1] = np.isfinite(table[:, 1:-2])
        moved: Floats = stretch[:, None] * known * stretch
        moved += by_link @ self.covariance @ by_link.transpose(0, 2, 1)
        return moved

    def inverse(self) -> "Link":
        """The line from the old scale to the new one: theta / A - B / A."""
        gradient = np.array([[-1 / self.slope**2, 0.0], [self.intercept / self.slope**2, -1 / self.slope]])
        return Link(1 / self.slope, -self.intercept / self.slope, gradient @ self.covariance @ gradient.T)

    def then(self, later: "Link") -> "Link":
        """The line that goes this way and on by `later`, both estimated independently of each other."""
        first = np.array([[later.slope, 0.0], [0.0, later.slope]])
        second = np.array([[self.slope, 0.0], [self.intercept, 1.0]])
        covariance = first @ self.covariance @ first.T + second @ later.covariance @ second.T
        return Link(
            later.slope * self.slope, later.slope * self.intercept + later.intercept, np.asarray(covariance)
        )
