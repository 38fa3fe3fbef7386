"""Whether the anchors of a run still are what they were: each estimated anew beside all the others."""

from __future__ import annotations

import numpy as np
from scipy.stats import false_discovery_control

from irt.arrays import Floats, Ints
from irt.calibration import Beta, Priors, Settings, calibrate_pretest
from irt.drift import DriftLimits, drift
from irt.linking import Link
from itembank.calibrations.analysis.estimate import items_of, priors
from itembank.calibrations.analysis.material import Material, Tell
from itembank.calibrations.analysis.moved import Moved
from itembank.calibrations.policy import Policy

HELD = 400.0  # answers' worth of belief in an anchor's known c: it is hardly estimated anew


def moved_among(material: Material, policy: Policy, tell: Tell) -> Moved:
    """Each anchor with enough answers estimated anew while all others hold: of one drift nothing spreads."""
    anchors = np.flatnonzero(material.is_known & (material.n > 0))
    asked = [int(at) for at in anchors if material.n[at] >= policy.anchors.least_answers]
    columns, now, errors = [], [], []
    for done, at in enumerate(asked):
        tell("drift", done, len(asked))
        found = _anew(material, policy, anchors, at)
        if found is not None:
            columns.append(at)
            now.append(found[0])
            errors.append(found[1])
    if not columns:
        return Moved.none()
    return _judged(material, policy, np.array(columns), np.array(now), np.array(errors))


def _anew(material: Material, policy: Policy, anchors: Ints, at: int) -> tuple[Floats, Floats] | None:
    """a, b, c of one anchor from these answers, with errors; None where they give none."""
    others = anchors[anchors != at]
    known = material.columns[at].known
    if known is None or np.ptp(material.x[material.seen[:, at], at]) == 0:
        return None
    held = priors(policy.priors)
    if known.c > 0:
        lower = Beta(1 + HELD * known.c, 1 + HELD * (1 - known.c))
        held = Priors(slope=held.slope, guessing_slope=held.guessing_slope, lower=lower)
    found = calibrate_pretest(
        material.x[:, [*others, at]], material.known_items(others), "3PL" if known.c > 0 else "2PL",
        priors=held, settings=Settings(),
    )  # fmt: skip
    if not found.converged or not found.indices.size:
        return None
    c = float(found.estimates["c"][0]) if "c" in found.estimates else 0.0
    values = np.array([found.estimates["a"][0], found.estimates["b"][0], c])
    return values, np.array([found.se["a"][0], found.se["b"][0], np.nan, np.nan])


def _judged(material: Material, policy: Policy, columns: Ints, now: Floats, errors: Floats) -> Moved:
    """Moved: surely, by the test of equal parameters, and so far that it matters."""
    new = items_of(now)
    old = material.known_items(columns)
    known = [material.columns[at].known for at in columns]
    before = np.array([[np.nan if e is None else e for e in (k.se_a, k.se_b, None, None)] for k in known if k])
    limits = DriftLimits(distance=policy.anchors.distance, curve_distance=policy.anchors.curve_distance)
    found = drift(new, old, Link(1.0, 0.0), errors=(errors, before), limits=limits)
    p = np.ones(len(now)) if found.wald is None else np.nan_to_num(found.wald.p_value, nan=1.0)
    sure = false_discovery_control(p) < policy.anchors.level
    far = (np.abs(found.distance) > policy.anchors.distance) | (found.curve_distance > policy.anchors.curve_distance)
    return Moved(columns, now[:, :2], found.distance, found.curve_distance, p, sure & far)

