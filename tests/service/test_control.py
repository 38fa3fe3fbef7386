"""The control before release: what it sees, what people decide, when results may be listed, and who may open it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from proctor.rooms.models import SeatAssignment
from proctor.rooms.neighbours import neighbours
from server import delivery, grading
from server.candidates.models import Registration
from server.core.clock import FrozenClock
from server.core.errors import Denied, Invalid, NotFound, Stale
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.ruling import Json
from server.core.tasks import TaskRef
from server.core.tasks.models import Task
from server.core.work import Platform, open_work
from server.grading.control import held, may_be_listed, queries, service
from server.grading.control.checks import Draft
from server.grading.control.gather import gather
from server.grading.control.models import ControlDecision, ControlFinding, ControlRun
from server.grading.control.rules import ReleaseControlRule
from server.grading.models import Eligibility
from server.jobs.worker import work_off
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.delivery import (
    a_sitting,
    absent_session,
    answer_all,
    every_second,
    finished_session,
    right,
)
from tests.factories.proctor import a_day, a_scene, the_edition

RULE = the_edition().get("DC-22.control", ReleaseControlRule)
REASON = "The recording shows both at their own screens."


@dataclass(frozen=True)
class House:
    """A graded sitting of three candidates, and the offices around it."""

    platform: Platform
    clock: FrozenClock
    sitting: int
    sessions: tuple[int, ...]
    office: Actor
    other: Actor
    department: Actor

    def as_(self, actor: Actor) -> Any:
        return open_work(self.platform, actor)

    def run(self, *found: Draft) -> int:
        """A control that found these."""
        with self.as_(self.office) as work:
            task = service.ask(work, self.sitting)
            work.db.flush()
            run = service.record_run(work, TaskRef(task, service.KIND, {}, work.actor.label), self.sitting, work.now,
                                     {"sessions": 3}, found)  # fmt: skip
            work.db.execute(update(Task).where(Task.id == task).values(state="done", result_id=run))
        return run

    def findings(self) -> list[queries.FindingRef]:
        with self.as_(SYSTEM) as work:
            return queries.findings(work, self.sitting)


@pytest.fixture
def house(platform: Platform, clock: FrozenClock) -> House:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["mathematics"])
        ids = [finished_session(work, sitting, answers) for answers in (right, every_second, every_second)]
        ids.append(absent_session(work, sitting))
        for each in ids:
            grading.grade_session(work, each)
        ntc, department = an_organisation(work, "ntc").id, an_organisation(work, "department").id
        staff = [a_staff_member(work, Role.OFFICE, organisation_id=each) for each in (ntc, ntc, department)]
    office, other, far = (
        Actor(frozenset({Role.OFFICE, Role.STAFF}), id_, "Office", place)
        for id_, place in zip(staff, (ntc, ntc, department), strict=True)
    )
    return House(platform, clock, sitting.id, tuple(ids), office, other, far)


def a_draft(sessions: Sequence[int], kind: str = "similar", **changes: Any) -> Draft:
    tasks: list[Json] = [[1, 2, True, True], [3, 1, True, False], [4, 5, False, False]]
    figures: dict[str, Json] = {"metres": 1.2, "common": 9, "same": 9, "expected": 3.1, "wrong": 6, "same_wrong": 6,
               "expected_wrong": 1.5, "tasks": tasks}  # fmt: skip
    return Draft(kind, "mathematics", tuple(sessions), 0.00002, {**figures, **changes})


def test_a_run_of_the_worker_sees_every_graded_test_and_finds_nothing_in_honest_ones(house: House) -> None:
    with house.as_(house.office) as work:
        task = service.ask(work, house.sitting)
        assert service.ask(work, house.sitting) == task  # asked for once until it has ended
    assert work_off(house.platform) == task
    with house.as_(house.office) as work:
        run = queries.newest_run(work, house.sitting)
        assert run is not None
        assert run.facts == {"sessions": 3, "tests": 3, "pairs": 0, "schools": 0, "before": None}
        assert run.asked_by == house.office.label
        assert queries.findings(work, house.sitting) == []
        assert may_be_listed(work, house.sitting).allowed


def test_results_may_be_listed_when_looked_at_after_the_last_grade_and_decided(house: House) -> None:
    def code() -> str:
        with house.as_(SYSTEM) as work:
            return may_be_listed(work, house.sitting).code

    assert code() == "control_missing"
    house.run(a_draft(house.sessions[:2]))
    assert code() == "control_open"
    (finding,) = house.findings()
    with house.as_(house.office) as work:
        service.decide(work, finding.id, "clear", REASON)
    assert code() == "control_done"
    with house.as_(SYSTEM) as work:
        later = replace(work, now=work.now + timedelta(hours=1))
        sitting = a_sitting(later, subjects=["mathematics"])
        assert may_be_listed(later, sitting.id).code == "control_missing"


def test_a_grade_given_later_asks_for_another_look(house: House) -> None:
    house.run()
    with house.as_(SYSTEM) as work:
        assert may_be_listed(work, house.sitting).allowed
        later = replace(work, now=work.now + timedelta(minutes=5))
        row = work.db.execute(select(Eligibility).order_by(Eligibility.id.desc())).scalars().first()
        assert row is not None
        work.db.add(Eligibility(session_id=row.session_id, is_eligible=False, ruling=row.ruling, made_at=later.now,
                                supersedes_id=row.id))  # fmt: skip
        work.db.flush()
        assert may_be_listed(work, house.sitting).code == "control_missing"


def test_a_hold_stays_until_somebody_else_lifts_it_whatever_is_found_again(house: House) -> None:
    house.run(a_draft(house.sessions[:2]))
    (first,) = house.findings()
    with house.as_(house.office) as work:
        service.decide(work, first.id, "hold", REASON)
        assert held(work, house.sitting) == dict.fromkeys(house.sessions[:2], "similar")
    house.run()  # the next look does not ask it any more
    (still,) = house.findings()
    assert (still.is_held, still.is_current, still.is_open) == (True, False, False)
    with pytest.raises(Stale, match="control_own_hold"), house.as_(house.office) as work:
        service.decide(work, still.id, "clear", REASON)
    with house.as_(house.other) as work:
        service.decide(work, still.id, "clear", REASON)
        assert held(work, house.sitting) == {}
    house.run(a_draft(house.sessions[:2]))
    (again,) = house.findings()
    assert again.id != first.id
    assert again.decision is not None
    assert not again.is_open  # the same question, decided before
    with house.as_(SYSTEM) as work:
        assert [each.verdict for each in queries.history(work, again)] == ["hold", "clear"]


@pytest.mark.parametrize(("verdict", "reason", "fault"), [
    ("", REASON, "control_verdict_missing"), ("hold", "  too   few ", "control_reason_missing"),
    ("hold", "x" * 501, "control_reason_missing"), ("wait", REASON, "control_verdict_missing"),
])  # fmt: skip
def test_a_decision_says_what_and_why(house: House, verdict: str, reason: str, fault: str) -> None:
    house.run(a_draft(house.sessions[:2]))
    (finding,) = house.findings()
    with pytest.raises(Invalid, match=fault), house.as_(house.office) as work:
        service.decide(work, finding.id, verdict, reason)
    assert house.findings()[0].is_open


def test_the_same_is_not_decided_twice(house: House) -> None:
    house.run(a_draft(house.sessions[:2]))
    (finding,) = house.findings()
    with house.as_(house.office) as work:
        service.decide(work, finding.id, "clear", REASON)
    with pytest.raises(Stale, match="control_decided_so"), house.as_(house.other) as work:
        service.decide(work, finding.id, "clear", REASON)
    with house.as_(SYSTEM) as work:
        (line,) = work.db.execute(select(JournalEntry).where(JournalEntry.act == "control_decided")).scalars()
        assert REASON in line.facts


def test_only_the_office_of_the_whole_country_asks_and_decides(house: House) -> None:
    house.run(a_draft(house.sessions[:2]))
    (finding,) = house.findings()
    with pytest.raises(Denied), house.as_(house.department) as work:
        service.ask(work, house.sitting)
    with pytest.raises(Denied), house.as_(house.department) as work:
        service.decide(work, finding.id, "clear", REASON)
    with pytest.raises(NotFound), house.as_(house.office) as work:
        service.decide(work, 999_999, "clear", REASON)


@pytest.mark.parametrize("model", [ControlRun, ControlFinding, ControlDecision])
def test_what_was_found_and_decided_stays(house: House, model: type[Any]) -> None:
    house.run(a_draft(house.sessions[:2]))
    with house.as_(house.office) as work:
        service.decide(work, queries.findings(work, house.sitting)[0].id, "hold", REASON)
    with pytest.raises(DatabaseError), house.as_(SYSTEM) as work:
        work.db.execute(delete(model))


def test_neighbours_are_those_whose_seats_are_near(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        scene = a_scene(work, 4, shape=(2, 2))
        found = neighbours(work, scene.sitting, 1.0)
        assert [pair[:2] for pair in found] == sorted(pair[:2] for pair in found)
        assert len(found) == 4  # the sides of a square of a metre, not its diagonals
        assert {metres for _one, _two, metres in found} == {1.0}
        assert len(neighbours(work, scene.sitting, 1.5)) == 6
        work.db.execute(delete(SeatAssignment).where(SeatAssignment.session_id == scene.sessions[0]))
        assert all(scene.sessions[0] not in pair[:2] for pair in neighbours(work, scene.sitting, 9.0))


def test_what_is_gathered_are_answers_as_given_of_those_with_grades_and_pairs_as_seated(
    platform: Platform, clock: FrozenClock
) -> None:
    day = a_day(platform, clock, 3, shape=(2, 2))
    one, two, absent = day.scene.sessions
    day.run(one, two)
    with open_work(platform, SYSTEM) as work:
        for session, answers in ((one, right), (two, every_second)):
            answer_all(work, session, answers)
            grading.grade_session(work, session)
    seen = gather(platform, day.scene.sitting, RULE, lambda *_said: None)
    assert seen.n_sessions == 2
    assert absent not in {test.session_id for test in seen.tests}
    assert [pair.sessions for pair in seen.pairs] == [(one, two)]
    by_session = {test.session_id: test for test in seen.tests}
    assert {a.score for a in by_session[one].answers} == {1}
    assert [a.seq for a in by_session[two].answers] == list(range(1, len(by_session[two].answers) + 1))
    assert all(a.spent_s >= 0 and a.said and not a.is_blank for a in by_session[two].answers)
    with open_work(platform, SYSTEM) as work:
        theta = grading.grades_of(work, [one])[one]
    assert by_session[one].theta == next(iter(theta.values())).theta
    assert set(seen.tables) == {a.item[0] for a in by_session[one].answers}


def test_schools_are_compared_with_the_newest_sitting_of_another_year(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        school = an_organisation(work, "school").id
        sittings = []
        for years in (3, 1, 0):
            then = replace(work, now=work.now - timedelta(days=365 * years))
            sitting = a_sitting(then, subjects=["mathematics"])
            sittings.append(sitting)
            for answers in (right, every_second):
                session = finished_session(then, sitting, answers)
                grading.grade_session(then, session)
                of = delivery.session_ref(work, session).registration_id
                work.db.execute(update(Registration).where(Registration.id == of).values(school_id=school))
    seen = gather(platform, sittings[2].id, RULE, lambda *_said: None)
    assert seen.before_id == sittings[1].id
    (group,) = seen.groups
    assert (group.group_id, group.subject) == (school, "mathematics")
    assert len(group.now) == len(group.before) == len(group.sessions) == 2
