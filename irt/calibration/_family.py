"""What calibration asks of a block of items that follow one model, and the Fisher scoring that serves them all.

A family is the model and its priors for n items; the parameters are the caller's, an array p (n_items, n_params).
"""

from typing import Any, Protocol, Self

import numpy as np

from irt.arrays import Bools, Floats, Ints
from irt.calibration._priors import Reason

MAX_HALVINGS = 12
MAX_STEP = 2.0  # no parameter moves further in one step: far from the maximum the quadratic model is not to be trusted
ROUNDING = 1e-12
_RIDGE = 1e-9


class Family(Protocol):
    """Items of one model in slope-intercept form, free of bounds where possible.

    Polytomous families are built by `GradedFamily(categories, priors)` and `PartialCreditFamily(categories, priors,
    free_slope)` of `_polytomous`, with categories (n_items,) the number each item has.

    Attributes
    ----------
    n_items, n_params : int
        Shape of p.
    n_categories : int
        The most categories any of the items has (2 when dichotomous).
    used : (n_items, n_params) bool
        False where an item has no such parameter (fewer categories than the others). Such an entry of p is never
        read; its gradient is 0 and its row of the information is that of the identity.
    tied : tuple of int
        Columns of p that are one parameter common to all items (the slope of a 1PL); p holds equal values there.
    names : (n_reported,) tuple of str
        Names of the reported parameters, in the order of `jacobian`: ("a", "b"), ("a", "b1", "b2").
    """

    @property
    def n_items(self) -> int: ...
    @property
    def n_params(self) -> int: ...
    @property
    def n_categories(self) -> int: ...
    @property
    def used(self) -> Bools: ...
    @property
    def tied(self) -> tuple[int, ...]: ...
    @property
    def names(self) -> tuple[str, ...]: ...

    def take(self, indices: Ints) -> Self:
        """The family of these items only, in this order."""
        ...

    def start(self, counts: Floats) -> Floats:
        """Starting values (n_items, n_params) from answers per category (n_items, n_categories)."""
        ...

    def log_prob(self, p: Floats, nodes: Floats) -> Floats:
        """Log probability (n_items, n_categories, n_nodes) of each category; -inf where there is no such category."""
        ...

    def objective(self, p: Floats, r: Floats, nodes: Floats) -> Floats:
        """Expected complete-data log-likelihood plus log prior of each item, (n_items,).

        r (n_items, n_categories, n_nodes) are expected counts; 0 where there is no such category.
        """
        ...

    def log_prior(self, p: Floats) -> Floats:
        """Log prior density of each item's parameters up to a constant, (n_items,); 0 without priors."""
        ...

    def gradient_and_information(self, p: Floats, r: Floats, nodes: Floats) -> tuple[Floats, Floats]:
        """Gradient (n_items, n_params) of `objective`, and the expected (Fisher) information, prior included,
        (n_items, n_params, n_params), positive definite."""
        ...

    def rescaled(self, p: Floats, mean: float, sd: float) -> Floats:
        """p on the scale (theta - mean) / sd, where no probability changes; where slopes are held at 1, sd is 1."""
        ...

    def refusals(self, p: Floats) -> dict[int, Reason]:
        """Items whose parameters run away or cannot be reported, each with a reason code (see `Refused`)."""
        ...

    def to_items(self, p: Floats) -> Any:
        """The item set (`Items`, `Graded`, `PartialCredit`) of these parameters; needs `refusals(p)` empty."""
        ...

    def report(self, p: Floats) -> Floats:
        """The reported parameters (n_items, n_reported), columns as `names`; nan where an item has none."""
        ...

    def jacobian(self, p: Floats) -> Floats:
        """Derivative of the reported parameters, (n_items, n_reported, n_params), for delta-method errors."""
        ...


def improve(family: Family, p: Floats, r: Floats, nodes: Floats, n_steps: int = 1) -> Floats:
    """Parameters (n_items, n_params) whose `objective` is for no item lower than at p, by safeguarded Fisher scoring.

    Each item whose objective fell has its step halved, again and again, until it rises; an item that does not
    rise after MAX_HALVINGS stays where it was. Tied parameters step together and are judged by their sum.
    """
    best = family.objective(p, r, nodes)
    for _ in range(n_steps):
        gradient, information = family.gradient_and_information(p, r, nodes)
        step = _solve(family.tied, gradient, information)
        longest = np.abs(step).max(axis=1)
        # Shortened as a whole, for a step cut in some of its parameters only need not lead upwards.
        scale = MAX_STEP / np.maximum(
            MAX_STEP, np.full_like(longest, longest.max()) if family.tied else longest
        )
        for _ in range(MAX_HALVINGS):
            trial = p + scale[:, None] * step
            value = family.objective(trial, r, nodes)
            # A fall by less than rounding is none: the path must not hang on the order in which sums were taken.
            worse = ~(value >= best - ROUNDING * np.abs(best))
            if family.tied:
                worse[:] = not value.sum() >= best.sum() - ROUNDING * abs(best.sum())
            if not worse.any():
                break
            scale[worse] /= 2
        scale[worse] = 0.0
        p = p + scale[:, None] * step
        best = np.where(worse, best, value)
    return p


def _solve(tied: tuple[int, ...], gradient: Floats, information: Floats) -> Floats:
    """Scoring steps (n_items, n_params): each item by itself, tied columns by the Schur complement of the rest."""
    # Where nobody can be, all information vanishes; the ridge turns a division by zero into a step of zero.
    information = information + _RIDGE * np.eye(gradient.shape[1])
    steps: Floats
    if not tied:
        steps = np.asarray(np.linalg.solve(information, gradient[..., None])[..., 0], dtype=np.float64)
        return steps
    common = list(tied)
    own = [k for k in range(gradient.shape[1]) if k not in tied]
    crossed = information[:, own][:, :, common]
    sides = np.concatenate([gradient[:, own, None], crossed], axis=2)
    carried: Floats = np.linalg.solve(information[:, own][:, :, own], sides)
    schur = (information[:, common][:, :, common] - crossed.transpose(0, 2, 1) @ carried[:, :, 1:]).sum(
        axis=0
    )
    rest = (gradient[:, common] - (crossed.transpose(0, 2, 1) @ carried[:, :, :1])[..., 0]).sum(axis=0)
    step = np.asarray(np.linalg.solve(schur, rest), dtype=np.float64)
    steps = np.empty_like(gradient)
    steps[:, common] = step
    steps[:, own] = carried[:, :, 0] - carried[:, :, 1:] @ step
    return steps
