"""Parameters of the items of a run: on the scale of anchors, or all together and then linked if there are anchors."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from irt.arrays import Bools, Floats, Ints
from irt.calibration import Beta, Calibration, Lognormal, Priors, Settings, calibrate, calibrate_pretest
from irt.drift import drift
from irt.linking import Linking, link_robustly
from irt.models import Items
from itembank.calibrations.analysis.material import Material, Tell, Unfit, ability, correlation, models_of
from itembank.calibrations.analysis.moved import Moved
from itembank.calibrations.policy import Policy, PriorFigures

SURE = 1.645  # of a negative correlation, in its standard errors: one-sided, 5 %
PARAMETERS = ("a", "b", "c")


class Counting(Executor):
    """Works at once, in this thread; counts the passes over the answers and tells them."""

    def __init__(self, tell: Tell, stage: str) -> None:
        self._tell, self._stage, self._n = tell, stage, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The work is done when this returns."""
        self._n += 1
        self._tell(self._stage, self._n, 0)
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@dataclass(frozen=True, eq=False)
class Estimates:
    """What became of each item, (n_items,): `outcome`, `model`, parameters and errors (n_items, 3), nan where none.

    `mean`, `sd` with their errors are of the population on the scale of the run."""

    outcome: tuple[str, ...]
    model: tuple[str, ...]
    values: Floats
    errors: Floats
    mean: tuple[float, float]
    sd: tuple[float, float]
    calibration: Calibration | None
    linking: Linking | None = None
    moved: Moved = field(default_factory=Moved.none)

    @property
    def live(self) -> Ints:
        """Columns that have parameters."""
        return np.flatnonzero(np.isfinite(self.values[:, 1]))

    @property
    def is_new(self) -> Bools:
        """Items whose parameters were estimated in this run."""
        return np.array([each in ("new", "released") for each in self.outcome])

    @property
    def items(self) -> Items:
        """The live items."""
        return items_of(self.values[self.live])


def items_of(values: Floats) -> Items:
    """Items of these a, b, c, (n_items, 3)."""
    return Items(values[:, 0], values[:, 1], values[:, 2], np.ones(len(values)))


def priors(figures: PriorFigures) -> Priors:
    """The practice's priors."""
    slope = Lognormal(figures.slope_mean, figures.slope_sd)
    return Priors(slope=slope, guessing_slope=slope, lower=Beta(figures.lower_alpha, figures.lower_beta))


def fixed(material: Material, policy: Policy, released: Bools, tell: Tell) -> Estimates:
    """New items on the scale of the anchors, which stay as they are but for those `released`; population free."""
    anchors = np.flatnonzero(material.is_known & ~released & (material.n > 0))
    if anchors.size < policy.anchors.least:
        raise Unfit("calibration_few_anchors", n=int(anchors.size), least=policy.anchors.least)
    known = material.known_items(anchors)
    free = np.setdiff1d(np.arange(len(material.columns)), anchors)
    models = models_of(material, policy, free)
    provisional = ability(material.x[:, anchors], known)
    outcome = ["anchored" if each.known else "new" for each in material.columns]
    for at, model in zip(free, models, strict=True):
        outcome[at] = _screened(material, int(at), model, provisional.theta, bool(released[at]))
    wanted = [(int(at), model) for at, model in zip(free, models, strict=True)
              if model and outcome[at] in ("new", "released")]  # fmt: skip
    blank = _blank(material, outcome, provisional.mean, provisional.sd)
    if not wanted:
        return blank
    columns = np.array([*anchors, *(at for at, _model in wanted)])
    found = calibrate_pretest(
        material.x[:, columns], known, [model for _at, model in wanted], priors=priors(policy.priors),
        settings=Settings(executor=Counting(tell, "estimating")),
    )  # fmt: skip
    return _filled(blank, found, columns, dict(wanted))


def concurrent(material: Material, policy: Policy, tell: Tell) -> Estimates:
    """All items together: on the scale of those that are known, or on their own where no reference was named."""
    every = np.arange(len(material.columns))
    models = models_of(material, policy, every)
    outcome = []
    for at, model in zip(every, models, strict=True):
        others = np.delete(material.x, at, axis=1)
        rest = np.nanmean(np.where(np.isnan(others).all(axis=1, keepdims=True), 0.0, others), axis=1)
        outcome.append(_screened(material, int(at), model, rest, False))
    wanted = [(int(at), model) for at, model in zip(every, models, strict=True) if model and outcome[at] == "new"]
    if len(wanted) < 3:
        raise Unfit("calibration_few_items", n=len(wanted), least=3)
    columns = np.array([at for at, _model in wanted])
    found = calibrate(
        material.x[:, columns], [model for _at, model in wanted], priors=priors(policy.priors),
        settings=Settings(executor=Counting(tell, "estimating")),
    )  # fmt: skip
    whole = _filled(_blank(material, outcome, 0.0, 1.0), found, columns, dict(wanted))
    return _linked(material, policy, whole)


def _screened(material: Material, at: int, model: str | None, theta: Floats, is_released: bool) -> str:
    """What is to become of a free item before anything is estimated."""
    seen = material.seen[:, at]
    n, right = int(material.n[at]), material.x[seen, at]
    if n == 0:
        return "unseen"
    if model is None:
        return "not_enough"
    if np.ptp(right) == 0:
        return "one_answer"
    if correlation(right, theta[seen]) * np.sqrt(n) < -SURE:
        return "against"
    return "released" if is_released else "new"


def _blank(material: Material, outcome: list[str], mean: float, sd: float) -> Estimates:
    """The anchors with their parameters; nothing else yet."""
    n_items = len(material.columns)
    values, errors = np.full((n_items, 3), np.nan), np.full((n_items, 3), np.nan)
    models = [""] * n_items
    for at, column in enumerate(material.columns):
        if column.known is not None and outcome[at] == "anchored":
            values[at] = column.known.a, column.known.b, column.known.c
            errors[at, :2] = [np.nan if e is None else e for e in (column.known.se_a, column.known.se_b)]
            models[at] = "3PL" if column.known.c > 0 else "2PL"
    return Estimates(tuple(outcome), tuple(models), values, errors, (mean, np.nan), (sd, np.nan), None)


def _filled(blank: Estimates, found: Calibration, columns: Ints, models: dict[int, str]) -> Estimates:
    """With what was estimated; refused items say why."""
    if not found.converged and found.doubts != ("no_items",):
        raise Unfit("calibration_not_converged", doubts=", ".join(found.doubts), n_iterations=found.n_iterations)
    outcome, names = list(blank.outcome), list(blank.model)
    values, errors = blank.values.copy(), blank.errors.copy()
    for refused in found.refused:
        outcome[int(columns[refused.index])] = refused.reason
    for place, index in enumerate(found.indices):
        at = int(columns[index])
        names[at] = models[at]
        for k, name in enumerate(PARAMETERS):
            has = name in found.estimates and np.isfinite(found.estimates[name][place])
            values[at, k] = found.estimates[name][place] if has else 0.0
            errors[at, k] = found.se[name][place] if has else np.nan
    population = found.populations[0]
    return replace(
        blank, outcome=tuple(outcome), model=tuple(names), values=values, errors=errors, calibration=found,
        mean=(population.mean, population.se_mean), sd=(population.sd, population.se_sd),
    )  # fmt: skip


def _linked(material: Material, policy: Policy, whole: Estimates) -> Estimates:
    """The same on the reference scale: anchors that stayed keep their parameters, those that moved are released."""
    anchors = np.intersect1d(np.flatnonzero(material.is_known), whole.live)
    if not material.is_known.any():
        return whole
    if anchors.size < policy.anchors.least:
        raise Unfit("calibration_few_anchors", n=int(anchors.size), least=policy.anchors.least)
    new = items_of(whole.values[anchors])
    old = material.known_items(anchors)
    try:
        linking = link_robustly(new, old, errors=(_padded(whole.errors[anchors]), _known_errors(material, anchors)))
    except ValueError as error:
        raise Unfit("calibration_no_link", n=int(anchors.size)) from error
    link, outcome = linking.link, list(whole.outcome)
    if not linking.converged:
        raise Unfit("calibration_no_link", n=int(anchors.size))
    values, errors = whole.values.copy(), whole.errors.copy()
    live = whole.live
    moved = link.items(whole.items)
    spread = link.item_covariance(whole.items, _padded(whole.errors[live]))
    values[live] = np.column_stack((moved.a, moved.b, moved.c))  # type: ignore[union-attr]
    errors[live, :2] = np.sqrt(np.diagonal(spread, axis1=1, axis2=2))[:, :2]
    for at, is_used in zip(anchors, linking.used, strict=True):
        known = material.columns[at].known
        outcome[at] = "released"
        if is_used and known is not None:
            outcome[at] = "anchored"
            values[at] = known.a, known.b, known.c
    found = drift(new, old, link)
    at_now = np.column_stack((moved.a, moved.b))[np.searchsorted(live, anchors)]  # type: ignore[union-attr]
    unknown = np.full(anchors.size, np.nan)
    judged = Moved(anchors, at_now, found.distance, found.curve_distance, unknown, ~linking.used)
    (mean, _), (sd, _) = whole.mean, whole.sd
    se_slope, se_intercept = link.se
    return replace(
        whole, outcome=tuple(outcome), values=values, errors=errors, linking=linking, moved=judged,
        mean=(float(link.theta(mean)), se_intercept), sd=(link.slope * sd, se_slope * sd),
    )  # fmt: skip


def _padded(errors: Floats) -> Floats:
    """Errors of a, b, c with the place of d, which nobody estimated."""
    return np.column_stack((errors, np.full(len(errors), np.nan)))


def _known_errors(material: Material, anchors: Ints) -> Floats:
    """Errors of the anchors as they are known; nan where they are not."""
    pairs = [material.columns[at].known for at in anchors]
    return np.array([[np.nan if e is None else e for e in (k.se_a, k.se_b, None, None)] for k in pairs if k])

