"""The pages of result lists: from the control to the receipt, whom they show what, what is printed and journalled."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from server import delivery, grading
from server.accounts.signing import check_pin
from server.candidates.models import Registration
from server.core import tasks
from server.core.clock import FrozenClock
from server.core.errors import Stale
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.tasks import Keep, TaskRef
from server.core.work import Platform, Work, open_work
from server.edge.tasks.kinds import place_of
from server.grading import lists
from server.grading.lists import queued
from server.jobs.worker import work_off
from tests.factories.accounts import PIN
from tests.factories.delivery import a_sitting, absent_session, finished_session
from tests.factories.results import (
    Offices,
    a_department_over,
    an_office,
    controlled,
    corrected,
    released,
    two_of_the_office,
)

HTML = {"Accept": "text/html"}
ClientAs = Callable[..., FlaskClient]


@dataclass(frozen=True)
class House:
    """A graded sitting: two candidates of one department, one of them of a school of it, and one of another."""

    platform: Platform
    sitting: int
    sessions: tuple[int, int, int]
    actors: dict[str, Actor]

    def name(self, n: int) -> str:
        return ("Акматова", "Бекова", "Сапарова")[n]

    def worked(self) -> str:
        """The task that waits is worked off; the page that its own leads to."""
        task = work_off(self.platform)
        with open_work(self.platform, SYSTEM) as work:
            done = tasks.task_view(work, task or 0)
        assert not done.failure, done.failure
        place, values = place_of(done)
        query = f"?done={values['done']}" if "done" in values else ""
        assert place == "lists.page"
        return f"/office/lists/{values['result_list_id']}{query}"

    def journal(self, act: str) -> list[JournalEntry]:
        with self.platform.database.reading() as db:
            return list(db.execute(select(JournalEntry).where(JournalEntry.act == act)).scalars())


@pytest.fixture
def house(platform: Platform) -> House:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        ids = [finished_session(work, sitting, family_name="Акматова"),
               finished_session(work, sitting, family_name="Бекова"),
               absent_session(work, sitting, family_name="Сапарова")]  # fmt: skip
        for each in ids:
            grading.grade_session(work, each)
        refs = [delivery.session_ref(work, each) for each in ids]
        offices = two_of_the_office(work)
        near = a_department_over(work, refs[0].centre_id, refs[1].centre_id)
        far = a_department_over(work, refs[2].centre_id)
        school = an_office(work, "school")
        pupil = update(Registration).where(Registration.id == refs[0].registration_id)
        work.db.execute(pupil.values(school_id=school.actor.organisation_id))
        actors = {"first": offices.first, "second": offices.second, "near": near, "far": far, "school": school,
                  "stranger": an_office(work, "department"), "third party": an_office(work, "centre")}  # fmt: skip
    return House(platform, sitting.id, (ids[0], ids[1], ids[2]), {name: each.actor for name, each in actors.items()})


@pytest.fixture
def office(client_as: ClientAs, house: House) -> Callable[[str], FlaskClient]:
    def make(name: str) -> FlaskClient:
        actor = house.actors[name]
        client = client_as(*actor.roles, id=actor.id, organisation_id=actor.organisation_id)
        client.set_cookie("synak_lang", "en")
        return client

    return make


def get(client: FlaskClient, path: str, status: int = 200) -> TestResponse:
    reply = client.get(path, headers=HTML)
    assert reply.status_code == status, reply.text[:600]
    return reply


def post(client: FlaskClient, path: str, status: int = 303, **form: str) -> TestResponse:
    reply = client.post(path, data=form, headers=HTML)
    assert reply.status_code == status, reply.text[:600]
    return reply


def a_released_list(house: House) -> int:
    with open_work(house.platform, house.actors["first"]) as work:
        second = replace(work, actor=house.actors["second"])
        return released(work, house.sitting, Offices(work, second))


def test_DC_22_from_the_control_to_the_receipt(house: House, office: Callable[[str], FlaskClient]) -> None:
    here = f"/office/sittings/{house.sitting}/lists"
    assert "unusual results are looked at" in get(office("first"), here).text
    assert "looked at" in post(office("first"), here, 422, because="The sitting is over.").text
    with open_work(house.platform, house.actors["first"]) as work:
        controlled(work, house.sitting)
    assert "Write why the results" in post(office("first"), here, 422, because="").text
    assert post(office("first"), here, because="The sitting is over.").location == here
    assert "It waits for the worker" in get(office("first"), here).text
    page = house.worked().split("?")[0]
    assert "needs the signatures of 2 different persons" in get(office("first"), page).text
    assert "The PIN" in post(office("first"), page + "/sign", 422, pin="111222").text
    post(office("first"), page + "/sign", pin=PIN)
    assert "A colleague of the office signs" in get(office("first"), page).text
    assert "needs 2, of different persons" in post(office("first"), page + "/release", 409).text
    post(office("second"), page + "/sign", pin=PIN)
    get(office("near"), page, 404)
    assert "not released yet" in get(office("near"), here).text
    assert post(office("first"), page + "/release").location == page
    assert "It waits for the worker" in get(office("first"), page).text
    get(office("near"), page, 404)
    assert house.worked() == page + "?done=released"
    assert "not yet" in get(office("first"), page).text
    assert "given 2 rows" in get(office("near"), page).text
    post(office("near"), page + "/receipt", 422, pin="111222")
    post(office("near"), page + "/receipt", pin=PIN)
    assert "Sign for the results" not in get(office("near"), page).text
    post(office("near"), page + "/receipt", pin=PIN)  # once more: harmless
    assert [line.clause for line in house.journal("results:received")] == ["DC-22"]
    for act in ("results:frozen", "results:released"):
        (line,) = house.journal(act)
        assert json.loads(line.facts)["by"] == house.actors["first"].label


def test_a_list_that_would_say_the_same_again_is_not_made_and_the_office_is_told_so(
    house: House, office: Callable[[str], FlaskClient]
) -> None:
    here = f"/office/sittings/{house.sitting}/lists"
    with open_work(house.platform, house.actors["first"]) as work:
        controlled(work, house.sitting)
    post(office("first"), here, because="The sitting is over.")
    house.worked()
    post(office("second"), here, because="Order 12 of today.")
    work_off(house.platform)
    page = get(office("second"), here).text
    assert "Nothing has changed since version 1" in page
    assert page.count("Version 1") == 1
    assert "Version 2" not in page


def test_what_changed_while_a_worker_read_the_results_is_neither_frozen_over_nor_released(
    house: House, clock: FrozenClock
) -> None:
    def work_as(who: str) -> AbstractContextManager[Work]:
        clock.advance(60)
        return open_work(house.platform, house.actors[who])

    def frozen(because: str) -> Keep:
        arguments = {"sitting_id": house.sitting, "because": because}
        asked = TaskRef(1, queued.FREEZING, arguments, house.actors["first"].label)
        return queued.freeze(house.platform, asked, lambda *_: None)

    with work_as("first") as work:
        controlled(work, house.sitting)
    keep = frozen("The sitting is over.")
    with work_as("first") as work:
        corrected(work, house.sessions[0], "91", "excellent")
        newer = lists.freeze(work, house.sitting, because="Corrected meanwhile.")
    with pytest.raises(Stale, match="changed_meanwhile"), work_as("first") as work:
        keep(work)
    with work_as("first") as work:
        controlled(work, house.sitting)
    for who in ("first", "second"):
        with work_as(who) as work:
            assert lists.sign_list(work, newer, check_pin(work, work.actor.id or 0, PIN)) is None
    asked = TaskRef(2, queued.RELEASING, {"list_id": newer, "organisation_id": house.actors["first"].organisation_id},
                    house.actors["first"].label)  # fmt: skip
    keep = queued.release(house.platform, asked, lambda *_: None)
    with work_as("first") as work:
        corrected(work, house.sessions[1], "92", "excellent")
        lists.freeze(work, house.sitting, because="Corrected once more.")
    with pytest.raises(Stale, match="list_superseded"), work_as("first") as work:
        keep(work)
    with pytest.raises(Stale, match="list_superseded"):
        queued.release(house.platform, asked, lambda *_: None)


def test_each_office_sees_its_own_rows_and_no_count_of_others(
    house: House, office: Callable[[str], FlaskClient]
) -> None:
    page = f"/office/lists/{a_released_list(house)}"
    for who, seen in (("first", {0, 1, 2}), ("near", {0, 1}), ("far", {2}), ("school", {0})):
        text = get(office(who), page).text
        assert {n for n in range(3) if house.name(n) in text} == seen, who
        assert f"<caption class=\"govuk-table__caption\">{len(seen)} candidate" in text, who
    get(office("stranger"), page, 404)
    get(office("third party"), page, 403)


@pytest.mark.parametrize("who", ["far", "school"])
def test_no_parameter_shows_another_s_rows(house: House, office: Callable[[str], FlaskClient], who: str) -> None:
    page, own = f"/office/lists/{a_released_list(house)}", {"far": 2, "school": 0}[who]
    with open_work(house.platform, SYSTEM) as work:
        departments = [each.department_id for each in lists.queries.deliveries_of(work, int(page.rsplit("/", 1)[1]))]
    for query in ("?q=ова", "?q=26-", "?page=0", "?page=2", "?department=1", "?q=%25", "?q=_", "?page=x"):
        text = get(office(who), page + query).text
        assert not any(house.name(n) in text for n in range(3) if n != own), query
    for department in departments:
        for path in (f"{page}/paper?department={department}", f"{page}/notices?department={department}"):
            get(office(who), path)
    read = [json.loads(line.facts)["sessions"] for line in house.journal("result:read")]
    assert {session for sessions in read for session in sessions} == {house.sessions[own]}


def test_papers_of_others_do_not_exist(house: House, office: Callable[[str], FlaskClient]) -> None:
    page = f"/office/lists/{a_released_list(house)}"
    for kind in ("extract", "notice"):
        for who, n in (("far", 0), ("school", 1), ("stranger", 2)):
            get(office(who), f"{page}/candidates/{house.sessions[n]}/{kind}", 404)
        for who, n in (("first", 2), ("near", 1), ("school", 0)):
            reply = get(office(who), f"{page}/candidates/{house.sessions[n]}/{kind}?lang=ky")
            assert reply.data.startswith(b"%PDF")
    get(office("near"), f"{page}/candidates/{house.sessions[0]}/secrets", 404)


def test_a_paper_is_the_same_to_the_byte_and_its_digest_is_known(
    house: House, office: Callable[[str], FlaskClient]
) -> None:
    page = f"/office/lists/{a_released_list(house)}"
    for path in (f"{page}/paper?lang=ky", f"{page}/notices?lang=ru"):
        one, other = (get(office("near"), path) for _ in range(2))
        assert one.data == other.data
        digest = one.headers["Content-Disposition"].rsplit("-", 1)[1].split(".")[0]
        assert "was printed here" in get(office("first"), f"/papers?digest={digest}").text
    assert len({line.subject for line in house.journal("paper:printed")}) == 2


def test_before_the_release_others_see_neither_grades_nor_what_they_follow_from(
    house: House, office: Callable[[str], FlaskClient]
) -> None:
    assert "Confirmed" not in get(office("near"), f"/office/sittings/{house.sitting}").text.split("<table")[1]
    before = get(office("near"), f"/office/sessions/{house.sessions[0]}").text
    assert "Not decided" in before
    assert "DC-20" not in before
    get(office("school"), f"/office/sessions/{house.sessions[0]}", 403)
    a_released_list(house)
    assert "Not confirmed" in get(office("near"), f"/office/sittings/{house.sitting}").text
    assert "Not decided" not in get(office("near"), f"/office/sessions/{house.sessions[0]}").text


def test_a_correction_shows_once_its_list_is_released(house: House, office: Callable[[str], FlaskClient]) -> None:
    first = a_released_list(house)
    with open_work(house.platform, SYSTEM) as work:
        corrected(work, house.sessions[0], "91", "excellent")
    assert "91" not in get(office("near"), f"/office/lists/{first}").text.split("<table")[2]
    assert "is not confirmed" in get(office("near"), f"/office/sessions/{house.sessions[0]}").text
    second = a_released_list(house)
    get(office("near"), f"/office/lists/{first}", 404)
    text = get(office("near"), f"/office/lists/{second}").text
    assert "What this version changes" in text
    assert "Excellent" in text
    assert "What this version changes" not in get(office("far"), f"/office/lists/{second}").text


def test_CS_5_each_reading_of_a_list_names_whom_it_showed(house: House, office: Callable[[str], FlaskClient]) -> None:
    page = f"/office/lists/{a_released_list(house)}"
    get(office("near"), page)
    get(office("near"), page + "?q=бекова")
    read = [(line.actor, line.clause, json.loads(line.facts)["sessions"]) for line in house.journal("result:read")]
    me = house.actors["near"].label
    assert read == [(me, "CS-5", sorted(house.sessions[:2])), (me, "CS-5", [house.sessions[1]])]


@pytest.mark.parametrize("who", ["near", "school"])
def test_departments_and_schools_neither_freeze_nor_sign_nor_release(
    house: House, office: Callable[[str], FlaskClient], who: str
) -> None:
    page = f"/office/lists/{a_released_list(house)}"
    post(office(who), f"/office/sittings/{house.sitting}/lists", 403, because="Because.")
    post(office(who), page + "/release", 403)
    assert "nothing more is signed" in post(office(who), page + "/sign", 422, pin=PIN).text
    if who == "school":
        post(office(who), page + "/receipt", 404, pin=PIN)


def test_candidates_print_their_own_row_once_it_is_released(house: House, client_as: ClientAs) -> None:
    def own(n: int) -> FlaskClient:
        return client_as(Role.CANDIDATE, id=house.sessions[n])

    for paper in ("extract", "notice"):
        get(own(0), f"/exam/result/{paper}", 404)
    a_released_list(house)
    for paper in ("extract", "notice"):
        assert get(own(0), f"/exam/result/{paper}?lang=ru").data.startswith(b"%PDF")
    read = [(line.actor, json.loads(line.facts)["sessions"]) for line in house.journal("result:read")]
    assert read == [(f"candidate:{house.sessions[0]}", [house.sessions[0]])] * 2


def test_no_link_of_a_sitting_whose_results_show_at_once_leads_a_department_nowhere(
    platform: Platform, client_as: ClientAs
) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"], is_released_at_once=True)
        session_id = finished_session(work, sitting)
        grading.grade_session(work, session_id)
        who = a_department_over(work, delivery.session_ref(work, session_id).centre_id).actor
    client = client_as(Role.OFFICE, id=who.id, organisation_id=who.organisation_id)
    page = get(client, f"/office/sittings/{sitting.id}").text
    found = set(re.findall(rf'href="(/office/sittings/{sitting.id}/[a-z]+)"', page))
    assert len(found) > 3
    for each in found:
        get(client, each)
