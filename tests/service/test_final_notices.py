"""Notices of the approved results: what each candidate and the parents read, and within which circle (DC-29)."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from server.core.errors import Stale
from server.core.i18n import speaking
from server.core.journal import JournalEntry
from server.core.paper.blocks import Facts, NewPage, Points
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from server.delivery.models import ExamSession
from server.grading.lists import queries as lists
from server.grading.lists.views import seen_by_candidate
from server.statements import notices, views
from tests.factories.results import a_department_over, corrected
from tests.factories.statements import ORDER, After, after_release

ORIGIN = "https://synak.test"
APPROVED = "Уведомление об утверждённых результатах"


@pytest.fixture
def after(work: Work) -> After:
    return after_release(work).later()


def said(after: After, session_id: int, tongue: str = "en") -> list[Any]:
    """What the notice to one of them consists of."""
    with speaking(tongue):
        seen = seen_by_candidate(after.work, lists.list_ref(after.work, after.list_id))
        (row,) = lists.rows_with(after.work, after.list_id, [session_id])
        return notices.notice_blocks(seen, after.approved(), row)


def test_DC_29_nobody_is_told_before_the_approval(after: After) -> None:
    seen = views.final(after.office, after.sitting.id)
    with pytest.raises(Stale, match="not_approved"):
        notices.print_notices(after.office, seen, seen.people, "ky", ORIGIN)


def test_DC_29_each_reads_the_order_and_what_follows_for_them(after: After) -> None:
    confirmed, other = said(after, after.confirmed), said(after, after.other)
    for told in (confirmed, other):
        facts = next(each for each in told if isinstance(each, Facts))
        assert dict(facts.rows)["Results approved by order"].startswith(f"{ORDER}, ")
    points = [each.items for each in confirmed if isinstance(each, Points)]
    assert "History of Kyrgyzstan" in points[0], "exempt from the attestation (DC-30)"
    assert "Physics" in points[1], "and from subject tests of the university test (DC-33)"
    assert "sits 1 subject of choice" in repr(confirmed)
    assert "colleges" in repr(confirmed)
    assert "colleges" not in repr(other)
    assert [each.items for each in other if isinstance(each, Points)][-1] == (
        "Personal application", "Decision of the teachers' council",
    )  # fmt: skip


@pytest.mark.parametrize("tongue", ["ky", "ru"])
def test_DC_29_a_page_for_each_and_the_same_bytes_for_the_same_people(after: After, tongue: str) -> None:
    after.approved()
    seen = views.final(after.department, after.sitting.id)
    one, two = (notices.print_notices(after.department, seen, seen.people, tongue, ORIGIN) for _ in range(2))
    assert one == two
    assert one.pdf.startswith(b"%PDF")
    assert one.digest != notices.print_notices(after.department, seen, seen.people[:1], tongue, ORIGIN).digest
    assert sum(isinstance(each, NewPage) for each in said(after, after.other, tongue)) == 0


def test_DC_29_an_office_prints_those_of_its_circle_and_the_journal_names_them(
    platform: Platform, client_as: Any
) -> None:
    with open_work(platform, SYSTEM) as work:
        after = after_release(work).later()
        after.approved()
        stranger = a_department_over(work)
    page = f"/office/sittings/{after.sitting.id}/final"
    own = client_as(Role.OFFICE, id=after.department.actor.id, organisation_id=after.department.actor.organisation_id)
    assert f"{page}/notices?lang=ky" in own.get(page, headers={"Accept": "text/html"}).text
    assert own.get(f"{page}/notices?lang=ru").data.startswith(b"%PDF")
    other = client_as(Role.OFFICE, id=stranger.actor.id, organisation_id=stranger.actor.organisation_id)
    assert other.get(f"{page}/notices?lang=ru").status_code == 404
    with platform.database.reading() as db:
        read = db.execute(select(JournalEntry).where(JournalEntry.act == "result:read")).scalars()
        (facts,) = [found for row in read if "paper" in (found := json.loads(row.facts))]
    assert facts["sessions"] == sorted([after.confirmed, after.other])


def test_DC_29_the_candidate_has_the_newest_notice_in_force_and_it_says_of_which_list(
    platform: Platform, client_as: Any
) -> None:
    def own() -> str:
        client = client_as(Role.CANDIDATE, id=after.other, lease=3)
        reply = client.get("/exam/result/notice?lang=ru")
        assert reply.status_code == 200, reply.text
        return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(reply.data)).pages).split())

    with open_work(platform, SYSTEM) as work:
        after = after_release(work).later()
        work.db.get_one(ExamSession, after.other).lease = 3
    first = own()
    assert (APPROVED in first, "Версия списка 1" in first) == (False, True)
    with open_work(platform, SYSTEM) as work:
        after.anew_in(work).approved()
    approved = own()
    assert (APPROVED in approved, "Версия списка 1" in approved, ORDER in approved) == (True,) * 3
    with open_work(platform, SYSTEM) as work:
        later = after.anew_in(work)
        corrected(work, after.confirmed, "80", "excellent")
        later.anew()
    newest = own()
    assert (APPROVED in newest, "Версия списка 2" in newest) == (False, True)
