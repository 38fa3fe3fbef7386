"""Linking two calibrations on their common items, and doing so when some of them have moved."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from irt.ability import NotConvergedWarning
from irt.arrays import Bools, Floats
from irt.linking.curves import Criterion, ThetaWeights, closest
from irt.linking.errors import curves_covariance, jackknife, moments_covariance
from irt.linking.moments import mean_mean, mean_sigma, robust_z
from irt.linking.parameters import covariances, parameters, same_models
from irt.linking.scale import Link
from irt.mixed import ItemSet

MethodName: TypeAlias = Literal["mean_mean", "mean_sigma", "haebara", "stocking_lord"]
ErrorSource: TypeAlias = Literal["none", "items", "jackknife"]
_MAX_ROUNDS = 50


@dataclass(frozen=True, eq=False)
class Method:
    """How constants are found.

    Parameters
    ----------
    name : str
    is_symmetric : bool
        Curves are compared on both scales: so Haebara (1980) has it, and then linking back is exactly the
        inverse. False compares them on the old scale only, as Stocking & Lord (1983) have it.
    on_old, on_new : ThetaWeights
        Points of each scale and their weights; without them a standard normal population on each scale, the
        one each calibration assumed.
    is_slope_free : bool
        False holds the slope at one, for Rasch scales.
    """

    name: MethodName = "stocking_lord"
    is_symmetric: bool = True
    on_old: ThetaWeights | None = None
    on_new: ThetaWeights | None = None
    is_slope_free: bool = True

    def __post_init__(self) -> None:
        if self.name not in get_args(MethodName):
            raise ValueError(f"a linking method is one of {', '.join(get_args(MethodName))}")

    @property
    def least_anchors(self) -> int:
        """How many anchors determine the constants."""
        return 2 if self.is_slope_free else 1


@dataclass(frozen=True, eq=False)
class Linking:
    """What linking found.

    Attributes
    ----------
    link : Link
        From the new scale to the old; its covariance says what `error_source` says.
    used : (n_anchors,) of bool
    loss : float
        The criterion of a curve method at its minimum; nan for moments.
    converged : bool
        False: the constants are only the best found (look before storing).
    error_source : str
        "none": the constants have no error attached (their covariance is zero because it is unknown).
    """

    link: Link
    method: Method
    used: Bools
    loss: float
    converged: bool
    error_source: ErrorSource


def link(
    new: ItemSet,
    old: ItemSet,
    method: Method | None = None,
    *,
    use: npt.ArrayLike | None = None,
    errors: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
) -> Linking:
    """The line that puts `new` on the scale of `old`, from the anchors in both, in the same order.

    Parameters
    ----------
    new, old : items
        The anchors as calibrated on each scale.
    method : Method, optional
        Stocking-Lord, symmetric, without it.
    use : (n_anchors,) of bool, optional
        Which anchors to use; all without it.
    errors : pair, optional
        Standard errors or covariances of the parameters of `new` and of `old`, as `parameters.covariances`
        takes them. With them the constants have standard errors (delta method).

    Raises
    ------
    ValueError
        Too few anchors, anchors of different models, anchors of one difficulty (mean-sigma).
    """
    method = method or Method()
    used = _usable(new, old, use, method.least_anchors)
    kept = np.flatnonzero(used)
    new_kept, old_kept = new.take(kept), old.take(kept)
    known = _errors_of(new, old, errors, kept)
    slope, intercept, loss, converged, covariance = _constants(new_kept, old_kept, method, known)
    if not converged:
        warnings.warn(f"{method.name}: no minimum was reached", NotConvergedWarning, stacklevel=2)
    source: ErrorSource = "none" if errors is None else "items"
    return Linking(Link(slope, intercept, covariance), method, used, loss, converged, source)


def with_jackknife(linking: Linking, new: ItemSet, old: ItemSet) -> Linking:
    """The same linking with errors from leaving each used anchor out in turn; it needs one anchor to spare."""
    kept = np.flatnonzero(linking.used)
    if kept.size <= linking.method.least_anchors:
        raise ValueError(f"the jackknife needs more than {linking.method.least_anchors} anchors")
    without = [
        _constants(new.take(rest), old.take(rest), linking.method, None)[:2]
        for rest in (np.delete(kept, place) for place in range(kept.size))
    ]
    found = Link(linking.link.slope, linking.link.intercept, jackknife(np.array(without)))
    return replace(linking, link=found, error_source="jackknife")


def anchor_z(new: ItemSet, old: ItemSet, slope: float) -> tuple[Floats, Floats]:
    """Robust z of each anchor's log slope and of its mean difficulty given a link's slope, each (n_anchors,)."""
    if not same_models(new, old).all():
        raise ValueError("anchors must be of the same models in both calibrations")
    if not 0 < slope < np.inf:
        raise ValueError("the slope of a link must be positive and finite")
    ours, theirs = parameters(new), parameters(old)
    log_ratio = np.log(ours[:, 0]) - np.log(theirs[:, 0])
    away = np.nanmean(theirs[:, 1:-2] - slope * ours[:, 1:-2], axis=1)
    return robust_z(log_ratio), robust_z(away)


def link_robustly(
    new: ItemSet,
    old: ItemSet,
    method: Method | None = None,
    *,
    limit: float = 2.7,
    least_share: float = 0.5,
    errors: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
) -> Linking:
    """The link of the anchors that stayed where they were; `used` says which.

    Parameters
    ----------
    limit : float
        An anchor whose log slope or difficulty has a robust |z| above it is left out. 2.7 leaves out .7 % of
        what is normal; Huynh & Meyer (2010) take 1.645 and a second look by content experts.
    least_share : float
        Refused when fewer than this share of the anchors stay, for then nobody knows which ones moved.

    Notes
    -----
    Medians and quartiles are those of all anchors in every round, so leaving some out does not make the rest
    look worse. The first slope is the median ratio of slopes, which no minority of anchors can spoil; from
    there exclusion and linking take turns until the same anchors stay. Should they go round in a circle, the
    anchors out in any round of it are all left out and `converged` is False.
    """
    method = method or Method()
    if not (limit > 0 and 0 <= least_share <= 1):
        raise ValueError("limit must be positive and least_share between 0 and 1")
    _usable(new, old, None, method.least_anchors)
    ratios = parameters(new)[:, 0] / parameters(old)[:, 0]
    slope = float(np.median(ratios)) if method.is_slope_free else 1.0
    seen: list[Bools] = []
    for _ in range(_MAX_ROUNDS):
        used = _within(anchor_z(new, old, slope), limit, method.is_slope_free)
        if used.mean() < least_share:
            raise ValueError(
                f"only {int(used.sum())} of {used.size} anchors stayed where they were: no link can be trusted"
            )
        repeated = [number for number, earlier in enumerate(seen) if (earlier == used).all()]
        if repeated:
            break
        seen.append(used)
        slope = link(new, old, method, use=used).link.slope
    settled = bool(repeated) and repeated[0] == len(seen) - 1
    stable = used if settled else np.logical_and.reduce(seen[repeated[0] if repeated else 0 :])
    found = link(new, old, method, use=stable, errors=errors)
    return found if settled else replace(found, converged=False)


def _within(z: Sequence[Floats], limit: float, is_slope_free: bool) -> Bools:
    """Anchors whose z are all within the limit; slopes that cannot differ are not asked."""
    of_slope, of_difficulty = z
    within: Bools = np.abs(of_difficulty) <= limit
    return within & (np.abs(of_slope) <= limit) if is_slope_free else within


def _usable(new: ItemSet, old: ItemSet, use: npt.ArrayLike | None, least: int) -> Bools:
    """The mask of anchors to use, when there are enough of them and each is of one model."""
    same = same_models(new, old)
    used = np.ones(len(new), dtype=np.bool_) if use is None else np.asarray(use)
    if used.dtype != np.bool_ or used.shape != (len(new),):
        raise ValueError("use needs one bool for each anchor")
    if (used & ~same).any():
        raise ValueError(f"anchors of different models: {np.flatnonzero(used & ~same).tolist()}")
    if used.size and not used.any():
        raise ValueError("all anchors are left out")
    if used.sum() < least:
        raise ValueError(f"linking needs at least {least} anchors, there are {int(used.sum())}")
    return used


def _errors_of(
    new: ItemSet, old: ItemSet, errors: tuple[npt.ArrayLike, npt.ArrayLike] | None, kept: npt.NDArray[np.intp]
) -> tuple[Floats, Floats] | None:
    if errors is None:
        return None
    return (
        covariances(errors[0], parameters(new), "errors of the new items")[kept],
        covariances(errors[1], parameters(old), "errors of the old items")[kept],
    )


def _constants(
    new: ItemSet, old: ItemSet, method: Method, known: tuple[Floats, Floats] | None
) -> tuple[float, float, float, bool, Floats]:
    """Slope, intercept, loss, converged and covariance by any method."""
    ours, theirs = parameters(new), parameters(old)
    covariance = np.zeros((2, 2))
    if method.name in ("mean_mean", "mean_sigma"):
        slope, intercept = _moments(ours, theirs, method)
        if known is not None:
            covariance = moments_covariance(method.name, ours, theirs, known, method.is_slope_free)
        return slope, intercept, float("nan"), True, covariance
    standard = ThetaWeights.normal()
    on_new = (method.on_new or standard) if method.is_symmetric else None
    by_item = method.name == "haebara"
    criterion = Criterion(new, old, method.on_old or standard, on_new, by_item, method.is_slope_free)
    start = _moments(ours, theirs, replace(method, name="mean_mean"))
    slope, intercept, loss, converged = closest(criterion, start)
    if known is not None and converged:
        covariance = curves_covariance(criterion, (slope, intercept), known)
    return slope, intercept, loss, converged, covariance


def _moments(new: Floats, old: Floats, method: Method) -> tuple[float, float]:
    if not method.is_slope_free:
        return 1.0, float(np.nanmean(old[:, 1:-2]) - np.nanmean(new[:, 1:-2]))
    return mean_sigma(new, old) if method.name == "mean_sigma" else mean_mean(new, old)
