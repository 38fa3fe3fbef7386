"""The rest of a test as an integer program with a tight relaxation. Its columns, all 0 or 1: a single item is in the
test; a passage is used, with all its items; an item of a used passage is left out. So the passage itself bounds one
used in part, which plain item columns would need a row each for."""

from dataclasses import dataclass

import numpy as np

from irt._constraints import MILLISECONDS
from irt.arrays import Bools, Floats, Ints
from irt.shadow.rules import Remaining, Rules

_ROUNDING = 1e-7  # of sums of seconds, which are multiples of .001


@dataclass(frozen=True, eq=False)
class Program:
    """Maximise `gain @ u` over u in {0, 1}^n_columns with `low <= matrix @ u <= high`.

    Attributes
    ----------
    matrix : (n_rows, n_columns)
    low, high : (n_rows,)
    gain : (n_columns,)
        Whole numbers.
    single : (n_single,)
        Items of the first columns; those of the passages follow.
    within, passage : (n_within,)
        Items of the passages, passage by passage, and which of the passages' columns each belongs to.
    left_out : (n_left_out,)
        Places in `within` of the items that the last columns leave out.
    """

    matrix: Floats
    low: Floats
    high: Floats
    gain: Ints
    single: Ints
    within: Ints
    passage: Ints
    left_out: Ints

    @property
    def n_passages(self) -> int:
        """Number of passages' columns."""
        return int(self.passage.max(initial=-1)) + 1

    def items(self, u: Bools) -> Ints:
        """The items that a solution (n_columns,) adds to the test, in order of number."""
        end = self.single.size + self.n_passages
        taken = u[self.single.size : end][self.passage]
        taken[self.left_out[u[end:]]] = False
        return np.sort(np.concatenate((self.single[u[: self.single.size]], self.within[taken])))

    def columns(self, items: Ints) -> Bools:
        """The columns (n_columns,) that bring in these items, as far as there are such."""
        is_in = np.isin(self.within, items)
        used = np.bincount(self.passage, is_in, self.n_passages) > 0
        out = used[self.passage[self.left_out]] & ~is_in[self.left_out]
        return np.concatenate((np.isin(self.single, items), used, out))

    def is_solved_by(self, u: Bools) -> bool:
        """Whether these columns (n_columns,) keep every rule."""
        sums = self.matrix @ u
        return bool(((sums >= self.low - _ROUNDING) & (sums <= self.high + _ROUNDING)).all())


@dataclass(frozen=True, eq=False)
class _Columns:
    """Which columns a program has."""

    single: Ints
    within: Ints
    passage: Ints
    left_out: Ints
    minima: Ints
    maxima: Ints

    @classmethod
    def of(cls, rules: Rules, left: Remaining, kept: Bools) -> "_Columns":
        """The kept items that may come singly, and of the passages not begun those with enough items left."""
        passages, passage_of = rules.constraints.passages, rules.constraints.passage_of
        is_single = kept & ((passage_of < 0) | (passage_of == left.open_passage))
        groups = [
            (p, p.items[kept[p.items]]) for p, fresh in zip(passages, left.fresh, strict=False) if fresh
        ]
        usable = [(p, items) for p, items in groups if items.size >= p.minimum and left.n_passages[1]]
        sizes = np.array([items.size for _, items in usable], dtype=np.intp)
        minima = np.array([p.minimum for p, _ in usable], dtype=np.intp)
        passage = np.repeat(np.arange(sizes.size), sizes)
        return cls(
            np.flatnonzero(is_single),
            np.concatenate([np.empty(0, np.intp), *(items for _, items in usable)]),
            passage,
            np.flatnonzero((sizes > minima)[passage]),
            minima,
            np.minimum([p.maximum for p, _ in usable], sizes).astype(np.intp),
        )

    def spread(self, of_item: Ints) -> Ints:
        """What each column brings in (n_rows, n_columns), given what each item does (n_rows, n_items)."""
        of_within = of_item[:, self.within]
        starts = np.flatnonzero(np.diff(self.passage, prepend=-1))
        of_passage = np.add.reduceat(of_within, starts, axis=1) if starts.size else of_within
        return np.hstack((of_item[:, self.single], of_passage, -of_within[:, self.left_out]))


def program(rules: Rules, left: Remaining, weights: Ints, kept: Bools, is_timed: bool) -> Program:
    """The program of a remaining test out of the kept items; its time budget only if `is_timed`."""
    columns = _Columns.of(rules, left, kept)
    blocks: list[tuple[Floats, Floats | Ints, Floats | Ints]] = [
        (columns.spread(rules.members).astype(np.float64), left.low, left.high)
    ]
    if is_timed and rules.constraints.time is not None and left.time is not None:
        seconds = columns.spread(rules.constraints.time.of_item[None, :]) / MILLISECONDS
        blocks.append((seconds, np.array([0.0]), np.array([left.time / MILLISECONDS])))
    if rules.constraints.passages or left.n_passages[0]:
        blocks.append(_passage_rows(rules, left, columns))
    matrix = np.vstack([block[0] for block in blocks])
    low = np.concatenate([block[1] for block in blocks]).astype(np.float64)
    high = np.concatenate([block[2] for block in blocks]).astype(np.float64)
    binding = (low > np.minimum(matrix, 0).sum(axis=1)) | (high < np.maximum(matrix, 0).sum(axis=1))
    gain = columns.spread(weights[None, :])[0]
    return Program(
        matrix[binding],
        low[binding],
        high[binding],
        gain,
        columns.single,
        columns.within,
        columns.passage,
        columns.left_out,
    )


def _passage_rows(rules: Rules, left: Remaining, columns: _Columns) -> tuple[Floats, Floats, Floats]:
    """How much of a used passage may be left out, how many are used, and how the open one goes on.

    With n items at hand, used with at least m: what is left out is at most (n - m) times the passage, and each
    item at most the passage itself (implied where n - m = 1).
    """
    n_single, n_passages, n_out = columns.single.size, columns.minima.size, columns.left_out.size
    of_out = columns.passage[columns.left_out]
    sizes = np.bincount(columns.passage, minlength=n_passages)
    out = (of_out == np.arange(n_passages)[:, None]).astype(np.float64)
    most = np.hstack((np.diag(columns.minima - sizes), out))
    least = np.hstack((np.diag(columns.maxima - sizes), out))
    each = np.zeros((n_out, n_passages + n_out))
    each[np.arange(n_out), of_out] = -1
    each[np.arange(n_out), n_passages + np.arange(n_out)] = 1
    each = each[(sizes - columns.minima)[of_out] > 1]
    used = np.concatenate((np.ones(n_passages), np.zeros(n_out)))[None, :]
    body = np.vstack((most, least, each, used))
    opened = np.zeros((1, n_single + n_passages + n_out))
    opened[0, :n_single] = rules.constraints.passage_of[columns.single] == max(left.open_passage, 0)
    n_rows = body.shape[0]
    low, high = np.full(n_rows + 1, -np.inf), np.zeros(n_rows + 1)
    low[n_passages : 2 * n_passages], high[n_passages : 2 * n_passages] = 0, np.inf
    low[-2:], high[-2:] = (left.n_passages[0], left.open_low), (left.n_passages[1], left.open_high)
    if left.open_passage < 0:
        opened[:] = 0
    return np.vstack((np.hstack((np.zeros((n_rows, n_single)), body)), opened)), low, high
