"""A population takes the test: in batches where exposure control makes candidates matter to each other."""

from collections.abc import Callable, Sequence

import numpy as np

from irt.arrays import Bools, Floats, theta_points
from irt.exposure import Control, Counters
from irt.simulate.design import Design, Run, Simulation, gathered, person_seed
from irt.simulate.many import is_vectorised, simulate_many
from irt.simulate.one import allowed, simulate_cat

Progress = Callable[[int, int], None]

_MOST_AT_ONCE = 500  # rows whose criteria still fit a processor's cache
_ONE_BY_ONE = 10


def simulate(
    design: Design, theta_true: Sequence[float] | Floats, seed: int, progress: Progress | None = None
) -> Simulation:
    """One test per theta, each with its own seed derived from `seed` and its position.

    `progress(n_done, n_persons)` is called now and then. Without exposure control a candidate's test is a
    function of the design, theta, `seed` and the position alone; with it also of all earlier batches.

    Raises
    ------
    ValueError
        When there is no candidate, or theta is not finite.
    """
    return counted_tests(design, theta_true, seed, progress)[0]


def counted_tests(
    design: Design, theta_true: Sequence[float] | Floats, seed: int, progress: Progress | None = None
) -> tuple[Simulation, Counters]:
    """`simulate`, and what exposure control has counted (nothing without it)."""
    thetas = theta_points(theta_true)
    if thetas.size == 0:
        raise ValueError("at least one candidate is needed")
    counters = Counters.none(len(design.items))
    at_once = _MOST_AT_ONCE if is_vectorised(design) else _ONE_BY_ONE
    if isinstance(design.exposure, Control):
        at_once = design.batch
    parts = []
    for start in range(0, thetas.size, at_once):
        batch = thetas[start : start + at_once]
        seeds = [person_seed(seed, person) for person in range(start, start + batch.size)]
        part, open_items = _batch(design, batch, seeds, counters)
        if open_items is not None:
            counters = counted(counters, part, open_items)
        parts.append(part)
        if progress is not None:
            progress(start + batch.size, thetas.size)
    return gathered(parts), counters


def counted(counters: Counters, part: Simulation, open_items: Bools) -> Counters:
    """The counters when the candidates of `part` have been counted too."""
    given = np.zeros_like(open_items)
    rows, steps = np.nonzero(part.indices >= 0)
    given[rows, part.indices[rows, steps]] = True
    # An item outside the mask that the blueprint could not do without was open after all, as in delivery.
    return counters.after(part.theta.size, given.sum(axis=0), (given | open_items).sum(axis=0))


def _batch(
    design: Design, thetas: Floats, seeds: Sequence[int], counters: Counters
) -> tuple[Simulation, Bools | None]:
    """The tests of candidates who all met these counters, and the items open to each."""
    masks = [allowed(design, seed, counters) for seed in seeds] if design.exposure else []
    open_items = np.array(masks) if masks else None
    if is_vectorised(design):
        return simulate_many(design, thetas, seeds, open_items), open_items
    runs = [simulate_cat(design, theta, one, counters) for theta, one in zip(thetas, seeds, strict=True)]
    return _collected(design, runs), open_items


def _collected(design: Design, runs: Sequence[Run]) -> Simulation:
    """Tests taken one by one as the rows of a simulation."""
    indices = np.full((len(runs), design.constraints.length), -1, dtype=np.intp)
    scores = np.full(indices.shape, np.nan)
    for person, run in enumerate(runs):
        indices[person, : run.indices.size] = run.indices
        scores[person, : run.scores.size] = run.scores
    return Simulation(
        np.array([run.theta_true for run in runs]),
        np.array([run.estimate.theta for run in runs]),
        np.array([run.estimate.se for run in runs]),
        np.array([run.estimate.converged for run in runs], dtype=np.bool_),
        indices,
        scores,
        np.array([run.n_violations for run in runs], dtype=np.intp),
    )
