"""One simulated candidate taking the adaptive test that live delivery gives, with the same decisions."""

import numpy as np

from irt.ability import posterior, posterior_moments
from irt.arrays import Bools, Floats
from irt.assembly import violations
from irt.draws import Draws
from irt.exposure import Control, Counters, available, progressive, progressive_weight, uniforms
from irt.models import prob
from irt.selection import information, next_item
from irt.simulate.design import ANSWERS, ELIGIBILITY, Design, Run
from irt.stopping import Progress


def simulate_cat(design: Design, theta_true: float, seed: int, counters: Counters | None = None) -> Run:
    """The test one candidate of this theta gets; a function of its arguments alone.

    `counters` are those met by exposure control when the test begins; none: this is the first candidate.
    """
    p_right = prob(theta_true, design.items)[0]
    answers = Draws(seed, ANSWERS)
    open_items = allowed(design, seed, counters)
    indices: list[int] = []
    scores: list[int] = []
    while True:
        mass = posterior(design.log_lik, indices, scores)
        estimate = posterior_moments(design.grid, mass)
        is_met = design.assembly.is_met(indices)
        if design.stops.judge(Progress(len(indices), estimate.se, is_met, design.grid, mass)):
            break
        index = _next(design, mass, indices, open_items, seed)
        indices.append(index)
        scores.append(int(answers.unit() < p_right[index]))
    return Run(
        float(theta_true),
        estimate,
        np.array(indices, dtype=np.intp),
        np.array(scores, dtype=np.intp),
        n_broken(design, indices),
    )


def allowed(design: Design, seed: int, counters: Counters | None) -> Bools | None:
    """The items exposure control lets this candidate have, (n_items,) of bool; None for all."""
    if design.exposure is None:
        return None
    known = counters or Counters.none(len(design.items))
    return available(design.exposure, known, design.length, Draws(seed, ELIGIBILITY))


def n_broken(design: Design, indices: list[int]) -> int:
    """How many constraints a finished test breaks."""
    broken = violations(design.constraints, indices)
    return sum(one.name != "length" or design.stopping is None for one in broken)


def _next(design: Design, mass: Floats, indices: list[int], open_items: Bools | None, seed: int) -> int:
    rng = Draws(seed, len(indices))
    eligible = design.assembly.eligible(indices, met_by=design.stops.minimum)
    if open_items is not None and (eligible & open_items).any():  # else the blueprint goes first
        eligible = eligible & open_items
    criterion = information(design.info_table, mass, design.rule)
    if design.is_progressive:
        draws = uniforms(rng.word(), criterion.size)
        criterion = progressive(criterion, eligible, weight(design, len(indices)), draws)
    return next_item(criterion, eligible, rng, design.rule).index


def weight(design: Design, n_administered: int) -> float:
    """The part of information in the progressive criterion for the next item."""
    control = design.exposure or Control("progressive_restricted", 1.0)
    return progressive_weight(n_administered, design.length, control.acceleration)
