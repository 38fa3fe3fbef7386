"""The marker's pages and the office's: by code alone, whatever is asked; the points of one are not told to another."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server import accounts, candidates, delivery
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import forms
from server.delivery.masking import MASK
from server.delivery.models import ExamSession
from server.jobs.worker import work_off
from server.marking import marks_of, opening
from server.marking.models import Allotment, Mark, UnmarkedSession, WrittenWork
from tests.factories import delivery as make
from tests.factories.grading import alter_response
from tests.factories.marking import SUBJECT, a_marker, a_world, office_of

ClientAs = Callable[..., FlaskClient]
Browser = Callable[..., FlaskClient]


@dataclass(frozen=True)
class House:
    """A sitting being marked, and who acts there."""

    platform: Platform
    client_as: ClientAs
    sitting_id: int
    session_ids: tuple[int, ...]
    markers: tuple[int, ...]
    office: tuple[int, int]

    def marker(self, staff_id: int, language: str = "en") -> FlaskClient:
        client = self.client_as(Role.STAFF, Role.MARKER, id=staff_id)
        client.set_cookie("synak_lang", language)
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        return client

    def at_office(self, language: str = "en") -> FlaskClient:
        client = self.client_as(Role.STAFF, Role.OFFICE, id=self.office[0], organisation_id=self.office[1])
        client.set_cookie("synak_lang", language)
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        return client

    def works_of(self, staff_id: int) -> list[str]:
        with open_reading(self.platform, SYSTEM) as work:
            query = select(WrittenWork.ref).join(Allotment, Allotment.work_id == WrittenWork.id)
            return list(
                work.db.scalars(query.where(Allotment.staff_id == staff_id).order_by(WrittenWork.ref))
            )

    def holders(self) -> dict[str, list[int]]:
        """The name of each work on pages, with the markers it was drawn for in the order of their turns."""
        found: dict[str, list[int]] = {}
        with open_reading(self.platform, SYSTEM) as work:
            query = select(WrittenWork.ref, Allotment.staff_id).join(
                Allotment, Allotment.work_id == WrittenWork.id
            )
            for ref, staff_id in work.db.execute(query.order_by(WrittenWork.ref, Allotment.turn)):
                found.setdefault(ref, []).append(staff_id)
        return found

    def secrets(self) -> set[str]:
        """Every word by which somebody could tell who wrote a work."""
        found: set[str] = set()
        with open_reading(self.platform, SYSTEM) as work:
            for ref in delivery.session_refs(work, self.session_ids):
                (who,) = candidates.registrations(work, [ref.registration_id])
                centre = accounts.organisation_of(work, ref.centre_id)
                found |= {ref.registration_no, ref.form_no, *ref.name.split(), who.school, centre.code}
                found |= {str(name) for name in centre.names.values()} | ({ref.seat} if ref.seat else set())
        return found

    @property
    def path(self) -> str:
        return f"/office/sittings/{self.sitting_id}/marking"


@pytest.fixture
def house(platform: Platform, client_as: ClientAs) -> House:
    with open_work(platform, SYSTEM) as work:
        world = a_world(work, n_sessions=3, n_written=2)
        who = world.office.actor
        assert who.id is not None
        assert who.organisation_id is not None
        office = (who.id, who.organisation_id)
    return House(platform, client_as, world.sitting.id, world.session_ids, world.markers, office)


def said(reply: TestResponse) -> str:
    """All that leaves the server: status line, headers, body."""
    return f"{reply.status} {reply.headers} {reply.get_data(as_text=True)}"


def key_in(page: str) -> str:
    return re.findall(r'name="key" value="([^"]+)"', page)[0]


def test_a_marker_marks_one_work_after_the_other_until_none_is_left(house: House) -> None:
    me = house.markers[0]
    client, left = house.marker(me), len(house.works_of(me))
    desk = client.get("/marking").text
    assert f"{left} works wait for your mark." in desk
    codes = []
    for n in range(left):
        there = client.get("/marking/next")
        page = client.get(there.headers["Location"]).text
        assert f"{n} marked, {left - n} left" in page
        assert "Secret rubric of" in page
        assert "Менин айылым тоодо." in page
        codes += re.findall(r"W-\w{4}-\w{4}", page)[:1]
        body = {"key": key_in(page), "points": "7", "note": ""}
        reply = client.post(there.headers["Location"], data=body)
        assert (reply.status_code, reply.headers["Location"]) == (303, "/marking/next")
    assert client.get("/marking/next").headers["Location"] == "/marking"
    desk = client.get("/marking").text
    assert "You have marked every work that was drawn for you." in desk
    assert set(codes) >= set(re.findall(r"W-\w{4}-\w{4}", desk))


def test_cs_14_2_nothing_that_leaves_for_a_marker_tells_who_wrote_it(house: House) -> None:
    secrets = house.secrets()
    assert len(secrets) > 10
    me = house.markers[0]
    client, mine = house.marker(me), house.works_of(me)
    theirs = next(ref for ref, who in house.holders().items() if me not in who)
    bad = {"key": str(uuid4()), "points": "99", "replaces": "5"}
    replies = [
        client.get("/marking"), client.get("/marking/next"), *(client.get(f"/marking/works/{ref}") for ref in mine),
        client.get(f"/marking/works/{theirs}"), client.post(f"/marking/works/{theirs}", data=bad),
        client.post(f"/marking/works/{mine[0]}", data=bad), client.post(f"/marking/works/{mine[0]}", data={}),
        client.post(f"/marking/works/{mine[0]}", json=bad), client.get("/marking/works/none"),
        client.get(f"/marking/works/{mine[0]}/figures/{'0' * 64}"),
        client.post(f"/marking/works/{mine[0]}/give-back", data={"reason": "bored"}),
        client.post(f"/marking/works/{mine[0]}", json={"key": str(uuid4()), "points": 3}),
        client.post(f"/marking/works/{mine[1]}/give-back", data={"reason": "knows_writer"}),
        client.get(f"/marking/works/{mine[1]}"), client.get("/marking"),
    ]  # fmt: skip
    assert [reply.status_code for reply in replies if reply.status_code >= 500] == []
    for reply in replies:
        found = [word for word in secrets if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said(reply))]
        assert found == [], (reply.request.path, found)
        assert not re.search(r"session[_:/]\d|registration|/office/|candidate_id", said(reply)), (
            reply.request.path
        )


def test_cs_14_2_who_signs_their_own_work_is_covered(
    platform: Platform, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = "Урматтуу мугалим! Үсөнова Айгүлдүн иши, № 61 мектеп.\nМенин айылым тоодо."
    monkeypatch.setattr(make, "TEXT", signed)
    with open_work(platform, SYSTEM) as work:
        world = a_world(work, n_sessions=1)
    house = House(platform, client_as, world.sitting.id, world.session_ids, world.markers, (0, 0))
    ((ref, (me, _other)),) = house.holders().items()
    page = house.marker(me).get(f"/marking/works/{ref}")
    assert f"Урматтуу мугалим! {MASK} {MASK} иши, {MASK}.\nМенин айылым тоодо." in page.text
    assert "11 words" in page.text  # as many as were written
    assert "Covered is what would tell who wrote it." in page.text


def test_a_marker_reads_no_work_of_another_and_never_the_others_marks(house: House) -> None:
    shared, (one, other) = next(iter(house.holders().items()))
    page = house.marker(one).get(f"/marking/works/{shared}").text
    assert (
        house.marker(one)
        .post(f"/marking/works/{shared}", data={"key": key_in(page), "points": "9", "note": "Тыянагы жок"})
        .status_code
        == 303
    )
    seen = house.marker(other).get(f"/marking/works/{shared}").text
    assert "Тыянагы жок" not in seen
    assert "checked" not in seen
    for staff_id in set(house.markers) - {one, other}:
        assert house.marker(staff_id).get(f"/marking/works/{shared}").status_code == 404


def test_a_script_sends_a_mark_twice_and_it_counts_once(house: House) -> None:
    me = house.markers[0]
    client, ref = house.marker(me), house.works_of(me)[0]
    body = {"key": str(uuid4()), "points": 8, "note": "", "spent_ms": 5200, "replaces": None}
    for _ in range(2):
        reply = client.post(f"/marking/works/{ref}", json=body)
        assert (reply.status_code, reply.get_json()) == (200, {"next": "/marking/next"})
    with open_reading(house.platform, SYSTEM) as work:
        assert [(row.points, row.spent_ms) for row in work.db.scalars(select(Mark))] == [("8", 5200)]
    other = {**body, "key": str(uuid4())}
    again = client.post(f"/marking/works/{ref}", json=other, headers={"Accept": "application/json"})
    assert (again.status_code, again.get_json()["error"]["code"]) == (409, "work_marked_already")


def test_a_slip_is_corrected_from_the_desk(house: House) -> None:
    me = house.markers[0]
    client, ref = house.marker(me), house.works_of(me)[0]
    client.post(f"/marking/works/{ref}", json={"key": str(uuid4()), "points": 1, "note": "Жок"})
    assert f'href="/marking/works/{ref}"' in client.get("/marking").text
    page = client.get(f"/marking/works/{ref}").text
    assert "Correct the mark" in page
    assert "Жок" in page
    replaces = re.findall(r'name="replaces" value="(\d+)"', page)[0]
    body = {"key": key_in(page), "points": "10", "replaces": replaces}
    assert client.post(f"/marking/works/{ref}", data=body).status_code == 303
    desk = client.get("/marking").text
    assert "10 of 10" in desk
    assert "1 of 10" not in desk.replace("10 of 10", "")


def test_dc_7_opening_work_and_item_is_journalled_once(house: House) -> None:
    me = house.markers[0]
    client, ref = house.marker(me), house.works_of(me)[0]
    for _ in range(2):
        client.get(f"/marking/works/{ref}")
    with open_reading(house.platform, SYSTEM) as work:
        rows = work.db.scalars(select(JournalEntry).where(JournalEntry.actor == f"staff:{me}")).all()
        assert sorted(row.act for row in rows) == ["item_opened", "work:opened"]
        opened = next(row for row in rows if row.act == "item_opened")
        assert json.loads(opened.facts)["purpose"] == "marking"


def test_the_office_opens_calls_and_sees_how_it_goes(platform: Platform, client_as: ClientAs) -> None:
    with open_work(platform, SYSTEM) as work:
        world = a_world(work, n_sessions=4, is_open=False)
        alter_response(work, world.session_ids[0], spent_ms=3)
        who = world.office.actor
    house = House(platform, client_as, world.sitting.id, world.session_ids, world.markers,
                  (who.id or 0, who.organisation_id or 0))  # fmt: skip
    client = house.at_office()
    assert "What each task is worth" in client.get(house.path).text
    with open_reading(platform, SYSTEM) as work:
        (task,) = opening.written_tasks(work, delivery.sitting_ref(work, house.sitting_id))
    field = f"maximum:{task.item_version_id}"
    for wrong in ("0", "21", "x"):
        assert client.post(house.path, data={field: wrong}).status_code == 422, wrong
    assert client.post(house.path, data={field: "5"}).status_code == 303
    assert "Sealed work is being taken in" in client.get(house.path).text
    assert work_off(platform) is not None
    page = client.get(house.path).text
    assert "Nobody marks yet." in page
    assert "3 works: nobody who is called may mark them." in page
    assert "Sessions that are not marked" in page
    assert client.post(house.path + "/markers", data={"marker": ""}).status_code == 422
    for marker in house.markers:
        body = {"marker": str(marker), "subject": [SUBJECT], "language": ["ky", "ru"]}
        assert client.post(house.path + "/markers", data=body).status_code == 303
    page = client.get(house.path).text
    assert "nobody who is called may mark" not in page
    _all_marked(house, [(5, 5), (5, 4), (0, 5)])
    client = house.at_office()
    page = client.get(house.path).text
    assert "2 of 3" in page
    assert "Works whose marks were too far apart" in page
    assert page.count("<svg") == 2
    released = client.post(f"{house.path}/markers/{house.markers[0]}/release")
    assert released.status_code == 303
    assert "released from marking" in client.get(house.path).text
    assert client.post(house.path + "/intake").status_code == 303
    with open_reading(platform, SYSTEM) as work:
        assert len(list(work.db.scalars(select(UnmarkedSession)))) == 1


def test_who_was_released_is_told_so_and_opens_no_work(house: House) -> None:
    me = house.markers[0]
    page, client = f"/marking/works/{house.works_of(me)[0]}", house.marker(me)
    body = {"key": key_in(client.get(page).text), "points": "7", "note": ""}
    assert client.post(page, data=body).status_code == 303
    assert "Correct the mark" in client.get("/marking").text
    assert house.at_office().post(f"{house.path}/markers/{me}/release").status_code == 303
    client = house.marker(me)
    assert "Correct the mark" not in client.get("/marking").text
    for reply in (client.get(page), client.post(page, data={**body, "points": "0"})):
        assert reply.status_code == 409
        assert "You were released from this marking." in reply.text
        assert "Secret rubric of" not in reply.text


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_pages_are_whole_in_every_language(house: House, language: str) -> None:
    me = house.markers[0]
    for reply in (house.at_office(language).get(house.path), house.marker(me, language).get("/marking"),
                  house.marker(me, language).get(f"/marking/works/{house.works_of(me)[0]}")):  # fmt: skip
        assert reply.status_code == 200
        assert f'<html lang="{language}"' in reply.text
        assert "%(" not in reply.text


def test_no_office_but_that_of_the_country_runs_a_marking(house: House) -> None:
    with open_work(house.platform, SYSTEM) as work:
        centre = delivery.session_ref(work, house.session_ids[0]).centre_id
        department = accounts.organisation_of(work, centre).parent_id or centre
    client = house.client_as(Role.OFFICE, id=house.office[0], organisation_id=department)
    assert client.get(house.path).status_code == 403
    for path in ("", "/intake", "/markers", f"/markers/{house.markers[0]}/release"):
        assert client.post(house.path + path).status_code == 403


def test_a_sitting_without_written_work_says_so(platform: Platform, client_as: ClientAs) -> None:
    with open_work(platform, SYSTEM) as work:
        pool_id = make.a_pool(work, make.load_edition("kg-distinction", "2013"), SUBJECT)
        sitting = make.a_sitting(work, pools={SUBJECT: pool_id})
        who = office_of(work).actor
        marker = a_marker(work)
    house = House(platform, client_as, sitting.id, (), (marker,), (who.id or 0, who.organisation_id or 0))
    assert "there is nothing to mark" in house.at_office().get(house.path).text
    assert "No work was drawn for you yet." in house.marker(marker).get("/marking").text


def _all_marked(house: House, points: list[tuple[int, int]]) -> None:
    with open_reading(house.platform, SYSTEM) as work:
        works = list(work.db.scalars(select(WrittenWork).order_by(WrittenWork.id)))
        turns = {(row.work_id, row.turn): row.staff_id for row in work.db.scalars(select(Allotment))}
    for written, both in zip(works, points, strict=True):
        for turn, given in enumerate(both, start=1):
            client = house.marker(turns[written.id, turn])
            body = {"key": str(uuid4()), "points": given, "spent_ms": 4000}
            assert client.post(f"/marking/works/{written.ref}", json=body).status_code == 200
    with open_reading(house.platform, SYSTEM) as work:
        assert len(marks_of(work, house.session_ids)) == 2
        rows = work.db.scalars(select(ExamSession).where(ExamSession.id.in_(house.session_ids)))
        assert len({forms.work_code(work.vault, row.place) for row in rows}) == len(house.session_ids)
