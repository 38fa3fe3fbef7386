"""Scoring: evidence in, a score per section out, on the grid and reference form of the section's pool.
Pure, so that grading, replays and appeals compute the same figures; and one is a batch of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from irt.ability import Estimate, posterior, posterior_moments
from irt.arrays import Floats, Ints
from irt.many import moments, posteriors
from itembank import score_answer
from server.core.ruling import plain
from server.delivery.bench import Bench
from server.delivery.queries import GivenSection, GivenStep
from server.delivery.rules import SectionTimeRule
from server.delivery.sheets import UNANSWERED, Sheet, sheet_of
from server.grading.corrections import NONE, Corrections
from server.grading.rules import GradeBand, GradeCutsRule, Weights


class Unscorable(Exception):
    """The evidence of a section gives no score that may stand; `code` says why, `facts` where."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Written:
    """What a section's written tasks came to, of how many points; nothing where it has none."""

    points: Decimal = Decimal(0)
    maximum: int = 0


NOTHING_WRITTEN = Written()


@dataclass(frozen=True)
class Sat:
    """A section as it was sat: its sheet, the points of its written tasks, and the answers that another key judges.

    `answers` are those to items whose key is corrected, by number of the step; no others are needed."""

    section_id: int
    subject: str
    language: str
    length: int
    sheet: Sheet
    written: Written = NOTHING_WRITTEN
    answers: Mapping[int, Mapping[str, Any] | None] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class SectionScore:
    """Theta, the percent of marks on the reference form, each with its sd, and P(grade) for every grade.

    The percent is that of all points, the written ones too; `corrections` says under which it was computed."""

    section_id: int
    subject: str
    theta: float
    se: float
    percent: float
    percent_sd: float
    probabilities: dict[str, float]
    pool_digest: str
    n_items: int
    written_points: str = "0"
    written_max: int = 0
    corrections: str = ""


def score_section(
    bench: Bench, section: GivenSection, times: SectionTimeRule, cuts: GradeCutsRule,
    written: Written = NOTHING_WRITTEN, corrections: Corrections = NONE,
) -> SectionScore:  # fmt: skip
    """The score of a section from all its evidence; Unscorable if that contradicts the pool or gives no score."""
    sheet = sheet_of(bench, section.language, section.steps)
    answers = {step.seq: step.given for step in section.steps}
    sat = Sat(section.section_id, section.subject, section.language, section.length, sheet, written, answers)
    (found,) = score_sections(bench, [sat], times, cuts, corrections)
    if isinstance(found, Unscorable):
        raise found
    return found


def score_sections(
    bench: Bench, sat: Sequence[Sat], times: SectionTimeRule, cuts: GradeCutsRule, corrections: Corrections = NONE
) -> list[SectionScore | Unscorable]:
    """The score of each section of one pool, or why it has none; to the last bit as if it were alone."""
    found: list[SectionScore | Unscorable | None] = [_fault(each) for each in sat]
    left = [at for at, fault in enumerate(found) if fault is None]
    indices, marks, digests = _arrays(bench, [sat[at] for at in left], times, corrections)
    mass = posteriors(bench.likelihood, indices, marks)
    estimates = moments(bench.pool.grid, mass)
    limits = _Limits.of(cuts)
    points = bench.reference_points
    weights = [cuts.weights(points, sat[at].written.points, sat[at].written.maximum) for at in left]
    domain = bench.curve.scores(mass, limits.on_form(weights))
    probabilities = limits.probabilities(domain.at_least)
    counted = (marks >= 0).sum(axis=1)
    for row, at in enumerate(left):
        one = sat[at]
        if counted[row] == 0 and digests[row]:
            found[at] = Unscorable("nothing_left", subject=one.subject)
            continue
        if not estimates.converged[row]:
            found[at] = Unscorable("score_unbounded", subject=one.subject, theta=float(estimates.theta[row]))
            continue
        weight = weights[row]
        found[at] = SectionScore(
            one.section_id, one.subject, float(estimates.theta[row]), float(estimates.se[row]),
            weight.percent(float(domain.percent[row])), weight.spread(float(domain.sd[row])),
            probabilities[row], bench.pool.digest, int(counted[row]),
            str(plain(one.written.points)), one.written.maximum, digests[row],
        )  # fmt: skip
    return [each for each in found if each is not None]


def _fault(sat: Sat) -> Unscorable | None:
    """Why the section has no score, if that is seen without computing one."""
    if sat.sheet.fault is not None:
        where = {} if sat.sheet.seq is None else {"seq": sat.sheet.seq}
        return Unscorable(sat.sheet.fault, subject=sat.subject, **where)
    if len(sat.sheet) != sat.length:
        return Unscorable("evidence_incomplete", subject=sat.subject, n_steps=len(sat.sheet))
    return None


def _arrays(
    bench: Bench, sat: Sequence[Sat], times: SectionTimeRule, corrections: Corrections
) -> tuple[Ints, Ints, list[str]]:
    """Items and marks (n_sections, n_steps), negative where a step says nothing, and what was corrected, by digest."""
    width = max((len(each.sheet) for each in sat), default=0)
    indices, marks = (np.full((len(sat), width), -9, dtype=np.intp) for _ in range(2))
    for row, each in enumerate(sat):
        indices[row, : len(each.sheet)], marks[row, : len(each.sheet)] = each.sheet.item_indices, each.sheet.scores
    if times.not_reached == "wrong":
        marks[marks == UNANSWERED] = 0
    touched = _touched(bench, corrections)
    digests = [""] * len(sat)
    if touched.size:
        for row in np.flatnonzero(np.isin(indices, touched).any(axis=1)).tolist():
            among = _correct(bench, sat[row], (indices[row], marks[row]), corrections)
            digests[row] = among.digest
    return indices, marks, digests


def _touched(bench: Bench, corrections: Corrections) -> Ints:
    places = (bench.places.get(version) for version in sorted(corrections.versions))
    return np.array([at for at in places if at is not None], dtype=np.intp)


def _correct(bench: Bench, sat: Sat, row: tuple[Ints, Ints], corrections: Corrections) -> Corrections:
    """The marks of one section are those under the corrections; what of them concerns its items."""
    indices, marks = row
    here = indices[: len(sat.sheet)].tolist()
    versions = [bench.version(index) for index in here]
    among = corrections.among(frozenset(versions))
    for at, version in enumerate(versions):
        if version in among.struck:
            marks[at] = min(marks[at], UNANSWERED)
        elif version in among.keys and sat.sheet.scores[at] >= 0:
            marks[at] = score_answer(dict(among.keys[version].key), sat.language, sat.answers[at + 1])
    return among


@dataclass(frozen=True)
class _Limits:
    """The grades of an edition with the least percent of each, made ready for many candidates."""

    bands: tuple[GradeBand, ...]
    least: tuple[float, ...]

    @classmethod
    def of(cls, cuts: GradeCutsRule) -> _Limits:
        return cls(cuts.grades, tuple(float(least_percent(cuts, band)) for band in cuts.grades))

    def on_form(self, weights: Sequence[Weights]) -> Floats:
        """The least percents as percents of the reference form alone, (n_sections, n_grades)."""
        return np.array([[each.on_form(least) for least in self.least] for each in weights]).reshape(
            len(weights), len(self.least)
        )

    def probabilities(self, at_least: Floats) -> list[dict[str, float]]:
        """P(grade) from the highest to the lowest, of each section (n_sections, n_grades): what reaches a cut and not
        the one above."""
        reached = np.array(at_least)
        reached[:, [least == 0 for least in self.least]] = 1.0
        reached[:, [least > 100 for least in self.least]] = 0.0
        above = np.maximum.accumulate(np.pad(reached, ((0, 0), (1, 0)))[:, :-1], axis=1)
        codes = [band.code for band in self.bands]
        return [dict(zip(codes, row, strict=True)) for row in np.maximum(0.0, reached - above).tolist()]


def check_evidence(bench: Bench, section: GivenSection) -> None:
    """Nothing if each step names an item of the pool once and each answer bears the score its key gives."""
    sheet = sheet_of(bench, section.language, section.steps)
    if sheet.fault is not None:
        raise Unscorable(sheet.fault, subject=section.subject, seq=sheet.seq)


def rescored(bench: Bench, section: GivenSection, step: GivenStep) -> int | None:
    """What the pool's key says of the answer now; None of a written task."""
    return bench.score_of(step.item_index, section.language, step.given)


def adaptive_steps(bench: Bench, section: GivenSection) -> tuple[GivenStep, ...]:
    """The steps that theta rests on: all but those of written tasks and of what was tried out."""
    outside = (bench.is_written, bench.is_pretest)
    return tuple(step for step in section.steps if not any(is_one(step.item_index) for is_one in outside))


def marks_awaited(bench: Bench, section: GivenSection) -> tuple[int, ...]:
    """The steps of a section that people are to mark, by their numbers, those left without a word among them."""
    return tuple(step.seq for step in section.steps if bench.is_written(step.item_index))


def counted_scores(steps: Sequence[GivenStep], times: SectionTimeRule) -> list[int | None]:
    """The score of each adaptive step as it counts: a task without an answer is wrong, or left out (DC-12)."""
    unanswered = 0 if times.not_reached == "wrong" else None
    return [unanswered if step.score is None else step.score for step in steps]


def theta_path(bench: Bench, section: GivenSection, times: SectionTimeRule) -> Iterator[Estimate]:
    """Theta with its standard error after each adaptive step, as the edition counts them; the last is the score's."""
    steps = adaptive_steps(bench, section)
    counted = counted_scores(steps, times)
    for n in range(1, len(counted) + 1):
        yield posterior_moments(bench.pool.grid, _mass(bench, steps, counted[:n]))


def percent_curve(bench: Bench) -> tuple[Floats, Floats]:
    """Theta at each node of the grid, and there the percent of marks on the reference form."""
    return bench.pool.grid.nodes, bench.curve.on_nodes


def least_percent(cuts: GradeCutsRule, band: GradeBand) -> Decimal:
    """The least percent that is rounded to the band's cut: P(grade) and the grade have one boundary."""
    if band.min_percent == 0 or cuts.rounding in ("down", "none"):
        return band.min_percent
    return max(Decimal(0), band.min_percent - Decimal(5).scaleb(-cuts.places - 1))


def _mass(bench: Bench, steps: Sequence[GivenStep], counted: list[int | None]) -> Floats:
    indices = [step.item_index for step in steps[: len(counted)]]
    return posterior(bench.likelihood, indices, counted)
