"""The optimum of a program: its linear relaxation (HiGHS), taken when integral, else branch and bound upon it.

The search stops by a number of nodes, never by a clock, so the same program has the same answer always.
"""

import heapq
from dataclasses import dataclass, field

import highspy
import numpy as np

from irt.arrays import Bools, Floats, Ints
from irt.shadow.program import Program

_WHOLE = 1e-6
_TOLERANCE = 1e-10  # of feasibility and optimality; gains are scaled to 1
_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "presolve": "off",
    "solver": "simplex",
    "simplex_strategy": 1,
    "threads": 1,
    "parallel": "off",
    "primal_feasibility_tolerance": _TOLERANCE,
    "dual_feasibility_tolerance": _TOLERANCE,
}
# The dual simplex may end without an answer where gains differ by less than the tolerance allows for.
_SECOND_TRIES: tuple[dict[str, bool | int | float | str], ...] = (
    {"simplex_strategy": 4},
    {"presolve": "on"},
    {"primal_feasibility_tolerance": 1e-7, "dual_feasibility_tolerance": 1e-7},
)
_ANSWERS = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kModelEmpty,
    highspy.HighsModelStatus.kInfeasible,
)
Fixed = tuple[tuple[int, float], ...]


@dataclass(frozen=True, eq=False)
class Solution:
    """A solution `u` (n_columns,) of bool, the nodes it took, and whether it is the best to within the slack."""

    u: Bools
    n_nodes: int
    is_proved: bool


@dataclass(frozen=True, eq=False)
class _Relaxed:
    """A solution of the relaxation with its value, and what each column would lose by leaving its bound."""

    x: Floats
    bound: float
    losses: Floats


@dataclass(frozen=True, order=True)
class _Node:
    """A subproblem: a bound on its value (negated, so that the best is least), its age, the columns fixed."""

    negated: float
    age: int
    fixed: Fixed = field(compare=False)


def best(
    program: Program, node_limit: int, slack: float = 0.0, start: Bools | None = None
) -> Solution | None:
    """The optimum to within `slack`, or the best that `node_limit` nodes found; None when there is none.

    A `start` (n_columns,) is a solution to improve upon. Until a first one is known the limit does not hold, so
    None is always a proof.
    """
    every = np.arange(program.gain.size)
    if every.size == 0:
        nothing = np.zeros(0, dtype=np.bool_)
        return Solution(nothing, 0, True) if program.is_solved_by(nothing) else None
    root = (relaxation := _Relaxation(program, every)).solve(())
    if root is None:
        return None
    if _to_branch(program, root.x) < 0:
        return Solution(root.x > 0.5, 1, True)
    search = _Search(program, relaxation, slack)
    search.waiting.append(_Node(-root.bound, 0, ()))
    if start is not None and program.is_solved_by(start):
        search.keep(start)
    while search.found is None and search.waiting:
        search.dive(np.inf)
    if search.found is None:
        return None
    if search.waiting:
        # With a solution at hand, columns that would cost more than could still be gained stay at zero.
        losing = root.losses > root.bound - search.value
        search.restart(_Relaxation(program, every[~losing | (root.x > 0.5)]), root.bound)
    while search.waiting and search.n_nodes < node_limit:
        search.dive(node_limit)
    is_proved = not search.waiting or -search.waiting[0].negated <= search.value
    return Solution(search.found, search.n_nodes, is_proved)


class _Search:
    """The state of one search: what was found, and the nodes that wait, best bound first."""

    def __init__(self, program: Program, relaxation: "_Relaxation", slack: float) -> None:
        self._program, self._relaxation, self._slack = program, relaxation, slack
        self.found: Bools | None = None
        self.value = -np.inf  # nothing that is not above it is looked for
        self.waiting: list[_Node] = []
        self.n_nodes = 0

    def restart(self, relaxation: "_Relaxation", bound: float) -> None:
        """From the root again, in a smaller program."""
        self._relaxation, self.waiting = relaxation, [_Node(-bound, 0, ())]

    def keep(self, u: Bools) -> None:
        """A solution better than what was known."""
        self.found, self.value = u, int(self._program.gain[u].sum()) + 0.5 + self._slack

    def dive(self, node_limit: float) -> None:
        """Goes down from the best node, the nearer value of a fractional column first, until no gain is left."""
        node = heapq.heappop(self.waiting)
        fixed, bound = node.fixed, -node.negated
        while bound > self.value:
            if self.n_nodes >= node_limit:
                heapq.heappush(self.waiting, _Node(-bound, self.n_nodes, fixed))
                return
            self.n_nodes += 1
            solved = self._relaxation.solve(fixed)
            if solved is None or solved.bound <= self.value:
                return
            column = _to_branch(self._program, solved.x)
            if column < 0:
                self.keep(solved.x > 0.5)
                return
            near, bound = float(np.rint(solved.x[column])), solved.bound
            heapq.heappush(self.waiting, _Node(-bound, self.n_nodes, (*fixed, (column, 1.0 - near))))
            fixed = (*fixed, (column, near))


def _to_branch(program: Program, x: Floats) -> int:
    """The most fractional column: of a passage if any is, else of a single item, else one left out; or -1."""
    away = np.abs(x - np.rint(x))
    end = program.single.size + program.n_passages
    for part in (slice(program.single.size, end), slice(0, program.single.size), slice(end, None)):
        if away[part].max(initial=0.0) > _WHOLE:
            return int(np.argmax(away[part])) + (part.start or 0)
    return -1


class _Relaxation:
    """The linear relaxation in some columns, solved with more and more of them fixed, from the last basis."""

    def __init__(self, program: Program, columns: Ints) -> None:
        self._n_columns, self._columns = program.gain.size, columns
        self._place = np.full(program.gain.size, -1)
        self._place[columns] = np.arange(columns.size)
        self._scale = float(np.abs(program.gain).max(initial=1))
        self._fixed: Fixed = ()
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._set(_OPTIONS)
        matrix = program.matrix[:, columns]
        at, rows = np.nonzero(matrix.T)
        self._solver.passModel(
            columns.size,
            program.low.size,
            rows.size,
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMaximize),
            0.0,
            program.gain[columns] / self._scale,
            np.zeros(columns.size),
            np.ones(columns.size),
            program.low,
            program.high,
            np.searchsorted(at, np.arange(columns.size + 1)).astype(np.int32),
            rows.astype(np.int32),
            matrix[rows, at],
            np.zeros(columns.size, dtype=np.int32),
        )

    def solve(self, fixed: Fixed) -> _Relaxed | None:
        """The optimum with these columns fixed, or None when there is none; columns left out are zero."""
        for column, _ in self._fixed:
            self._solver.changeColBounds(int(self._place[column]), 0.0, 1.0)
        for column, at in fixed:
            self._solver.changeColBounds(int(self._place[column]), at, at)
        self._fixed = fixed
        if self._status() == highspy.HighsModelStatus.kInfeasible:
            return None
        solution = self._solver.getSolution()
        x, losses = np.zeros(self._n_columns), np.zeros(self._n_columns)
        x[self._columns] = solution.col_value
        losses[self._columns] = np.abs(solution.col_dual)
        return _Relaxed(x, self._solver.getObjectiveValue() * self._scale, losses * self._scale)

    def _status(self) -> highspy.HighsModelStatus:
        """Runs the solver, from the last basis, then as often as it has no answer from the start and otherwise."""
        self._solver.run()
        status = self._solver.getModelStatus()
        for options in _SECOND_TRIES:
            if status in _ANSWERS:
                return status
            self._solver.clearSolver()
            self._set(options)
            self._solver.run()
            status = self._solver.getModelStatus()
            self._set(_OPTIONS)
        if status not in _ANSWERS:
            raise AssertionError(f"the solver stopped without an answer: {status}")
        return status

    def _set(self, options: dict[str, bool | int | float | str]) -> None:
        for name, setting in options.items():
            self._solver.setOptionValue(name, setting)
