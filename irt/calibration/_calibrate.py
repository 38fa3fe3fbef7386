"""Marginal maximum likelihood calibration, of a whole test or of pretest items beside operational ones.

Checks what it is given and says what is free; the work is `_job`'s.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np

from irt.arrays import MOST_PERSONS, Floats, Indices, Ints, frozen_floats
from irt.calibration._job import MODELS, UNIT_SLOPE_MODELS, Job
from irt.calibration._priors import Priors
from irt.calibration._result import Calibration
from irt.calibration._rows import Block, Matrix, blocks, collapse, layout_of, prepare
from irt.calibration._settings import Settings
from irt.mixed import ItemSet, log_prob

X: TypeAlias = Matrix | Iterable[Matrix]
_STEP = 0.95  # rise of a probability over two spacings: at the nodes of `Settings` a slope of about 18
_SPAN = 3.0


def calibrate(
    x: X,
    model: str | Sequence[str] = "2PL",
    *,
    weights: Sequence[float] | Floats | None = None,
    groups: Sequence[int] | Ints | None = None,
    priors: Priors | None = None,
    settings: Settings | None = None,
) -> Calibration:
    """Item parameters that maximise the marginal likelihood of the answers (times the priors, where there are any).

    Parameters
    ----------
    x : (n_persons, n_items), or blocks of its rows
        Categories 0, 1, ..; nan (in integer arrays: negative) where not seen, which must not depend on the answers:
        those of an adaptive test belong into `calibrate_pretest`.
    model : str or (n_items,) of str
        "Rasch", "1PL", "2PL", "3PL", "4PL", "GRM", "GPCM", "PCM". Items of "1PL" share one slope.
    weights : (n_persons,), optional
        How many persons a row stands for.
    groups : (n_persons,), optional
        Group 0, 1, .. of each row. Group 0 is N(0, 1), or N(0, sd) with sd free if any item is "Rasch" or "PCM";
        mean and sd of the others are free.
    priors, settings : optional

    Returns
    -------
    Calibration
        Look at `converged` and `refused` before storing anything of it.

    Raises
    ------
    ValueError
        Where shapes do not fit, answers are not categories, or a group has no answers.

    References
    ----------
    Bock & Aitkin (1981), Psychometrika 46, 443-459. Bock & Zimowski (1997), in van der Linden & Hambleton, ch. 25,
    for several groups. Varadhan & Roland (2008), Scand. J. Statist. 35, 335-353, for the acceleration.
    """
    settings = settings or Settings()
    if settings.nodes[0] > -_SPAN or settings.nodes[-1] < _SPAN:
        raise ValueError(f"the nodes must span at least -{_SPAN} .. {_SPAN}, for group 0 is N(0, 1)")
    made = _read(x, weights, groups)
    n_items = made[0].codes.shape[1]
    models = _models(model, n_items)
    free = np.arange(_n_groups(made)) > 0
    free_sd = free.copy()
    free_sd[0] = any(name in UNIT_SLOPE_MODELS for name in models)
    return Job(made, models, np.arange(n_items), free, free_sd, priors or Priors(), settings).run()


def calibrate_pretest(
    x: X,
    operational: ItemSet,
    model: str | Sequence[str] = "2PL",
    *,
    columns: Indices | None = None,
    groups: Sequence[int] | Ints | None = None,
    priors: Priors | None = None,
    settings: Settings | None = None,
) -> Calibration:
    """Parameters of pretest items on the scale of operational ones, whose parameters stay as they are.

    Mean and sd of each population are free and are estimated together with the items, in every EM cycle. Answers of
    an adaptive test may be used: which item came next depended on answers that are all in x.

    Parameters
    ----------
    x : (n_persons, n_items), or blocks of its rows
        Answers to operational and pretest items; nan (in integer arrays: negative) where not seen.
    operational : Items, Graded, PartialCredit or Mixed
    model : str or (n_pretest,) of str
        Of the pretest items, in the order of their columns.
    columns : (n_operational,), optional
        Columns of x with the operational items, in their order; without it, the first ones.
    groups, priors, settings : optional
        As in `calibrate`, but all populations are free.

    Raises
    ------
    ValueError
        As `calibrate`; and where all columns are operational, or nobody answered any of these.

    References
    ----------
    Ban, Hanson, Wang, Yi & Harris (2001), J. Educ. Meas. 38, 191-212; Kim (2006), J. Educ. Meas. 43, 355-381: multiple
    weights updating, multiple EM cycles.
    """
    if not isinstance(operational, ItemSet):
        raise ValueError("the operational items must be Items, Graded, PartialCredit or Mixed")
    made = _read(x, None, groups)
    n_items = made[0].codes.shape[1]
    fixed = _fixed(operational, columns, n_items)
    if not any((block.codes[:, fixed] >= 0).any() for block in made):
        raise ValueError("nobody answered an operational item, so nothing ties x to their scale")
    if any((block.codes[:, fixed] >= operational.n_categories).any() for block in made):
        raise ValueError("an operational item has an answer in a category it does not have")
    pretest = np.setdiff1d(np.arange(n_items), fixed)
    settings = settings or Settings()
    _refuse_steps(operational, settings.nodes)
    free = np.ones(_n_groups(made), dtype=np.bool_)
    models = _models(model, pretest.size)
    known = partial(_log_likelihood, operational, fixed)
    return Job(made, models, pretest, free, free, priors or Priors(), settings, known).run()


def _fixed(operational: ItemSet, columns: Indices | None, n_items: int) -> Ints:
    """The columns of the operational items, among `n_items` of which some are left for the pretest."""
    if len(operational) == 0:
        raise ValueError("at least one operational item is needed")
    fixed = np.arange(len(operational)) if columns is None else np.asarray(columns)
    is_listed = fixed.shape == (len(operational),) and fixed.dtype.kind in "iu" and np.unique(fixed).size == fixed.size
    if not is_listed or fixed.min() < 0 or fixed.max() >= n_items:
        raise ValueError(f"each operational item needs a column of x of its own, a number 0 .. {n_items - 1}")
    if fixed.size == n_items:
        raise ValueError("all columns of x are operational: there is nothing to calibrate")
    return fixed.astype(np.intp)


def _refuse_steps(operational: ItemSet, nodes: Floats) -> None:
    """ValueError where an item is a step on these nodes, which sums over them cannot place."""
    p = np.exp(log_prob(nodes, operational))
    is_step = np.abs(p[2:] - p[:-2]).max(axis=(0, 2)) > _STEP
    if is_step.any():
        item = int(np.argmax(is_step))
        raise ValueError(f"operational item {item} is too steep for the nodes: correct its slope, or give denser nodes")


def _log_likelihood(items: ItemSet, columns: Ints, block: Block, nodes: Floats) -> Floats:
    """What the answers to items of known parameters say of theta, (n_rows, n_nodes)."""
    values = log_prob(nodes, items).transpose(1, 2, 0)
    table = values[np.arange(values.shape[1]) < items.n_categories[:, None]]
    layout = layout_of([block], items.n_categories, columns, may_drop=False)
    indicators = prepare(block, layout, columns, 1).indicators
    total: Floats = (indicators if layout.sparse else indicators.astype(np.float64)) @ table
    return total


def _read(x: X, weights: Sequence[float] | Floats | None, groups: Sequence[int] | Ints | None) -> list[Block]:
    """The answers as blocks of distinct rows."""
    row_weights = None if weights is None else frozen_floats(weights, "weights")
    if row_weights is not None and ((row_weights < 0) | (row_weights > MOST_PERSONS)).any():
        raise ValueError(f"weights must not be negative, nor above {MOST_PERSONS:g}")
    row_groups = None if groups is None else _checked_groups(groups)
    made = blocks(x, row_weights, row_groups)
    if made[0].codes.shape[1] == 0:
        raise ValueError("x has no items")
    if row_groups is not None:
        with_answers = np.unique(np.concatenate([block.groups for block in made]))
        if empty := set(row_groups.tolist()) - set(with_answers.tolist()):
            raise ValueError(f"group {min(empty)} has no answers: leave it out and number the others anew")
    return [collapse(block) for block in made]


def _checked_groups(groups: Sequence[int] | Ints) -> Ints:
    """Group numbers 0, 1, .. without a gap."""
    numbers = np.asarray(groups)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        raise ValueError("groups must be a vector of whole numbers 0, 1, ..")
    found = np.unique(numbers)
    if not np.array_equal(found, np.arange(found.size)):
        raise ValueError("groups must be numbered 0, 1, .. without a gap")
    return numbers.astype(np.intp)


def _n_groups(made: Sequence[Block]) -> int:
    return max(int(block.groups.max(initial=0)) for block in made) + 1


def _models(model: str | Sequence[str], n_items: int) -> list[str]:
    """One known model per item."""
    is_list = isinstance(model, Iterable) and not isinstance(model, str)
    models = list(model) if is_list else [str(model)] * n_items
    if len(models) != n_items:
        raise ValueError(f"{n_items} models are needed, one for each item, not {len(models)}")
    if unknown := [one for one in models if one not in MODELS]:
        raise ValueError(f"unknown model {unknown[0]!r}; known are {', '.join(MODELS)}")
    return models
