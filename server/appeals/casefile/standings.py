"""Where the score of a subject stood before and after each task, computed anew from the stored answers.
After the last task it is the score of the adaptive part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor

from irt.ability import posterior, posterior_moments
from itembank import score_answer
from server.delivery.bench import Bench
from server.delivery.queries import GivenSection, GivenStep
from server.delivery.rules import SectionTimeRule
from server.grading.corrections import Corrections
from server.grading.scoring import adaptive_steps, counted_scores


@dataclass(frozen=True)
class Standing:
    """Theta, and the percent of marks on the reference form, each with its error."""

    theta: float
    se: float
    percent: float
    percent_sd: float

    @property
    def reached(self) -> float:
        """The percent to one decimal and never more than it is: a bound that is shown was reached."""
        return floor(self.percent * 10) / 10


@dataclass(frozen=True)
class Change:
    """What a task did to the score; the same before and after where it does not count."""

    before: Standing
    after: Standing


def changes_of(
    bench: Bench, section: GivenSection, times: SectionTimeRule, corrections: Corrections
) -> Mapping[int, Change]:
    """The change by the number of each task, as the corrections have it; the evidence must be that of the bench's pool
    (`check_evidence`)."""
    steps = adaptive_steps(bench, section)
    indices, counted = [step.item_index for step in steps], _corrected(section, steps, times, corrections)

    def after(n: int) -> Standing:
        mass = posterior(bench.likelihood, indices[:n], counted[:n])
        estimate, domain = posterior_moments(bench.pool.grid, mass), bench.curve.score(mass, ())
        return Standing(estimate.theta, estimate.se, domain.percent, domain.sd)

    now, n, scored, found = after(0), 0, {step.seq for step in steps}, {}
    for step in section.steps:
        before = now
        if step.seq in scored:
            n += 1
            now = after(n)
        found[step.seq] = Change(before, now)
    return found


def _corrected(
    section: GivenSection, steps: Sequence[GivenStep], times: SectionTimeRule, corrections: Corrections
) -> list[int | None]:
    """The marks as they count: of an item that was struck none, under a key that was corrected those of that key."""
    counted = counted_scores(steps, times)
    for at, step in enumerate(steps):
        corrected = corrections.keys.get(step.item_version_id)
        if step.item_version_id in corrections.struck:
            counted[at] = None
        elif corrected is not None and step.received_at is not None:
            counted[at] = score_answer(dict(corrected.key), section.language, step.given)
    return counted
