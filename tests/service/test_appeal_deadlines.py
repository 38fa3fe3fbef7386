"""What is due in appeals and marking, on the office's page of deadlines: stage by stage, by policy and calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from server.appeals import filing, telling
from server.appeals.deadlines import deadlines
from server.appeals.rules import AppealTermsRule
from server.appeals.voting import Outcome
from server.core.deadlines import Deadline
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from server.delivery import sitting_ref
from server.marking.deadlines import deadlines as of_marking
from server.reports.deadlines import rows
from tests.factories.appeals import Chamber, a_chamber
from tests.factories.marking import a_world
from tests.factories.results import a_department_over, an_office
from tests.factories.statements import WEEK, after_release

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def staged(chamber: Chamber, by: Work | None = None) -> dict[str, Deadline]:
    """What is due in the one case of the chamber, by its kind."""
    return {each.kind: each for each in deadlines(by or chamber.office)}


def test_dc_28_each_stage_is_due_and_done_by_the_working_calendar(work: Work) -> None:
    chamber = a_chamber(work, n=1)
    (session_id,) = chamber.sessions
    rule = sitting_ref(work, chamber.sitting.id).edition.get("DC-28.terms", AppealTermsRule)
    assert deadlines(chamber.office) == []
    appeal_id = chamber.filed(session_id)
    (filed,) = deadlines(chamber.office)
    assert (filed.kind, filed.clause, filed.due_at, filed.done_at) == (
        "appeal_admitted", "DC-28.terms", rule.last("admit", work.now), None)  # fmt: skip
    assert chamber.number(session_id) in filed.subject
    assert filed.state(filed.due_at + SECOND) == "overdue"
    chamber.admit(appeal_id)
    due = staged(chamber)
    assert (due["appeal_admitted"].state(work.now), due["appeal_decided"].done_at) == ("done", None)
    assert due["appeal_decided"].due_at == rule.last("decide", work.now)
    late = chamber.later(20 * DAY)
    late.opened(appeal_id)
    late.carried(appeal_id, Outcome(1, "unchanged"))
    shown = late.drawn(appeal_id)
    for member in (late.chair, *late.members[3:5]):
        assert late.sign(appeal_id, member, shown) is None
    due = staged(late)
    assert due["appeal_decided"].state(late.work.now) == "done_late"
    assert (due["appeal_told"].due_at, due["appeal_told"].done_at) == (rule.last("tell", late.work.now), None)
    assert "appeal_list" not in due
    telling.tell(late.secretary, appeal_id)
    due = staged(late)
    assert (due["appeal_told"].state(late.work.now), due["appeal_list"].done_at) == ("done", None)
    telling.issue_list(late.office, late.sitting.id)
    assert staged(late)["appeal_list"].state(late.work.now) == "done"


def test_a_department_sees_what_is_due_in_its_own_cases_alone(work: Work) -> None:
    chamber = a_chamber(work, n=1)
    chamber.filed(chamber.sessions[0])
    assert [each.kind for each in deadlines(chamber.department)] == ["appeal_admitted"]
    assert deadlines(a_department_over(work)) == []


def test_dc_28_what_was_withdrawn_or_refused_asks_for_nothing_more(work: Work) -> None:
    chamber = a_chamber(work, n=1)
    appeal_id = chamber.filed(chamber.sessions[0])
    filing.withdraw_own(chamber.candidate(chamber.sessions[0]), appeal_id)
    assert deadlines(chamber.office) == []


def test_dc_25_the_window_of_a_sitting_stands_among_the_deadlines(work: Work) -> None:
    after = after_release(work)
    (open_,) = deadlines(after.office)
    assert (open_.kind, open_.clause, open_.done_at) == ("appeal_window", "DC-25", None)
    assert open_.due_at.astimezone(after_zone(work, after.sitting.id)).strftime("%H:%M:%S") == "23:59:59"
    assert [each.due_at for each in deadlines(after.department)] == [open_.due_at]
    assert deadlines(a_department_over(work)) == []
    (over,) = deadlines(after.later(WEEK).office)
    assert over.state(after.later(WEEK).work.now) == "done"


def after_zone(work: Work, sitting_id: int) -> Any:
    return sitting_ref(work, sitting_id).edition.zone


def test_cs_14_2_marking_is_due_and_done_with_its_last_mark(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (due,) = of_marking(world.office)
    assert (due.kind, due.clause, due.due_at, due.done_at) == ("marking", "CS-14.2.marks", world.marking.due_at, None)
    assert due.state(due.due_at + SECOND) == "overdue"
    world.mark_all(2, 9)
    assert of_marking(world.office)[0].done_at is None, "a third is awaited"
    for written in world.works():
        if 3 in world.turns(written):
            world.mark(written, 3, 8)
    (due,) = of_marking(world.office)
    assert due.done_at == work.now
    assert of_marking(an_office(work, "department")) == []


def test_all_of_it_stands_on_the_offices_page(platform: Platform, client_as: Any) -> None:
    with open_work(platform, SYSTEM) as work:
        chamber = a_chamber(work, n=1)
        chamber.filed(chamber.sessions[0])
        a_world(work, n_sessions=1)
        actor, late = chamber.office.actor, replace(chamber.office, now=work.now + 30 * DAY)
        found = {row.deadline.kind: row for row in rows(late)}
    assert {"marking", "appeal_admitted"} <= set(found)
    assert found["appeal_admitted"].state == "overdue"
    client = client_as(Role.OFFICE, id=actor.id, organisation_id=actor.organisation_id)
    client.set_cookie("synak_lang", "en")
    text = client.get("/office/deadlines", headers={"Accept": "text/html"}).text
    assert "Appeal to be admitted or refused" in text
    assert "Written work to be marked" in text
