"""Forms that meet a blueprint one and all, share no more items than allowed, and inform alike at given points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irt._constraints import Constraints, Quota, violations
from irt.arrays import Floats
from irt.assembly import Infeasible, Shortage, feasibility
from irt.parallel.parity import Parity
from irt.parallel.program import FormsProgram


@dataclass(frozen=True, eq=False)
class Forms:
    """Forms of one pool.

    Attributes
    ----------
    forms : tuple of (length,) tuples
        Item numbers of each form, passages together, else in order of number.
    common : (n_common,) tuple
        The items of every form; any other item is of one form at most.
    information : (n_forms, n_points)
    n_swaps : int
        Exchanges that made the forms alike.
    """

    forms: tuple[tuple[int, ...], ...]
    common: tuple[int, ...]
    information: Floats
    n_swaps: int

    @property
    def disparity(self) -> float:
        """The largest distance of a form's information from the mean of all at a point, in parts of that mean."""
        mean = self.information.mean(axis=0)
        return float(np.abs(self.information / mean - 1).max())


@dataclass(frozen=True)
class Impossible:
    """There are no such forms (`is_proved`), or none was found within the limit; `reasons` are what the pool lacks
    for all forms together, where that is what stands in the way."""

    is_proved: bool
    reasons: tuple[Shortage, ...] = ()


def parallel_forms(
    constraints: Constraints, info: Floats, n_forms: int, common: tuple[int, int] = (0, 0)
) -> Forms | Impossible:
    """`n_forms` legal tests, each pair with exactly the same least to most `common` items.

    First the most informative legal forms are found together, by one integer program (within a hundredth); then
    items of the same quotas change places, between forms or with unused ones, until every exchange would make the
    forms' information at the points less alike. A function of its arguments alone.

    Parameters
    ----------
    info : (n_points, n_items)
        Information of each item at the points where forms must agree, such as the cuts of the grades; positive
        for some item at each point.

    References
    ----------
    van der Linden (2005), Linear models for optimal test design, ch. 6 (multiple forms) and 5 (relative targets).
    """
    _check(constraints, info, n_forms, common)
    if reasons := lacking(constraints, n_forms, common):
        return Impossible(True, reasons)
    values = (info / info.max(axis=1, keepdims=True)).mean(axis=0)
    solved = FormsProgram(constraints, n_forms, common).solved(values)
    if solved is None or isinstance(solved, bool):
        return Impossible(solved is None)
    *own, shared = solved
    settled, n_swaps = Parity(constraints, info, own, shared).settled()
    wholes = [np.sort(np.concatenate((items, shared))) for items in settled]
    forms = [whole[np.lexsort((whole, constraints.passage_of[whole]))] for whole in wholes]
    if any(violations(constraints, form) for form in forms):
        raise AssertionError("a form breaks a constraint")
    reached = np.array([info[:, form].sum(axis=1) for form in forms])
    return Forms(tuple(tuple(form.tolist()) for form in forms), tuple(shared.tolist()), reached, n_swaps)


def _check(constraints: Constraints, info: Floats, n_forms: int, common: tuple[int, int]) -> None:
    if n_forms < 1 or not 0 <= common[0] <= common[1] <= constraints.length:
        raise ValueError("at least one form is needed, and 0 <= least <= most <= length common items")
    if info.ndim != 2 or info.shape[1] != constraints.n_items or not np.isfinite(info).all() or (info < 0).any():
        raise ValueError("information must be finite, not negative, and given for each item at each point")
    if info.shape[0] < 1 or not (info.max(axis=1) > 0).all():
        raise ValueError("some item must have information at each point")


def lacking(constraints: Constraints, n_forms: int, common: tuple[int, int]) -> tuple[Shortage, ...]:
    """What the pool lacks for all forms together, by quotas alone; common items are needed once."""
    if common[1]:
        return ()
    quotas = tuple(Quota(q.name, n_forms * q.minimum, n_forms * q.maximum, q.members) for q in constraints.quotas)
    together = replace(
        constraints, length=n_forms * constraints.length, quotas=quotas, enemies=(), passages=(), n_passages=None,
        time=None,
    )  # fmt: skip
    found = feasibility(together)
    return found.reasons if isinstance(found, Infeasible) else ()
