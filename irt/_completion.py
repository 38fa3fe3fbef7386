"""From which cells one more item may be taken so that the test can still be completed: bounds, then proof.

The circulation decides alone where two families of quotas are at work; an integer program decides the rest.
"""

import numpy as np

from irt._cells import Cells, State
from irt._network import Network
from irt._program import covered
from irt.arrays import Bools, Ints


def extendable(cells: Cells, network: Network, state: State) -> Bools:
    """Exactly the cells an item may be taken from, (n_cells,) of bool."""
    answer = np.zeros(cells.n_cells, dtype=np.bool_)
    possible = np.flatnonzero(state.supply > 0)
    if possible.size:
        answer[possible] = _after_one_of(cells, network, state, possible)
    answer.setflags(write=False)
    return answer


def _after_one_of(cells: Cells, network: Network, state: State, possible: Ints) -> Bools:
    """After an item of which of these cells the test can still be completed, (n_possible,) of bool."""
    taken = cells.quota_counts[:, possible].T
    minima, maxima = np.maximum(state.minima - taken, 0), state.maxima - taken
    if not (network.extras.size or cells.in_group.any()):
        left = np.tile(state.supply, (possible.size, 1))
        left[np.arange(possible.size), possible] -= 1
        return network.has_flow(state.places - 1, minima, maxima, left)
    most, surely = _supplies(cells, state, possible)
    decided = _certain(cells, network, state, taken, surely)
    if decided.all():
        return decided
    open_ = np.flatnonzero(~decided)
    open_ = open_[network.has_flow(state.places - 1, minima[open_], maxima[open_], most[open_])]
    if open_.size:
        decided[open_] = covered(cells, state, possible[open_])
    return decided


def _certain(cells: Cells, network: Network, state: State, taken: Ints, surely: Ints) -> Bools:
    """Which cases (n_cases,) surely can be completed: extra quotas are served first, then shunned.

    A few items are set aside to meet the minima of the extra quotas; other places are filled from cells no
    extra quota can refuse. Without extras, and enemies apart, this is exact.
    """
    aside = _set_aside(cells, network, state, surely.max(axis=0))
    places = state.places - 1 - int(aside.sum())
    if places < 0:
        return np.zeros(taken.shape[0], dtype=np.bool_)
    taken = taken + cells.in_quota @ aside
    minima, maxima = np.maximum(state.minima - taken, 0), state.maxima - taken
    left = surely - aside
    binding = (maxima[:, network.extras] < places).astype(np.intp)
    refused = binding @ cells.in_quota[network.extras].astype(np.intp)
    served = (minima[:, network.extras] == 0).all(axis=1) & (left >= 0).all(axis=1)
    certain: Bools = served & network.has_flow(places, minima, maxima, np.maximum(left, 0) * (refused == 0))
    return certain


def _set_aside(cells: Cells, network: Network, state: State, supply: Ints) -> Ints:
    """Items (n_cells,) that meet the minima of the extra quotas if they easily can, else as far as they go.

    Taken one by one where most is gained: extras served, then other minima served, then room left.
    """
    aside = np.zeros(cells.n_cells, dtype=np.intp)
    minima, maxima = state.minima.copy(), state.maxima.copy()
    of_extras = cells.in_quota[network.extras].astype(np.intp)
    while (owed := minima[network.extras] > 0).any():
        gain = owed.astype(np.intp) @ of_extras
        gain[(aside >= supply) | cells.in_quota[maxima <= 0].any(axis=0)] = 0
        if not gain.any():
            break
        worth = gain * 1_000_000 + (minima @ cells.in_quota) * 1_000 + maxima @ cells.in_quota
        best = int(np.argmax(np.where(gain > 0, worth, -1)))
        aside[best] += 1
        minima = np.maximum(minima - cells.in_quota[:, best], 0)
        maxima = maxima - cells.in_quota[:, best]
    return aside


def _supplies(cells: Cells, state: State, possible: Ints) -> tuple[Ints, Ints]:
    """What each cell can still give after one item of each possible cell, (n_possible, n_cells), twice.

    First at most, enemies in other cells forgotten unless the item taken excludes them; then surely, of the
    enemies only such as can all be taken together.
    """
    shares = cells.are_enemies
    kept: Bools = np.logical_not(cells.in_group.any(axis=0))
    for cell in np.flatnonzero(~kept & (state.supply > 0)):
        kept[cell] = not (shares[cell] & kept).any()
    most = state.supply * ~shares[possible]
    most[np.arange(possible.size), possible] = np.where(
        shares[possible, possible], 0, state.supply[possible] - 1
    )
    return most, most * kept
