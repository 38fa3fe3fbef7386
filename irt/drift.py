"""Which anchors moved between two calibrations, and what their moving does to scores.

Words for the codes live in the catalogues of whoever shows them.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from irt.arrays import Bools, Floats
from irt.dif.lord import LordDif, lord_dif
from irt.linking import Link, ThetaWeights, anchor_z, parameters
from irt.linking.parameters import same_models
from irt.mixed import ItemSet, expected_score


@dataclass(frozen=True)
class DriftLimits:
    """Beyond what an anchor is flagged.

    Parameters
    ----------
    robust_z : float
        Of log slope and difficulty, so relative to the other anchors; 2.7 flags .7 % of what is normal.
    distance : float
        From the link's line, in logits of theta: what matters however little the other anchors move (the .3
        of practice, Miller, Rotou & Twing 2004, Journal of Applied Measurement 5, 172-177).
    curve_distance : float
        Root mean squared distance of the two expected scores, as a part of the item's marks.
    p_value : float
        Of the Wald test.
    form_percent : float
        Points of percent that one anchor's moving adds to or takes from the reference form somewhere.
    """

    robust_z: float = 2.7
    distance: float = 0.3
    curve_distance: float = 0.10
    p_value: float = 0.01
    form_percent: float = 0.5

    def __post_init__(self) -> None:
        sizes = (self.robust_z, self.distance, self.curve_distance, self.form_percent)
        if not (all(size > 0 for size in sizes) and 0 < self.p_value < 1):  # nan is not above 0
            raise ValueError("drift limits must be positive, and p_value below 1")


@dataclass(frozen=True, eq=False)
class Drift:
    """How far each anchor moved; arrays (n_anchors,) unless said otherwise, all on the old scale.

    Attributes
    ----------
    slope_z, difficulty_z
        Robust z of log slope and of mean difficulty (Huynh & Meyer 2010).
    distance
        Signed perpendicular distance of (new b, old b) from the link's line, above 0 where the item became
        easier (Michaelides 2010, Applied Measurement in Education 23).
    curve_distance, curve_shift
        Root mean squared (D2's root) and mean difference of expected scores, new less old, as a part of the
        item's marks, weighted over theta (Wells, Hambleton, Kirkpatrick & Meng 2014, Applied Measurement in
        Education 27, 214-231).
    wald : LordDif or None
        Test of equal parameters where errors were given.
    form_percent_mean, form_percent_peak
        Effect of taking this item's new parameters for its old ones, in points of percent of the reference
        form: mean over theta, and the largest one, signed.
    theta : (n_theta,)
    form_percent : (n_theta,)
        The same for all anchors together, at each theta: the test characteristic curve's move.
    flags : (n_anchors,) of tuple of str
        Of "slope_moved", "difficulty_moved", "off_the_line", "curve_moved", "form_moved", "parameters_differ".
    """

    slope_z: Floats
    difficulty_z: Floats
    distance: Floats
    curve_distance: Floats
    curve_shift: Floats
    wald: LordDif | None
    form_percent_mean: Floats
    form_percent_peak: Floats
    theta: Floats
    form_percent: Floats
    flags: tuple[tuple[str, ...], ...]

    @property
    def moved(self) -> Bools:
        """Anchors with at least one flag, (n_anchors,)."""
        return np.array([bool(codes) for codes in self.flags], dtype=np.bool_)


def drift(
    new: ItemSet,
    old: ItemSet,
    link: Link,
    *,
    errors: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    weights: ThetaWeights | None = None,
    form_marks: float | None = None,
    limits: DriftLimits | None = None,
) -> Drift:
    """How far each anchor moved between two calibrations that `link` puts on one scale.

    Parameters
    ----------
    new, old : items
        The anchors as calibrated then and now, each on its own scale.
    link : Link
        From the new scale to the old, best from `link_robustly`, so that what moved did not move the line.
    errors : pair, optional
        Errors of `new` and of `old`, as `lord_dif` takes them.
    weights : ThetaWeights, optional
        Population on the old scale; a standard normal one without it.
    form_marks : float, optional
        Full marks of the reference form; those of the anchors without it.
    """
    limits = limits or DriftLimits()
    weights = weights or ThetaWeights.normal()
    marks, full = _marks(new, old, form_marks)
    away = expected_score(weights.theta, link.items(new)) - expected_score(weights.theta, old)
    mass = weights.weight / weights.weight.sum()
    peak = away[np.abs(away).argmax(axis=0), np.arange(len(new))]
    slope_z, difficulty_z = anchor_z(new, old, link.slope)
    found = Drift(
        slope_z,
        difficulty_z,
        _distance(parameters(new), parameters(old), link),
        np.sqrt(mass @ (away / marks) ** 2),
        mass @ (away / marks),
        None if errors is None else lord_dif(new, old, errors[0], errors[1], link),
        100 * (mass @ away) / full,
        100 * peak / full,
        weights.theta,
        100 * away.sum(axis=1) / full,
        (),
    )
    return replace(found, flags=_flags(found, limits))


def _flags(found: Drift, limits: DriftLimits) -> tuple[tuple[str, ...], ...]:
    """The codes of each anchor."""
    beyond = {
        "slope_moved": np.abs(found.slope_z) > limits.robust_z,
        "difficulty_moved": np.abs(found.difficulty_z) > limits.robust_z,
        "off_the_line": np.abs(found.distance) > limits.distance,
        "curve_moved": found.curve_distance > limits.curve_distance,
        "form_moved": np.abs(found.form_percent_peak) > limits.form_percent,
    }
    if found.wald is not None:
        beyond["parameters_differ"] = found.wald.p_value < limits.p_value
    n_anchors = found.distance.size
    return tuple(tuple(code for code, where in beyond.items() if where[item]) for item in range(n_anchors))


def _marks(new: ItemSet, old: ItemSet, form_marks: float | None) -> tuple[Floats, float]:
    """Full marks of each anchor and of the reference form."""
    if not same_models(new, old).all() or len(new) == 0:
        raise ValueError("drift needs anchors, of the same models in both calibrations")
    marks = (old.n_categories - 1).astype(np.float64)
    full = float(marks.sum()) if form_marks is None else form_marks
    if not (np.isfinite(full) and full > 0):
        raise ValueError("the reference form needs positive marks")
    return marks, full


def _distance(new: Floats, old: Floats, link: Link) -> Floats:
    """Perpendicular distance of (mean new b, mean old b) from old = A new + B, above 0 where old b is higher."""
    b_new, b_old = np.nanmean(new[:, 1:-2], axis=1), np.nanmean(old[:, 1:-2], axis=1)
    away: Floats = (b_old - link.slope * b_new - link.intercept) / np.hypot(1.0, link.slope)
    return away
