"""The chances of Sympson and Hetter: simulate, correct, and again until no item is given too often."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from irt.arrays import Floats
from irt.draws import Draws
from irt.exposure import Control, Counters, SympsonHetter, sympson_hetter
from irt.simulate.design import Design, Simulation
from irt.simulate.run import counted_tests

Progress = Callable[[int, float], None]

_BATCHES = 50


@dataclass(frozen=True, eq=False)
class Tuned:
    """Chances, and how the search for them went.

    Attributes
    ----------
    control : SympsonHetter
        For the design's `exposure`.
    simulation : Simulation
        The last round, whose tests were taken under these chances.
    highest : (n_rounds,)
        The highest exposure rate of each round.
    converged : bool
        Whether the last is within the tolerance. When not, the chances are those of the best round.
    """

    control: SympsonHetter
    simulation: Simulation
    highest: tuple[float, ...]
    converged: bool


def sympson_hetter_chances(
    design: Design,
    theta_true: Floats,
    seed: int,
    r_max: float,
    *,
    tolerance: float = 0.01,
    most_rounds: int = 50,
    progress: Progress | None = None,
) -> Tuned:
    """Chances under which no item of the design is given to more than `r_max` + `tolerance` of these candidates.

    The first chances are made from one simulation under the restricted method, whose selection rates are near the
    final ones (Barrada, Olea & Ponsoda 2007). Each round is simulated with draws of its own, so the round that ends
    the search is also its proof. By chance alone the highest of many rates lies some sqrt(r_max (1 - r_max) /
    n_persons), or twice that, above `r_max`; take so many candidates that this is well below `tolerance`.

    Parameters
    ----------
    design : Design
        Its own `exposure` is put aside.
    theta_true : (n_persons,)
    progress : function of (round, highest rate), optional

    Raises
    ------
    ValueError
        When `r_max` is less than length / n_items, which is the rate if all items are given alike.

    References
    ----------
    Sympson & Hetter (1985), Proc. 27th annual meeting of the Military Testing Association, 973-977; Barrada,
    Olea & Ponsoda (2007), Methodology 3, for the start, and why not the updates of van der Linden (2003, Journal of
    Educational and Behavioral Statistics 28, 249-265), which hold good items back more than is needed.
    """
    n_items, length = len(design.items), design.length
    if not length <= r_max * n_items * (1 + 1e-9):
        raise ValueError(f"r_max cannot be less than {length}/{n_items}, the rate of items given alike")
    if not tolerance >= 0 or most_rounds < 1:
        raise ValueError("a tolerance of at least 0 and at least one round are needed")
    start = replace(design, exposure=Control("restricted", r_max), batch=max(1, len(theta_true) // _BATCHES))
    _, counters = counted_tests(start, theta_true, Draws(seed, 0).word())
    chances = sympson_hetter(selection_rates(counters), r_max, length)
    highest: list[float] = []
    best: tuple[SympsonHetter, Simulation] | None = None
    for number in range(1, most_rounds + 1):
        control = SympsonHetter(r_max, tuple(chances.tolist()))
        simulation, counters = counted_tests(
            replace(design, exposure=control), theta_true, Draws(seed, number).word()
        )
        highest.append(float(counters.rates.max()))
        if best is None or highest[-1] <= min(highest):
            best = control, simulation
        if progress is not None:
            progress(number, highest[-1])
        if highest[-1] <= r_max + tolerance:
            return Tuned(control, simulation, tuple(highest), True)
        chances = sympson_hetter(selection_rates(counters), r_max, length)
    assert best is not None
    return Tuned(*best, tuple(highest), False)


def selection_rates(counters: Counters) -> Floats:
    """P(selected) of each item, (n_items,): its rate among those to whom it was open.

    Whether an item is open does not depend on whether it would be selected.
    """
    rates: Floats = np.divide(
        counters.n_administered,
        counters.n_eligible,
        out=np.zeros_like(counters.n_administered),
        where=counters.n_eligible > 0,
    )
    return np.minimum(rates, 1.0)
