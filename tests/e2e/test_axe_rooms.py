"""axe-core finds nothing serious on the pages of proctors: before the doors open, while a room runs, when it closed."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from server.jobs.demonstration.centre import PIN
from server.jobs.simulate import Seated
from tests.e2e.backstage import Backstage
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import LANGUAGES, OFFICIAL, Findings
from tests.e2e.pages import Staff, fill
from tests.e2e.test_axe import PROCTORS, every_type, unseen
from tests.live import LiveServer

live = pytest.fixture(every_type)


def test_the_proctors_pages(live: LiveServer, new_browser: NewBrowser) -> None:
    staff = Staff(new_browser(1440, 900), live.origin)
    behind = Backstage(live)
    pages = Findings(staff)
    room = f"/proctor/rooms/{live.room_sitting_id}"
    staff.sign_in("proctor")
    for path in ("/papers", "/proctor"):
        pages.visit(path)
    for path in ("/papers", "/handover"):
        pages.visit(room + path)
    pages.visit(room, ".seat")
    behind.room("open")
    _desk(staff, pages)
    called, warned, removed, paused, *_others = live.seats()
    live.admit([called, warned, removed, paused], starts=True)
    behind.at(warned, "warn", {"violation": "looking_at_others", "narrative": ""})
    behind.calls(behind.works(called))
    behind.at(paused, "pause", {"reason": "Power failure"})
    behind.room("incidents", {"kind": "technical", "text": "Power failure", "minutes_ago": 3})
    behind.at(removed, "remove", {"violation": "phone", "narrative": ""})
    _console(staff, pages)
    _protocol(behind, staff, pages, f"{room}/sessions/{removed.session_id}/record")
    _closed(behind, staff, pages, [called, warned, paused])
    assert not pages.found, "\n".join(pages.found)
    assert staff.errors() == []
    assert not unseen(live, pages, PROCTORS)


def _desk(staff: Staff, pages: Findings) -> None:
    """A candidate at the desk before the start: nothing filled in, no camera, and the acts on the room."""
    for _language in pages.in_each_language("[data-seat]", OFFICIAL):
        staff.all("[data-seat]")[-1].click()
        staff.wait_for("#take-picture").click()
        staff.keys(Keys.TAB)
        staff.wait_for(".identity .govuk-button").click()
        staff.wait_for(".field__fault")
        pages.look("the desk")
        _dialogs(staff, pages, "the doors are open", ".strip__acts [aria-haspopup=dialog]")


def _console(staff: Staff, pages: Findings) -> None:
    """Every seat, every act on a candidate, every dialog of a room that runs."""
    for _language in pages.in_each_language("[data-seat]", OFFICIAL):
        for n, seat in enumerate(staff.all("[data-seat]")):
            seat.click()
            staff.wait_for(".seat-panel .who, .seat-panel h2")
            pages.look(f"seat {n + 1}")
        staff.all("[data-seat]")[0].click()
        staff.wait_for(".acts__button")
        for n in range(len(staff.all(".acts__button"))):
            staff.all(".acts__button")[n].click()
            staff.wait_for(".acts__form")
            pages.look(f"act {n + 1}")
        _last_question(staff, pages)
        _dialogs(staff, pages, "the room runs", ".strip__acts [aria-haspopup=dialog]")
        staff.all("[aria-describedby=pick-hint]")[0].click()
        staff.wait_for(".bulk__act")
        _dialogs(staff, pages, "several seats", ".bulk__act")
        staff.wait_for(".bulk .quiet").click()
        _new_code(staff, pages)


def _last_question(staff: Staff, pages: Findings) -> None:
    """Before a removal, whose form is open."""
    choose = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))"
    staff.browser.execute_script(choose, staff.wait_for("#remove-violation"), "")
    staff.wait_for(".removal .govuk-button--warning").click()
    staff.wait_for(".fault-summary")
    pages.look("a removal without an act")
    staff.browser.execute_script(choose, staff.wait_for("#remove-violation"), "phone")
    _dialogs(staff, pages, "a removal", ".removal > .govuk-button--warning")


def _new_code(staff: Staff, pages: Findings) -> None:
    """It stays on the screen, whatever is pressed, until it was handed over."""
    staff.all("[data-seat]")[1].click()
    staff.wait_for("[aria-describedby=act-move-clause]").click()
    staff.wait_for(".acts__form .chip").click()
    staff.wait_for(".code__code")
    pages.look("a new code")
    staff.keys(Keys.ESCAPE, Keys.ESCAPE, Keys.ESCAPE)
    staff.wait_for("dialog[open] .govuk-button").click()
    staff.wait_until_gone("dialog[open]")


def _dialogs(staff: Staff, pages: Findings, where: str, openers: str) -> None:
    """Each holds the focus while it is open, is left by Escape, and gives the focus back."""
    inside = "return document.activeElement === document.body || !!document.activeElement.closest('dialog[open]')"
    for n in range(len(staff.all(openers))):
        opener = staff.all(openers)[n]
        name = f"{where}, dialog {n + 1}"
        opener.click()
        dialog = staff.wait_for("dialog[open]")
        pages.look(name)
        for _ in range(6):
            staff.keys(Keys.TAB)
            assert staff.browser.execute_script(inside), name
        for submit in dialog.find_elements(By.CSS_SELECTOR, "form button[type=submit]"):
            submit.click()  # with nothing filled in
            staff.wait_for("dialog .field__fault")
            pages.look(f"{name}, with faults", (100,))
        staff.keys(Keys.ESCAPE)
        staff.wait_until_gone("dialog[open]")
        staff.wait_until(lambda opener=opener: staff.browser.switch_to.active_element == opener, f"{name}: no focus")


def _protocol(behind: Backstage, staff: Staff, pages: Findings, path: str) -> None:
    """Empty, refused, written with a statement, a wrong PIN, signed by both."""
    pages.visit(path, "form")
    fill(staff, "#narrative", "")
    staff.wait_for("main form .govuk-button").click()
    pages.look("a protocol refused")
    pages.visit(path, "form")
    fill(staff, "#narrative", "10:20. Телефон.")
    staff.browser.find_element(By.ID, "is_statement_asked").send_keys(Keys.SPACE)
    Select(staff.wait_for("#staff_0")).select_by_index(2)
    for css, text in (("#name_1", "Токтогулова Бермет"), ("#position_1", "мугалим"), ("#statement", "Апам чалды.")):
        fill(staff, css, text)
    staff.wait_for("main form .govuk-button").click()
    staff.wait_for("#pin-0")
    pages.tour("a protocol to be signed", "#pin-0")
    for language in LANGUAGES:
        pages.speak(language)
        fill(staff, "#pin-0", "111222")
        staff.wait_for("form:has(#pin-0) .govuk-button").click()
        staff.wait_for(".govuk-error-summary")
        pages.look("a wrong PIN")
    for field, said in (("#pin-0", PIN), ("#pin-1", PIN), ("#hand-2", "Токтогулова Бермет")):
        fill(staff, field, said)
        staff.wait_for(f"form:has({field}) .govuk-button").click()
        staff.wait_until_gone(field)
    pages.tour("a protocol signed", "#signatures")


def _closed(behind: Backstage, staff: Staff, pages: Findings, seats: list[Seated]) -> None:
    """All have ended, and the room is closed and signed."""
    behind.at(seats[-1], "resume", {"reason": "Power is back"})
    for seat in seats:
        behind.end(seat)
    behind.close()
    room = f"/proctor/rooms/{behind.live.room_sitting_id}"
    pages.visit(room, "[data-seat]")
    pages.visit(f"{room}/papers")
    pages.visit(f"{room}/handover")
