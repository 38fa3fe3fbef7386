"""What a rehearsal found, as figures for machines; `figures` has them for people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from irt.exposure import Counters
from irt.response_times import expected_seconds
from irt.simulate import (
    Design,
    GradeAccuracy,
    Normal,
    Precision,
    Simulation,
    Summary,
    grade_accuracy,
    precision_by_theta,
    summary,
)
from itembank.rehearsals.source import Source

THETA_EDGES = tuple(np.arange(-3.0, 3.01, 0.5).tolist())
PERCENT_STEP = 5
SLOW = 0.05
Report = Mapping[str, Any]


@dataclass(frozen=True)
class Cut:
    """The least percent of a grade, and the grade's title."""

    percent: float
    title: str


@dataclass(frozen=True)
class Crowd:
    """Who sits the test: a mixture of normal distributions, drawn with this seed."""

    parts: tuple[Normal, ...]
    seed: int


@dataclass(frozen=True, eq=False)
class Findings:
    """All that is reported of one rehearsal; `counters` are what exposure control counted."""

    source: Source
    design: Design
    simulation: Simulation
    summary: Summary
    by_theta: tuple[Precision, ...]
    grades: GradeAccuracy
    cuts: tuple[Cut, ...]
    crowd: Crowd
    counters: Counters | None = None

    @classmethod
    def of(
        cls, source: Source, design: Design, simulation: Simulation, cuts: Sequence[Cut], crowd: Crowd
    ) -> Findings:
        """The findings of a finished simulation; the lowest cut is the pass."""
        ordered = tuple(sorted(cuts, key=lambda cut: cut.percent))
        limits = [cut.percent for cut in ordered]
        return cls(
            source, design, simulation, summary(design, simulation),
            precision_by_theta(simulation, THETA_EDGES),
            grade_accuracy(design, simulation, source.reference, limits), ordered, crowd,
        )  # fmt: skip


def as_json(findings: Findings) -> dict[str, Any]:
    """The figures as plain JSON values; null where there is no figure."""
    whole, grades = findings.summary, findings.grades
    exposure, design = whole.exposure, findings.design
    plain: dict[str, Any] = _plain({
        "pool": findings.source.name,
        "seed": findings.crowd.seed,
        "population": [asdict(part) for part in findings.crowd.parts],
        "design": {
            "n_items": len(design.items), "length": design.constraints.length, "rule": asdict(design.rule),
            "exposure": None if design.exposure is None else asdict(design.exposure), "batch": design.batch,
            "method": design.method,
            "tiers": findings.source.spec.to_json()["tiers"], "areas": findings.source.spec.to_json()["areas"],
            "reference_items": len(findings.source.reference),
        },
        "precision": asdict(whole.precision),
        "length": {"shortest": whole.shortest, "longest": whole.longest},
        "violations": {"tests": whole.n_violating, "constraints": whole.n_violations},
        "not_converged": whole.n_not_converged,
        "exposure": {
            "highest": exposure.highest, "unused": exposure.unused, "overlap": exposure.overlap,
            "chi_square": exposure.chi_square,
            "items": list(zip(findings.source.codes, exposure.rates.tolist(), strict=True)),
        },
        "grades": {
            "cuts": list(grades.cuts), "exact": grades.exact, "pass_fail": grades.pass_fail,
            "percent_error": grades.error, "counts": grades.counts.tolist(), "by_cut": _by_cut(grades),
        },
        "by_theta": [asdict(row) for row in findings.by_theta],
        "by_percent": by_percent(grades),
        "lengths": [list(each) for each in lengths(findings.simulation)],
        "quotas": _quotas(findings),
        "times": _times(findings),
    })  # fmt: skip
    return plain


def by_percent(grades: GradeAccuracy) -> list[dict[str, float | int]]:
    """How often the grade, and pass or fail, is right by true percent, in bands of PERCENT_STEP points."""
    band = np.minimum(grades.percent_true // PERCENT_STEP, 100 // PERCENT_STEP - 1).astype(int)
    rows: list[dict[str, float | int]] = []
    for number_ in np.unique(band).tolist():
        who = band == number_
        low = number_ * PERCENT_STEP
        rows.append({
            "low": low, "high": low + PERCENT_STEP, "n": int(who.sum()),
            "exact": float(grades.is_exact[who].mean()), "pass_fail": float(grades.is_pass_right[who].mean()),
        })  # fmt: skip
    return rows


def lengths(simulation: Simulation) -> list[tuple[int, int]]:
    """Each length that occurred, and how many tests had it."""
    lengths, counts = np.unique(simulation.lengths, return_counts=True)
    return list(zip(lengths.tolist(), counts.tolist(), strict=True))


def _by_cut(grades: GradeAccuracy) -> list[dict[str, float]]:
    """Of each cut: how many are put on the right side of it, how many wrongly above, how many wrongly below."""
    rows = []
    for cut in grades.cuts:
        is_above, should = grades.percent >= cut, grades.percent_true >= cut
        rows.append({
            "cut": cut, "right": float((is_above == should).mean()),
            "above": float((is_above & ~should).mean()), "below": float((~is_above & should).mean()),
        })  # fmt: skip
    return rows


def _quotas(findings: Findings) -> list[dict[str, Any]]:
    """Of each quota: the least and the most items that a test had, and in which part of the tests it was kept."""
    indices = findings.simulation.indices
    rows = []
    for quota in findings.design.constraints.quotas:
        counts = (np.append(quota.members, False)[indices]).sum(axis=1)  # -1 after the end of a test is no member
        is_kept = (counts >= quota.minimum) & (counts <= quota.maximum)
        rows.append({
            "name": quota.name, "minimum": quota.minimum, "maximum": quota.maximum, "least": int(counts.min()),
            "most": int(counts.max()), "kept": float(is_kept.mean()),
        })  # fmt: skip
    return rows


def _times(findings: Findings) -> dict[str, float] | None:
    """Expected seconds of the tests: of a candidate of middling speed, and of one slower than all but SLOW."""
    times = findings.source.times
    if times is None:
        return None
    indices = findings.simulation.indices
    middling, slow = (
        np.append(expected_seconds(times, tau), 0.0)[indices].sum(axis=1) for tau in (0.0, times.speed_at(SLOW))
    )
    return {"mean": float(middling.mean()), "longest": float(middling.max()), "slow": float(slow.mean())}


def _plain(value: Any) -> Any:
    """The same with null for what is no finite number."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
