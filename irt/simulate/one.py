"""One simulated candidate taking the adaptive test that live delivery gives, with the same decisions."""

import numpy as np

from irt.ability import mass_of
from irt.arrays import Bools, Indices
from irt.assembly import violations
from irt.decider import Ended
from irt.draws import Draws
from irt.exposure import Counters
from irt.simulate.design import ANSWERS, ELIGIBILITY, Design, Run
from irt.simulate.population import upper_tails


def simulate_cat(design: Design, theta_true: float, seed: int, counters: Counters | None = None) -> Run:
    """The test one candidate of this theta gets; a function of its arguments alone.

    `counters` are those met by exposure control when the test begins; none: this is the first candidate.
    """
    tails = upper_tails(theta_true, design.items)[0]
    answers = Draws(seed, ANSWERS)
    open_items = allowed(design, seed, counters)
    indices = np.empty(design.length, dtype=np.intp)
    scores = np.empty(design.length, dtype=np.intp)
    path = np.empty((design.length + 1, design.grid.n_nodes))
    log_mass = design.grid.log_prior.copy()
    for n in range(design.length + 1):
        path[n] = mass_of(log_mass)  # `posterior` of the steps so far, to the last bit
        outcome = design.decider.after(indices[:n], path[: n + 1], lambda k: Draws(seed, k), open_items)
        if isinstance(outcome, Ended):
            break
        indices[n] = outcome.index
        scores[n] = (answers.unit() < tails[outcome.index]).sum()
        log_mass += design.log_lik.values[outcome.index, scores[n]]
    return Run(float(theta_true), outcome.estimate, indices[:n], scores[:n], n_broken(design, indices[:n]))


def allowed(design: Design, seed: int, counters: Counters | None) -> Bools | None:
    """The items exposure control lets this candidate have, (n_items,) of bool; None for all."""
    known = counters or Counters.none(len(design.items))
    return design.decider.open_items(known, Draws(seed, ELIGIBILITY))


def n_broken(design: Design, indices: Indices) -> int:
    """How many constraints a finished test breaks."""
    broken = violations(design.constraints, indices)
    return sum(one.name != "length" or design.stopping is None for one in broken)
