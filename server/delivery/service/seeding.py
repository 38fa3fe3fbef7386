"""Pretests in sessions: a sitting takes a plan, sections are offered the items seen least, answers are counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from irt.decider import Ended
from irt.draws import Draws
from itembank.pretests.places import offered, share
from itembank.pretests.queries import closed_positions
from itembank.pretests.rules import PretestRule
from server.core.errors import Invalid
from server.core.regulation import Edition
from server.core.work import Work
from server.delivery.bench import BENCHES, PRETEST_STREAM, STEPS_A_SECTION, Begun, Bench, Selection
from server.delivery.models import ExamSession, Response, Section, Sitting, SittingSection, Step
from server.delivery.policy import edition_of
from server.delivery.pretests.models import PretestCount, SittingPretest
from server.delivery.pretests.queries import NOT_BEGUN, is_fixed, plan_of, sitting_section
from server.delivery.pretests.seeds import Seeds
from server.delivery.unseen import versions_met
from server.delivery.withheld import withheld

CLAUSE = "DC-8.pretest"
LOTS = STEPS_A_SECTION // 2  # the draws of what is offered lie behind those of the places


def rule_of(edition: Edition) -> PretestRule:
    """What the edition says of trying items out."""
    return edition.get(CLAUSE, PretestRule)


def take_plan(work: Work, sitting_id: int, plan_id: int, *, is_taken: bool) -> None:
    """The sitting tries out the items of the plan in their subject, or no longer; refused once somebody has signed in.

    Every session that is prepared knows of it at once: its length and its time."""
    part = sitting_section(work, sitting_id, plan_id)
    if is_fixed(work, sitting_id):
        raise Invalid("pretest_fixed")
    sitting = work.db.get_one(Sitting, sitting_id, with_for_update=True)
    bench = BENCHES.get(work, part.pool_id, plan_id)
    if is_taken and bench.tryout is not None:
        plan = bench.tryout.plan
        rule = rule_of(edition_of(sitting))
        rule.judge(
            plan.per_candidate, bench.pool.length, plan.layout.first, plan.layout.last, plan.layout.apart
        ).or_refuse()
    work.db.add(
        SittingPretest(
            sitting_id=sitting_id, subject=part.subject, plan_id=plan_id if is_taken else None,
            decided_at=work.now, decided_by=work.actor.label,
        )
    )  # fmt: skip
    work.db.flush()  # the sections read what was decided
    sections = select(Section).join(ExamSession).where(
        ExamSession.sitting_id == sitting_id, ExamSession.state.in_(NOT_BEGUN), Section.subject == part.subject
    )  # fmt: skip
    for section in work.db.execute(sections).scalars():
        prepare(work, sitting, part, section)
    work.record("sitting:pretest", f"sitting:{sitting_id}", clause=CLAUSE, plan_id=plan_id, is_taken=is_taken,
                subject_code=part.subject)  # fmt: skip


def prepare(work: Work, sitting: Sitting, part: SittingSection, section: Section) -> None:
    """The section has the length and the time that what is tried out in its subject gives it."""
    bench = BENCHES.get(work, part.pool_id, plan_of(work, sitting.id, part.subject))
    section.pretest, section.length, section.limit_s = None, bench.pool.longest, part.limit_s
    if bench.tryout is not None:
        plan = bench.tryout.plan
        section.pretest = Seeds(plan.id, plan.per_candidate).to_json()
        section.length += plan.per_candidate
        rule = rule_of(edition_of(sitting))
        section.limit_s += rule.extra_s(plan.per_candidate, bench.pool.longest, part.limit_s)


def offer(work: Work, opened: Sequence[tuple[ExamSession, Section]]) -> None:
    """Each of these sections that begin is offered the items with the fewest answers among those not met before."""
    trying = [(session, section) for session, section in opened if section.pretest is not None]
    if not trying:
        return
    met = versions_met(work, [session for session, _ in trying])
    names = {(_plan_id(section), section.language): section for _, section in trying}
    # Once for all who begin together, and in one order: other rooms begin at the same time.
    standing = {name: _standing(work, names[name]) for name in sorted(names)}
    for session, section in trying:
        _offer(work, session, section, standing[_plan_id(section), section.language], met.get(session.id, frozenset()))


def _standing(work: Work, section: Section) -> tuple[PretestCount, frozenset[int]]:
    """The counts of the section's plan and language, locked, and the items that nobody gets any more."""
    bench, plan_id = BENCHES.of(work, section), _plan_id(section)
    tried = bench.tryout.indices if bench.tryout is not None else range(0)
    gone = {index - tried.start for index in withheld(work, bench, None) if index in tried}
    return _locked(work, plan_id, section.language, len(tried)), frozenset(closed_positions(work, plan_id) | gone)


def _offer(
    work: Work, session: ExamSession, section: Section, standing: tuple[PretestCount, frozenset[int]],
    met: Collection[int],
) -> None:  # fmt: skip
    bench, seeds = BENCHES.of(work, section), Seeds.of(section.pretest)
    if bench.tryout is None or seeds is None:
        return
    plan, (row, closed) = bench.tryout.plan, standing
    known = {at for at, version in enumerate(plan.item_version_ids) if version in met}
    draws = Draws(session.seed, PRETEST_STREAM + section.position * STEPS_A_SECTION + LOTS)
    found = offered(row.expected, plan.needed[section.language], plan.kin, closed | known, plan.n_offered, draws)
    begun = seeds.begun(found)
    section.pretest = begun.to_json()
    section.length -= seeds.count - begun.count
    part = share(begun.count, len(found))
    row.expected = [n + part * (at in found) for at, n in enumerate(row.expected)]


def count(work: Work, section: Section) -> None:
    """What was to be expected of a section that is over is now what was answered in it."""
    seeds = Seeds.of(section.pretest)
    if seeds is None or not seeds.offered:
        return
    bench = BENCHES.of(work, section)
    if bench.tryout is None:
        return
    answered = select(Step.item_index).join(
        Response, (Response.section_id == Step.section_id) & (Response.seq == Step.seq)
    ).where(Step.section_id == section.id, Step.is_pretest)  # fmt: skip
    given = [index - bench.tryout.start for index in work.db.execute(answered).scalars()]
    row = _locked(work, seeds.plan_id, section.language, len(bench.tryout.plan.codes))
    part, whole = share(seeds.count, len(seeds.offered)), share(1, 1)
    row.expected = [
        max(0, n - part * (at in seeds.offered)) + whole * (at in given) for at, n in enumerate(row.expected)
    ]


def next_task(
    bench: Bench, begun: Begun, history: tuple[Sequence[int], Sequence[int | None]]
) -> tuple[Selection | Ended, Seeds | None]:
    """What comes next; and, if no place is left for what is tried out, what stands of it from now on.

    Nobody sheds it by being slow: its time is part of the time of all."""
    indices, scores = history
    chosen = bench.select(begun, indices, scores)
    if begun.seeds is None or not bench.is_missed(begun, indices):
        return chosen, None
    ended = begun.seeds.ended(len(indices))
    again = bench.select(replace(begun, seeds=ended), indices, scores)
    return again, ended


def _plan_id(section: Section) -> int:
    seeds = Seeds.of(section.pretest)
    return 0 if seeds is None else seeds.plan_id


def _locked(work: Work, plan_id: int, language: str, n_items: int) -> PretestCount:
    """The counts, locked: other workers begin and end sections under the same plan at the same time."""
    insert = sqlite.insert if work.db.connection().dialect.name == "sqlite" else postgresql.insert
    work.db.execute(
        insert(PretestCount)
        .values(plan_id=plan_id, language=language, expected=[0] * n_items)
        .on_conflict_do_nothing(index_elements=["plan_id", "language"])
    )
    return work.db.get_one(PretestCount, (plan_id, language), with_for_update=True, populate_existing=True)
