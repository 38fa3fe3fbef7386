"""Simulated candidates taking the adaptive test that live delivery gives, with the same decisions.

For trying a pool, a blueprint and a rule before a sitting; true thetas come from the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from irt.ability import Estimate, Grid, LogLikTable, posterior, posterior_moments
from irt.arrays import Floats, Ints, theta_points
from irt.assembly import Assembly, Constraints, violations
from irt.draws import Draws
from irt.models import Items, prob
from irt.selection import InfoTable, Rule, information, next_item
from irt.stopping import StoppingRule, stop


@dataclass(frozen=True, eq=False)
class Design:
    """All that is held fixed while candidates vary; tables are computed once, on first use."""

    items: Items
    constraints: Constraints
    rule: Rule = field(default_factory=Rule)
    stopping: StoppingRule | None = None
    grid: Grid = field(default_factory=Grid)

    def __post_init__(self) -> None:
        if len(self.items) != self.constraints.n_items:
            raise ValueError("items and constraints must speak of the same pool")
        if self.stopping is not None and self.stopping.maximum > self.constraints.length:
            raise ValueError("a test cannot be longer than its constraints say")

    @cached_property
    def log_lik(self) -> LogLikTable:
        """The pool's log-likelihood table."""
        return LogLikTable.of(self.items, self.grid)

    @cached_property
    def info_table(self) -> InfoTable:
        """The pool's information table."""
        return InfoTable.of(self.items, self.grid)

    @cached_property
    def assembly(self) -> Assembly:
        """The constraints made ready for decisions."""
        return Assembly.of(self.constraints)


@dataclass(frozen=True, eq=False)
class Run:
    """One simulated test: `indices` and `scores` (n_administered,) in step order, and constraints broken."""

    theta_true: float
    estimate: Estimate
    indices: Ints
    scores: Ints
    n_violations: int


@dataclass(frozen=True, eq=False)
class Simulation:
    """Many simulated tests.

    Attributes
    ----------
    theta_true, theta, se : (n_persons,)
    indices : (n_persons, length)
        Items in step order, -1 after the end of a test that stopped early.
    scores : (n_persons, length)
        0 or 1, nan after the end.
    n_violations : (n_persons,)
        Constraints broken by each test; the length counts only where no stopping rule shortens it.
    """

    theta_true: Floats
    theta: Floats
    se: Floats
    indices: Ints
    scores: Floats
    n_violations: Ints


def simulate_cat(design: Design, theta_true: float, seed: int) -> Run:
    """The test one candidate of this theta gets; a function of its arguments alone."""
    p_right = prob(theta_true, design.items)[0]
    rule = design.stopping or StoppingRule(design.constraints.length, design.constraints.length)
    indices: list[int] = []
    scores: list[int] = []
    while True:
        mass = posterior(design.log_lik, indices, scores)
        estimate = posterior_moments(design.grid, mass)
        if stop(rule, len(indices), estimate.se, design.assembly.is_met(indices)):
            break
        rng = Draws(seed, len(indices))
        eligible = design.assembly.eligible(indices, met_by=rule.minimum)
        choice = next_item(information(design.info_table, mass, design.rule), eligible, rng, design.rule)
        indices.append(choice.index)
        scores.append(int(rng.unit() < p_right[choice.index]))
    broken = violations(design.constraints, indices)
    counted = [one for one in broken if one.name != "length" or design.stopping is None]
    return Run(
        float(theta_true),
        estimate,
        np.array(indices, dtype=np.intp),
        np.array(scores, dtype=np.intp),
        len(counted),
    )


def simulate(design: Design, theta_true: Sequence[float] | Floats, seed: int) -> Simulation:
    """One test per theta, each with its own seed derived from `seed` and its position."""
    thetas = theta_points(theta_true)
    runs = [simulate_cat(design, theta, person_seed(seed, person)) for person, theta in enumerate(thetas)]
    indices = np.full((thetas.size, design.constraints.length), -1, dtype=np.intp)
    scores = np.full(indices.shape, np.nan)
    for person, run in enumerate(runs):
        indices[person, : run.indices.size] = run.indices
        scores[person, : run.scores.size] = run.scores
    return Simulation(
        thetas,
        np.array([run.estimate.theta for run in runs]),
        np.array([run.estimate.se for run in runs]),
        indices,
        scores,
        np.array([run.n_violations for run in runs], dtype=np.intp),
    )


def person_seed(seed: int, person: int) -> int:
    """The seed of one simulated person, so that any of them can be run again alone."""
    return Draws(seed, person).word()
