"""What comes next in an adaptive test, and why: a pool, its constraints and its rules made ready for decisions.

A function of the answers given; who asks it, simulation or delivery, gets the same. Keeps no state but memos.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

import numpy as np

from irt.ability import Estimate, LogLikTable, posterior, posterior_moments
from irt.arrays import Bools, Floats, Indices, Ints, Scores, item_indices
from irt.assembly import Assembly, Constraints
from irt.draws import Draws
from irt.exposure import (
    Control,
    Counters,
    SympsonHetter,
    available,
    progressive,
    progressive_weight,
    uniforms,
)
from irt.selection import InfoTable, Rule, information, next_item
from irt.shadow import REFRESH, Assembler, Policy, ShadowTest, posterior_path
from irt.stopping import Progress, StoppingRule, StopReason

Method = Literal["eligible", "shadow"]
DrawsOf = Callable[[int], Draws]


@dataclass(frozen=True)
class NextItem:
    """The trace of one decision.

    Attributes
    ----------
    index : int
    information : float
        Its criterion value.
    n_eligible : int
        Items that might have come now.
    top : tuple of int
        The items drawn from, best first.
    estimate : Estimate
        Of theta, before the item.
    is_mask_dropped : bool
        The item is none of those open to the candidate, because the blueprint allows none of these now.
    shadow : ShadowTest or None
        The one in force, under the method "shadow".
    assembled_at : int or None
        Number of items given when it was assembled.
    """

    index: int
    information: float
    n_eligible: int
    top: tuple[int, ...]
    estimate: Estimate
    is_mask_dropped: bool
    shadow: ShadowTest | None = None
    assembled_at: int | None = None


@dataclass(frozen=True)
class Ended:
    """No item comes next, for this reason."""

    reason: StopReason
    estimate: Estimate


@dataclass(frozen=True, eq=False)
class Decider:
    """A pool ready for decisions.

    Attributes
    ----------
    method : "eligible" or "shadow"
        Among which items the rule chooses under constraints: all that leave some full legal test possible, or
        the free ones of the shadow test (`irt.shadow`), which passages and a time budget need. Where any item
        may follow any other the two are one.
    exposure : Control or SympsonHetter, optional
        Of its parts only the mask (`open_items`) and the progressive criterion matter here.
    stopping : StoppingRule, optional
        Without it the test has its full length.
    refresh : float
        How far theta moves before a shadow test is assembled anew; 0 for one at every step.
    """

    likelihood: LogLikTable
    table: InfoTable
    constraints: Constraints
    rule: Rule = field(default_factory=Rule)
    method: Method = "eligible"
    exposure: Control | SympsonHetter | None = None
    stopping: StoppingRule | None = None
    refresh: float = REFRESH

    def __post_init__(self) -> None:
        if self.likelihood.grid != self.table.grid:
            raise ValueError("likelihood and information must have the same grid")
        if {self.likelihood.n_items, self.table.n_items} != {self.constraints.n_items}:
            raise ValueError("tables and constraints must speak of the same pool")
        if self.stops.maximum > self.constraints.length:
            raise ValueError("a test cannot be longer than its constraints say")
        if self.constraints.length > self.constraints.n_items:
            raise ValueError("the pool has fewer items than a test")
        if self.method not in ("eligible", "shadow"):
            raise ValueError(f"unknown method {self.method!r}")
        if self.method == "eligible" and not self.constraints.counts_only:
            raise ValueError("passages and a time budget need the method 'shadow'")
        if not self.refresh >= 0:
            raise ValueError("refresh is a distance on theta, 0 or more")

    @cached_property
    def stops(self) -> StoppingRule:
        """The stopping rule; without one, the full length."""
        full = self.constraints.length
        return self.stopping or StoppingRule(full, full)

    @cached_property
    def assembly(self) -> Assembly:
        """The constraints made ready for the method "eligible"."""
        return Assembly.of(self.constraints)

    @cached_property
    def policy(self) -> Policy:
        """Shadow tests of these constraints, and a memo of those already assembled."""
        return Policy(Assembler.of(self.constraints), self.rule, self.refresh)

    @property
    def has_shadow(self) -> bool:
        """Whether shadow tests decide."""
        return self.method == "shadow" and not self.constraints.is_free

    @property
    def is_progressive(self) -> bool:
        """Whether the criterion has a random part."""
        return isinstance(self.exposure, Control) and self.exposure.method == "progressive_restricted"

    @property
    def _met_by(self) -> int | None:
        """The length by which minima are to be met, where a test may stop before its full length."""
        return self.stops.minimum if self.stops.minimum < self.constraints.length else None

    def open_items(self, counters: Counters, rng: Draws) -> Bools | None:
        """The items exposure control leaves open to a candidate who begins now, (n_items,); None for all."""
        if self.exposure is None:
            return None
        return available(self.exposure, counters, self.constraints.length, rng)

    def decide(
        self,
        indices: Indices,
        scores: Scores,
        draws: DrawsOf,
        open_items: Bools | None = None,
        seconds_left: float | None = None,
    ) -> NextItem | Ended:
        """What comes after these answers.

        Parameters
        ----------
        indices, scores : (n_administered,)
            In step order; a score is None or nan where there was no answer.
        draws : function of a number of items
            New `Draws` of the step at which so many had been given: the present one, or one at which a shadow
            test was assembled. The first word is the progressive criterion's, if there is one; the next is the
            rule's.
        open_items : (n_items,) of bool, optional
            The same at every step of a session; from `open_items`.
        seconds_left : float, optional
            For rules that stop by time.

        Raises
        ------
        ValueError
            When no legal test contains these items.
        """
        given = item_indices(indices, self.constraints.n_items)
        if self.has_shadow:
            path = posterior_path(self.likelihood, given, scores)
        else:
            path = posterior(self.likelihood, given, scores)[None]
        return self.after(given, path, draws, open_items, seconds_left)

    def after(
        self,
        given: Ints,
        path: Floats,
        draws: DrawsOf,
        open_items: Bools | None = None,
        seconds_left: float | None = None,
    ) -> NextItem | Ended:
        """`decide` for posteriors already known: `path` (n_rows, n_nodes) ends with the present one, and holds that
        before every step where shadow tests decide."""
        if open_items is not None and not (
            open_items.shape == (self.constraints.n_items,) and open_items.dtype == np.bool_
        ):
            raise ValueError("open_items must say true or false of each item of the pool")
        estimate = posterior_moments(self.table.grid, path[-1])
        reason = self.stops.judge(
            Progress(given.size, estimate.se, self._is_met(given), self.table.grid, path[-1], seconds_left)
        )
        if reason is not None:
            return Ended(reason, estimate)
        if self.has_shadow:
            return self._of_shadow_test(given, path, draws, open_items, estimate)
        return self._of_eligible(given, path[-1], draws, open_items, estimate)

    def _is_met(self, given: Ints) -> bool:
        """Whether every quota has its minimum; looked at only where the test might stop."""
        return self.stops.minimum <= given.size < self.stops.maximum and self.constraints.is_met(given)

    def _of_eligible(
        self, given: Ints, mass: Floats, draws: DrawsOf, open_items: Bools | None, estimate: Estimate
    ) -> NextItem:
        """The rule's choice among all items that leave a full legal test possible."""
        eligible = self.assembly.eligible(given, self._met_by)
        is_mask_dropped = False
        if open_items is not None:
            both = eligible & open_items
            is_mask_dropped = not both.any()
            eligible = eligible if is_mask_dropped else both
        if not eligible.any():
            raise ValueError("no legal test contains what was given")
        values = self._criterion(mass, given.size, eligible, draws)
        choice = next_item(values, eligible, self._rule_draws(given.size, draws), self.rule)
        return NextItem(
            choice.index, choice.information, choice.n_eligible, choice.top, estimate, is_mask_dropped
        )

    def _of_shadow_test(
        self, given: Ints, path: Floats, draws: DrawsOf, open_items: Bools | None, estimate: Estimate
    ) -> NextItem:
        """The rule's choice among the free items of the shadow test in force."""

        @cache
        def values(step: int) -> Floats:
            free = np.ones(self.constraints.n_items, np.bool_) if open_items is None else open_items.copy()
            free[given[:step]] = False
            return self._criterion(path[step], step, free, draws)

        thetas = (path * self.table.grid.nodes).sum(axis=1)
        decision = self.policy.decide(
            given, thetas, values, self._rule_draws(given.size, draws), open_items, self._met_by
        )
        if decision is None:
            raise ValueError("no legal test contains what was given")
        return NextItem(
            decision.index,
            decision.information,
            decision.n_eligible,
            decision.top,
            estimate,
            open_items is not None and not open_items[decision.index],
            decision.shadow,
            decision.assembled_at,
        )

    def _criterion(self, mass: Floats, n_given: int, free: Bools, draws: DrawsOf) -> Floats:
        """The criterion of each item at a step, (n_items,)."""
        values = information(self.table, mass, self.rule)
        if not self.is_progressive:
            return values
        return progressive(values, free, self.weight(n_given), uniforms(draws(n_given).word(), values.size))

    def weight(self, n_given: int) -> float:
        """The part of information in the progressive criterion for the next item."""
        acceleration = self.exposure.acceleration if isinstance(self.exposure, Control) else 1.0
        return progressive_weight(n_given, self.stops.maximum, acceleration)

    def _rule_draws(self, n_given: int, draws: DrawsOf) -> Draws:
        """The draws left for the rule: the first word of a step is the progressive criterion's."""
        rng = draws(n_given)
        if self.is_progressive:
            rng.word()
        return rng
