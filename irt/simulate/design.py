"""What is held fixed while simulated candidates vary, and what comes of their tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from irt.ability import Estimate, Grid, LogLikTable
from irt.arrays import Bools, Floats, Ints
from irt.assembly import Constraints
from irt.decider import Decider, Method
from irt.draws import Draws
from irt.exposure import Control, SympsonHetter
from irt.mixed import ItemSet
from irt.selection import InfoTable, Rule
from irt.stopping import StoppingRule

# Places of the words of a candidate's seed, apart from those of the steps (the number of items given so far).
ANSWERS = 1_000_000
ELIGIBILITY = 2_000_000


@dataclass(frozen=True, eq=False)
class Design:
    """All that is held fixed while candidates vary; tables are computed once, on first use.

    Attributes
    ----------
    rule, method, stopping
        As in `irt.decider`.
    exposure : Control or SympsonHetter, optional
        The counters are those of the simulation's own candidates.
    batch : int
        So many candidates sit the test at the same time: all of them meet the counters as they were when the
        first of them began. Matters under a `Control` only; 1 is one candidate after another.
    """

    items: ItemSet
    constraints: Constraints
    rule: Rule = field(default_factory=Rule)
    stopping: StoppingRule | None = None
    grid: Grid = field(default_factory=Grid)
    exposure: Control | SympsonHetter | None = None
    batch: int = 100
    method: Method = "eligible"

    def __post_init__(self) -> None:
        if self.batch < 1:
            raise ValueError("a batch needs at least one candidate")
        if len(self.items) != self.constraints.n_items:
            raise ValueError("items and constraints must speak of the same pool")
        _ = self.decider  # which looks at the rest

    @cached_property
    def decider(self) -> Decider:
        """What decides in every test, as in delivery."""
        tables = LogLikTable.of(self.items, self.grid), InfoTable.of(self.items, self.grid)
        return Decider(*tables, self.constraints, self.rule, self.method, self.exposure, self.stopping)

    @property
    def log_lik(self) -> LogLikTable:
        """The pool's log-likelihood table."""
        return self.decider.likelihood

    @property
    def info_table(self) -> InfoTable:
        """The pool's information table."""
        return self.decider.table

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
        return self.decider.stops


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
        Categories 0 .. m - 1, nan after the end.
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
