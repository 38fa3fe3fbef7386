"""The shadow test: the best full test that contains what was given and meets every constraint.

A function of its arguments alone, so any step can be repeated from its history.
"""

from dataclasses import dataclass, replace

import numpy as np

from irt._constraints import Constraints, violations
from irt.arrays import Bools, Floats, Indices, Ints, item_indices
from irt.shadow.dominance import undominated
from irt.shadow.program import program
from irt.shadow.rules import Remaining, Rules
from irt.shadow.search import Solution, best
from irt.shadow.weights import penalised, whole_weights

NODE_LIMIT = 200
TOLERANCE = 1e-3


@dataclass(frozen=True)
class ShadowTest:
    """A full legal test.

    Attributes
    ----------
    items : (length,)
        Those given, in step order, then the free ones in order of number.
    n_given : int
    n_relaxed : int
        Free items outside the eligible mask; more than none only if no legal test does without.
    n_nodes : int
        Linear programs solved.
    is_proved : bool
        False when the search met its limit, and a test better by more than the tolerance may exist.
    """

    items: tuple[int, ...]
    n_given: int
    n_relaxed: int
    n_nodes: int
    is_proved: bool

    @property
    def free(self) -> tuple[int, ...]:
        """Its items still to give."""
        return self.items[self.n_given :]


@dataclass(frozen=True, eq=False)
class Assembler:
    """A blueprint made ready for shadow tests; holds no state, so one serves all sessions.

    Attributes
    ----------
    node_limit : int
        Linear programs after which a search is content with the best legal test found.
    tolerance : float
        What a free item may on average fall short of the best, in parts of the best item's value, when the time
        budget binds (that is a knapsack, with very many tests as good as the best); otherwise nothing.
    """

    rules: Rules
    node_limit: int = NODE_LIMIT
    tolerance: float = TOLERANCE

    @classmethod
    def of(
        cls, constraints: Constraints, node_limit: int = NODE_LIMIT, tolerance: float = TOLERANCE
    ) -> "Assembler":
        """The assembler of a pool, computed once per pool."""
        if node_limit < 1 or not 0 <= tolerance < 1:
            raise ValueError("a search needs at least one node and a tolerance of 0 to 1")
        return cls(Rules.of(constraints), node_limit, tolerance)

    def assemble(
        self,
        values: Floats,
        administered: Indices,
        eligible: Bools | None = None,
        start: Indices | None = None,
    ) -> ShadowTest | None:
        """The shadow test, or None when nothing may follow: complete, or no legal test contains these items.

        Parameters
        ----------
        values : (n_items,)
            The criterion, finite and >= 0.
        administered : (n_administered,)
            In step order.
        eligible : (n_items,) of bool, optional
            Exposure control. Items outside it are used only if no legal test does without them, and then as few
            as can be: the blueprint comes first (van der Linden & Veldkamp 2004).
        start : (length,), optional
            A legal test with the items given, such as the last shadow test; the answer is never worse. It
            matters only where the search ends within its tolerance or at its limit.

        References
        ----------
        van der Linden & Reese (1998), Applied Psychological Measurement 22, 259-270; van der Linden (2005),
        Linear models for optimal test design, ch. 9.
        """
        constraints = self.rules.constraints
        given = item_indices(administered, constraints.n_items)
        allowed = np.ones(constraints.n_items, np.bool_) if eligible is None else eligible
        if values.shape != (constraints.n_items,) or allowed.shape != values.shape:
            raise ValueError("one criterion value and one word on eligibility are needed for each item")
        if allowed.dtype != np.bool_:
            raise ValueError("eligible must be a boolean mask")
        weights = whole_weights(values)
        left = self.rules.remaining(given)
        if left is None or left.places == 0:
            return None
        known = np.setdiff1d(item_indices([] if start is None else start, constraints.n_items), given)
        slack = self.tolerance * left.places * int(weights.max())
        solved = self._solved(replace(left, free=left.free & allowed), weights, known, slack)
        if solved is None and not allowed.all():
            solved = self._solved(left, penalised(weights, allowed, left.places), known, slack)
        if solved is None:
            return None
        items, solution = solved
        self._believe(given, items)
        n_relaxed = int((~allowed[items]).sum())
        test = (*given.tolist(), *items.tolist())
        return ShadowTest(test, given.size, n_relaxed, solution.n_nodes, solution.is_proved)

    def _solved(
        self, left: Remaining, weights: Ints, known: Ints, slack: float
    ) -> tuple[Ints, Solution] | None:
        """The free items of the best test; the time budget is looked at only if the best without breaks it."""
        time = self.rules.constraints.time
        for is_timed in (False, True):
            kept = undominated(self.rules, left, weights, is_timed)
            if is_timed:
                kept[known] = left.free[known]
            problem = program(self.rules, left, weights, kept, is_timed)
            begin = problem.columns(known) if is_timed and known.size == left.places else None
            solution = best(problem, self.node_limit, slack if is_timed else 0.0, begin)
            if solution is None:
                return None
            items = problem.items(solution.u)
            if time is None or left.time is None or time.of_item[items].sum() <= left.time:
                return items, solution
        raise AssertionError("the solver returned a test that takes longer than its budget")

    def _believe(self, given: Ints, items: Ints) -> None:
        """Raises unless this is a legal test, counted anew in whole numbers."""
        constraints = self.rules.constraints
        order = in_a_row(constraints, items, given)
        if violations(constraints, np.concatenate((given, order))):
            raise AssertionError("the solver returned a test that breaks a constraint")


def in_a_row(constraints: Constraints, items: Ints, given: Ints) -> Ints:
    """The items in an order that keeps passages together, the one begun first."""
    number = constraints.passage_of[items]
    opened = constraints.passage_of[given[-1]] if given.size else -1
    return items[np.lexsort((items, number, ~((number == opened) & (number >= 0))))]
