"""One simulated candidate taking the adaptive test that live delivery gives, with the same decisions."""

from dataclasses import dataclass, field

import numpy as np

from irt.ability import mass_of, posterior_moments
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
    so_far = _SoFar(design, seed, allowed(design, seed, counters))
    scores: list[int] = []
    log_mass = design.grid.log_prior.copy()
    while True:
        indices = so_far.indices
        mass = mass_of(log_mass)  # `posterior` of the steps so far, to the last bit
        estimate = posterior_moments(design.grid, mass)
        progress = Progress(len(indices), estimate.se, so_far.is_met(), design.grid, mass)
        if design.stops.judge(progress):
            break
        so_far.after(mass)
        index = so_far.next_of_shadow_test() if so_far.has_shadow else so_far.next_eligible()
        indices.append(index)
        scores.append(int(answers.unit() < p_right[index]))
        log_mass += design.log_lik.values[index, scores[-1]]
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


def weight(design: Design, n_administered: int) -> float:
    """The part of information in the progressive criterion for the next item."""
    control = design.exposure or Control("progressive_restricted", 1.0)
    return progressive_weight(n_administered, design.length, control.acceleration)


@dataclass
class _SoFar:
    """A test under way: the items given, the posterior before each, and what exposure control leaves open."""

    design: Design
    seed: int
    open_items: Bools | None
    indices: list[int] = field(default_factory=list)
    masses: list[Floats] = field(default_factory=list)
    thetas: list[float] = field(default_factory=list)
    criteria: dict[int, Floats] = field(default_factory=dict)

    @property
    def has_shadow(self) -> bool:
        """Whether a shadow test decides."""
        return self.design.method == "shadow" and not self.design.is_free

    def is_met(self) -> bool:
        """Whether every quota has its minimum; looked at only where the test might stop."""
        stops = self.design.stops
        if not stops.minimum <= len(self.indices) < stops.maximum:
            return False
        return self.design.constraints.is_met(self.indices)

    def after(self, mass: Floats) -> None:
        """One more posterior is known."""
        self.masses.append(mass)
        self.thetas.append(float((mass * self.design.grid.nodes).sum()))  # summed as `irt.shadow.Live` does

    def next_eligible(self) -> int:
        """The rule's choice among all items that leave a full legal test possible."""
        design, n_given = self.design, len(self.indices)
        eligible = design.assembly.eligible(self.indices, met_by=design.stops.minimum)
        if (
            self.open_items is not None and (eligible & self.open_items).any()
        ):  # else the blueprint goes first
            eligible = eligible & self.open_items
        criterion = self._criterion(n_given, eligible)
        return next_item(criterion, eligible, self._draws(n_given), design.rule).index

    def next_of_shadow_test(self) -> int:
        """The rule's choice among the free items of the shadow test in force, as `irt.shadow.Live` has it."""
        n_given = len(self.indices)
        decision = self.design.policy.decide(
            self.indices, self.thetas, self._criterion_then, self._draws(n_given), self.open_items
        )
        if decision is None:
            raise ValueError("no legal test exists")
        return decision.index

    def _criterion_then(self, n_given: int) -> Floats:
        """The criterion as it was when so many items had been given."""
        if n_given not in self.criteria:
            free = (
                np.ones(len(self.design.items), dtype=np.bool_)
                if self.open_items is None
                else self.open_items
            )
            free = free.copy()
            free[self.indices[:n_given]] = False
            self.criteria[n_given] = self._criterion(n_given, free)
        return self.criteria[n_given]

    def _criterion(self, n_given: int, free: Bools) -> Floats:
        design = self.design
        criterion = information(design.info_table, self.masses[n_given], design.rule)
        if design.is_progressive:
            draws = uniforms(Draws(self.seed, n_given).word(), criterion.size)
            criterion = progressive(criterion, free, weight(design, n_given), draws)
        return criterion

    def _draws(self, n_given: int) -> Draws:
        """The draws left for the rule: the first word of a step is the progressive criterion's."""
        rng = Draws(self.seed, n_given)
        if self.design.is_progressive:
            rng.word()
        return rng
