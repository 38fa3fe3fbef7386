"""Which items can be left out of the program without loss, because enough better ones are alike in all else.
Those lie in the same cell, in no passage and no enemy group, as many as the test may still take of the cell: a test
with the item lacks one of them, and an exchange only gains."""

import numpy as np

from irt.arrays import Bools, Ints
from irt.shadow.rules import Remaining, Rules


def undominated(rules: Rules, left: Remaining, weights: Ints, is_timed: bool) -> Bools:
    """The items that may matter, (n_items,) of bool; with a time budget a better one must not be slower."""
    places = np.where(rules.in_cell, left.high[: rules.in_cell.shape[0], None], left.places).min(axis=0)
    single = np.flatnonzero(left.free & (rules.constraints.passage_of < 0))
    order = single[np.lexsort((-weights[single], rules.cell_of[single]))]
    cells, plain = rules.cell_of[order], rules.is_plain[order]
    if is_timed and rules.constraints.time is not None:
        n_better = _better_and_not_slower(cells, plain, rules.constraints.time.of_item[order])
    else:
        before: Ints = np.cumsum(plain) - plain
        starts = np.flatnonzero(np.diff(cells, prepend=-1))
        n_better = before - np.repeat(before[starts], np.diff(starts, append=cells.size))
    kept = left.free & (rules.constraints.passage_of >= 0)
    kept[order[n_better < places[cells]]] = True
    return kept


def _better_and_not_slower(cells: Ints, plain: Bools, times: Ints) -> Ints:
    """How many plain items of its cell lead each item and take no longer, (n,); the items best first by cell."""
    counts = np.zeros(cells.size, dtype=np.intp)
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    for start, end in zip(starts.tolist(), np.append(starts, cells.size)[1:].tolist(), strict=True):
        quick = times[start:end, None] <= times[None, start:end]
        counts[start:end] = (np.triu(quick, 1) & plain[start:end, None]).sum(axis=0)
    return counts
