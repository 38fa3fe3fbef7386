"""What does the task of a control: answers are gathered and compared; the findings are kept for people to decide."""

from __future__ import annotations

from collections.abc import Sequence

from server import delivery
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef
from server.core.terms import codes
from server.core.work import Platform, open_reading
from server.grading.control import checks
from server.grading.control.checks import Draft
from server.grading.control.gather import Seen, gather
from server.grading.control.queries import CLAUSE
from server.grading.control.rules import ReleaseControlRule
from server.grading.control.service import record_run

A_TIME = 100  # tests looked at between two words of how far it is


def control(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """Every result of the sitting is looked at; keeps the run with its findings."""

    def told(stage: str, done: int, total: int) -> None:
        tell(done, total, stage)

    sitting_id = int(task.arguments["sitting_id"])
    with open_reading(platform, SYSTEM) as work:
        began_at = work.now
        rule = delivery.sitting_ref(work, sitting_id).edition.get(CLAUSE, ReleaseControlRule)
    seen = gather(platform, sitting_id, rule, told)
    found = look(seen, rule, told)
    facts = {"sessions": seen.n_sessions, "tests": len(seen.tests), "pairs": len(seen.pairs),
             "schools": len({each.group_id for each in seen.groups}), "before": seen.before_id}  # fmt: skip
    return lambda work: record_run(work, task, sitting_id, began_at, facts, found)


def look(seen: Seen, rule: ReleaseControlRule, tell: checks.Tell) -> list[Draft]:
    """What the checks that the edition names find: by kind and subject, the least likely first."""
    found: list[Draft] = []
    for at in range(0, len(seen.tests), A_TIME):
        tell("comparing", at, len(seen.tests))
        found += checks.misfits(seen.tests[at : at + A_TIME], seen.tables, rule)
    found += checks.rushed(seen.tests, seen.tables, rule)
    found += checks.alike(seen.tests, seen.pairs, seen.tables, rule)
    found += checks.jumps(seen.groups, rule)
    return _worst_first([each for each in found if each.kind in codes(rule.checks)])


def _worst_first(found: Sequence[Draft]) -> list[Draft]:
    return sorted(found, key=lambda each: (each.kind, each.subject, 1.0 if each.p is None else each.p, each.name))
