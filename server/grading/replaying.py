"""Replay: every selection and score of a session is made once more and compared with what is stored.
It changes nothing; an empty list says that all of it is the same, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from irt.decider import Ended
from itembank.withdrawals.queries import ever
from server import delivery, marking
from server.core.work import Work
from server.delivery import SessionRef, unseen
from server.delivery.bench import BENCHES, Begun, Bench, Selection
from server.delivery.pretests.seeds import Seeds
from server.delivery.queries import GivenSection, GivenStep
from server.delivery.sheets import sheet_of, sheets_of
from server.grading.corrections import Corrections
from server.grading.models import Grade, Score
from server.grading.policy import Policy, policy_of
from server.grading.rescoring.in_force import corrections_then
from server.grading.scoring import SectionScore, Unscorable, Written, rescored, score_section

SLACK = timedelta(minutes=1)  # a step reads the clock before it waits for whoever withdraws something
FIGURES = (
    "theta", "se", "percent", "percent_sd", "probabilities", "pool_digest", "n_items", "written_points", "written_max",
    "corrections",
)  # fmt: skip


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
    session = delivery.session_ref(work, session_id)
    sections = delivery.evidence(work, session_id)
    return [difference for section in sections for difference in replay_section(work, session, section)]


def replay_section(work: Work, session: SessionRef, section: GivenSection) -> list[Difference]:
    """The same of one subject of the session."""
    policy, bench = policy_of(work, session.sitting_id), BENCHES.of(work, section)
    seed = delivery.seed_of(work, session.id)
    begun = Begun(seed, section.position, section.open_items, Seeds.of(section.pretest))
    met = unseen.must_not_come(work, session.id, bench)
    found = list(_steps(work, bench, begun, section, met, is_whole=session.state == "submitted"))
    return [*found, *_sheet(work, session, bench, section), *_scores(work, bench, section, policy)]


def _steps(
    work: Work, bench: Bench, begun: Begun, section: GivenSection, met: tuple[int, ...], *, is_whole: bool
) -> Iterator[Difference]:
    indices: list[int] = []
    scores: list[int | None] = []
    for step in section.steps:
        try:
            kept = tuple(step.trace.get("withdrawn", ()))
            begun = replace(begun, withdrawn=kept, met=tuple(step.trace.get("met", ())))
            chosen = bench.select(begun, indices, scores)
        except ValueError as error:  # what went before is no test of this pool, so nothing can follow it
            yield Difference(section.subject, step.seq, "history", indices, str(error))
            return
        if isinstance(chosen, Ended):
            yield Difference(section.subject, step.seq, "end", None, chosen.reason)
            return
        yield from _step(section.subject, step, chosen)
        yield from _withdrawn(work, bench, section.subject, step)
        yield from _met(bench, section.subject, step, met)
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


def _met(bench: Bench, subject: str, step: GivenStep, met: tuple[int, ...]) -> Iterator[Difference]:
    """What a step says the candidate knew is what they had met, and nothing of it is given again (DC-18, CS-18)."""
    said = tuple(step.trace.get("met", ()))
    if not bench.is_written(step.item_index) and said != met:
        yield Difference(subject, step.seq, "met", list(said), list(met))
    if step.item_index in met:
        yield Difference(subject, step.seq, "met_before", step.item_index, None)


def _scores(work: Work, bench: Bench, section: GivenSection, policy: Policy) -> Iterator[Difference]:
    """Whether every score that was ever given comes out again, under what was corrected when it was computed, and with
    the points of written tasks that the marks given by then make, of the markers or of an appeal (CS-14.2)."""
    every = select(Score).where(Score.section_id == section.section_id).order_by(Score.id)
    versions = frozenset(step.item_version_id for step in section.steps)
    for stored in work.db.execute(every).scalars():
        corrections = corrections_then(work, stored.corrections, versions)
        if corrections is None:
            yield Difference(section.subject, None, "corrections", stored.corrections, None)
            continue
        yield from _score(work, bench, section, policy, stored, corrections)


def _score(
    work: Work, bench: Bench, section: GivenSection, policy: Policy, stored: Score, corrections: Corrections
) -> Iterator[Difference]:  # fmt: skip
    written = _written(work, section, stored)
    try:
        again = score_section(bench, section, policy.times, policy.cuts, written, corrections)
    except Unscorable as error:
        yield Difference(section.subject, None, "score", stored.percent, error.code)
        return
    yield from _figures(section.subject, stored, again)
    grade = work.db.execute(select(Grade).where(Grade.score_id == stored.id)).scalar_one()
    if grade.grade != (code := policy.cuts.band(again.percent).code):
        yield Difference(section.subject, None, "grade", grade.grade, code)


def _written(work: Work, section: GivenSection, stored: Score) -> Written:
    """What the marks came to when the score was made; as it is stored wherever that fits them."""
    found = [Written(*each) for each in marking.points_then(work, section.section_id, stored.made_at)]
    kept = Written(Decimal(stored.written_points), stored.written_max)
    return kept if kept in found else found[-1]


def _sheet(work: Work, session: SessionRef, bench: Bench, section: GivenSection) -> Iterator[Difference]:
    """Whether the sheet that was sealed is what the answers come to; one that was never sealed has none."""
    sealed = {each.section_id: each.sheet for each in sheets_of(work, [session.id]).get(session.id, ())}
    stored = sealed.get(section.section_id)
    again = sheet_of(bench, section.language, section.steps)
    if stored is None or again.fault is not None:  # the steps and answers have said already what is wrong
        return
    for what in ("item_indices", "scores"):
        then, now = (getattr(each, what).tolist() for each in (stored, again))
        if then != now:
            yield Difference(section.subject, None, f"sheet_{what}", then, now)
    if stored.fault is not None:
        yield Difference(section.subject, stored.seq, "sheet_fault", stored.fault, None)


def _figures(subject: str, stored: Score, again: SectionScore) -> Iterator[Difference]:
    computed = asdict(again)
    for name in FIGURES:
        if getattr(stored, name) != computed[name]:
            yield Difference(subject, None, name, getattr(stored, name), computed[name])
