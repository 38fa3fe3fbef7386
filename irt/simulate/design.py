"""What is held fixed while simulated candidates vary, and what comes of their tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from irt.ability import Estimate, Grid, LogLikTable
from irt.arrays import Bools, Floats, Ints
from irt.assembly import Assembly, Constraints
from irt.draws import Draws
from irt.exposure import Control
from irt.models import Items
from irt.selection import InfoTable, Rule
from irt.shadow import Assembler, Policy
from irt.stopping import StoppingRule

# Places of the words of a candidate's seed, apart from those of the steps (the number of items given so far).
ANSWERS = 1_000_000
ELIGIBILITY = 2_000_000

Method = Literal["eligible", "shadow"]


@dataclass(frozen=True, eq=False)
class Design:
    """All that is held fixed while candidates vary; tables are computed once, on first use.

    Attributes
    ----------
    method : "eligible" or "shadow"
        Among which items the rule chooses under constraints: all that leave some full legal test possible, or
        the free ones of the shadow test (`irt.shadow`), which passages and a time budget need.
    exposure : Control, optional
        The counters are those of the simulation's own candidates.
    batch : int
        So many candidates sit the test at the same time: all of them meet the counters as they were when the
        first of them began. Matters under `exposure` only; 1 is one candidate after another.
    """

    items: Items
    constraints: Constraints
    rule: Rule = field(default_factory=Rule)
    stopping: StoppingRule | None = None
    grid: Grid = field(default_factory=Grid)
    exposure: Control | None = None
    batch: int = 100
    method: Method = "eligible"

    def __post_init__(self) -> None:
        if len(self.items) != self.constraints.n_items:
            raise ValueError("items and constraints must speak of the same pool")
        if self.stopping is not None and self.stopping.maximum > self.constraints.length:
            raise ValueError("a test cannot be longer than its constraints say")
        if self.constraints.length > self.constraints.n_items:
            raise ValueError("the pool has fewer items than a test")
        if self.method not in ("eligible", "shadow"):
            raise ValueError(f"unknown method {self.method!r}")
        if self.method == "eligible" and not self.constraints.counts_only:
            raise ValueError("passages and a time budget need the method 'shadow'")
        if self.batch < 1:
            raise ValueError("a batch needs at least one candidate")

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

    @cached_property
    def policy(self) -> Policy:
        """Shadow tests of these constraints, and a memo of those already assembled."""
        return Policy(Assembler.of(self.constraints), self.rule)

    @cached_property
    def ranking(self) -> Ints:
        """The items by falling information at each point of the table, (n_points, n_items), equal ones by number."""
        return np.argsort(-self.info_table.between, axis=1, kind="stable")

    @property
    def length(self) -> int:
        """Most items a test may have."""
        return self.stops.maximum

    @property
    def stops(self) -> StoppingRule:
        """The stopping rule; without one, the full length."""
        full = self.constraints.length
        return self.stopping or StoppingRule(full, full)

    @property
    def is_free(self) -> bool:
        """Whether any item may follow any other: no quotas, no enemies, nothing else; then `method` is nothing."""
        return self.constraints.counts_only and not (self.constraints.quotas or self.constraints.enemies)

    @property
    def is_progressive(self) -> bool:
        """Whether the criterion has a random part."""
        return self.exposure is not None and self.exposure.method == "progressive_restricted"


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
    converged : (n_persons,) of bool
        False where the grid cut the posterior off: widen it before believing the figures.
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
    converged: Bools
    indices: Ints
    scores: Floats
    n_violations: Ints

    @property
    def lengths(self) -> Ints:
        """Items given to each candidate, (n_persons,)."""
        return np.asarray((self.indices >= 0).sum(axis=1), dtype=np.intp)


def person_seed(seed: int, person: int) -> int:
    """The seed of one simulated person, so that any of them can be run again alone."""
    return Draws(seed, person).word()


def gathered(parts: Sequence[Simulation]) -> Simulation:
    """The candidates of several simulations of one design, in this order."""
    names = ("theta_true", "theta", "se", "converged", "indices", "scores", "n_violations")
    return Simulation(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
