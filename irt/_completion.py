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
        taken = cells.in_quota[:, possible].T.astype(np.intp)
        minima, maxima = np.maximum(state.minima - taken, 0), state.maxima - taken
        most, surely = _supplies(cells, state, possible)
        places = state.places - 1
        without, idle = _without_extras(cells, network, places, minima, maxima)
        certain = idle & network.has_flow(places, minima, maxima, surely * without)
        answer[possible[certain]] = True
        if not certain.all() and (network.extras.size or cells.in_group.any()):
            open_ = np.flatnonzero(~certain)
            open_ = open_[network.has_flow(places, minima[open_], maxima[open_], most[open_])]
            if open_.size:
                answer[possible[open_]] = covered(cells, state, possible[open_])
    answer.setflags(write=False)
    return answer


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


def _without_extras(
    cells: Cells, network: Network, places: int, minima: Ints, maxima: Ints
) -> tuple[Ints, Bools]:
    """Zero for cells an extra quota might refuse later, (n_possible, n_cells); where no extra needs more."""
    binding = maxima[:, network.extras] < places
    refused = binding.astype(np.intp) @ cells.in_quota[network.extras].astype(np.intp)
    idle: Bools = (minima[:, network.extras] == 0).all(axis=1)
    return (refused == 0).astype(np.intp), idle
