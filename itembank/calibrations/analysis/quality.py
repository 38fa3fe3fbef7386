"""How well the items of a run do: fit, options, groups, times, the second program. Arrays in, figures out."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from irt.ability import Grid, NotConvergedWarning
from irt.agreement import confirm
from irt.arrays import Bools, Floats
from irt.calibration import calibrate
from irt.dif import mantel_haenszel, theta_strata
from irt.distractors import distractors
from irt.fit.adaptive import AdaptiveFit, Rule, adaptive_fit
from irt.fit.sx2 import sx2
from irt.models import Items, prob
from irt.person_fit import person_fit
from irt.response_times import calibrate_times
from itembank.calibrations.analysis.estimate import Estimates
from itembank.calibrations.analysis.material import Ability, Material, Tell, ability, correlation
from itembank.calibrations.policy import Policy

Figures = dict[str, Any]
LEAST_SIMULATED = 5000  # persons behind a limit that one in a thousand falls below


def plain(value: Any) -> Any:
    """The same as JSON may hold it: nan and infinities are null, arrays are lists."""
    if isinstance(value, np.ndarray):
        return [plain(each) for each in value.tolist()]
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def unlikely(x: Floats, items: Items, of: Ability, level: float, rng: np.random.Generator) -> Bools:
    """Persons whose answers are less likely than all but `level` of simulated ones on the same items (lz)."""
    lz = person_fit(of.theta, items, x, "map").lz
    p, seen = prob(of.theta, items), ~np.isnan(x)
    drawn = []
    for _ in range(math.ceil(LEAST_SIMULATED / len(x))):
        simulated = np.where(seen, (rng.random(x.shape) < p).astype(np.float64), np.nan)
        again = ability(simulated, items, (of.mean, of.sd))
        drawn.append(person_fit(again.theta, items, simulated, "map").lz)
    reference = np.concatenate(drawn)
    known = reference[np.isfinite(reference)]
    if not known.size:
        return np.zeros(len(x), dtype=np.bool_)
    return np.nan_to_num(lz, nan=0.0) < float(np.quantile(known, level))


def classical(material: Material, of: Ability) -> list[Figures]:
    """Of each item: persons, exposure, part right, its correlation with ability, part left blank, seconds."""
    found = []
    for at, column in enumerate(material.columns):
        seen = material.seen[:, at]
        x, n = material.x[seen, at], int(material.n[at])
        given = material.chosen[seen, at]
        seconds = material.seconds[seen, at]
        timed = seconds[np.isfinite(seconds)]
        found.append(plain({
            "n": n, "exposure": n / max(material.n_persons, 1), "p": float(x.mean()) if n else np.nan,
            "r": correlation(x, of.theta[seen]),
            "blank": float((given == column.n_options).mean()) if n else np.nan,
            "seconds": float(np.median(timed)) if timed.size else np.nan,
        }))  # fmt: skip
    return found


def fit(material: Material, found: Estimates, grid: Grid, policy: Policy) -> dict[int, Figures]:
    """Fit of each live item with its empirical points; S-X2 beside it where everybody saw everything."""
    x, items, live = material.x[:, found.live], found.items, found.live
    rule = Rule(level=policy.fit.level, least_rmsd=policy.fit.least_rmsd)
    as_given = adaptive_fit(x, items, grid, rule)
    as_estimated = adaptive_fit(x, items, grid, rule, estimated=True)
    figures = {}
    for place, at in enumerate(live):
        figures[int(at)] = _fit_of(as_estimated if found.is_new[at] else as_given, place)
    if live.size >= 3 and not np.isnan(x).any():
        complete = sx2(x, items, grid)
        for place, at in enumerate(live):
            figures[int(at)] |= plain({"sx2": complete.statistic[place], "sx2_df": complete.df[place],
                                       "sx2_p": complete.p[place]})  # fmt: skip
    return figures


def _fit_of(fits: AdaptiveFit, place: int) -> Figures:
    there = np.isfinite(fits.bands[place])
    figures: Figures = plain({
        "rmsd": fits.rmsd_adjusted[place], "statistic": fits.statistic[place], "df": fits.df[place],
        "p": fits.p_adjusted[place], "is_flagged": bool(fits.is_flagged[place]),
        "theta": fits.bands[place, there], "persons": fits.persons[place, there],
        "observed": fits.observed[place, there, 1], "expected": fits.expected[place, there, 1],
    })  # fmt: skip
    return figures


def options(material: Material, of: Ability, policy: Policy) -> dict[int, Figures]:
    """Of each item of which one option is chosen: who chose which, by ability; the last place is of blank answers."""
    asked = [at for at, column in enumerate(material.columns)
             if column.n_options and material.n[at] >= policy.options.least_answers]  # fmt: skip
    if not asked:
        return {}
    keys = np.array([material.columns[at].key for at in asked])
    counts = np.array([material.columns[at].n_options + 1 for at in asked])
    found = distractors(material.chosen[:, asked], keys, counts, of.theta, n_groups=policy.options.groups)
    figures = {}
    for place, at in enumerate(asked):
        m = counts[place]
        figures[at] = plain({
            "key": int(keys[place]), "n": found.n[place, :m], "share": found.share[place, :, :m],
            "correlation": found.correlation[place, :m],
            "rivals": [each.option for each in found.better_than_key if each.item == place and each.option < m - 1],
        })  # fmt: skip
    return figures


def dif(material: Material, x: Floats, items: Items, policy: Policy, tell: Tell) -> dict[int, list[Figures]]:
    """Of each item, each group beside the largest of its kind, among persons alike in ability (Mantel-Haenszel).

    `x`, `items` are what ability is taken from; each group has a population of its own, so that EAPs do not shrink
    one group's towards the other's."""
    figures: dict[int, list[Figures]] = {}
    pairs = list(_pairs(material, policy))
    for done, (factor, reference, focal) in enumerate(pairs):
        tell("dif", done, len(pairs))
        of = np.array(material.groups[factor])
        rows = np.flatnonzero((of == reference) | (of == focal))
        is_focal = of[rows] == focal
        theta = np.empty(rows.size)
        for group in (is_focal, ~is_focal):
            theta[group] = ability(x[rows[group]], items).theta
        n_strata = max(2, min(policy.dif.most_strata, int(is_focal.sum()) // policy.dif.persons_a_stratum))
        n_focal, n_reference = material.seen[rows[is_focal]].sum(axis=0), material.seen[rows[~is_focal]].sum(axis=0)
        asked = np.flatnonzero(np.minimum(n_focal, n_reference) >= policy.dif.least_group)
        if not asked.size:
            continue
        found = mantel_haenszel(material.x[np.ix_(rows, asked)], is_focal, theta_strata(theta, n_strata))
        for place, at in enumerate(asked):
            figures.setdefault(int(at), []).append(plain({
                "factor": factor, "reference": reference, "focal": focal, "n_focal": n_focal[at],
                "n_reference": n_reference[at], "delta": found.delta[place], "se": found.delta_se[place],
                "p": found.p_value[place], "class": found.category[place], "smd": found.smd[place],
            }))  # fmt: skip
    return figures


def _pairs(material: Material, policy: Policy) -> list[tuple[str, str, str]]:
    """Each factor's largest group with each other that is large enough."""
    pairs = []
    for factor, of in sorted(material.groups.items()):
        sizes = {each: of.count(each) for each in sorted(set(of) - {""})}
        large = sorted((each for each, n in sizes.items() if n >= policy.dif.least_group), key=lambda g: (-sizes[g], g))
        pairs += [(factor, large[0], other) for other in large[1:]]
    return pairs


def times(material: Material, of: Ability, policy: Policy) -> tuple[float, dict[int, Figures]]:
    """sigma, and alpha and beta of each item that has enough times; nan and none where there is no maximum."""
    seconds = np.where(material.seconds > 0, material.seconds, np.nan)
    asked = np.flatnonzero(np.isfinite(seconds).sum(axis=0) >= policy.times.least_times)
    if material.n_persons < policy.times.least_persons or not asked.size:
        return np.nan, {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", NotConvergedWarning)
            found = calibrate_times(seconds[:, asked], ability=of.theta)
    except (ValueError, NotConvergedWarning):
        return np.nan, {}
    per_item = {int(at): plain({"alpha": found.alpha[place], "beta": found.beta[place]})
                for place, at in enumerate(asked) if np.isfinite(found.beta[place])}  # fmt: skip
    return found.sigma, per_item


def second_opinion(
    material: Material, found: Estimates, policy: Policy, tell: Tell
) -> tuple[Figures, dict[int, Figures]]:
    """What girth makes of the complete answers beside the engine's own 2PL of the same, item by item (ENGINE.md)."""
    x = material.x[: policy.second.most_persons, found.live]
    if np.isnan(x).any() or len(x) < policy.second.least_persons or (np.ptp(x, axis=0) == 0).any():
        return {"asked": False}, {}
    tell("second", 0, 1)
    own = calibrate(x, "2PL")
    if own.items is None:
        return {"asked": False}, {}
    agreed = confirm(x, own, policy.second.limit)
    beyond = {each.item for each in agreed.beyond}
    per_item = {
        int(found.live[item]): plain({"a": agreed.second[row, 0], "b": agreed.second[row, 1],
                                      "own_a": agreed.first[row, 0], "own_b": agreed.first[row, 1],
                                      "z": float(np.nanmax(np.abs(agreed.z[row]))), "is_beyond": item in beyond})
        for row, item in enumerate(agreed.items.tolist())
    }  # fmt: skip
    whole = {"asked": True, "converged": agreed.converged, "correlation": agreed.correlation, "rmsd": agreed.rmsd,
             "n_beyond": len(beyond), "n_unjudged": len(agreed.unjudged), "n_persons": len(x)}  # fmt: skip
    return plain(whole), per_item
