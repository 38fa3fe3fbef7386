"""What a person has met in other tests, and which items of a bench are the same or near kin: one family, one passage.

An additional test or a repeat gives none of them (DC-18, CS-18); everything here comes from frozen pools and plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.candidates.queries import registrations_of_people
from server.candidates.rules import MakeUpRule, RepeatRule
from server.core.db import batches
from server.core.work import Work
from server.delivery.additional.queries import kind_of
from server.delivery.bench import BENCHES, Bench
from server.delivery.models import ExamSession, Section, Sitting, Step
from server.delivery.policy import edition_of

Mark = tuple[str, str, str]  # by what items are the same or kin, the subject, its name
RULES: Mapping[str, tuple[str, type[MakeUpRule] | type[RepeatRule]]] = {
    "additional": ("DC-18", MakeUpRule), "repeat": ("CS-18", RepeatRule),
}  # fmt: skip


@dataclass(frozen=True)
class Met:
    """What one person has met; a step counts once it was shown, whatever became of it."""

    marks: frozenset[Mark]

    def on(self, bench: Bench) -> tuple[int, ...]:
        """The indices of the bench that are the same or kin."""
        return tuple(at for at in range(len(bench.contents)) if not self.marks.isdisjoint(marks_of(bench, at)))


def marks_of(bench: Bench, index: int) -> Iterator[Mark]:
    """By what an item is known again: itself in any version, its family, its passage."""
    subject = bench.pool.subject
    yield "code", subject, bench.code(index)
    family, passage = _kin(bench, index)
    if family is not None:
        yield "family", subject, family
    if passage is not None:
        yield "passage", subject, passage


def _kin(bench: Bench, index: int) -> tuple[str | None, str | None]:
    if bench.tryout is not None and bench.is_pretest(index):
        kin = bench.tryout.plan.kin[index - bench.tryout.start]
        return kin.family, kin.passage
    if bench.is_written(index):
        return None, None
    return bench.pool.attributes.families[index], bench.pool.attributes.passages[index]


def met_of(work: Work, session_id: int, registration_id: int, before: datetime | None = None) -> Met:
    """What the person met in every other session, of whichever registration, up to that instant or up to now."""
    people = registrations_of_people(work, [registration_id])[registration_id]
    found = (
        select(Step.item_index, Section.pool_id, Section.pretest)
        .join(Section, Section.id == Step.section_id)
        .join(ExamSession, ExamSession.id == Step.session_id)
        .where(ExamSession.registration_id.in_(people), ExamSession.id != session_id, Step.is_reached)
    )
    if before is not None:
        found = found.where(Step.made_at < before)
    marks: set[Mark] = set()
    for row in work.db.execute(found).all():
        marks |= set(marks_of(BENCHES.of(work, row), row.item_index))
    return Met(frozenset(marks))


def versions_met(work: Work, sessions: Sequence[ExamSession]) -> dict[int, frozenset[int]]:
    """Session → the item versions its person met in other sessions, of whichever registration."""
    people = registrations_of_people(work, [session.registration_id for session in sessions])
    everybody = {each for mine in people.values() for each in mine}
    steps: dict[int, dict[int, set[int]]] = {}
    for some in batches(everybody):
        rows = select(ExamSession.registration_id, ExamSession.id, Step.item_version_id)
        rows = rows.join(Step, Step.session_id == ExamSession.id).where(ExamSession.registration_id.in_(some))
        for registration_id, session_id, version in work.db.execute(rows):
            steps.setdefault(registration_id, {}).setdefault(session_id, set()).add(version)
    return {
        session.id: frozenset(
            version
            for mine in people[session.registration_id]
            for other, versions in steps.get(mine, {}).items() if other != session.id for version in versions
        )
        for session in sessions
    }  # fmt: skip


def rule_of(work: Work, sitting: Sitting) -> MakeUpRule | RepeatRule | None:
    """The rule by which the sitting gives nobody what they met before; None where it may."""
    kind = kind_of(work, sitting.id)
    if kind is None:
        return None
    clause, cls = RULES[kind]
    rule = edition_of(sitting).get(clause, cls)
    return rule if rule.unseen_items else None


def must_not_come(work: Work, session_id: int, bench: Bench) -> tuple[int, ...]:
    """The items of a bench that the session must not have given: what the person had met when it began."""
    session = work.db.get_one(ExamSession, session_id)
    if session.started_at is None or rule_of(work, session.sitting) is None:
        return ()
    return met_of(work, session.id, session.registration_id, session.started_at).on(bench)


def fix(work: Work, session: ExamSession) -> None:
    """The sections still to come give nothing the person has met by now; refused where too little would be left."""
    rule = rule_of(work, session.sitting)
    if rule is None:
        return
    met = met_of(work, session.id, session.registration_id)
    for section in session.sections:
        bench = BENCHES.of(work, section)
        hidden = met.on(bench)
        if hidden:
            rule.judge_pool(section.subject, len(hidden), bench.has_test_without(hidden)).or_refuse()
        section.met = list(hidden) or None
