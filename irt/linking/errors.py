"""Standard errors of the two constants of a link: from the errors of the items, or from leaving anchors out."""

from dataclasses import replace

import numpy as np

from irt.arrays import Floats
from irt.linking.curves import Criterion
from irt.linking.moments import moment_gradients
from irt.linking.parameters import parameters, with_parameters
from irt.mixed import ItemSet

_STEP = 1e-5


def moments_covariance(
    method: str, new: Floats, old: Floats, errors: tuple[Floats, Floats], is_slope_free: bool
) -> Floats:
    """Covariance (2, 2) of mean-mean or mean-sigma constants, by the delta method.

    `errors` are covariances (n_anchors, k, k) of the tables `new` and `old`; items are taken as independent.

    References
    ----------
    Ogasawara (2000), Economic Review (Otaru University of Commerce) 51 (there with covariances between items).
    """
    gradients = moment_gradients(method, new, old, is_slope_free)
    return sum((_propagated(*pair) for pair in zip(gradients, errors, strict=True)), np.zeros((2, 2)))


def curves_covariance(
    criterion: Criterion, point: tuple[float, float], errors: tuple[Floats, Floats]
) -> Floats:
    """Covariance (2, 2) of characteristic curve constants at their minimum, by the delta method.

    Notes
    -----
    The minimum is where g(A, B; item parameters) = 0, g half the gradient of the criterion, so a parameter
    moves the constants by -(dg/d(A, B))^-1 dg/dparameter; both derivatives are central differences.

    References
    ----------
    Ogasawara (2001), Applied Psychological Measurement 25, 53-67; Battauz (2015), J. Statistical Software 68 (7).
    """
    free = slice(0 if criterion.is_slope_free else 1, 2)
    inverse = np.zeros((2, 2))
    inverse[free, free] = np.linalg.inv(_curvature(criterion, point)[free, free])
    total = np.zeros((2, 2))
    for side, known in zip(("new", "old"), errors, strict=True):
        total += _propagated(-_gradient_moves(criterion, point, side, known) @ inverse, known)
    return total


def jackknife(constants: Floats) -> Floats:
    """Covariance (2, 2) from the constants (n_anchors, 2) found without each anchor in turn.

    It holds what the choice of anchors adds, not only the sampling of persons.

    References
    ----------
    Haberman, Lee & Qian (2009), ETS RR-09-39; Monseur & Berezner (2007), Journal of Applied Measurement 8, 323-335.
    """
    n = constants.shape[0]
    away = constants - constants.mean(axis=0)
    covariance: Floats = (n - 1) / n * (away.T @ away)
    return covariance


def _propagated(gradient: Floats, covariance: Floats) -> Floats:
    """Sum over items of G' C G, for G (n_items, k, 2) and C (n_items, k, k)."""
    total: Floats = np.einsum("jpx,jpq,jqy->xy", gradient, covariance, gradient)
    return total


def _curvature(criterion: Criterion, point: tuple[float, float]) -> Floats:
    """Derivative (2, 2) of half the gradient of the criterion by slope and intercept."""
    columns = []
    for number in range(2):
        shift = np.eye(2)[number] * _STEP
        above, below = (criterion.residuals(*(np.array(point) + sign * shift)) for sign in (1, -1))
        moved = [np.einsum("tjc,tjcx->x", residual, jacobian) for residual, jacobian in (above, below)]
        columns.append((moved[0] - moved[1]) / (2 * _STEP))
    curvature: Floats = 0.5 * (np.array(columns) + np.array(columns).T)
    return curvature


def _gradient_moves(criterion: Criterion, point: tuple[float, float], side: str, known: Floats) -> Floats:
    """Derivative of half the gradient by each parameter of one calibration that has an error, (n_items, k, 2)."""
    items: ItemSet = getattr(criterion, side)
    table = parameters(items)
    total, total_jacobian = criterion.residuals(*point)
    moves = np.zeros((*table.shape, 2))
    for column in np.flatnonzero(np.diagonal(known, axis1=1, axis2=2).any(axis=0)):
        ends = []
        for sign in (1, -1):
            bumped = _bumped(table, int(column), sign * _STEP)
            changed = {side: with_parameters(items, bumped)}
            shifted = replace(criterion, **changed)  # type: ignore[arg-type]
            ends.append((bumped[:, column], *shifted.item_residuals(*point)))
        (high, residual_high, jacobian_high), (low, residual_low, jacobian_low) = ends
        width = np.where(np.isnan(high), 1.0, high - low)[:, None]
        by_residual = np.einsum(
            "tjc,tjcx->jx", residual_high - residual_low, _like(total_jacobian, jacobian_high)
        )
        by_jacobian = np.einsum("tjc,tjcx->jx", _like(total, residual_high), jacobian_high - jacobian_low)
        moves[:, column] = (by_residual + by_jacobian) / width
    return moves


def _bumped(table: Floats, column: int, step: float) -> Floats:
    """The table with one column moved, slopes staying positive and asymptotes between 0 and 1."""
    bumped = table.copy()
    bumped[:, column] += step
    if column == 0:
        bumped[:, 0] = np.maximum(bumped[:, 0], 0.5 * table[:, 0])
    elif column >= table.shape[1] - 2:
        bumped[:, column] = np.clip(bumped[:, column], 0.0, 1.0)
    return bumped


def _like(total: Floats, each: Floats) -> Floats:
    """A total over items as often as there are items."""
    return np.broadcast_to(total, each.shape)
