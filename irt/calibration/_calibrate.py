"""Marginal maximum likelihood calibration, of a whole test or of pretest items beside operational ones.

Checks what it is given and says what is free; the work is `_job`'s.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from irt.arrays import Floats, Indices, Ints, frozen_floats, item_indices
from irt.calibration._job import MODELS, UNIT_SLOPE_MODELS, Job
from irt.calibration._priors import Priors
from irt.calibration._result import Calibration
from irt.calibration._rows import Block, Matrix, blocks, collapse, layout_of, prepare
from irt.calibration._settings import Settings
from irt.mixed import ItemSet, log_prob

X: TypeAlias = Matrix | Iterable[Matrix]


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
        Where shapes do not fit or answers are not categories.

    References
    ----------
    Bock & Aitkin (1981), Psychometrika 46, 443-459. Bock & Zimowski (1997), in van der Linden & Hambleton, ch. 25,
    for several groups. Varadhan & Roland (2008), Scand. J. Statist. 35, 335-353, for the acceleration.
    """
    made = _read(x, weights, groups)
    n_items = made[0].codes.shape[1]
    models = _models(model, n_items)
    free = np.arange(_n_groups(made)) > 0
    free_sd = free.copy()
    free_sd[0] = any(name in UNIT_SLOPE_MODELS for name in models)
    job = Job(made, models, np.arange(n_items), free, free_sd, priors or Priors(), settings or Settings())
    return job.run()


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

    References
    ----------
    Ban, Hanson, Wang, Yi & Harris (2001), J. Educ. Meas. 38, 191-212; Kim (2006), J. Educ. Meas. 43, 355-381: multiple
    weights updating, multiple EM cycles.
    """
    made = _read(x, None, groups)
    n_items = made[0].codes.shape[1]
    fixed = item_indices(np.arange(len(operational)) if columns is None else columns, n_items)
    if len(fixed) != len(operational) or len(fixed) == 0:
        raise ValueError("one column of x is needed for each operational item, and at least one item")
    if any((block.codes[:, fixed] >= operational.n_categories).any() for block in made):
        raise ValueError("an operational item has an answer in a category it does not have")
    pretest = np.setdiff1d(np.arange(n_items), fixed)
    settings = settings or Settings()
    free = np.ones(_n_groups(made), dtype=np.bool_)
    models = _models(model, pretest.size)
    known = _LogLikelihood(operational, fixed, settings.nodes)
    return Job(made, models, pretest, free, free, priors or Priors(), settings, known).run()


class _LogLikelihood:
    """What the answers to items of known parameters say of theta."""

    def __init__(self, items: ItemSet, columns: Ints, nodes: Floats) -> None:
        self.columns, self.n_categories = columns, np.asarray(items.n_categories)
        values = log_prob(nodes, items).transpose(1, 2, 0)
        exists = np.arange(values.shape[1]) < self.n_categories[:, None]
        self.table: Floats = values[exists]

    def __call__(self, block: Block) -> Floats:
        """Log-likelihood (n_rows, n_nodes) of the answers of each row."""
        layout = layout_of([block], self.n_categories, self.columns, may_drop=False)
        rows = prepare(block, layout, self.columns, 1)
        total: Floats = (
            rows.indicators if layout.sparse else rows.indicators.astype(np.float64)
        ) @ self.table
        return total


def _read(x: X, weights: Sequence[float] | Floats | None, groups: Sequence[int] | Ints | None) -> list[Block]:
    """The answers as blocks of distinct rows."""
    row_weights = None if weights is None else frozen_floats(weights, "weights")
    if row_weights is not None and (row_weights < 0).any():
        raise ValueError("weights must not be negative")
    row_groups = None if groups is None else np.asarray(groups)
    if row_groups is not None:
        if row_groups.ndim != 1 or row_groups.dtype.kind not in "iu" or (row_groups < 0).any():
            raise ValueError("groups must be numbers 0, 1, ..")
        row_groups = row_groups.astype(np.intp)
        if row_groups.size and not np.bincount(row_groups).all():
            raise ValueError("groups must be numbered 0, 1, .. without a gap")
    made = blocks(x, row_weights, row_groups)
    if made[0].codes.shape[1] == 0:
        raise ValueError("x has no items")
    return [collapse(block) for block in made]


def _n_groups(made: Sequence[Block]) -> int:
    return max(int(block.groups.max(initial=0)) for block in made) + 1


def _models(model: str | Sequence[str], n_items: int) -> list[str]:
    """One known model per item."""
    models = [model] * n_items if isinstance(model, str) else list(model)
    if len(models) != n_items:
        raise ValueError(f"{n_items} models are needed, one for each item, not {len(models)}")
    if unknown := set(models) - set(MODELS):
        raise ValueError(f"unknown model {sorted(unknown)[0]!r}; known are {', '.join(MODELS)}")
    return models
