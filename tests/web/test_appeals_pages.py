"""Pages of appeals by those who use them: a candidate and a department file, the commission judges by code, the office
issues the list. Nothing the commission is sent names a candidate, a school or a seat (CS-14.2)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from server import candidates, delivery
from server.appeals import listing
from server.appeals.models import Appeal, AppealHearing, AppealMotion
from server.core.db import Base
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery.models import ExamSession
from tests.databases import counted
from tests.factories.accounts import PIN
from tests.factories.appeals import Chamber, a_chamber
from tests.factories.results import an_office
from tests.web.conftest import HTML

ClientAs = Callable[..., FlaskClient]


@dataclass
class Court:
    """A chamber whose world is committed, and clients of its people."""

    platform: Platform
    client_as: ClientAs
    chamber: Chamber

    def of(self, by: Work, role: Role) -> FlaskClient:
        return self._client(role, id=by.actor.id, organisation_id=by.actor.organisation_id)

    def member(self, n: int) -> FlaskClient:
        return self.of(self.chamber.members[n], Role.APPEALS)

    def candidate(self, n: int = 0) -> FlaskClient:
        session_id = self.chamber.sessions[n]
        with self.platform.database.reading() as db:
            lease = db.get_one(ExamSession, session_id).lease
        return self._client(Role.CANDIDATE, id=session_id, lease=lease)

    def _client(self, role: Role, **who: int | None) -> FlaskClient:
        client = self.client_as(role, **who)
        client.set_cookie("synak_lang", "en")
        client.environ_base["HTTP_ACCEPT"] = HTML
        return client

    def last(self, model: type[Base]) -> int:
        with self.platform.database.reading() as db:
            return max(db.scalars(select(model.__table__.c.id)))

    def case(self) -> Appeal:
        with self.platform.database.reading() as db:
            return db.get_one(Appeal, self.last(Appeal))

    def secrets(self) -> set[str]:
        """What no page of the commission may say."""
        with open_reading(self.platform, SYSTEM) as work:
            refs = delivery.session_refs(work, self.chamber.sessions)
            people = candidates.registrations(work, [each.registration_id for each in refs])
        found = {word for who in people for word in who.name.split() if len(word) > 3}
        return found | {who.school for who in people} | {who.registration_no for who in people}


def done(reply: TestResponse) -> str:
    """Where a command that was obeyed leads."""
    assert reply.status_code == 303, reply.text
    return reply.headers["Location"].partition("?")[0].partition("#")[0]


@pytest.fixture
def court(platform: Platform, client_as: ClientAs) -> Court:
    with open_work(platform, SYSTEM) as work:
        chamber = a_chamber(work)
    return Court(platform, client_as, chamber)


def filed(court: Court, words: str = "My answer to task 3 is right") -> str:
    """The candidate's own appeal; the commission's address of it."""
    form = {"subject": "history", "ground": "points_awarded", "tasks": "3", "words": words}
    done(court.candidate().post("/exam/appeal", data=form))
    return f"/appeals/{court.last(Appeal)}"


def heard(court: Court, path: str) -> None:
    """The case is admitted and before an open hearing with everybody there."""
    done(court.member(2).post(f"{path}/admit", data={"revision": court.case().revision}))
    form = {"programme_id": court.chamber.sitting.programme_id, "day": "2026-05-13", "hour": "10:00", "place": "Room 3"}
    hearing = done(court.member(2).post("/appeals/hearings", data=form))
    assert hearing == f"/appeals/hearings/{court.last(AppealHearing)}"
    done(court.member(2).post(f"{hearing}/agenda", data={"case": path.rpartition("/")[2]}))
    for n in range(6):
        done(court.member(n).post(f"{hearing}/presence"))


def decided(court: Court, path: str, outcome: str = "unchanged") -> None:
    """Three members vote for it, and the chair and two members sign."""
    form = {"task": "3", "outcome_3": outcome, "reason": "As the instructions say", "revision": court.case().revision}
    done(court.member(2).post(f"{path}/motion", data=form))
    for n in (0, 3, 4):
        done(court.member(n).post(f"{path}/vote", data={"motion_id": court.last(AppealMotion), "choice": "for"}))
    done(court.member(2).post(f"{path}/protocol"))
    shown = court.member(0).get(path).text.split('name="digest" value="')[1][:64]
    for n in (0, 3, 4):
        signer = {"staff_id": court.chamber.members[n].actor.id, "pin": PIN, "digest": shown}
        done(court.member(0).post(f"{path}/sign", data=signer))


def test_from_the_candidates_form_to_the_notice_and_the_sealed_list(court: Court) -> None:
    path = filed(court)
    heard(court, path)
    decided(court, path)
    assert "Tell the appellant" in court.member(2).get(path).text
    assert "decided" in court.candidate().get("/exam/appeal").text
    done(court.member(2).post(f"{path}/tell"))
    assert "The result has not changed." in court.candidate().get("/exam/appeal").text
    number = path.rpartition("/")[2]
    assert court.candidate().get(f"/exam/appeal/{number}/notice.pdf").data.startswith(b"%PDF")
    department = court.of(court.chamber.department, Role.OFFICE)
    assert department.get(f"/office/appeals/{number}/notice.pdf").data.startswith(b"%PDF")
    office = court.of(court.chamber.office, Role.OFFICE)
    sitting = f"/office/appeals/sittings/{court.chamber.sitting.id}"
    done(office.post(f"{sitting}/list"))
    assert office.get(f"{sitting}/list.pdf").data == office.get(f"{sitting}/list.pdf").data
    assert court.case().state == "closed"
    done(court.of(court.chamber.department, Role.OFFICE).post(f"/office/appeals/{number}/hand-over"))


def test_DC_25_the_appellant_and_the_department_are_told_day_hour_and_place_of_the_hearing(court: Court) -> None:
    path = filed(court)
    number = path.rpartition("/")[2]

    def department() -> FlaskClient:
        return court.of(court.chamber.department, Role.OFFICE)

    done(court.member(2).post(f"{path}/admit", data={"revision": court.case().revision}))
    assert department().get(f"/office/appeals/{number}/notice.pdf").status_code == 404, "nothing is known yet"
    form = {"programme_id": court.chamber.sitting.programme_id, "day": "13.05.2026", "hour": "10:00", "place": "Room 3"}
    hearing = done(court.member(2).post("/appeals/hearings", data=form))
    done(court.member(2).post(f"{hearing}/agenda", data={"case": number}))
    assert "The commission hears it on 13 May 2026, 10:00: Room 3." in court.candidate().get("/exam/appeal").text
    assert "hearing on 13 May, 10:00, Room 3" in department().get("/office/appeals").text
    assert re.search(r"by \d+ May", court.member(2).get(hearing).text), "by when it must be decided (DC-28.terms)"
    for who, address in ((court.candidate, "/exam/appeal"), (department, "/office/appeals")):
        text = text_of(who().get(f"{address}/{number}/notice.pdf?lang=ru").data)
        assert "Уведомление о заседании" in text
        assert "13 мая 2026, 10:00" in text
        assert "Room 3" in text
    for n in range(6):
        done(court.member(n).post(f"{hearing}/presence"))
    decided(court, path)
    done(court.member(2).post(f"{path}/tell"))
    assert "hears it on" not in court.candidate().get("/exam/appeal").text
    text = text_of(department().get(f"/office/appeals/{number}/notice.pdf?lang=ru").data)
    assert ("Уведомление о заседании" in text, "Room 3" in text) == (False, True)


def text_of(pdf: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_CS_14_2_nothing_the_commission_is_sent_names_anybody(court: Court) -> None:
    path = filed(court, words="; ".join(court.secrets()))
    heard(court, path)
    pages = ["/appeals", "/appeals/interests", path, f"/appeals/hearings/{court.last(AppealHearing)}", f"{path}/file"]
    decided(court, path, "item_struck")
    for page in pages:
        reply = court.member(0).get(page)
        assert reply.status_code == 200, page
        said = reply.text.casefold()
        assert not [secret for secret in court.secrets() if secret.casefold() in said], page
    assert court.member(0).get(f"{path}/protocol.pdf?lang=ru").data.startswith(b"%PDF")


@pytest.mark.parametrize(("wrong", "place"), [
    ({"day": "31.02.2026"}, "day"), ({"day": "01.01.0001"}, "day"), ({"hour": "24:00"}, "hour"),
    ({"place": " "}, "place"),
])  # fmt: skip
def test_DC_25_a_hearing_is_called_for_a_day_and_an_hour_as_people_write_them(
    court: Court, wrong: dict[str, str], place: str
) -> None:
    form = {"programme_id": court.chamber.sitting.programme_id, "day": "13.5.2026", "hour": "9:30", "place": "Room 3"}
    reply = court.member(2).post("/appeals/hearings", data=form | wrong)
    assert reply.status_code == 422
    assert f'href="#{place}"' in reply.text
    assert [f'id="{each}-error"' in reply.text for each in ("day", "hour", "place")] == [
        each == place for each in ("day", "hour", "place")
    ]
    assert all(f'value="{text}"' in reply.text for text in wrong.values() if text.strip())
    hearing = done(court.member(2).post("/appeals/hearings", data=form))
    assert "13 May 2026, 09:30" in court.member(0).get(hearing).text


def test_who_sits_not_in_the_commission_reads_nothing(court: Court) -> None:
    path = filed(court)
    stranger = court.of(court.chamber.office, Role.APPEALS)
    for page in (path, f"{path}/protocol.pdf", f"{path}/file"):
        assert stranger.get(page).status_code == 403
    assert court.case().state == "filed"
    assert stranger.post(f"{path}/admit", data={"revision": 1}).status_code == 403
    assert "You are in no appeals commission yet" in stranger.get("/appeals").text


def test_DC_24_the_case_is_closed_to_who_stands_aside(court: Court) -> None:
    path = filed(court)
    done(court.member(4).post(f"{path}/interest", data={"interest": "teacher"}))
    assert court.member(4).get(path).status_code == 403
    assert court.member(4).get(f"{path}/file").status_code == 403
    assert "You stand aside" in court.member(4).get("/appeals").text
    # Why would tell of the candidate, whom somebody from their school or room knows (CS-14.2).
    asked = ((4, "/appeals"), (4, path), (0, "/appeals"), (0, path))
    said = [court.member(member).get(page).text.count("Teacher of the candidate") for member, page in asked]
    assert said == [0, 0, 0, 1]  # the last in the form by which others stand aside
    form = {"kind": "school", "target": "Another school", "interest": "relative"}
    done(court.member(3).post("/appeals/interests", data=form))
    assert "Another school: Relative" in court.member(3).get("/appeals/interests").text
    reply = court.member(3).post("/appeals/interests", data=form | {"kind": "number", "target": "12"})
    assert (reply.status_code, "12 is no registration number" in reply.text) == (422, True)


def test_DC_25_a_candidate_sees_and_withdraws_only_their_own(court: Court) -> None:
    path = filed(court)
    number = path.rpartition("/")[2]
    assert court.candidate(1).post(f"/exam/appeal/{number}/withdraw").status_code == 404
    assert court.candidate(1).get(f"/exam/appeal/{number}/notice.pdf").status_code == 404
    assert court.candidate(0).get(f"/exam/appeal/{number}/notice.pdf").status_code == 404
    again = court.candidate().post("/exam/appeal", data={"subject": "history", "ground": "procedure"})
    assert (again.status_code, "filed already" in again.text) == (422, True)
    done(court.candidate().post(f"/exam/appeal/{number}/withdraw"))
    assert court.case().state == "withdrawn"


def test_DC_25_a_department_files_a_list_and_reads_what_became_of_each(court: Court) -> None:
    department = court.of(court.chamber.department, Role.OFFICE)
    with open_reading(court.platform, SYSTEM) as work:
        known = [delivery.session_ref(work, each).registration_no for each in court.chamber.sessions]
    form = {"numbers": f"{known[0]} 3\n{known[1]}\n26-1", "subject": "history", "ground": "answers_recorded"}
    said = department.post("/office/appeals", data=form).text
    assert said.count("not filed") == 1
    assert known[0] in department.get("/office/appeals").text
    number = court.last(Appeal)
    done(department.post(f"/office/appeals/{number}/withdraw"))
    assert court.case().state == "withdrawn"


def test_CS_5_another_department_reads_no_case_by_any_address(court: Court, platform: Platform) -> None:
    number = filed(court).rpartition("/")[2]
    with open_work(platform, SYSTEM) as work:
        other = a_chamber(work, 1)
        known = delivery.session_ref(work, court.chamber.sessions[0]).registration_no
    stranger = court.of(other.department, Role.OFFICE)
    page = stranger.get("/office/appeals")
    assert (page.status_code, known in page.text) == (200, False)
    for verb, address in (("get", "notice.pdf"), ("post", "withdraw"), ("post", "hand-over")):
        assert getattr(stranger, verb)(f"/office/appeals/{number}/{address}").status_code == 404
    for verb, address in (("get", "list.pdf"), ("post", "list")):
        sitting = f"/office/appeals/sittings/{court.chamber.sitting.id}"
        assert getattr(stranger, verb)(f"{sitting}/{address}").status_code == 403
    assert stranger.get("/office/appeals/commission").status_code == 403


def test_DC_24_the_ministry_names_the_commission(court: Court, platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        office = court.of(an_office(work, "ministry"), Role.OFFICE)
    programme = court.chamber.sitting.programme_id
    path = f"/office/appeals/commission?programme={programme}"
    assert "Member 0" in office.get(path).text
    ids = [each.actor.id for each in court.chamber.members]
    roles = ("chair", "deputy_chair", "secretary", "member", "member", "member")
    bodies = ("ministry", "ntc", "methodological_commission")
    form = {"programme": programme, "order_no": "19", "ordered_on": "2026-05-01", "member": ids}
    form |= {f"role_{id_}": roles[n] for n, id_ in enumerate(ids)}
    form |= {f"body_{id_}": bodies[n % 3] for n, id_ in enumerate(ids)}
    done(office.post("/office/appeals/commission", data=form))
    assert "Order 19" in office.get(path).text
    reply = office.post("/office/appeals/commission", data=form | {f"role_{ids[0]}": "member"})
    assert (reply.status_code, "The commission is not complete" in reply.text) == (422, True)
    for day in ("tomorrow", "31.12.2099"):
        reply = office.post("/office/appeals/commission", data=form | {"ordered_on": day})
        assert (reply.status_code, f'value="{day}"' in reply.text) == (422, True)
        assert 'id="ordered_on-error"' in reply.text
    centre = court.of(court.chamber.office, Role.OFFICE)
    assert "Order 19" in centre.get(path).text
    assert "Name it by an order" not in centre.get(path).text
    reply = centre.post("/office/appeals/commission", data=form | {"order_no": "20"})
    assert (reply.status_code, "approved by the ministry" in reply.text) == (422, True)


def test_CS_5_every_reading_of_a_case_stands_in_the_journal(court: Court, platform: Platform) -> None:
    path = filed(court)
    court.member(1).get(path)
    court.of(court.chamber.department, Role.OFFICE).get("/office/appeals")
    court.candidate().get("/exam/appeal")
    with platform.database.reading() as db:
        lines = {(row.act, row.actor) for row in db.scalars(select(JournalEntry).where(JournalEntry.clause == "CS-5"))}
    member, department = court.chamber.members[1].actor.label, court.chamber.department.actor.label
    wanted = {("result:read", member), ("results:read", department),
              ("result:read", f"candidate:{court.chamber.sessions[0]}")}  # fmt: skip
    assert wanted <= lines


def test_cases_stand_on_pages_the_nearest_deadline_first_and_the_links_keep_what_was_asked(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 1)
    first = filed(court)
    done(court.candidate(1).post("/exam/appeal", data={"subject": "history", "ground": "points_awarded"}))
    second = f"/appeals/{court.last(Appeal)}"
    done(court.member(2).post(f"{second}/admit", data={"revision": court.case().revision}))
    secretary = court.member(2)
    page = secretary.get("/appeals").text
    assert (f'href="{first}"' in page, f'href="{second}"' in page) == (True, False), "to admit is due before to decide"
    assert 'aria-current="page">Waiting for you (2)</a>' in page
    assert 'rel="next" href="/appeals?show=mine&amp;page=2"' in page
    assert f'href="{second}"' in secretary.get("/appeals?show=mine&page=2").text
    assert "Page 2 of 2" in secretary.get("/appeals?show=open&page=99").text
    chair = court.member(3).get("/appeals").text
    assert 'aria-current="page">Open cases (2)</a>' in chair
    number = second.rpartition("/")[2].zfill(5)
    department = court.of(court.chamber.department, Role.OFFICE)
    assert 'rel="next" href="/office/appeals?show=open&amp;page=2"' in department.get("/office/appeals").text
    found = department.get(f"/office/appeals?q=a-{number}").text
    assert (f"A-{number}" in found, "Page 1 of" in found, "Open cases (1)" in found) == (True, False, True)
    assert "No case is like that." in department.get("/office/appeals?q=A-99999").text
    assert "No case is here now." in department.get("/office/appeals?show=over").text


def test_a_list_of_cases_costs_no_more_queries_than_one_case(court: Court) -> None:
    def asked(client: FlaskClient, path: str) -> int:
        with counted(court.platform) as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    def of_both() -> tuple[int, int]:
        department = court.chamber.department
        return asked(court.member(2), "/appeals"), asked(court.of(department, Role.OFFICE), "/office/appeals")

    filed(court)
    alone = of_both()
    done(court.candidate(1).post("/exam/appeal", data={"subject": "history", "ground": "points_awarded"}))
    assert of_both() == alone
