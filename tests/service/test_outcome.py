"""The outcome of a session: its lists, that parents were told, the order; each within its circle (CS-10 to CS-16)."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from proctor.rooms import service as rooms
from server import delivery, grading
from server.core.clock import FrozenClock
from server.core.errors import Denied, Invalid, NotFound, Refused
from server.core.i18n import speaking
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.ruling import Ruling
from server.core.work import Platform, Work, open_work
from server.delivery.absences.queries import Absence
from server.delivery.models import ExamSession
from server.delivery.rules import LatenessRule
from server.delivery.service import absences, close_absent
from server.grading import outcomes
from server.grading.access import circle_of
from server.grading.outcomes.models import OutcomeOrder, ParentsTold
from server.grading.policy import Policy
from server.reports.analysis.told import told_rows
from server.reports.outcome.lists import Outcome, outcome
from server.reports.outcome.paper import print_outcome
from server.reports.outcome.tables import grids
from tests.factories.delivery import (
    Planned,
    a_sitting,
    absent_session,
    finished_session,
    removed_session,
    right,
    wrong,
)
from tests.factories.proctor import a_check, a_day
from tests.factories.results import a_department_over, an_office, released

HTML = {"Accept": "text/html"}
ILL = Absence("illness", "hospital_certificate", "№ 7", "12-k")


@pytest.fixture
def held(platform: Platform) -> tuple[Planned, list[int], int]:
    """One excellent, one who failed, one removed, one absent, one ill; and the department over their centres."""
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        ids = [finished_session(work, sitting, right), finished_session(work, sitting, wrong)]
        ids += [removed_session(work, sitting), absent_session(work, sitting), absent_session(work, sitting)]
        absences.record_reason(work, ids[4], ILL)
        for each in ids:
            grading.grade_session(work, each)
        centre = delivery.session_ref(work, ids[0]).centre_id
        work.db.execute(update(ExamSession).where(ExamSession.id.in_(ids)).values(centre_id=centre))
        work.db.expire_all()
        own = a_department_over(work, centre).actor.organisation_id
        assert own is not None
    return sitting, ids, own


def found(work: Work, sitting: Planned) -> Outcome:
    """As the actor's office has it."""
    ref = delivery.sitting_ref(work, sitting.id)
    circle = circle_of(work, ref.edition)
    told = told_rows(work, ref, circle)
    assert told is not None
    return outcome(work, ref, Policy.of(ref.edition), told, circle.organisation_id)


def test_CS_10_everybody_stands_where_they_belong(platform: Platform, held: tuple[Planned, list[int], int]) -> None:
    sitting, ids, _own = held
    with open_work(platform, SYSTEM) as work, speaking("en"):
        lists = found(an_office(work), sitting)
        assert lists.lists.allowed
        assert [each.row.session_id for each in lists.failing] == [ids[1]]
        assert [row.session_id for row in lists.removed] == [ids[2]]
        assert {(row.session_id, is_excused) for row, is_excused in lists.absent} == {(ids[3], False), (ids[4], True)}
        assert (lists.not_admitted, lists.untold) == ((), 1)
        assert [(title, each.n) for title, each in lists.progress] == [("History of Kyrgyzstan", 2)]
        assert lists.readiness.candidates == 5
        sheets = grids(lists, ["a", "b", "c", "d"], "Asia/Bishkek")
        assert [len(grid.rows) for grid in sheets] == [1, 1, 1, 0, 2, 1]
        assert all(len(row) == len(grid.head) for grid in sheets for row in grid.rows)


def test_CS_10_who_came_and_was_not_let_in_is_not_admitted_and_not_absent(
    platform: Platform, clock: FrozenClock
) -> None:
    day = a_day(platform, clock, 4)
    punctual, refused, late, away = day.scene.sessions
    day.run(punctual)
    day.do(rooms.check_identity, refused, a_check(day.scene, refused, document_number="ID0000000"))
    day.at(day.scene.edition.get("DC-16", LatenessRule).limit_s + 1)
    day.do(rooms.check_identity, late, a_check(day.scene, late))
    with pytest.raises(Refused, match="late_arrival"):
        day.do(rooms.admit, late)
    with open_work(platform, SYSTEM) as work, speaking("en"):
        close_absent(work, [refused, late, away], Ruling(True, "DC-16", {}, "absent"))
        sitting_id = delivery.session_ref(work, punctual).sitting_id
        ref, office = delivery.sitting_ref(work, sitting_id), an_office(work)
        told = told_rows(office, ref, circle_of(office, ref.edition))
        assert told is not None
        lists = outcome(office, ref, Policy.of(ref.edition), told, office.actor.organisation_id or 0)
        away_for = {each.row.session_id: each.is_refused for each in lists.not_admitted}
        assert away_for == {refused: True, late: False}
        assert [row.session_id for row, _is_excused in lists.absent] == [away]
        (sheet,) = (grid for grid in grids(lists, ["a", "b", "c", "d"], ref.zone) if grid.name == "Not admitted")
        assert sorted(row[-1].split(": ")[1] for row in sheet.rows) == [
            "checked at the desk, and not let in", "refused at the desk",
        ]  # fmt: skip


def test_CS_11_low_grades_only(platform: Platform, held: tuple[Planned, list[int], int]) -> None:
    sitting, ids, _own = held
    with open_work(platform, SYSTEM) as work:
        assert [row.session_id for row in found(an_office(work), sitting).low_only] == [ids[1]]


def test_CS_16_parents_are_told_once_after_the_release_and_by_those_concerned(
    platform: Platform, held: tuple[Planned, list[int], int]
) -> None:
    sitting, ids, _own = held
    with open_work(platform, SYSTEM) as work:
        office, stranger = an_office(work), an_office(work, "department")
        tell = (ids[1], "failing", "parents")
        with pytest.raises(Invalid, match="results_not_told"):
            outcomes.record_telling(office, *tell, "signed on paper")
        released(work, sitting.id)
        with pytest.raises(NotFound):
            outcomes.record_telling(stranger, *tell, "signed on paper")
        for how in (" ", "x" * 201):
            with pytest.raises(Invalid, match="telling_malformed"):
                outcomes.record_telling(office, *tell, how)
        for _ in range(2):
            outcomes.record_telling(office, *tell, " signed  on paper ")
        work.db.flush()
        (failing,) = found(office, sitting).failing
        assert [each.how for each in failing.told] == ["signed on paper"]
        assert failing.ruling.allowed
        with pytest.raises(DBAPIError), work.db.begin_nested():
            work.db.execute(delete(ParentsTold))


def test_CS_13_an_order_names_shortcomings_and_measures_and_a_later_one_supersedes_it(
    platform: Platform, held: tuple[Planned, list[int], int]
) -> None:
    sitting, _ids, _own = held
    with open_work(platform, SYSTEM) as work:
        office = an_office(work)
        assert found(office, sitting).ordered.facts["missing"] == ["shortcomings", "measures"]
        for said in (("", "a", "b"), ("7-k", " ", "b"), ("7-k", "a", "")):
            with pytest.raises(Invalid, match="order_malformed"):
                outcomes.record_order(office, sitting.id, *said)
        outcomes.record_order(office, sitting.id, "7-k", "late start", "begin earlier")
        work.db.flush()
        outcomes.record_order(office, sitting.id, "8-k", "none", "none")
        work.db.flush()
        lists = found(office, sitting)
        assert lists.ordered.allowed
        assert lists.order is not None
        assert lists.order.order_no == "8-k"
        rows = work.db.execute(select(OutcomeOrder).order_by(OutcomeOrder.id)).scalars().all()
        assert [row.supersedes_id for row in rows] == [None, rows[0].id]
        with pytest.raises((Denied, Refused)):
            outcomes.record_order(an_office(work, "school"), sitting.id, "9-k", "a", "b")


def as_office(client: FlaskClient, path: str, status: int = 200) -> bytes:
    client.set_cookie("synak_lang", "en")
    reply = client.get(path, headers=HTML)
    assert reply.status_code == status, reply.text
    return reply.get_data()


def test_a_department_reads_records_and_takes_out_its_own(
    platform: Platform, held: tuple[Planned, list[int], int], client_as: Any
) -> None:
    sitting, ids, own = held
    client = client_as(Role.OFFICE, id=7, organisation_id=own)
    page = f"/office/sittings/{sitting.id}/outcome"
    assert "The outcome stands here once they are" in as_office(client, page).decode()
    as_office(client, page + ".xlsx", 409)
    with open_work(platform, SYSTEM) as work:
        released(work, sitting.id)
    assert "Parents not told yet: 1" in as_office(client, page).decode()
    telling = f"/office/sessions/{ids[1]}/parents-told"
    mistyped = client.post(telling, data={"how": "so"}, headers=HTML)
    assert mistyped.status_code == 422
    for words in ("Say in 3 to 200 letters", f'href="#how-{ids[1]}"', 'value="so"', "Parents not told yet: 1"):
        assert words in mistyped.text, "the page itself says what to correct"
    assert client.post(telling, data={"how": "by phone"}, headers=HTML).status_code == 303
    text = as_office(client, page).decode()
    assert "All parents were told" in text
    assert "by phone" in text
    refused = client.post(page + "/order", data={"order_no": "7-k"}, headers=HTML)
    assert refused.status_code == 422
    assert "Give the number of the order" in refused.text
    said = {"order_no": "7-k", "shortcomings": "late start", "measures": "begin earlier"}
    assert client.post(page + "/order", data=said, headers=HTML).status_code == 303
    assert "begin earlier" in as_office(client, page).decode()
    assert as_office(client, page + ".xlsx")[:2] == b"PK"
    head, *lines = as_office(client, page + ".csv").decode("utf-8-sig").splitlines()
    assert head == "List,Registration number,Name,School,Remark"
    (failing,) = [line for line in lines if line.startswith("Failing,")]
    assert "by phone" in failing
    paper = PdfReader(io.BytesIO(as_office(client, page + ".pdf?lang=ru")))
    words = " ".join(each.extract_text() for each in paper.pages)
    assert "История Кыргызстана" in words, "a paper in another language than its page"
    assert "History of Kyrgyzstan" not in words
    with platform.database.reading() as db:
        acts = set(db.execute(select(JournalEntry.act).where(JournalEntry.actor == "staff:7")).scalars())
    assert acts == {"result:read", "parents:told", "outcome:ordered", "result:exported", "paper:printed"}


def test_a_long_list_has_pages_and_is_too_long_for_paper(
    platform: Platform, held: tuple[Planned, list[int], int], client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting, ids, own = held
    with open_work(platform, SYSTEM) as work:
        released(work, sitting.id)
        numbers = [delivery.session_ref(work, each).registration_no for each in ids]
    monkeypatch.setattr("server.reports.outcome.routes.PAGE", 1)
    monkeypatch.setattr("server.reports.outcome.paper.MOST_ROWS", 1)
    client = client_as(Role.OFFICE, id=7, organisation_id=own)
    page = f"/office/sittings/{sitting.id}/outcome"
    first, second = (as_office(client, f"{page}?page={n}").decode() for n in (1, 2))
    assert "Those absent: 2" in first
    assert "Page 1 of 2" in first
    assert ([each in first for each in numbers[3:]], [each in second for each in numbers[3:]]) in (
        ([True, False], [False, True]), ([False, True], [True, False]),
    )  # fmt: skip
    assert (numbers[1] in first, numbers[1] in second) == (True, False)
    as_office(client, page + ".pdf", 422)


def test_the_same_outcome_is_the_same_paper(platform: Platform, held: tuple[Planned, list[int], int]) -> None:
    sitting, _ids, _own = held
    with open_work(platform, SYSTEM) as work:
        office = an_office(work)
        ref, lists = delivery.sitting_ref(work, sitting.id), found(replace(office), sitting)
        for tongue in ("ky", "ru", "en"):
            first, again = (print_outcome(work, ref, lists, tongue, "https://example.test").pdf for _ in range(2))
            assert first == again
