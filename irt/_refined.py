"""Posteriors of many candidates between the nodes of the grid: a cubic spline through the log of the masses.

Solved by plain elementwise arithmetic, so that a candidate's figures do not depend, to the bit, on who else is there;
a library's solver for many right-hand sides promises no such thing.
"""

import numpy as np

from irt.ability import Grid
from irt.arrays import Floats

_LEAST_MASS = 1e-290
_LONG = 48  # candidates in a row from which on rows are added one by one


def below(grid: Grid, mass: Floats, refine: int) -> Floats:
    """Posterior probability of being below each of the points `refine` times as dense as the nodes.

    Parameters
    ----------
    grid : Grid
    mass : (n_persons, n_nodes)
    refine : int

    Returns
    -------
    (refine * (n_nodes - 1) + 1, n_persons), each column from 0 to 1
    """
    y = np.log(np.maximum(np.ascontiguousarray(mass.T), _LEAST_MASS))
    density = _between(y, refine)
    # Above the highest node by more than a factor e the spline could only be overshooting.
    np.minimum(density, y.max(axis=0) + 1.0, out=density)
    np.exp(density, out=density)
    total: Floats = np.empty_like(density)
    total[0] = 0.0
    np.add(density[1:], density[:-1], out=total[1:])
    total[1:] *= 0.5
    _sum_down(total)
    total /= total[-1].copy()
    return total


def _sum_down(rows: Floats) -> None:
    """Each row is the sum of all down to it, added in their order, whichever way is the faster."""
    if rows.shape[1] < _LONG:
        np.cumsum(rows, axis=0, out=rows)
        return
    for at in range(1, len(rows)):
        rows[at] += rows[at - 1]


def _between(y: Floats, refine: int) -> Floats:
    """The not-a-knot cubic spline through y (n_nodes, n), on (refine * (n_nodes - 1) + 1, n) points."""
    slopes = _slopes(y)
    values = np.empty(((len(y) - 1) * refine + 1, y.shape[1]))
    point, term = np.empty((2, len(y) - 1, y.shape[1]))
    for part in range(refine):
        u = part / refine
        np.multiply((1 + 2 * u) * (1 - u) ** 2, y[:-1], out=point)
        point += np.multiply(u * (1 - u) ** 2, slopes[:-1], out=term)
        point += np.multiply(u * u * (3 - 2 * u), y[1:], out=term)
        point += np.multiply(u * u * (u - 1), slopes[1:], out=term)
        values[part:-1:refine] = point
    values[-1] = y[-1]
    return values


def _slopes(y: Floats) -> Floats:
    """The spline's slope at each node, per node spacing, (n_nodes, n): a tridiagonal system, solved downwards and back.

    de Boor (1978), A Practical Guide to Splines, ch. IV; on three nodes it is the parabola through them."""
    rise = y[1:] - y[:-1]
    slopes = np.empty_like(y)
    if len(y) == 3:
        middle = 0.5 * (rise[0] + rise[1])
        slopes[:] = 1.5 * rise[0] - 0.5 * rise[1], middle, 1.5 * rise[1] - 0.5 * rise[0]
        return slopes
    upper = 2.0
    uppers = [upper]
    slopes[0] = 0.5 * (5.0 * rise[0] + rise[1])
    for at in range(1, len(y) - 1):
        pivot = 4.0 - upper
        slopes[at] = (3.0 * (rise[at - 1] + rise[at]) - slopes[at - 1]) / pivot
        upper = 1.0 / pivot
        uppers.append(upper)
    slopes[-1] = (0.5 * (5.0 * rise[-1] + rise[-2]) - 2.0 * slopes[-2]) / (1.0 - 2.0 * upper)
    for at in range(len(y) - 2, -1, -1):
        slopes[at] -= uppers[at] * slopes[at + 1]
    return slopes
