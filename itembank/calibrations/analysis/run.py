"""One calibration from beginning to end: who is left out, what is estimated, how well it all does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from irt.ability import Grid
from irt.arrays import Bools
from irt.dimensionality import detect, eigenvalues
from irt.reliability import curves, empirical_reliability, marginal_reliability
from itembank.calibrations.analysis import quality
from itembank.calibrations.analysis.anchors import moved_among
from itembank.calibrations.analysis.estimate import Estimates, concurrent, fixed
from itembank.calibrations.analysis.flags import Flag, flags_of
from itembank.calibrations.analysis.material import Ability, Material, Tell, Unfit, ability
from itembank.calibrations.analysis.moved import Moved
from itembank.calibrations.policy import Design, Policy

LEAST_JOINT, MOST_SPECTRUM = 30, 60
REACH = np.linspace(-4.0, 4.0, 33)


@dataclass(frozen=True)
class Options:
    """How a run is made; `releases` says whether anchors that moved are estimated anew."""

    design: Design
    seed: int
    releases: bool = True


@dataclass(frozen=True)
class Found:
    """One item: what became of it, its model, its figures and what is said of it."""

    item_version_id: int
    outcome: str
    model: str
    n: int
    figures: dict[str, Any]
    flags: list[Flag]


@dataclass(frozen=True)
class Whole:
    """What a run found: its digest is over the answers that came in, whoever was left out afterwards."""

    digest: str
    n_persons: int
    sigma: float | None
    figures: dict[str, Any]
    items: tuple[Found, ...]


def calculate(material: Material, policy: Policy, options: Options, tell: Tell) -> Whole:
    """The whole run; Unfit where the answers do not allow it."""
    digest = material.digest()
    kept, left_out = _persons(material, policy, options, tell)
    used = material.persons(kept)
    tell("estimating", 0, 0)
    found, moved = _estimated(used, policy, options, tell)
    if not found.live.size:
        raise Unfit("calibration_nothing_left", n=len(material.columns))
    return _looked_at(used, policy, options, found, moved, (digest, left_out), tell)


def _estimated(material: Material, policy: Policy, options: Options, tell: Tell) -> tuple[Estimates, Moved]:
    """Estimates and how far the anchors moved; those that did are estimated anew if that was asked for."""
    none = np.zeros(len(material.columns), dtype=np.bool_)
    if options.design == "concurrent":
        found = concurrent(material, policy, tell)
        return found, found.moved
    moved = moved_among(material, policy, tell)
    released = none.copy()
    stay = int((material.is_known & (material.n > 0)).sum() - moved.has_moved.sum())
    if options.releases and stay >= policy.anchors.least:
        released[moved.columns[moved.has_moved]] = True
    return fixed(material, policy, released, tell), moved


def _persons(material: Material, policy: Policy, options: Options, tell: Tell) -> tuple[Bools, dict[str, int]]:
    """Who stays, and how many were left out for what."""
    tell("screening", 0, 0)
    enough = material.seen.sum(axis=1) >= policy.exclude.least_answers
    anchors = np.flatnonzero(material.is_known)
    of = material.persons(enough)
    if not of.n_persons:
        raise Unfit("calibration_no_answers")
    if options.design == "fixed":
        columns = anchors[of.n[anchors] > 0]
        if columns.size < policy.anchors.least:
            raise Unfit("calibration_few_anchors", n=int(columns.size), least=policy.anchors.least)
        items = material.known_items(columns)
    else:
        first = concurrent(of, policy, tell)
        columns = first.live
        items = first.items
    x = of.x[:, columns]
    rng = np.random.default_rng(options.seed)
    odd = quality.unlikely(x, items, ability(x, items), policy.exclude.person_fit_level, rng)
    kept = enough.copy()
    kept[np.flatnonzero(enough)[odd]] = False
    return kept, {"too_few_answers": int((~enough).sum()), "person_fit": int(odd.sum())}




def _looked_at(
    material: Material, policy: Policy, options: Options, found: Estimates, moved: Moved,
    head: tuple[str, dict[str, int]], tell: Tell,
) -> Whole:  # fmt: skip
    """Every statistic of the run beside its estimates."""
    base = found.live[~found.is_new[found.live]] if options.design == "fixed" else found.live
    places = np.searchsorted(found.live, base)
    x, items = material.x[:, base], found.items[places]
    of = ability(x, items)
    grid = Grid(mean=of.mean, sd=of.sd)
    tell("fit", 0, 0)
    parts: dict[str, dict[int, Any]] = {"fit": quality.fit(material, found, grid, policy)}
    parts["options"] = quality.options(material, of, policy)
    parts["dif"] = quality.dif(material, x, items, policy, tell)
    second, parts["second"] = quality.second_opinion(material, found, policy, tell)
    sigma, parts["times"] = quality.times(material, of, policy)
    # The bank records response times of all items of a run or of none.
    is_timed = all(int(at) in parts["times"] for at in found.live)
    tell("whole", 0, 0)
    classical = quality.classical(material, of)
    rows = tuple(_item(material, found, at, classical[at] | _moved(moved, at), parts, policy)
                 for at in range(len(material.columns)))  # fmt: skip
    whole = _whole(material, options, found, of, grid) | {"second": second, "left_out": head[1]} | _counts(rows)
    return Whole(head[0], material.n_persons, sigma if is_timed else None, quality.plain(whole), rows)


def _item(
    material: Material, found: Estimates, at: int, figures: dict[str, Any], parts: dict[str, dict[int, Any]],
    policy: Policy,
) -> Found:  # fmt: skip
    column = material.columns[at]
    names = ("a", "b", "c", "se_a", "se_b", "se_c")
    numbers = dict(zip(names, quality.plain([*found.values[at], *found.errors[at]]), strict=True))
    whole = figures | numbers | {name: of[at] for name, of in parts.items() if at in of}
    if column.known is not None:
        whole["known"] = {"a": column.known.a, "b": column.known.b, "c": column.known.c}
    whole |= {"can_guess": column.can_guess, "is_known": column.known is not None}
    outcome = found.outcome[at]
    return Found(column.item_version_id, outcome, found.model[at], int(material.n[at]), whole,
                 flags_of(outcome, whole, policy))  # fmt: skip


def _moved(moved: Moved, at: int) -> dict[str, Any]:
    places = np.flatnonzero(moved.columns == at)
    if not places.size:
        return {}
    place = int(places[0])
    return {"drift": quality.plain({
        "a": moved.now[place, 0], "b": moved.now[place, 1], "distance": moved.distance[place],
        "curve": moved.curve[place], "p": moved.p[place], "has_moved": bool(moved.has_moved[place]),
    })}  # fmt: skip


def _whole(material: Material, options: Options, found: Estimates, of: Ability, grid: Grid) -> dict[str, Any]:
    """Population, reliability, curves, dimensions, linking."""
    form = curves(REACH, found.items, grid)
    calibration, linking = found.calibration, found.linking
    figures: dict[str, Any] = {
        "design": options.design, "n_persons": material.n_persons, "n_answers": int(material.n.sum()),
        "population": {"mean": found.mean[0], "se_mean": found.mean[1], "sd": found.sd[0], "se_sd": found.sd[1]},
        "reliability": empirical_reliability(of.theta, of.se, "eap"), "mean_se": float(of.se.mean()),
        "curve": {"theta": REACH, "info": form.test_info, "se": form.posterior_se},
        "dimensions": _dimensions(material, found, grid, options.seed),
        "n_iterations": calibration.n_iterations if calibration else 0,
        "log_likelihood": calibration.log_likelihood if calibration else None,
    }  # fmt: skip
    if not np.isnan(material.x[:, found.live]).any():
        figures["marginal"] = marginal_reliability(found.items, grid).eap
    if linking is not None:
        (se_slope, se_intercept), link = linking.link.se, linking.link
        figures["link"] = {"slope": link.slope, "intercept": link.intercept, "se_slope": se_slope,
                           "se_intercept": se_intercept, "n_used": int(linking.used.sum()),
                           "n_anchors": int(linking.used.size)}  # fmt: skip
    return figures


def _dimensions(material: Material, found: Estimates, grid: Grid, seed: int) -> dict[str, Any]:
    """DETECT of the content areas; eigenvalues with parallel analysis where everybody saw the items."""
    x, areas = material.x[:, found.live], [material.columns[at].area for at in found.live]
    figures: dict[str, Any] = {}
    if len(set(areas)) > 1:
        clusters = np.unique(areas, return_inverse=True)[1]
        of_areas = detect(x, found.items, clusters.astype(np.intp), grid)
        figures |= {"detect": of_areas.detect, "ratio": of_areas.ratio, "n_pairs": of_areas.n_pairs}
    is_square = not np.isnan(x).any() and len(x) >= LEAST_JOINT and 3 <= x.shape[1] <= MOST_SPECTRUM
    if is_square and (np.ptp(x, axis=0) > 0).all():
        spectrum = eigenvalues(x, np.random.default_rng(seed), n_replications=20)
        figures |= {"eigenvalues": spectrum.values[:6], "by_chance": spectrum.by_chance[:6],
                    "n_factors": spectrum.n_factors}  # fmt: skip
    return figures


def _counts(rows: tuple[Found, ...]) -> dict[str, Any]:
    """How many items came to what, how many have which flag, and how many are in which class of DIF."""
    outcomes: dict[str, int] = {}
    flags: dict[str, int] = {}
    dif: dict[str, dict[str, int]] = {}
    for row in rows:
        outcomes[row.outcome] = outcomes.get(row.outcome, 0) + 1
        for code in sorted({flag["code"] for flag in row.flags}):
            flags[code] = flags.get(code, 0) + 1
        for each in row.figures.get("dif", ()):
            classes = dif.setdefault(each["factor"], {"A": 0, "B": 0, "C": 0})
            if each["class"]:
                classes[each["class"]] += 1
    return {"outcomes": outcomes, "flags": flags, "dif": dif}
