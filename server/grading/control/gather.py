"""What the checks look at, of what is sealed and graded: answers with times, neighbours, the year before."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from proctor.rooms.neighbours import neighbours
from server import candidates, delivery
from server.core.db import batches
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_reading
from server.delivery import SessionRef
from server.delivery.answered import sources
from server.delivery.bench import BENCHES
from server.delivery.queries import GivenSection, GivenStep
from server.grading.control.checks import Answer, Group, Pair, Sheet, Tables, Tell
from server.grading.control.rules import ReleaseControlRule
from server.grading.queries import grades_of
from server.grading.scoring import adaptive_steps

CHUNK = 100  # sessions opened in one reading; between two the page is told how far it is
YEAR = timedelta(days=180)  # what was held so long before is another year's


@dataclass(frozen=True)
class Seen:
    """All that the checks look at in one sitting."""

    tests: tuple[Sheet, ...]
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]
    tables: Mapping[int, Tables]
    n_sessions: int
    before_id: int | None


def gather(platform: Platform, sitting_id: int, rule: ReleaseControlRule, tell: Tell) -> Seen:
    """The graded sessions of a sitting with their answers, who sat near whom, and the schools of the year before."""
    with open_reading(platform, SYSTEM) as work:
        refs = _graded(work, sitting_id)
        near = neighbours(work, sitting_id, float(rule.neighbours_m))
        groups, before_id = _groups(work, sitting_id, refs)
    tests: list[Sheet] = []
    tables: dict[int, Tables] = {}
    for at in range(0, len(refs), CHUNK):
        tell("gathering", at, len(refs))
        with open_reading(platform, SYSTEM) as work:
            tests += _tests(work, refs[at : at + CHUNK], tables)
    there = {each.id for each in refs}
    pairs = tuple(Pair((one, two), metres) for one, two, metres in near if {one, two} <= there)
    return Seen(tuple(tests), pairs, groups, tables, len(refs), before_id)


def _graded(work: Work, sitting_id: int) -> list[SessionRef]:
    """Who finished the test and has grades; one removed or held without grades has no result to look at."""
    refs = [each for each in delivery.sessions_of_sitting(work, sitting_id) if each.state == "submitted"]
    graded = {
        session_id for ids in batches([each.id for each in refs]) for session_id in grades_of(work, list(ids))
    }
    return [each for each in refs if each.id in graded]


def _tests(work: Work, refs: Sequence[SessionRef], tables: dict[int, Tables]) -> list[Sheet]:
    grades = grades_of(work, [each.id for each in refs])
    found = []
    for ref in refs:
        for section in delivery.evidence(work, ref.id):
            bench = BENCHES.of(work, section)
            tables.setdefault(section.pool_id, Tables(bench.pool.items, bench.likelihood))
            grade = grades[ref.id].get(section.subject)
            if grade is not None:
                given = tuple(_answer(section, step) for step in adaptive_steps(bench, section)
                              if step.received_at is not None)  # fmt: skip
                found.append(Sheet(ref.id, section.section_id, section.subject, grade.theta, given))
    return found


def _answer(section: GivenSection, step: GivenStep) -> Answer:
    return Answer(
        (section.pool_id, step.item_index), step.seq, step.score or 0, json.dumps(step.given, sort_keys=True),
        step.is_blank, (step.spent_ms or 0) / 1000,
    )  # fmt: skip


def _groups(work: Work, sitting_id: int, refs: Sequence[SessionRef]) -> tuple[tuple[Group, ...], int | None]:
    """The schools that had candidates in the same subjects a year before, and the sitting of then."""
    sitting = delivery.sitting_ref(work, sitting_id)
    earlier = [each for each in sources(work) if each.starts_at <= sitting.starts_at - YEAR]
    for source in earlier:  # the newest first
        if set(delivery.sitting_ref(work, source.sitting_id).subjects) & set(sitting.subjects):
            then = _by_school(work, _graded(work, source.sitting_id))
            now = _by_school(work, refs)
            groups = tuple(
                Group(school, subject, tuple(now[school, subject]), tuple(now[school, subject].values()),
                      tuple(then[school, subject].values()))
                for school, subject in sorted(set(now) & set(then))
            )  # fmt: skip
            if groups:
                return groups, source.sitting_id
    return (), None


def _by_school(work: Work, refs: Sequence[SessionRef]) -> dict[tuple[int, str], dict[int, float]]:
    """(school, subject) → session → percent, of the candidates whose school is known."""
    found: dict[tuple[int, str], dict[int, float]] = defaultdict(dict)
    for at in range(0, len(refs), CHUNK):
        part = refs[at : at + CHUNK]
        who = {each.id: each for each in candidates.registrations(work, [ref.registration_id for ref in part])}
        grades = grades_of(work, [ref.id for ref in part])
        for ref in part:
            school = who[ref.registration_id].school_id
            for subject, grade in grades[ref.id].items():
                if school is not None:
                    found[school, subject][ref.id] = grade.exact_percent
    return found
