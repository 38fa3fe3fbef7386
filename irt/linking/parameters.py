"""Item parameters of any model as one table, a row for each item, and back.

Columns: slope a, boundaries b_1 .. b_k (k the most any item has), asymptotes c and d; nan where an item has none.
"""

from functools import singledispatch

import numpy as np
import numpy.typing as npt

from irt.arrays import Bools, Floats
from irt.mixed import ItemSet, Mixed
from irt.models import Items
from irt.polytomous import Graded, PartialCredit

_MOST_ERROR = 1e100  # whose square is still a number


@singledispatch
def parameters(items: ItemSet) -> Floats:
    """The table of these items, (n_items, 3 + k)."""
    raise ValueError("items must be Items, Graded, PartialCredit or Mixed")


@parameters.register
def _of_items(items: Items) -> Floats:
    return np.column_stack((items.a, items.b, items.c, items.d))


@parameters.register(Graded)
@parameters.register(PartialCredit)
def _of_categories(items: Graded | PartialCredit) -> Floats:
    return np.column_stack((items.a, items.b, np.full((len(items), 2), np.nan)))


@parameters.register
def _of_mixed(items: Mixed) -> Floats:
    tables = [parameters(part) for part in items.parts]
    whole = np.full((len(items), max(table.shape[1] for table in tables)), np.nan)
    for table, (_, places) in zip(tables, items.placed, strict=True):
        whole[places, : table.shape[1] - 2] = table[:, :-2]
        whole[places, -2:] = table[:, -2:]
    return whole


@singledispatch
def with_parameters(items: ItemSet, table: Floats) -> ItemSet:
    """Items of the same models, in the same order, with the parameters of this table."""
    raise ValueError("items must be Items, Graded, PartialCredit or Mixed")


@with_parameters.register
def _items_with(items: Items, table: Floats) -> Items:
    return Items(table[:, 0], table[:, 1], table[:, -2], table[:, -1])


@with_parameters.register
def _graded_with(items: Graded, table: Floats) -> Graded:
    return Graded(table[:, 0], table[:, 1 : items.b.shape[1] + 1])


@with_parameters.register
def _partial_credit_with(items: PartialCredit, table: Floats) -> PartialCredit:
    return PartialCredit(table[:, 0], table[:, 1 : items.b.shape[1] + 1])


@with_parameters.register
def _mixed_with(items: Mixed, table: Floats) -> Mixed:
    parts = [with_parameters(part, table[places]) for part, places in items.placed]
    return Mixed(parts, items.places)  # type: ignore[arg-type]  # a part is given back as the part it was


def covariances(errors: object, table: Floats, name: str) -> Floats:
    """Covariance matrices of the parameters of each item, (n_items, k, k); zero where there is no error known.

    Parameters
    ----------
    errors : (n_items, k) or (n_items, k, k)
        Standard errors (then taken as independent), or covariances, in the columns of `parameters`. nan means
        that the parameter was not estimated: it has no error.
    """
    given = np.asarray(errors, dtype=np.float64)
    n_items, k = table.shape
    if given.shape not in ((n_items, k), (n_items, k, k)):
        raise ValueError(f"{name} must have shape {(n_items, k)} (standard errors) or {(n_items, k, k)}")
    if (np.abs(given) > _MOST_ERROR).any():
        raise ValueError(f"{name} must not be infinite, nor above {_MOST_ERROR:g}: give nan where there is none")
    known = np.nan_to_num(given)
    if known.ndim == 2:
        known = known[:, :, None] ** 2 * np.eye(k)
    exists = np.isfinite(table)
    known = known * (exists[:, :, None] & exists[:, None, :])
    if (np.diagonal(known, axis1=1, axis2=2) < 0).any():
        raise ValueError(f"{name} must not have negative variances")
    if not np.allclose(known, known.transpose(0, 2, 1)):
        raise ValueError(f"{name} must be symmetric")
    return known


def same_models(new: ItemSet, old: ItemSet) -> Bools:
    """Whether items of the same place are of one model and have as many parameters, (n_items,).

    ValueError where the sets are not equally long, or have no model in common at all.
    """
    if len(new) != len(old):
        raise ValueError(f"{len(new)} items cannot be compared with {len(old)}")
    ours, theirs = parameters(new), parameters(old)
    if ours.shape != theirs.shape or type(new) is not type(old):
        raise ValueError("both calibrations must be of the same models, with as many categories")
    same: Bools = (np.isnan(ours) == np.isnan(theirs)).all(axis=1) & (_models(new) == _models(old))
    return same


def _models(items: ItemSet) -> npt.NDArray[np.object_]:
    """The class of each item, (n_items,)."""
    models = np.full(len(items), type(items), dtype=np.object_)
    for part, places in items.placed if isinstance(items, Mixed) else ():
        models[places] = type(part)
    return models
