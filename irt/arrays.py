"""Array types of the measurement core and the checks made where foreign data enter it.

Every function here either returns arrays the rest of `irt` may trust or raises ValueError.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.intp]
Bools: TypeAlias = npt.NDArray[np.bool_]
Indices: TypeAlias = Sequence[int] | npt.NDArray[np.integer]
Scores: TypeAlias = Sequence[float | None] | npt.NDArray[np.floating] | npt.NDArray[np.integer]


LARGEST = 1e100  # in size, of a parameter or a theta: products of three of them are still numbers
MOST_PERSONS = 1e15  # beyond, one person more or less is lost to rounding


def frozen_floats(values: object, name: str, ndim: int = 1) -> Floats:
    """`values` as a read-only float64 copy of `ndim` dimensions, all finite."""
    raw = _unmasked(values, name)
    if raw.size and raw.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be numbers")
    array: Floats = np.array(raw, dtype=np.float64, order="C")
    if array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension(s), not {array.ndim}")
    if not (np.abs(array) < LARGEST).all():
        raise ValueError(f"{name} must be finite, and below {LARGEST:g} in size")
    array.setflags(write=False)
    return array


def frozen_ragged(values: object, name: str) -> Floats:
    """`values` as a read-only float64 copy (n_rows, n_columns): in each row numbers, at least one, then only nan."""
    raw = _unmasked(values, name)
    if raw.ndim != 2 or raw.shape[1] == 0:
        raise ValueError(f"{name} must have 2 dimensions and at least one column")
    if raw.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be numbers")
    array: Floats = np.array(raw, dtype=np.float64, order="C")
    absent = np.isnan(array)
    if absent[:, 0].any() or (absent[:, :-1] & ~absent[:, 1:]).any():
        raise ValueError(f"a row of {name} must be numbers, at least one, with nan only after the last")
    if not (absent | (np.abs(array) < LARGEST)).all():
        raise ValueError(f"{name} must be finite, and below {LARGEST:g} in size")
    array.setflags(write=False)
    return array


def score_matrix(x: object) -> npt.NDArray[Any]:
    """`x` as a matrix (n_persons, n_items) of whole numbers from 0, or nan where an item was not seen.

    Its type is kept, and negative integers pass: what they mean is the caller's to say.
    """
    raw = _unmasked(x, "x")
    if raw.ndim != 2:
        raise ValueError(f"x must be a matrix, persons x items, not of {raw.ndim} dimension(s)")
    if raw.dtype.kind not in "biuf":
        raise ValueError("x must be numbers, nan where an item was not seen")
    if raw.dtype.kind == "f" and not (np.isnan(raw) | (raw >= 0) & (raw == np.floor(raw)) & np.isfinite(raw)).all():
        raise ValueError("the answers in x must be whole numbers from 0, or nan where an item was not seen")
    return raw


def theta_points(theta: float | Sequence[float] | npt.NDArray[np.floating]) -> Floats:
    """`theta`, a number or a vector, as a finite vector (n_theta,)."""
    points: Floats = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    if points.ndim != 1 or not (np.abs(points) < LARGEST).all():
        raise ValueError(f"theta must be a finite number or vector, below {LARGEST:g} in size")
    return points


def item_indices(indices: Indices, n_items: int, may_repeat: bool = False) -> Ints:
    """`indices` as item numbers 0 .. n_items - 1, order kept, (n_administered,); distinct unless they may repeat."""
    raw = np.asarray(indices)
    if raw.ndim != 1:
        raise ValueError("item indices must be a vector")
    if raw.size == 0:
        return np.empty(0, dtype=np.intp)
    if raw.dtype.kind not in "iu":
        raise ValueError("item indices must be integers")
    if raw.min() < 0 or raw.max() >= n_items:
        raise ValueError(f"item indices must lie in 0 .. {n_items - 1}")
    if not may_repeat and len(set(raw.tolist())) != raw.size:
        raise ValueError("an item may be administered only once")
    return raw.astype(np.intp, copy=False)


def answered(
    indices: Indices, scores: Scores, n_items: int, n_categories: Ints | None = None
) -> tuple[Ints, Ints]:
    """The items with a score and their categories, in step order; None and nan are left out.

    Scores are 0 .. m - 1 for the item's m of `n_categories` (n_items,); without it, 0 and 1.
    """
    items = item_indices(indices, n_items)
    raw = _unmasked(scores, "scores")
    if raw.shape != items.shape:
        raise ValueError("one score (or None) is needed for each item index")
    if raw.size and raw.dtype.kind not in "biufO":
        raise ValueError("scores must be numbers")
    if raw.size and raw.dtype.kind == "i" and raw.min() >= 0 and raw.max() <= 1:  # as the database has them
        return items, raw.astype(np.intp, copy=False)
    try:
        x = raw.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("scores must be numbers") from error
    given = ~np.isnan(x)
    if not given.all():
        items, x = items[given], x[given]
    top = np.ones_like(items) if n_categories is None else n_categories[items] - 1
    is_category = (x >= 0) & (x <= top) & (x == np.floor(x))
    if not is_category.all():
        first = int(np.argmin(is_category))
        raise ValueError(
            f"item {items[first]} has the scores 0 .. {top[first]}, None and nan, but was given {x[first]:g}"
        )
    return items, x.astype(np.intp)


def _unmasked(values: object, name: str) -> npt.NDArray[Any]:
    """`values` as an array; a masked one is refused, for numpy would hand over what the mask hides."""
    if isinstance(values, np.ma.MaskedArray):
        raise ValueError(f"{name} must not be a masked array: put nan where it is masked")
    return np.asarray(values)
