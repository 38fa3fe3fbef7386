"""Replay: every selection and score of a session is made once more and compared with what is stored.
It changes nothing; an empty list says that all of it is the same, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from irt.decider import Ended
from itembank.withdrawals.queries import ever
from server import delivery
from server.core.work import Work
from server.delivery.bench import BENCHES, Begun, Bench, Selection
from server.delivery.pretests.seeds import Seeds
from server.delivery.queries import GivenSection, GivenStep
from server.grading.models import Grade, Score
from server.grading.policy import Policy, policy_of
from server.grading.scoring import SectionScore, Unscorable, rescored, score_section

SLACK = timedelta(minutes=1)  # a step reads the clock before it waits for whoever withdraws something
FIGURES = ("theta", "se", "percent", "percent_sd", "probabilities", "pool_digest", "n_items")


@dataclass(frozen=True)
class Difference:
    """One thing that does not come out as it is stored; `seq` is None where it concerns the whole section."""

    subject: str
    seq: int | None
    what: str
    stored: object
    found: object


def replay(work: Work, session_id: int) -> list[Difference]:
    """What differs between the stored session and the same answers played again; empty when nothing does."""
    seed, session = delivery.seed_of(work, session_id), delivery.session_ref(work, session_id)
    policy = policy_of(work, session.sitting_id)
    found: list[Difference] = []
    for section in delivery.evidence(work, session_id):
        bench = BENCHES.of(work, section)
        begun = Begun(seed, section.position, section.open_items, Seeds.of(section.pretest))
        found += _steps(work, bench, begun, section, is_whole=session.state == "submitted")
        found += _score(work, bench, section, policy)
    return found


def _steps(work: Work, bench: Bench, begun: Begun, section: GivenSection, *, is_whole: bool) -> Iterator[Difference]:
    indices: list[int] = []
    scores: list[int | None] = []
    for step in section.steps:
        try:
            kept = tuple(step.trace.get("withdrawn", ()))
            begun = replace(begun, withdrawn=kept)
            chosen = bench.select(begun, indices, scores)
        except ValueError as error:  # what went before is no test of this pool, so nothing can follow it
            yield Difference(section.subject, step.seq, "history", indices, str(error))
            return
        if isinstance(chosen, Ended):
            yield Difference(section.subject, step.seq, "end", None, chosen.reason)
            return
        yield from _step(section.subject, step, chosen)
        yield from _withdrawn(work, bench, section.subject, step)
        if not 0 <= step.item_index < len(bench.contents):
            return
        if step.received_at is not None and step.score != (again := rescored(bench, section, step)):
            yield Difference(section.subject, step.seq, "answer_score", step.score, again)
        indices.append(step.item_index)
        scores.append(step.score or 0)  # selection counts an adaptive task without an answer as wrong
    if is_whole or section.stop_reason is not None:
        yield from _end(bench, begun, section, (indices, scores))


def _end(
    bench: Bench, begun: Begun, section: GivenSection, given: tuple[list[int], list[int | None]]
) -> Iterator[Difference]:
    """Whether the test ended where the engine ends it; one cut off by the proctor ended for no such reason."""
    try:
        found = bench.select(begun, *given)
    except ValueError as error:
        yield Difference(section.subject, None, "history", given[0], str(error))
        return
    reason = found.reason if isinstance(found, Ended) else None
    if reason != section.stop_reason:
        yield Difference(section.subject, None, "end", section.stop_reason, reason)


def _step(subject: str, step: GivenStep, chosen: Selection) -> Iterator[Difference]:
    pairs = {
        "item": (step.item_index, chosen.item_index),
        "item_version": (step.item_version_id, chosen.item_version_id),
        "option_order": (step.option_order, chosen.option_order),
        "is_pretest": (step.is_pretest, chosen.is_pretest),
        "trace": (dict(step.trace), chosen.trace),
    }
    for what, (stored, found) in pairs.items():
        if stored != found:
            yield Difference(subject, step.seq, what, stored, found)


def _withdrawn(work: Work, bench: Bench, subject: str, step: GivenStep) -> Iterator[Difference]:
    """What a step says was withheld from it must have been withdrawn by then: nobody's test is steered that way."""
    said = set(step.trace.get("withdrawn", ()))
    if said:
        known = {bench.places[version] for version in ever(work, step.made_at + SLACK) if version in bench.places}
        if not said <= known:
            yield Difference(subject, step.seq, "withdrawn", sorted(said), sorted(known))


def _score(work: Work, bench: Bench, section: GivenSection, policy: Policy) -> Iterator[Difference]:
    newest = select(Score).where(Score.section_id == section.section_id).order_by(Score.id.desc()).limit(1)
    stored = work.db.execute(newest).scalar_one_or_none()
    if stored is None:
        return
    try:
        again = score_section(bench, section, policy.times, policy.cuts)
    except Unscorable as error:
        yield Difference(section.subject, None, "score", stored.percent, error.code)
        return
    yield from _figures(section.subject, stored, again)
    grade = work.db.execute(select(Grade).where(Grade.score_id == stored.id)).scalar_one()
    if grade.grade != (code := policy.cuts.band(again.percent).code):
        yield Difference(section.subject, None, "grade", grade.grade, code)


def _figures(subject: str, stored: Score, again: SectionScore) -> Iterator[Difference]:
    computed = asdict(again)
    for name in FIGURES:
        if getattr(stored, name) != computed[name]:
            yield Difference(subject, None, name, getattr(stored, name), computed[name])
