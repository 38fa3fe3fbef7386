"""What answers tell of the content areas of a subject, read from the sealed sheets; claims are the edition's (DC-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from irt.areas import (
    AreaEvidence,
    MeanDifference,
    area_evidence,
    difference_likelihood,
    mean_difference,
    offsets,
    strength,
)
from irt.arrays import Bools
from irt.domain import expected_score
from irt.models import Items
from server.core.i18n import _, language
from server.core.ruling import Ruling
from server.delivery.bench import Bench
from server.delivery.rules import SectionTimeRule
from server.delivery.sheets import TRIED, UNANSWERED, WRITTEN, Sheet
from server.reports.rules import AreaStrengthsRule

SDS = 1.645  # to either side of a mean: nine times in ten it lies there


@dataclass(frozen=True)
class AreaLine:
    """One candidate in one area: percent of its marks, and how far above what the rest leads to expect, with sds."""

    title: str
    n_tasks: int
    percent: float
    sd: float
    ahead: float
    ahead_sd: float
    ruling: Ruling


@dataclass(frozen=True)
class GroupArea:
    """A group in one area: its mean difference from the rest of the subject, that in points of percent with its range
    of nine in ten, and what may be said of it."""

    title: str
    difference: MeanDifference
    points: float
    low: float
    high: float
    ruling: Ruling


def area_lines(bench: Bench, sheet: Sheet, times: SectionTimeRule, rule: AreaStrengthsRule) -> tuple[AreaLine, ...]:
    """A candidate's line for each area of the subject; none where the sheet may not be read."""
    if sheet.fault is not None:
        return ()
    lines = []
    for area in areas_of(bench):
        found = strength(bench.likelihood, evidence(bench, sheet, times, area), _reference(bench, area),
                         float(rule.spread), rule.margin_points)  # fmt: skip
        lines.append(
            AreaLine(
                _title(bench, area), found.n_items, found.percent, found.sd, found.ahead, found.ahead_sd,
                rule.judge(found.n_items, found.p_ahead, found.p_alike),
            )
        )  # fmt: skip
    return tuple(lines)


def group_areas(
    bench: Bench, sheets: Sequence[Sheet], times: SectionTimeRule, rule: AreaStrengthsRule
) -> tuple[GroupArea, ...]:
    """The group's difference in each area, by all who met a task of it."""
    lines = []
    for area in areas_of(bench):
        met = [each for each in _evidences(bench, sheets, times, area) if each.n_items]
        likelihoods = np.empty((len(met), offsets(bench.likelihood).size))
        for n, each in enumerate(met):
            likelihoods[n] = difference_likelihood(bench.likelihood, each)
        found = mean_difference(bench.likelihood, likelihoods, float(rule.spread))
        theta = float(np.mean([each.rest @ bench.pool.grid.nodes for each in met])) if met else 0.0
        lines.append((area, found, _in_points(bench, area, theta, found)))
    return tuple(
        GroupArea(_title(bench, area), found, *points, _judged(rule, found, len(lines)))
        for area, found, points in lines
    )


def areas_of(bench: Bench) -> tuple[str, ...]:
    """The areas of the subject, in the order of its blueprint."""
    present = set(bench.pool.areas)
    return tuple(area for area in bench.pool.spec.areas if area in present)


def evidence(bench: Bench, sheet: Sheet, times: SectionTimeRule, area: str) -> AreaEvidence:
    """What the adaptive part of a sheet says of the area; a task without an answer counts as the edition says."""
    unanswered = 0 if times.not_reached == "wrong" else None
    pairs = zip(sheet.item_indices.tolist(), sheet.scores.tolist(), strict=True)
    kept = [
        (item, unanswered if score == UNANSWERED else score) for item, score in pairs if score not in (WRITTEN, TRIED)
    ]
    items = [item for item, _score in kept]
    inside = np.array([bench.pool.areas[item] == area for item in items], dtype=np.bool_)
    return area_evidence(bench.likelihood, items, [score for _item, score in kept], inside)


def claim(ruling: Ruling) -> str:
    """What is said of an area, in the reader's language."""
    return {
        "area_ahead": _("stronger than the rest of the subject"),
        "area_behind": _("weaker than the rest of the subject"),
        "area_alike": _("like the rest of the subject"),
        "no_clear_difference": _("no clear difference"),
    }.get(ruling.code, _("too few tasks to tell"))


def areas_explained() -> tuple[str, str]:
    """How the lines of a candidate's areas are to be read, for who knows no statistics."""
    return (
        _("A test gives few tasks of each area, chosen to suit the candidate, so the number of right answers says "
          "nothing. What can be said compares the area with the rest of the subject; where the tasks are too few to "
          "tell, it says so."),
        _("What stands after ± is the uncertainty: two times out of three the true value is no further away."),
    )  # fmt: skip


def _evidences(bench: Bench, sheets: Sequence[Sheet], times: SectionTimeRule, area: str) -> Iterable[AreaEvidence]:
    return (evidence(bench, each, times, area) for each in sheets if each.fault is None)


def _judged(rule: AreaStrengthsRule, found: MeanDifference, claims: int) -> Ruling:
    """What may be said of a mean that is normal about its estimate."""
    n = found.n_persons if np.isfinite(found.se) else 0
    return rule.judge_group(n, NormalDist().cdf(found.mean / found.se) if n else 0.5, claims)


def _in_points(bench: Bench, area: str, theta: float, found: MeanDifference) -> tuple[float, float, float]:
    """The difference and the ends of its range in points of percent, at the group's level in the rest."""
    half = SDS * found.se if np.isfinite(found.se) else 0.0
    places = np.array([theta, theta + found.mean, theta + found.mean - half, theta + found.mean + half])
    rest, at, low, high = (100.0 * expected_score(places, _reference(bench, area))).tolist()
    return at - rest, low - rest, high - rest


def _reference(bench: Bench, area: str) -> Items:
    """The items of the area on the reference form; all of the pool where the form has none."""
    inside: Bools = np.array([each == area for each in bench.pool.areas], dtype=np.bool_)
    chosen = inside & bench.pool.reference
    return bench.pool.items[chosen if chosen.any() else inside]


def _title(bench: Bench, area: str) -> str:
    titles = bench.pool.spec.area_titles.get(area, {})
    return titles.get(language(), area)
