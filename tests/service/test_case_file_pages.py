"""The pages of the case file: what a member reads, what is journalled, and what nobody learns from them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from itembank import NewItem
from itembank.items.figures import NewFigure
from itembank.items.sound import NewRecording
from server import candidates, delivery
from server.appeals.models import Appeal
from server.appeals.words import instructions
from server.core.i18n import speaking
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from tests.factories.appeals import a_chamber
from tests.factories.delivery import Answers, wrong
from tests.factories.grading import alter_order, alter_response, alter_step, alter_version
from tests.factories.itembank import new_item
from tests.unit.test_sound import wav

HTML = "text/html"
NAMED = 2  # the task that the appeal names


@dataclass(frozen=True)
class Court:
    """A case that is admitted, its members by their seats, and the words that none of them may read."""

    appeal_id: int
    session_id: int
    members: tuple[tuple[int, int], ...]
    names: tuple[str, ...]
    open_as: Callable[..., FlaskClient]

    def member(self, at: int = 3) -> FlaskClient:
        staff_id, place = self.members[at]
        client = self.open_as(Role.APPEALS, id=staff_id, organisation_id=place)
        client.environ_base["HTTP_ACCEPT"] = HTML
        client.set_cookie("synak_lang", "en")
        return client

    def get(self, path: str = "", status: int = 200, at: int = 3) -> str:
        reply = self.member(at).get(f"/appeals/{self.appeal_id}/file{path}")
        text = reply.data.decode(errors="replace")  # some are files
        assert reply.status_code == status, text
        return text

    def paper(self, language: str = "en") -> bytes:
        reply = self.member().post(f"/appeals/{self.appeal_id}/file/paper", data={"lang": language})
        assert reply.status_code == 200, reply.text
        return reply.data


def blank_fourth(_subject: str, seq: int) -> bool | str:
    return "blank" if seq == 4 else seq % 2 == 1


def a_court(platform: Platform, client_as: Any, answers: Answers = blank_fourth, **sitting: object) -> Court:
    """A case of one candidate who left the fourth task blank; the sixth member has an interest in it."""
    with open_work(platform, SYSTEM) as work:
        chamber = a_chamber(work, 1, answers, is_released_at_once=True, **sitting)
        (session_id,) = chamber.sessions
        appeal_id = chamber.admitted(session_id, NAMED)
        session = delivery.session_ref(work, session_id)
        (who,) = candidates.registrations(work, [session.registration_id])
        chamber.stand_aside(chamber.members[5], appeal_id)
        names = (*session.name.split(), who.registration_no, who.school, session.form_no)
        members = tuple((each.actor.id or 0, each.actor.organisation_id or 0) for each in chamber.members)
    return Court(appeal_id, session_id, members, tuple(each for each in names if each), client_as)


@pytest.fixture
def court(platform: Platform, client_as: Any) -> Court:
    return a_court(platform, client_as)


@pytest.fixture
def pictured(platform: Platform, client_as: Any) -> Court:
    """The same, where every item has a figure and a recording."""
    with mock.patch("tests.factories.delivery.new_item", figured):
        return a_court(platform, client_as)


def figured(code: str, languages: tuple[str, ...], **changes: Any) -> NewItem:
    plain = new_item(code, languages, **changes)
    data = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{code}</text></svg>'.encode()
    texts = {
        language: replace(
            one, stem=f"{one.stem}\n\n![map]", figures={"map": NewFigure(data, f"a map of {code}")},
            recording=NewRecording(wav(), f"A talk on {code}", f"What is said of {code}"),
        )
        for language, one in plain.texts.items()
    }  # fmt: skip
    return replace(plain, texts=texts)


def journal(platform: Platform, act: str) -> list[JournalEntry]:
    with platform.database.reading() as db:
        return list(db.execute(select(JournalEntry).where(JournalEntry.act == act)).scalars())


def test_the_file_says_that_all_comes_out_equal_and_shows_every_task(court: Court) -> None:
    page = court.get()
    assert "equal to the bit" in page
    assert "not equal" not in page
    assert page.count("<svg") == 1
    assert [int(seq) for seq in re.findall(r'scope="row".*?/file/(\d+)"', page)] == [1, 2, 3, 4, 5, 6]
    assert "W-" in page
    assert "named in the appeal" in page
    for clause in ("DC-26", "DC-27", "CS-14.2", "DC-7"):
        assert clause in page


def test_an_ability_below_the_middle_has_a_minus_and_no_hyphen(platform: Platform, client_as: Any) -> None:
    court = a_court(platform, client_as, wrong)
    for page in (court.get(), court.get("/6")):
        assert re.search(r">−\d\.\d\d&nbsp;±", page)
        assert not re.search(r"[>\s]-\d", re.sub(r"<(style|script|svg).*?</\1>", "", page, flags=re.S))
    assert not re.search(r"\s-\d", text_of(court.paper()))


def test_a_task_is_shown_with_answer_key_reason_and_the_way_to_its_neighbours(court: Court) -> None:
    page = court.get(f"/{NAMED}")
    for words in ("Stem of", "chosen", "right by the key", "Why the engine gave this task", "Tasks in the pool",
                  "The blueprint still lacked", "equal to the bit", 'rel="prev"', 'rel="next"'):  # fmt: skip
        assert words in page
    assert 'rel="prev"' not in court.get("/1")
    assert 'rel="next"' not in court.get("/6")
    court.get("/7", 404)


def test_DC_27_a_task_without_an_answer_is_not_shown_where_it_is_not_reviewed(
    court: Court, platform: Platform
) -> None:
    page = court.get("/4")
    assert "Stem of" not in page
    assert "DC-27" in page
    assert not journal(platform, "item_opened")


def test_DC_27_the_commission_reads_what_the_act_bids_it_go_by(court: Court) -> None:
    case = court.member().get(f"/appeals/{court.appeal_id}").text
    for said in (court.get(), text_of(court.paper()), case):
        assert "are judged by the instructions that were given for doing the tasks" in said
        assert "An appeal is judged on the answers" in said
        assert "In mathematics" not in said


def test_DC_26_in_mathematics_the_solutions_and_drawings_are_what_an_appeal_rests_on(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        edition = delivery.sitting_ref(work, a_chamber(work, 1).sitting.id).edition
    with speaking("ru"):
        told = dict(instructions(edition, "mathematics"))
    assert list(told) == ["DC-26"]
    assert "решения" in told["DC-26"]


def test_CS_14_2_no_page_and_no_paper_names_the_candidate(court: Court) -> None:
    pages = [court.get(), *(court.get(f"/{seq}") for seq in range(1, 7)), text_of(court.paper())]
    for page in pages:
        assert [name for name in court.names if name in page] == []
        assert "session" not in re.sub(r"<script.*?</script>", "", page)


def test_DC_7_every_opening_stands_in_the_journal_with_the_mark_that_lies_across_the_task(
    court: Court, platform: Platform
) -> None:
    page = court.get(f"/{NAMED}")
    court.get("/3")
    lines = journal(platform, "item_opened")
    facts = [json.loads(line.facts) for line in lines]
    assert [each["seq"] for each in facts] == [NAMED, 3]
    assert {line.actor for line in lines} == {f"staff:{court.members[3][0]}"}
    assert {line.clause for line in lines} == {"DC-7"}
    assert all(line.subject.startswith("item:") for line in lines)
    assert f"Tester {facts[0]['mark']}" in page
    assert {each["case"] for each in facts} == {f"A-{court.appeal_id:05d}"}


def test_CS_5_every_reading_of_the_result_stands_in_the_journal(court: Court, platform: Platform) -> None:
    before = len(journal(platform, "result:read"))
    court.get()
    court.get("/1")
    court.paper()
    lines = journal(platform, "result:read")[before:]
    assert [line.subject for line in lines] == [f"session:{court.session_id}"] * 3
    assert {line.clause for line in lines} == {"CS-5"}


def test_who_stands_aside_and_who_is_no_member_reads_nothing(court: Court, platform: Platform) -> None:
    for path in ("", "/2", "/2/recording", f"/2/figures/{'0' * 64}"):
        court.get(path, 403, at=5)
    assert court.member(5).post(f"/appeals/{court.appeal_id}/file/paper").status_code == 403
    stranger = replace(court, members=((99_999, court.members[0][1]),))
    for path in ("", "/2", "/2/recording"):
        assert "Stem" not in stranger.get(path, 403, at=0)
    assert not journal(platform, "item_opened")


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_the_file_is_open_only_while_the_case_is_judged(court: Court, platform: Platform, state: str) -> None:
    with open_work(platform, SYSTEM) as work:
        work.db.get_one(Appeal, court.appeal_id).state = state
    assert "open while the commission judges" in court.get("", 409)
    court.get("/2", 409)


def test_a_picture_or_recording_that_the_task_has_not_is_not_there(court: Court) -> None:
    court.get(f"/{NAMED}/figures/{'0' * 64}", 404)
    court.get(f"/{NAMED}/recording", 404)


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda work, at: alter_response(work, at, score=0), "Score of the answer"),
    (lambda work, at: alter_response(work, at, answer_sealed=b"0" * 60), "does not open as it was sealed"),
    (alter_order, "Order of the options"),
    (lambda work, at: alter_step(work, at, trace={"theta": 1}), "Reason of the choice"),
    (alter_version, "Version of the item"),
])  # fmt: skip
def test_changed_evidence_is_named_on_the_file_on_its_task_and_on_paper(
    court: Court, platform: Platform, spoil: Any, words: str
) -> None:
    with open_work(platform, SYSTEM) as work:
        spoil(work, court.session_id)
    page = court.get()
    assert "not equal" in page
    assert "The seal of the centre does not fit" in page
    named = re.findall(r'/file/3">3</a></th>\s*<td class="govuk-table__cell">(.*?)</td>', page)
    assert [each for each in named if words in each]
    assert words in court.get("/3")
    assert words not in court.get("/1")
    assert words in text_of(court.paper())


def test_the_paper_holds_the_named_task_in_full_and_each_copy_its_mark(court: Court, platform: Platform) -> None:
    text = text_of(court.paper())
    assert text.count("Stem of") == 1
    assert "Why the engine gave this task" in text
    assert "equal, to the bit" in text
    lines = [json.loads(line.facts) for line in journal(platform, "item_opened")]
    assert [(each["seq"], each["purpose"]) for each in lines] == [(NAMED, "appeal_paper")]
    assert lines[0]["mark"] in text
    (printed,) = journal(platform, "paper:printed")
    assert json.loads(printed.facts)["kind"] == "case_file"


@pytest.mark.parametrize(("language", "words"), [("ky", "Иштин папкасы"), ("ru", "Материалы дела")])
def test_the_paper_speaks_kyrgyz_and_russian(court: Court, language: str, words: str) -> None:
    assert words in text_of(court.paper(language))


def text_of(pdf: bytes) -> str:
    """The text of all pages, white space made plain."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())




def test_pictures_and_recordings_of_a_shown_task_come_from_the_case_and_run_nothing(pictured: Court) -> None:
    page = pictured.get(f"/{NAMED}")
    (address,) = re.findall(r'<img class="reading__figure" src="([^"]+)"', page)
    reply = pictured.member().get(address)
    assert (reply.status_code, reply.mimetype, reply.headers["Cache-Control"]) == (200, "image/svg+xml", "no-store")
    policies = reply.headers.get_all("Content-Security-Policy")
    assert any("default-src 'none'" in each and "sandbox" in each for each in policies)
    heard = pictured.member().get(f"/appeals/{pictured.appeal_id}/file/{NAMED}/recording")
    assert (heard.status_code, heard.mimetype) == (200, "audio/wav")
    assert "What is said of" in page


def test_the_files_of_other_tasks_and_of_one_that_is_not_reviewed_are_not_to_be_had(pictured: Court) -> None:
    (digest,) = re.findall(r"/figures/(\w+)", pictured.get(f"/{NAMED}"))
    pictured.get(f"/{NAMED}/figures/{digest}")
    pictured.get(f"/3/figures/{digest}", 404)
    pictured.get("/4/recording", 404)
    assert "/figures/" not in pictured.get("/4")


def test_a_file_asked_for_by_itself_is_an_opening_once(pictured: Court, platform: Platform) -> None:
    pictured.get("/3/recording")
    pictured.get("/3/recording")
    assert [json.loads(line.facts)["seq"] for line in journal(platform, "item_opened")] == [3]
    digest = re.findall(r"/figures/(\w+)", pictured.get(f"/{NAMED}"))[0]
    pictured.get(f"/{NAMED}/figures/{digest}")
    assert [json.loads(line.facts)["seq"] for line in journal(platform, "item_opened")] == [3, NAMED]


def test_the_paper_holds_pictures_and_what_was_heard(pictured: Court) -> None:
    text = text_of(pictured.paper())
    assert "A talk on" in text
    assert "What is said of" in text
