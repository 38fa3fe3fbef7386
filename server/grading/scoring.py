"""Scoring: evidence in, a score per section out, on the grid and reference form of the section's pool.
Reads nothing and stores nothing, so that grading, replays and appeals compute the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from irt.ability import Estimate, posterior, posterior_moments
from irt.arrays import Floats
from irt.domain import DomainScore, domain_score, expected_score
from server.delivery.bench import Bench
from server.delivery.queries import GivenSection, GivenStep
from server.delivery.rules import SectionTimeRule
from server.grading.rules import GradeBand, GradeCutsRule


class Unscorable(Exception):
    """The evidence of a section gives no score that may stand; `code` says why, `facts` where."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class SectionScore:
    """Theta, the percent of marks on the reference form, each with its sd, and P(grade) for every grade."""

    section_id: int
    subject: str
    theta: float
    se: float
    percent: float
    percent_sd: float
    probabilities: dict[str, float]
    pool_digest: str
    n_items: int


def score_section(
    bench: Bench, section: GivenSection, times: SectionTimeRule, cuts: GradeCutsRule
) -> SectionScore:
    """The score of a section's adaptive part; Unscorable if its evidence contradicts the pool or theta is unbounded."""
    check_evidence(bench, section)
    if len(section.steps) != section.length:
        raise Unscorable("evidence_incomplete", subject=section.subject, n_steps=len(section.steps))
    steps = adaptive_steps(bench, section)
    counted = counted_scores(steps, times)
    mass = _mass(bench, steps, counted)
    estimate = posterior_moments(bench.pool.grid, mass)
    if not estimate.converged:
        raise Unscorable("score_unbounded", subject=section.subject, theta=estimate.theta)
    bands = [band for band in cuts.grades if 0 < least_percent(cuts, band) <= 100]
    domain = domain_score(
        bench.pool.grid, mass, bench.pool.items[bench.pool.reference],
        [float(least_percent(cuts, band)) for band in bands],
    )  # fmt: skip
    return SectionScore(
        section_id=section.section_id,
        subject=section.subject,
        theta=estimate.theta,
        se=estimate.se,
        percent=domain.percent,
        percent_sd=domain.sd,
        probabilities=_probabilities(cuts, bands, domain),
        pool_digest=bench.pool.digest,
        n_items=sum(score is not None for score in counted),
    )


def check_evidence(bench: Bench, section: GivenSection) -> None:
    """Nothing if each step names an item of the pool once and each answer bears the score its key gives."""
    seen: set[int] = set()
    for expected, step in enumerate(section.steps, start=1):
        is_known = bench.knows(step.item_index, step.item_version_id)
        is_other = step.is_pretest != bench.is_pretest(step.item_index)
        if not is_known or is_other or step.item_index in seen or step.seq != expected:
            raise Unscorable("evidence_contradicts_pool", subject=section.subject, seq=step.seq)
        if step.received_at is not None and step.score != rescored(bench, section, step):
            raise Unscorable("evidence_contradicts_key", subject=section.subject, seq=step.seq)
        seen.add(step.item_index)


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
    nodes = bench.pool.grid.nodes
    return nodes, 100.0 * expected_score(nodes, bench.pool.items[bench.pool.reference])


def least_percent(cuts: GradeCutsRule, band: GradeBand) -> Decimal:
    """The least percent that is rounded to the band's cut: P(grade) and the grade have one boundary."""
    if band.min_percent == 0 or cuts.rounding in ("down", "none"):
        return band.min_percent
    return max(Decimal(0), band.min_percent - Decimal(5).scaleb(-cuts.places - 1))


def _mass(bench: Bench, steps: Sequence[GivenStep], counted: list[int | None]) -> Floats:
    indices = [step.item_index for step in steps[: len(counted)]]
    return posterior(bench.likelihood, indices, counted)


def _probabilities(cuts: GradeCutsRule, bands: list[GradeBand], domain: DomainScore) -> dict[str, float]:
    """P(grade) from the highest to the lowest: what reaches a cut and not the one above."""
    at_least = dict(zip((band.code for band in bands), domain.at_least, strict=True))
    above, found = 0.0, {}
    for band in cuts.grades:
        reached = 1.0 if least_percent(cuts, band) == 0 else at_least.get(band.code, 0.0)
        found[band.code], above = max(0.0, reached - above), max(above, reached)
    return found
