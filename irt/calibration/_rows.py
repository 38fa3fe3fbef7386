"""Answers made ready for the E-step: coded in bytes, equal rows collapsed, laid out as indicator matrices.

x (persons x items) comes as one matrix or as blocks of rows; what is kept of it is one byte an answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from irt.arrays import Bools, Floats, Ints, score_matrix

Codes: TypeAlias = npt.NDArray[np.int8]
Matrix: TypeAlias = npt.NDArray[Any]
MISSING = -1
MAX_CATEGORY = 100
ROWS_A_BLOCK = 65_536
SPARSE_BELOW = 0.25  # share of answers given below which compressed rows are faster than a dense product


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of coded answers.

    Attributes
    ----------
    codes : (n_rows, n_items) int8
        Category, MISSING where not seen.
    weights : (n_rows,)
    groups : (n_rows,)
    """

    codes: Codes
    weights: Floats
    groups: Ints


@dataclass(frozen=True, eq=False)
class Layout:
    """Columns of the indicator matrix: `item` and `category` of each, (n_columns,).

    When all is answered (`complete`) the lowest category has no column: it is the item's constant.
    """

    n_items: int
    n_categories: Ints
    complete: bool
    sparse: bool

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """Item and category of each column."""
        first = int(self.complete)
        item = np.repeat(np.arange(self.n_items), self.n_categories - first)
        starts = np.cumsum(self.n_categories - first) - (self.n_categories - first)
        return item, np.arange(item.size) - starts[item] + first


@dataclass(frozen=True, eq=False)
class Rows:
    """One block ready for the E-step; picklable, so that it may be sent to another process.

    Attributes
    ----------
    indicators : (n_rows, n_columns)
        1 where the person gave the column's category to the column's item; bytes, or compressed rows.
    weights : (n_rows,)
    groups : (n_rows,) or None
        None: all are of group 0.
    offset : (n_rows, n_nodes) or None
        Log-likelihood of the answers to items that are not being calibrated.
    """

    indicators: Any
    weights: Floats
    groups: Ints | None
    offset: Floats | None = None


def encode(x: Matrix) -> Codes:
    """x as int8 categories, MISSING for nan (and for negative integers); ValueError on anything else."""
    x = score_matrix(x)
    if x.dtype.kind == "f":
        x = np.where(np.isnan(x), MISSING, x)
    if x.size and x.max() > MAX_CATEGORY:
        raise ValueError(f"answers must not exceed {MAX_CATEGORY}")
    if x.dtype.kind in "if":
        x = np.maximum(x, MISSING)
    coded: Codes = x.astype(np.int8)
    return coded


def blocks(x: Matrix | Iterable[Matrix], weights: Floats | None, groups: Ints | None) -> list[Block]:
    """x, one matrix or blocks of its rows in order, as coded blocks; rows without answers or weight are dropped."""
    if not isinstance(x, Iterable):
        raise ValueError("x must be a matrix, persons x items, or blocks of its rows")
    pieces = _sliced(x) if isinstance(x, np.ndarray) else x
    made: list[Block] = []
    n_seen = 0
    for piece in pieces:
        if np.ndim(piece) != 2:
            raise ValueError("x and each of its blocks must be persons x items; make a list of rows an array")
        codes = encode(piece)
        rows = slice(n_seen, n_seen + len(codes))
        n_seen += len(codes)
        if made and codes.shape[1] != made[0].codes.shape[1]:
            raise ValueError("all blocks must have the same items")
        weight = np.ones(len(codes)) if weights is None else weights[rows]
        group = np.zeros(len(codes), dtype=np.intp) if groups is None else groups[rows]
        if len(weight) != len(codes) or len(group) != len(codes):
            raise ValueError("one weight and one group is needed for each row of x")
        kept = (codes >= 0).any(axis=1) & (weight > 0)
        made.append(
            Block(codes, weight, group) if kept.all() else Block(codes[kept], weight[kept], group[kept])
        )
    if not made:
        raise ValueError("x has no blocks")
    if (weights is not None and len(weights) != n_seen) or (groups is not None and len(groups) != n_seen):
        raise ValueError("one weight and one group is needed for each row of x")
    return made


def _sliced(x: Matrix) -> Iterator[Matrix]:
    """One matrix as blocks of at most ROWS_A_BLOCK rows."""
    x = np.atleast_1d(x)
    for start in range(0, max(len(x), 1), ROWS_A_BLOCK):
        yield x[start : start + ROWS_A_BLOCK]


def collapse(block: Block) -> Block:
    """Equal rows of one group made one row of their summed weight, where that at least halves them."""
    n_rows, n_items = block.codes.shape
    if n_rows < 2:
        return block
    # Odd multipliers modulo 2^64 give a hash per row; equality is then checked, so a collision costs time only.
    multipliers = np.cumprod(np.full(n_items + 1, 0x9E3779B97F4A7C15, dtype=np.uint64))
    hashed = np.full(n_rows, 0, dtype=np.uint64)
    for item in range(n_items):
        hashed += block.codes[:, item].astype(np.uint64) * multipliers[item]
    hashed += block.groups.astype(np.uint64) * multipliers[n_items]
    _, first, inverse = np.unique(hashed, return_index=True, return_inverse=True)
    if 2 * first.size > n_rows:
        return block
    codes, groups = block.codes[first], block.groups[first]
    if not ((codes[inverse] == block.codes).all() and (groups[inverse] == block.groups).all()):
        return block
    weights: Floats = np.bincount(inverse, block.weights, first.size).astype(np.float64)
    return Block(codes, weights, groups)


def count(made: Sequence[Block], n_categories: int) -> Floats:
    """Weighted answers (n_items, n_categories) in each category of each item."""
    total = np.zeros((made[0].codes.shape[1], n_categories))
    for block in made:
        for category in range(n_categories):
            total[:, category] += block.weights @ (block.codes == category)
    return total


def layout_of(made: Sequence[Block], n_categories: Ints, columns: Ints, may_drop: bool = True) -> Layout:
    """The layout that suits these items (`columns` of the codes) of these blocks; complete only if it may be."""
    n_given = sum(int((block.codes[:, columns] >= 0).sum()) for block in made)
    n_possible = sum(len(block.codes) for block in made) * len(columns)
    complete = may_drop and n_given == n_possible
    return Layout(len(columns), n_categories, complete, n_given < SPARSE_BELOW * n_possible)


def prepare(block: Block, layout: Layout, columns: Ints, n_groups: int) -> Rows:
    """A block's answers to these items as an indicator matrix."""
    codes = block.codes[:, columns]
    groups = block.groups if n_groups > 1 else None
    if layout.sparse:
        first = np.cumsum(layout.n_categories) - layout.n_categories
        row, item = np.nonzero(codes >= 0)
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(codes)))])
        column = first[item] + codes[row, item]
        shape = (len(codes), int(layout.n_categories.sum()))
        return Rows(
            sparse.csr_array((np.ones(len(column)), column, starts), shape=shape), block.weights, groups
        )
    item, category = layout.pairs
    if layout.complete and (layout.n_categories == 2).all():
        return Rows(codes, block.weights, groups)
    return Rows((codes[:, item] == category.astype(np.int8)).view(np.int8), block.weights, groups)


def split(rows: Rows, n_parts: int) -> list[Rows]:
    """The rows cut into at most n_parts pieces of nearly equal length."""
    edges = np.linspace(0, len(rows.weights), n_parts + 1).astype(int)
    return [take(rows, slice(a, b)) for a, b in pairwise(edges) if b > a]


def take(rows: Rows, which: slice | Bools) -> Rows:
    """Some of the rows."""
    return replace(
        rows,
        indicators=rows.indicators[which],
        weights=rows.weights[which],
        groups=None if rows.groups is None else rows.groups[which],
        offset=None if rows.offset is None else rows.offset[which],
    )
