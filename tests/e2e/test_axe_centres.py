"""axe-core finds nothing serious on the pages of examination centres and of offices."""

from __future__ import annotations

import pytest
from selenium.webdriver.support.ui import Select

from proctor.rooms.models import RoomSitting
from server.core.roles import SYSTEM
from server.core.work import open_work
from tests.e2e.axe_cases import look_at_cases
from tests.e2e.axe_rescoring import look_at_rescoring
from tests.e2e.backstage import Backstage
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import LANGUAGES, Findings
from tests.e2e.pages import Staff, fill
from tests.e2e.test_axe import CENTRES, every_type, unseen
from tests.live import LiveServer

live = pytest.fixture(every_type)


def test_the_centres_and_the_offices_pages(live: LiveServer, new_browser: NewBrowser) -> None:
    staff = Staff(new_browser(1440, 900), live.origin)
    behind = Backstage(live)
    pages = Findings(staff)
    with open_work(live.platform, SYSTEM) as work:
        row = work.db.get_one(RoomSitting, live.room_sitting_id)
        room, sitting_id = f"/centre/rooms/{row.room_id}", row.sitting_id
    here = f"/centre/room-sittings/{live.room_sitting_id}"
    staff.sign_in("centre")
    for path in (
        "/centre", "/centre/rooms/new", "/centre/rooms/draw", room, f"{room}/cameras", here, f"{here}/cameras",
        f"{here}/recordings", f"{here}/seating", f"{here}/slips", f"{here}/observers", "/centre/timetables",
        "/centre/lists", f"/centre/sittings/{sitting_id}/seb", f"{here}/observers/slips",
    ):  # fmt: skip
        pages.visit(path)
    _lists(staff, pages)
    _a_centres_day(behind, staff, pages, room, here)
    staff.browser.delete_all_cookies()
    staff.sign_in("office")
    look_at_rescoring(live, pages)
    _office(behind, staff, pages, f"/office/sittings/{sitting_id}")
    look_at_cases(live, staff, pages, sitting_id)
    assert not pages.found, "\n".join(pages.found)
    assert not unseen(live, pages, CENTRES)


def _lists(staff: Staff, pages: Findings) -> None:
    """A list of candidates, and one that is refused line by line."""
    staff.browser.get(staff.origin + "/centre/lists")
    staff.wait_for("main a[href*='/centre/lists/']:not([href$=csv])").click()
    pages.tour("a list")


def _a_centres_day(behind: Backstage, staff: Staff, pages: Findings, room: str, here: str) -> None:
    """A camera has failed, so the room needs an order; an observer is invited; a film is in the archive."""
    behind.film()
    pages.visit(f"{here}/recordings", "table")
    staff.browser.get(staff.origin + f"{room}/cameras")
    staff.wait_for("td form button").click()
    pages.visit(f"{room}/cameras")
    pages.visit(f"{here}/cameras")
    for language in LANGUAGES:
        pages.speak(language)
        staff.browser.get(staff.origin + f"{here}/observers")
        for css, text in (("#name", "Асанова Бегимай"), ("#body", "№ 6 мектеп"), ("#mandate", "12")):
            fill(staff, css, text)
        Select(staff.wait_for("#kind")).select_by_index(1)
        staff.wait_for("#is_whole ~ label, label[for=is_whole]").click()
        staff.wait_for("form:has(#mandate) button").click()
        pages.look("an observer is invited")


def _office(behind: Backstage, staff: Staff, pages: Findings, sitting: str) -> None:
    """Before anybody came, and once somebody has ended."""
    for path in ("/office", "/office/commission", sitting, f"{sitting}/observers", "/office/timetables",
                 "/office/accommodations"):
        pages.visit(path)
    seat, removed, absent, *_others = behind.live.seats()
    behind.decide(seat, "extra_time", "25")
    behind.live.admit([seat, removed])
    behind.works(seat)
    behind.at(removed, "remove", {"violation": "phone", "narrative": ""})
    behind.end(seat)
    behind.stay_away(absent)
    for path in (
        "/office", "/office/accommodations", sitting, f"{sitting}/tools", f"{sitting}/video", f"{sitting}/decode",
        f"{sitting}/marking", f"{sitting}/grading", f"{sitting}/control", f"{sitting}/final", f"{sitting}/lists",
        behind.list_of_results(), *behind.after_the_appeals(), behind.question([seat.session_id, removed.session_id]),
        f"/office/sessions/{seat.session_id}", f"/office/sessions/{removed.session_id}",
        f"{sitting}/analysis", f"{sitting}/outcome", f"/office/sessions/{seat.session_id}/score-report",
        f"/office/sessions/{absent.session_id}/absence",
    ):  # fmt: skip
        pages.visit(path)
    for language in LANGUAGES:
        pages.speak(language)
        staff.browser.get(staff.origin + "/office/accommodations")
        fill(staff, "#registration_no", "26-1")
        staff.wait_for("form:has(#registration_no) button").click()
        staff.wait_for(".govuk-error-message")
        pages.look("a condition refused")
