"""Live decisions: the next item out of the shadow test in force, which is assembled anew when theta has moved.

What is in force follows from the steps alone; a memo of shadow tests saves time and never changes an answer.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from irt.ability import LogLikTable, mass_of
from irt.arrays import Bools, Floats, Indices, Ints, Scores, answered, item_indices
from irt.draws import Draws
from irt.selection import Rule, next_item
from irt.shadow.assemble import Assembler, ShadowTest
from irt.shadow.rules import Rules
from irt.shadow.weights import whole_weights

REFRESH = 0.2
MEMO_SIZE = 20_000
Values = Callable[[int], Floats]


@dataclass(frozen=True)
class Decision:
    """The trace of one decision.

    Attributes
    ----------
    index : int
        The item to give.
    information : float
        Its criterion value now.
    top : tuple of int
        The items drawn from, best first.
    n_eligible : int
        Free items of the shadow test that might have come now.
    shadow : ShadowTest
        The one in force.
    assembled_at : int
        Number of items given when it was assembled.
    """

    index: int
    information: float
    top: tuple[int, ...]
    n_eligible: int
    shadow: ShadowTest
    assembled_at: int


class Memo:
    """Shadow tests already assembled, the least used leaving first; may be shared by threads."""

    def __init__(self, size: int = MEMO_SIZE) -> None:
        if size < 1:
            raise ValueError("a memo holds at least one test")
        self._size, self._lock = size, threading.Lock()
        self._known: OrderedDict[bytes, ShadowTest | None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: bytes, make: Callable[[], ShadowTest | None]) -> ShadowTest | None:
        """What is known by the key, else what `make` makes."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = make()
        with self._lock:
            self._known[key] = made
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        return made


def refreshes(thetas: Sequence[float] | Floats, threshold: float = REFRESH) -> list[int]:
    """The steps at which a shadow test is assembled: the first, and whenever theta is further than `threshold`
    from where it was at the last such step (Choi, Moellering, Li & van der Linden 2016, Applied Psychological
    Measurement 40, 469-485).

    Parameters
    ----------
    thetas : (n_administered + 1,)
        The estimate before each step, the present one last.
    """
    steps, anchor = [0], float(thetas[0])
    for step, theta in enumerate(np.asarray(thetas, dtype=np.float64).tolist()):
        if abs(theta - anchor) > threshold:
            steps.append(step)
            anchor = theta
    return steps


@dataclass(frozen=True, eq=False)
class Policy:
    """Shadow tests kept while theta stays within `threshold`, for any criterion.

    With `threshold` 0 every step has its own shadow test.
    """

    assembler: Assembler
    rule: Rule = field(default_factory=Rule)
    threshold: float = REFRESH
    memo: Memo = field(default_factory=Memo)

    def decide(
        self,
        administered: Indices,
        thetas: Sequence[float] | Floats,
        values: Values,
        rng: Draws,
        eligible: Bools | None = None,
        met_by: int | None = None,
    ) -> Decision | None:
        """The next item, or None when the test is complete, or when no legal test contains what was given.

        Parameters
        ----------
        administered : (n_administered,)
            In step order.
        thetas : (n_administered + 1,)
            The estimate before each step, the present one last.
        values : function of a number of steps
            The criterion (n_items,) after so many steps; asked for the present and for earlier refreshes, and
            must then be what it was.
        rng : Draws
            Of this step; one word is taken if the rule draws.
        eligible : (n_items,) of bool, optional
            Exposure control; the same at every step of a session.
        met_by : int, optional
            For tests that may stop early: the free items that serve most unmet minima come first, as soon as the
            minima could not be met by this length otherwise.
        """
        constraints = self.assembler.rules.constraints
        given = item_indices(administered, constraints.n_items)
        if len(thetas) != given.size + 1 or not np.isfinite(thetas).all():
            raise ValueError("one finite theta is needed before each step, and the present one")
        if given.size >= constraints.length:
            return None
        test, assembled_at = self._in_force(given, refreshes(thetas, self.threshold), values, eligible)
        if test is None:
            return None
        now = values(given.size)
        allowed = candidates(self.assembler.rules, given, test, eligible, met_by)
        choice = next_item(whole_weights(now).astype(np.float64), allowed, rng, self.rule)
        value = float(now[choice.index])
        return Decision(choice.index, value, choice.top, choice.n_eligible, test, assembled_at)

    def _in_force(
        self, given: Ints, steps: list[int], values: Values, eligible: Bools | None
    ) -> tuple[ShadowTest | None, int]:
        """The shadow test of the last refresh, or a new one if an item was given that it does not hold."""
        test: ShadowTest | None = None
        # Only a time budget lets a search end short of the optimum, and then where it began matters.
        for step in steps if self.assembler.rules.constraints.time is not None else steps[-1:]:
            test = self._assembled(given[:step], values(step), eligible, test)
        if test is None or not set(given.tolist()) <= set(test.items):
            steps = [*steps, given.size]
            test = self._assembled(given, values(given.size), eligible, None)
        return test, steps[-1]

    def _assembled(
        self, given: Ints, values: Floats, eligible: Bools | None, last: ShadowTest | None
    ) -> ShadowTest | None:
        start = None if last is None else last.items
        parts = [given.astype(np.int32).tobytes(), values.tobytes()]
        parts.append(b"" if eligible is None else np.packbits(eligible).tobytes())
        parts.append(np.array(start or (), dtype=np.int32).tobytes())
        key = hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
        return self.memo.get(key, lambda: self.assembler.assemble(values, given, eligible, start))


def candidates(
    rules: Rules, given: Ints, test: ShadowTest, eligible: Bools | None, met_by: int | None = None
) -> Bools:
    """The items of a shadow test that may come now, (n_items,) of bool.

    A passage begun is gone through first; then what minima need that are to be met early. Of what is left those
    that exposure control allows, if there are any.
    """
    passage_of = rules.constraints.passage_of
    free = np.zeros(passage_of.size, dtype=np.bool_)
    free[list(test.items)] = True
    free[given] = False
    within = np.zeros_like(free)
    if given.size and passage_of[given[-1]] >= 0:
        within = free & (passage_of == passage_of[given[-1]])
    if within.any():
        free = within
    elif met_by is not None:
        free = _needed(rules, given, np.flatnonzero(free), met_by)
    if eligible is not None and (free & eligible).any():
        free &= eligible
    return free


def _needed(rules: Rules, given: Ints, free: Ints, met_by: int) -> Bools:
    """Of the free items of a shadow test all, or those that serve most unmet minima when it is time for them;
    (n_items,) of bool."""
    owed = rules.low[1:] - rules.members[1:, given].sum(axis=1)
    members, left, n_items = rules.members[1:, free], owed, given.size
    while (left > 0).any():
        best = int(np.argmax((left > 0) @ members))
        left, n_items = left - members[:, best], n_items + 1
        members = np.delete(members, best, axis=1)
    needed = np.zeros(rules.cell_of.size, dtype=np.bool_)
    if n_items > given.size and n_items >= met_by:
        worth = (owed > 0) @ rules.members[1:, free]
        free = free[worth == worth.max()]
    needed[free] = True
    return needed


def posterior_path(table: LogLikTable, administered: Indices, scores: Scores) -> Floats:
    """The posterior before each step and the present one, (n_administered + 1, n_nodes).

    Row by row what `ability.posterior` gives, for it too adds the log-likelihoods strictly in step order.
    """
    items = item_indices(administered, table.n_items)
    kept, categories = answered(items, scores, table.n_items, table.n_categories)
    terms = np.zeros((items.size + 1, table.grid.n_nodes))
    terms[0] = table.grid.log_prior
    after = np.empty(table.n_items, dtype=np.intp)
    after[items] = np.arange(1, items.size + 1)
    terms[after[kept]] = table.values[kept, categories]
    log_mass = np.add.accumulate(terms, axis=0)
    return mass_of(log_mass)
