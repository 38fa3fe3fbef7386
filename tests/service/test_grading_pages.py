"""The office's pages: what they show, whom they refuse, and that each reading is in the journal (CS-5)."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from server import grading
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from tests.factories.accounts import an_organisation
from tests.factories.delivery import (
    a_pool,
    a_sitting,
    absent_session,
    every_second,
    finished_session,
    removed_session,
    stop_after,
)
from tests.factories.grading import alter_response, take_seal_away

HTML = {"Accept": "text/html"}


class Office:
    """A client of the testing centre's office, and how to read its pages."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        client.set_cookie("synak_lang", "en")

    def get(self, path: str, status: int = 200) -> str:
        reply = self.client.get(path, headers=HTML)
        assert reply.status_code == status, reply.text
        return reply.text

    def svgs(self, path: str) -> list[ElementTree.Element]:
        found = re.findall(r"<svg.*?</svg>", self.get(path), re.DOTALL)
        return [ElementTree.fromstring(each.replace("&nbsp;", " ")) for each in found]


@pytest.fixture
def office(platform: Platform, client_as: Any) -> Office:
    with open_work(platform, SYSTEM) as work:
        centre = an_organisation(work, "ntc").id
    return Office(client_as(Role.OFFICE, id=1, organisation_id=centre))


@pytest.fixture
def sitting(platform: Platform) -> tuple[int, list[int]]:
    """A sitting with a graded, a half-done, a removed, an absent and an unsealed candidate."""
    with open_work(platform, SYSTEM) as work:
        planned = a_sitting(work)
        ids = [
            finished_session(work, planned, every_second, family_name="Абдылдаев"),
            finished_session(work, planned, stop_after(2), family_name="Жумабаева"),
            removed_session(work, planned), absent_session(work, planned), finished_session(work, planned),
        ]  # fmt: skip
        take_seal_away(work, ids[-1])
        for session_id in ids:
            grading.grade_session(work, session_id)
    return planned.id, ids


def journal(platform: Platform, act: str) -> list[JournalEntry]:
    with platform.database.reading() as db:
        return list(db.execute(select(JournalEntry).where(JournalEntry.act == act)).scalars())


def test_the_list_counts_where_candidates_stand(office: Office, sitting: tuple[int, list[int]]) -> None:
    page = office.get("/office")
    cells = re.findall(r'<td class="govuk-table__cell number">(.*?)</td>', page, re.DOTALL)
    assert [int(re.sub(r"<.*?>", "", cell)) for cell in cells] == [0, 0, 3, 1, 1, 2, 1]
    assert "DC-22" in page


def test_an_office_without_sittings_is_told_so(office: Office) -> None:
    assert "No sitting has been published yet" in office.get("/office")


def test_the_results_show_percents_grades_decisions_with_clauses_and_seals(
    office: Office, sitting: tuple[int, list[int]], platform: Platform
) -> None:
    page = office.get(f"/office/sittings/{sitting[0]}")
    for words in ("Абдылдаев", "±", "Not confirmed", "DC-15", "DC-16", "Held", "Missing", "Absent"):
        assert words in page
    (line,) = journal(platform, "result:read")
    assert (line.subject, line.clause, line.actor) == (f"sitting:{sitting[0]}", "CS-5", "staff:1")
    assert json.loads(line.facts)["sessions"] == sorted(sitting[1])


@pytest.mark.parametrize(("query", "shown"), [
    ("q=абдылд", [0]), ("state=removed", [2]), ("state=absent", [3]), ("decision=held", [4]),
    ("decision=lost&q=Жумаб", [1]), ("q=nobody", []), ("page=77", []), ("state=%3Cscript%3E", []),
])  # fmt: skip
def test_the_results_are_filtered(
    office: Office, sitting: tuple[int, list[int]], query: str, shown: list[int]
) -> None:
    page = office.get(f"/office/sittings/{sitting[0]}?{query}")
    found = [int(each) for each in re.findall(r"/office/sessions/(\d+)", page)]
    assert found == [sitting[1][n] for n in shown]
    assert "<script>" not in page


def test_the_results_are_sorted_by_any_column(office: Office, sitting: tuple[int, list[int]]) -> None:
    for sort in ("number", "name", "state", "mathematics", "decision", "seal", "unknown"):
        for order in ("asc", "desc"):
            page = office.get(f"/office/sittings/{sitting[0]}?sort={sort}&order={order}")
            assert sorted(map(int, re.findall(r"/office/sessions/(\d+)", page))) == sorted(sitting[1])
    page = office.get(f"/office/sittings/{sitting[0]}?sort=mathematics&order=desc")
    assert 'aria-sort="descending"' in page
    assert re.findall(r"/office/sessions/(\d+)", page)[0] == str(sitting[1][0])


def test_the_distribution_is_a_named_plot_with_its_table(office: Office, sitting: tuple[int, list[int]]) -> None:
    (svg,) = office.svgs(f"/office/sittings/{sitting[0]}")
    assert svg[0].tag == "title"
    assert svg[1].tag == "desc"
    assert len(svg.findall("rect")) == 4 * 4
    assert "The same in figures" in office.get(f"/office/sittings/{sitting[0]}")


def test_one_candidate_in_full(office: Office, sitting: tuple[int, list[int]], platform: Platform) -> None:
    path = f"/office/sessions/{sitting[1][1]}"
    page = office.get(path)
    for words in ("Not reached", "Shown, not answered", "The centre&#39;s seal fits", "Excellent", "Minimal (basic)",
                  "session:sealed", "result:read", "begin", "expire"):  # fmt: skip
        assert words in page, words
    assert len(office.svgs(path)) == 4
    assert len(re.findall(r'<span class="answer__line">[A-D]\. key ', page)) == 2 * 4
    assert "bit for bit" not in page
    assert [line.subject for line in journal(platform, "result:read")] == [f"session:{sitting[1][1]}"] * 2


def test_a_replay_that_agrees_and_one_that_does_not(
    office: Office, sitting: tuple[int, list[int]], platform: Platform
) -> None:
    path = f"/office/sessions/{sitting[1][0]}?replay=1"
    assert "bit for bit" in office.get(path)
    with open_work(platform, SYSTEM) as work:
        alter_response(work, sitting[1][0], score=0)
    page = office.get(path)
    assert "Score of the answer" in page
    assert "something was changed" in page


def test_answers_that_do_not_open_are_said_not_to_a_bug(
    office: Office, sitting: tuple[int, list[int]], platform: Platform
) -> None:
    with open_work(platform, SYSTEM) as work:
        alter_response(work, sitting[1][0], answer_sealed=b"y" * 60)
    page = office.get(f"/office/sessions/{sitting[1][0]}?replay=1")
    assert "The answers cannot be shown" in page
    assert "Nothing can be replayed" in page


@pytest.mark.parametrize("n", [2, 3])
def test_the_removed_and_the_absent_have_a_page_too(
    office: Office, sitting: tuple[int, list[int]], n: int
) -> None:
    page = office.get(f"/office/sessions/{sitting[1][n]}")
    assert "is not confirmed" in page
    assert ("DC-15", "DC-16")[n - 2] in page


def test_a_held_session_says_why_and_can_be_tried_again(office: Office, sitting: tuple[int, list[int]]) -> None:
    path = f"/office/sessions/{sitting[1][-1]}"
    assert "bears no seal" in office.get(path)
    reply = office.client.post(f"{path}/grade", headers=HTML)
    assert (reply.status_code, reply.location) == (303, f"{path}?done=held")
    assert "still held" in office.get(reply.location)


def test_invented_parameters_are_marked_wherever_figures_stand(office: Office, platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        edition = a_sitting(work, subjects=["kyrgyz"]).edition
        invented: dict[str, Any] = {"source": "demonstration", "n_persons": 0}
        planned = a_sitting(work, pools={"history": a_pool(work, edition, "history", **invented)})
        session_id = finished_session(work, planned)
        grading.grade_session(work, session_id)
    for path, n in ((f"/office/sittings/{planned.id}", 5), (f"/office/sessions/{session_id}", 4)):
        assert office.get(path).count("demonstration parameters") >= n


def test_CS_5_third_parties_and_other_departments_read_nothing(
    platform: Platform, client_as: Any, sitting: tuple[int, list[int]]
) -> None:
    with open_work(platform, SYSTEM) as work:
        ids = {kind: an_organisation(work, kind).id for kind in ("centre", "department")}
    stranger = Office(client_as(Role.OFFICE, id=7, organisation_id=ids["centre"]))
    for path in (f"/office/sittings/{sitting[0]}", f"/office/sessions/{sitting[1][0]}"):
        assert "third parties" in stranger.get(path, 403)
    other = Office(client_as(Role.OFFICE, id=8, organisation_id=ids["department"]))
    assert "/office/sessions/" not in other.get(f"/office/sittings/{sitting[0]}")
    other.get(f"/office/sessions/{sitting[1][0]}", 404)
    assert [line.actor for line in journal(platform, "result:read")] == ["staff:8"]


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.CENTRE, Role.COMMISSION, Role.ADMIN, Role.CANDIDATE])
def test_other_roles_are_kept_out(client_as: Any, role: Role, sitting: tuple[int, list[int]]) -> None:
    client = client_as(role, id=1)
    for path in ("/office", f"/office/sittings/{sitting[0]}", f"/office/sessions/{sitting[1][0]}"):
        assert client.get(path).status_code == 403


def test_what_does_not_exist_is_not_found(office: Office) -> None:
    for path in ("/office/sittings/999", "/office/sessions/999"):
        office.get(path, 404)
