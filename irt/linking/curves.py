"""Links by the anchors' characteristic curves: Haebara and Stocking-Lord."""

from dataclasses import dataclass

import numpy as np

from irt.ability import Grid
from irt.arrays import Floats, frozen_floats
from irt.mixed import ItemSet, log_prob, log_prob_slope

_MAX_STEPS = 200
_COSINE = 1e-10  # of the angle between residuals and their derivatives, which is right at a minimum
_ROUNDING = 1e-14  # of residuals, which makes gradients and losses uncertain near a minimum
_FLAT = 1e-12  # a criterion that no intercept changes
_GIVE_UP = 1e12


@dataclass(frozen=True, eq=False)
class ThetaWeights:
    """Where curves are compared: points of theta and their weights, both (n_theta,); weights need not sum to one."""

    theta: Floats
    weight: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "theta", frozen_floats(self.theta, "theta"))
        object.__setattr__(self, "weight", frozen_floats(self.weight, "weight"))
        if self.theta.shape != self.weight.shape or self.theta.size < 2:
            raise ValueError("theta and weight must be equally long, at least two points")
        if (self.weight < 0).any() or np.unique(self.theta[self.weight > 0]).size < 2:
            raise ValueError("weights must not be negative, and positive at two different points at least")

    @classmethod
    def normal(cls, mean: float = 0.0, sd: float = 1.0) -> "ThetaWeights":
        """A normal population on 61 points, six sd to both sides."""
        grid = Grid(mean - 6 * sd, mean + 6 * sd, 61, mean, sd)
        return cls(grid.nodes, np.exp(grid.log_prior))

    @classmethod
    def uniform(cls, lower: float, upper: float, n_points: int) -> "ThetaWeights":
        """Equal weights on equally spaced points."""
        return cls(np.linspace(lower, upper, n_points), np.ones(n_points))


@dataclass(frozen=True, eq=False)
class Criterion:
    """What a characteristic curve method makes smallest, as a sum of weighted squared residuals.

    Parameters
    ----------
    new, old : items
        The anchors in both calibrations, in the same order.
    on_old : ThetaWeights
        Points on the old scale, where old curves meet transformed new ones.
    on_new : ThetaWeights or None
        Points on the new scale, where new curves meet old ones transformed back; None: not compared there.
    by_item : bool
        Haebara (1980): each category curve of each item has its residual. Otherwise Stocking & Lord (1983):
        one residual, of the expected test scores.
    is_slope_free : bool
        Otherwise the slope is held at one.

    Notes
    -----
    The transformed new item at theta is the new item at (theta - B) / A, whatever its model, so no item is
    transformed here, and derivatives by A and B are derivatives of a curve by theta.
    """

    new: ItemSet
    old: ItemSet
    on_old: ThetaWeights
    on_new: ThetaWeights | None
    by_item: bool
    is_slope_free: bool

    def item_residuals(self, slope: float, intercept: float) -> tuple[Floats, Floats]:
        """Residuals of each item, (n_points, n_items, n_curves), and derivatives (.., 2); weighted by sqrt(weight)."""
        t, weight = self.on_old.theta, self.on_old.weight
        u = (t - intercept) / slope
        (theirs, _), (ours, rising) = self._curves(t, self.old), self._curves(u, self.new)
        blocks = [_weighted(weight, theirs - ours, rising, np.column_stack((u, np.ones_like(u))) / slope)]
        if self.on_new is not None:
            u, weight = self.on_new.theta, self.on_new.weight
            (ours, _), (theirs, rising) = (
                self._curves(u, self.new),
                self._curves(slope * u + intercept, self.old),
            )
            blocks.append(_weighted(weight, ours - theirs, rising, -np.column_stack((u, np.ones_like(u)))))
        residuals, jacobians = (np.concatenate(block) for block in zip(*blocks, strict=True))
        if not self.is_slope_free:
            jacobians[..., 0] = 0.0
        return residuals, jacobians

    def residuals(self, slope: float, intercept: float) -> tuple[Floats, Floats]:
        """The residuals whose squares are added, and their derivatives (.., 2)."""
        return self.totals(*self.item_residuals(slope, intercept))

    def totals(self, residuals: Floats, jacobians: Floats) -> tuple[Floats, Floats]:
        """Those of the items as they are, or summed over the items of the test."""
        if self.by_item:
            return residuals, jacobians
        return residuals.sum(axis=1, keepdims=True), jacobians.sum(axis=1, keepdims=True)

    def _curves(self, theta: Floats, items: ItemSet) -> tuple[Floats, Floats]:
        """Category probabilities, or expected scores, and their derivatives by theta, (n_theta, n_items, n_curves)."""
        p = np.exp(log_prob(theta, items))
        rising = p * log_prob_slope(theta, items)
        if self.by_item:
            return p, rising
        k = np.arange(p.shape[2], dtype=np.float64)[:, None]
        return p @ k, rising @ k


def _weighted(weight: Floats, residual: Floats, rising: Floats, inner: Floats) -> tuple[Floats, Floats]:
    root = np.sqrt(weight / weight.sum())[:, None, None]
    jacobian = (root * rising)[..., None] * inner[:, None, None, :]
    return root * residual, jacobian


def closest(criterion: Criterion, start: tuple[float, float]) -> tuple[float, float, float, bool]:
    """Slope, intercept, the criterion there, and whether a minimum was reached (Levenberg-Marquardt from `start`)."""
    point = np.array(start)
    residual, jacobian = criterion.residuals(*point)
    loss, damping, converged = float((residual**2).sum()), 1e-4, False
    for _ in range(_MAX_STEPS):
        flat = jacobian.reshape(-1, 2)
        curvature, gradient = flat.T @ flat, flat.T @ residual.ravel()
        scale = np.maximum(np.diag(curvature), 1e-300)
        is_right = np.abs(gradient) <= np.sqrt(scale) * (_COSINE * np.sqrt(loss) + _ROUNDING)
        converged = bool(curvature[1, 1] > _FLAT and is_right.all())
        if converged or damping > _GIVE_UP:
            break
        trial = point - np.linalg.solve(curvature + np.diag((damping + 1e-14) * scale), gradient)
        if trial[0] > 0:
            trial_residual, trial_jacobian = criterion.residuals(*trial)
            trial_loss = float((trial_residual**2).sum())
            if trial_loss <= loss + _ROUNDING * np.sqrt(loss):
                point, residual, jacobian, loss = trial, trial_residual, trial_jacobian, trial_loss
                damping = max(damping / 10, 1e-12)
                continue
        damping *= 10
    return float(point[0]), float(point[1]), loss, converged
