"""An appeal that changes the points of written work, from the markers to the statement; and a replay that proves the
points of the markers and those of the commission (CS-14.2, DC-28)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from server import grading
from server.accounts import signing
from server.appeals import telling
from server.appeals.casefile.case import case_file
from server.appeals.correcting import corrections_of, open_corrections
from server.appeals.voting import Outcome
from server.candidates.models import RegistrationSubject
from server.core.db import append_only_ddl
from server.core.errors import Invalid, Stale
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from server.grading import lists, rescoring
from server.grading.models import Grade, Score
from server.grading.rescoring import service as runs
from server.jobs.verify import verify
from server.marking.models import Mark
from server.statements import issuing, queries, service
from server.statements.said import said_of
from tests.factories.accounts import PIN
from tests.factories.appeals import Chamber, a_chamber_over
from tests.factories.delivery import right
from tests.factories.marking import SUBJECT, World, a_world
from tests.factories.rescoring import compute_now
from tests.factories.results import Offices, an_office, received, released, sign, two_of_the_office

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """A candidate whose written work two markers gave too little for; the result is out and an appeal decided."""

    world: World
    chamber: Chamber
    offices: Offices
    ministry: Work
    session_id: int
    seq: int
    appeal_id: int
    list_id: int

    def at(self, work: Work, by: timedelta) -> Offices:
        return Offices(*(replace(each, db=work.db, now=work.now + by) for each in
                         (self.offices.first, self.offices.second)))  # fmt: skip


def a_scene(work: Work, points: str = "10", *, is_alone: bool = False) -> Scene:
    """`is_alone`: nothing but this subject was ever registered, so that it alone decides on the right."""
    world = a_world(work, n_sessions=1, answers=right)
    if is_alone:
        work.db.execute(delete(RegistrationSubject).where(RegistrationSubject.subject != SUBJECT))
    world.mark_all(1, 2)
    (session_id,), (written,) = world.session_ids, world.works()
    assert grading.grade_session(work, session_id).state == "graded"
    chamber, offices = a_chamber_over(work, world.sitting, [session_id]), two_of_the_office(work)
    list_id = released(work, world.sitting.id, offices)
    assert received(chamber.department, list_id) is None
    later = chamber.later(DAY)
    appeal_id = later.decided(session_id, Outcome(written.seq, "marks_changed", points))
    return Scene(world, later, offices, an_office(work, "ministry"), session_id, written.seq, appeal_id, list_id)


def applied(scene: Scene, work: Work, by: timedelta = DAY) -> int:
    """The run that the decision asked for is computed, signed by two of the office and applied; the run."""
    (correction,) = corrections_of(work, scene.appeal_id).values()
    effect_id = compute_now(replace(work, now=work.now + by), correction.run_id)
    offices = scene.at(work, by)
    for office in (offices.first, offices.second):
        attempt = signing.check_pin(office, office.actor.id or 0, PIN)
        assert runs.sign(office, correction.run_id, effect_id, attempt) is None
    rescoring.apply(replace(work, now=work.now + by), correction.run_id)
    work.db.flush()
    return correction.run_id


def scores_of(work: Work, session_id: int) -> list[Score]:
    return list(work.db.scalars(select(Score).where(Score.session_id == session_id).order_by(Score.id)))


def change(work: Work, model: type, id_: int, **values: object) -> None:
    """A row is changed by somebody who holds the database."""
    table = model.__table__  # type: ignore[attr-defined]
    for statement in append_only_ddl(table.name, work.db.get_bind().dialect.name)[1]:
        work.db.execute(text(statement))
    work.db.execute(update(table).where(table.c.id == id_).values(**values))
    work.db.expire_all()


def released_again(scene: Scene, work: Work) -> int:
    """The list that the correction froze is signed by two, released and received; its id."""
    newest = lists.lists_of(work, scene.world.sitting.id)[0]
    assert (newest.version, newest.supersedes_id, newest.released_at) == (2, scene.list_id, None)
    offices = scene.at(work, 2 * DAY)
    for office in (offices.first, offices.second):
        assert sign(office, newest.id) is None
    lists.release(offices.first, newest.id)
    again = grading.result_of(work, scene.session_id)
    assert again is not None
    assert again.is_eligible
    department = replace(scene.chamber.department, now=work.now + 3 * DAY)
    assert received(department, newest.id) is None
    return newest.id


def told_to_all(scene: Scene, work: Work, before: str) -> None:
    """The candidate has the notice with both grades, and the final list says that they differ."""
    late = scene.chamber.later(4 * DAY)
    telling.tell(late.secretary, scene.appeal_id)
    notice = telling.notice_of(work, scene.appeal_id)
    assert notice is not None
    assert (notice.is_changed, notice.before["grade"], notice.after["grade"]) == (True, before, "excellent")
    telling.issue_list(late.office, scene.world.sitting.id)
    final = telling.last_list(work, scene.world.sitting.id)
    assert final is not None
    assert final.rows[0]["is_changed"]


def approved_grades(scene: Scene, work: Work, list_id: int) -> list[str]:
    """The grades on the statement, once the ministry has approved the newest list; the earlier one it may not."""
    ministry = replace(scene.ministry, now=work.now + 12 * DAY)
    attempt = signing.check_pin(ministry, ministry.actor.id or 0, PIN)
    with pytest.raises(Stale, match="list_outdated"):
        service.approve(ministry, scene.world.sitting.id, scene.list_id, "712", attempt)
    assert service.approve(ministry, scene.world.sitting.id, list_id, "712", attempt) is None
    assert issuing.issue(scene.at(work, 13 * DAY).first, scene.world.sitting.id) == (1, 0)
    says = said_of(work, queries.in_force(work, [scene.session_id])[scene.session_id])
    return [each["grade"] for each in says.row.grades]


def test_dc_28_changed_marks_become_a_new_score_grade_right_list_notice_and_statement(work: Work) -> None:
    scene = a_scene(work, is_alone=True)
    session_id = scene.session_id
    (before,) = scores_of(work, session_id)
    told = grading.result_of(work, session_id)
    assert told is not None
    assert (before.written_points, before.written_max, told.is_eligible) == ("1.5", 10, False)
    (open_run,) = open_corrections(work, scene.appeal_id)
    with pytest.raises(Stale, match="appeal_correction_open"):
        telling.tell(scene.chamber.secretary, scene.appeal_id)
    assert applied(scene, work) == open_run
    old, new = scores_of(work, session_id)
    assert (old.id, new.supersedes_id, new.written_points) == (before.id, before.id, "10")
    assert new.percent > old.percent
    assert (new.theta, new.se) == (old.theta, old.se), "the adaptive part is not touched"
    first, second = work.db.scalars(select(Grade).where(Grade.session_id == session_id).order_by(Grade.id))
    assert (second.supersedes_id, second.score_id, second.grade) == (first.id, new.id, "excellent")
    assert first.grade != "excellent"
    unreleased = grading.result_of(work, session_id)
    assert unreleased is not None
    assert not unreleased.is_eligible, "a correction reaches nobody before its list is released"

    newest = released_again(scene, work)
    told_to_all(scene, work, first.grade)
    assert approved_grades(scene, work, newest) == ["excellent"]
    assert grading.replay(work, session_id) == []
    file = case_file(work, session_id, SUBJECT, [scene.seq])
    assert file.is_equal, file.all_differences
    mark = file.task(scene.seq).mark
    assert mark is not None
    assert (mark.points, mark.maximum) == (10, 10)


def test_a_commission_gives_no_more_points_than_the_task_is_worth(work: Work) -> None:
    with pytest.raises(Invalid, match="points_out_of_scale"):
        a_scene(work, points="11")


@pytest.mark.parametrize("third", [None, 8])
def test_a_replay_makes_the_points_of_written_work_once_more_from_its_marks(work: Work, third: int | None) -> None:
    world = a_world(work, n_sessions=1, answers=right)
    world.mark_all(2, 3 if third is None else 9)
    (written,) = world.works()
    if third is not None:
        world.mark(written, 3, third)
    (session_id,) = world.session_ids
    grading.grade_session(work, session_id)
    assert scores_of(work, session_id)[0].written_points == ("2.5" if third is None else "8.5")
    assert grading.replay(work, session_id) == []
    for id_, held in work.db.execute(select(Mark.id, Mark.points).order_by(Mark.id)).all():
        change(work, Mark, id_, points="8" if third is None else "7")
        found = {each.what for each in grading.replay(work, session_id)}
        # Of three the nearest two stand: the first, two points, says nothing.
        assert ("written_points" in found) is (third is None or held != "2"), (held, found)
        change(work, Mark, id_, points=held)
    assert grading.replay(work, session_id) == []


def test_a_replay_names_a_mark_of_the_commission_that_is_another_now(work: Work) -> None:
    scene = a_scene(work)
    applied(scene, work)
    assert grading.replay(work, scene.session_id) == []
    of_appeal = work.db.scalars(select(Mark).where(Mark.source == "appeal")).one()
    change(work, Mark, of_appeal.id, points="4")
    (points,) = [each for each in grading.replay(work, scene.session_id) if each.what == "written_points"]
    assert (points.stored, points.found) == ("10", "4")
    file = case_file(work, scene.session_id, SUBJECT, [scene.seq])
    assert not file.is_equal
    assert "written_points" in {each.what for each in file.differences}


def test_verify_names_a_decision_whose_marks_are_not_those_on_record(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        scene = a_scene(work)
        mark = work.db.scalars(select(Mark).where(Mark.source == "appeal")).one().id
    assert verify(platform).faults == []
    with open_work(platform, SYSTEM) as work:
        change(work, Mark, mark, points="4")
    (fault,) = verify(platform).faults
    assert fault.startswith(f"mark:{mark}: it is not what appeal_decision:")
    assert scene.appeal_id


def test_the_appellant_and_the_office_read_what_changed(platform: Platform, client_as: Any) -> None:
    with open_work(platform, SYSTEM) as work:
        scene = a_scene(work)
        applied(scene, work)
        newest, offices = lists.lists_of(work, scene.world.sitting.id)[0].id, scene.at(work, 2 * DAY)
        for office in (offices.first, offices.second):
            assert sign(office, newest) is None
        lists.release(offices.first, newest)
        late = scene.chamber.later(4 * DAY)
        telling.tell(late.secretary, scene.appeal_id)
        actor, own = offices.first.actor, late.candidate(scene.session_id).actor
    office = client_as(Role.OFFICE, id=actor.id, organisation_id=actor.organisation_id)
    office.set_cookie("synak_lang", "en")
    page = office.get(f"/office/lists/{newest}", headers={"Accept": "text/html"}).text
    assert "What this version changes" in page
    assert "Excellent" in page.split("What this version changes", 1)[1]
    replayed = office.get(f"/office/sessions/{scene.session_id}?replay=1", headers={"Accept": "text/html"}).text
    assert "bit for bit" in replayed or "the same" in replayed
    candidate = client_as(Role.CANDIDATE, id=own.id, lease=own.lease)
    candidate.set_cookie("synak_lang", "en")
    assert "Excellent" in candidate.get("/exam/appeal", headers={"Accept": "text/html"}).text
