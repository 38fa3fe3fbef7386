"""axe-core finds nothing serious on any page of anybody, in Kyrgyz, Russian and English, and at 200 %."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from werkzeug.routing import Map

from proctor.rooms.models import RoomSitting
from server.accounts.second_factor.codes import code_of, step_at
from server.core.clock import SystemClock
from server.core.roles import SYSTEM
from server.core.work import open_work
from server.jobs.demonstration.centre import PASSWORD, PIN
from server.jobs.simulate import Seated
from server.web.app import create_app
from tests.e2e.axe_calibrations import look_at_calibrations
from tests.e2e.axe_imports import look_at_imports
from tests.e2e.axe_manuscripts import look_at_manuscripts
from tests.e2e.backstage import Backstage
from tests.e2e.bank import look_at_blueprints, look_at_leaks, look_at_pretests
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import LANGUAGES, OFFICIAL, Findings
from tests.e2e.items import ItemPage, of_every_type
from tests.e2e.observing import look_on
from tests.e2e.pages import Staff, settle
from tests.e2e.test_workflow import PAGES as WORKFLOW
from tests.live import LiveServer

# What GET gives that is no page.
NO_PAGES = {
    "/static/<path:filename>": "files",
    "/exam/start": "leads on to /exam",
    "/health": "a word for machines",
    "/centre/lists/template.csv": "a table to fill in",
    "/bank/import/form": "a table to fill in",
    "/bank/calibrations/jobs/<int:job_id>/progress": "what the page asks for by itself",
    "/bank/import/<int:import_id>/progress": "what the page asks for by itself",
    "/centre/recordings/<int:recording_id>": "a film",
    "/office/recordings/<int:recording_id>": "a film",
    "/centre/room-sittings/<int:room_sitting_id>/papers/<kind>": "a PDF",
    "/centre/room-sittings/<int:room_sitting_id>/observers/slips/paper": "a PDF",
    "/centre/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/protocol": "a PDF",
    "/proctor/rooms/<int:room_id>/papers/<kind>": "a PDF",
    "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/protocol": "a PDF",
    "/office/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/picture": "a picture",
    "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/photo": "a picture",
    "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/picture": "a picture",
    "/exam/media/<name>": "a figure",
    "/bank/manuscripts/<int:manuscript_id>/files/<name>": "a figure",
    "/bank/manuscripts/<int:manuscript_id>/text": "what the page asks for by itself",
    "/bank/commission/<int:meeting_id>/minutes": "a PDF",
    "/bank/rehearsals/tasks/<int:task_id>": "what the page asks for by itself",
    "/bank/forms/tasks/<int:task_id>": "what the page asks for by itself",
    "/exam/call": "what the page asks for by itself",
    "/exam/state": "what the page asks for by itself",
    "/observe/rooms/<int:room_id>/view": "what the page asks for by itself",
    "/proctor/rooms/<int:room_id>/snapshot": "what the page asks for by itself",
    "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/devices": "what the page asks for by itself",
}
# The first word of an address, by the test that looks at it.
CANDIDATES, PROCTORS, CENTRES = {"exam"}, {"proctor", "papers"}, {"centre", "office"}
OTHERS = {"", "sign-in", "staff", "bank", "journal", "observe"}
BEAT_S = 5


def _pages(live: LiveServer) -> Map:
    """Every address of the server."""
    return create_app(live.config, live.platform).url_map


def _unseen(live: LiveServer, pages: Findings, words: set[str]) -> set[str]:
    """Pages under these first words that were not looked at."""
    addresses = _pages(live).bind("synak.test")
    seen = {
        addresses.match(path, method=method, return_rule=True)[0].rule
        for path in pages.paths
        for method in addresses.allowed_methods(path)  # a form that was refused stands at the address it was sent to
    }
    return {rule for rule in _rules(live) if rule.split("/")[1] in words} - seen


def _rules(live: LiveServer) -> set[str]:
    return {rule.rule for rule in _pages(live).iter_rules() if "GET" in (rule.methods or ())} - set(NO_PAGES) - WORKFLOW


def test_every_page_is_looked_at_by_one_of_these_tests(live: LiveServer) -> None:
    assert set(NO_PAGES) <= {rule.rule for rule in _pages(live).iter_rules()}
    assert {rule.split("/")[1] for rule in _rules(live)} == CANDIDATES | PROCTORS | CENTRES | OTHERS


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A room whose second subject has an item of every type."""
    server = LiveServer(tmp_path_factory.mktemp("axe") / "home", count=6, columns=3, source=of_every_type)
    server.start()
    try:
        yield server
    finally:
        server.close()


def test_the_candidates_pages(live: LiveServer, new_browser: NewBrowser) -> None:
    seat, *_others = live.seats()
    behind = Backstage(live)
    page = ItemPage(new_browser(), live.origin)
    pages = Findings(page)
    for path in ("/exam/seb", "/exam/quit", "/exam/start", "/exam"):
        pages.visit(path, "h1, .trouble__line, main p")
    _refused(page, pages)
    behind.decide(seat, "breaks", "10")
    page.sign_in(seat.registration_no, seat.code, "ky")
    page.wait_for(".step-list__item")
    _briefing(page, pages)
    live.admit([seat], starts=False)
    pages.tour("admitted", ".admission--yes")
    behind.room("start")
    pages.tour("mathematics with the sheet", ".working", (100, 200, 400))
    _help(behind, page, pages, seat)
    _tools(page, pages)
    _without_network(page, pages)
    _clock_stands(behind, page, pages, seat)
    _elsewhere(behind, page, pages, seat)
    behind.end(seat)
    page.browser.refresh()
    page.wait_for(".finished")
    pages.tour("the end", ".finished")
    _sent_away(live, behind, page, pages)
    assert not pages.found, "\n".join(pages.found)
    assert not _unseen(live, pages, CANDIDATES)
    assert page.complaints() == []


def _refused(page: ItemPage, pages: Findings) -> None:
    """Neither field is filled; then a code that is none."""
    for _language in pages.in_each_language("#code"):
        page.keys(Keys.ENTER)
        page.wait_for(".govuk-error-message")
        pages.look("sign-in, nothing typed")
        page.keys("26-1", Keys.TAB, "AAAA", Keys.ENTER)
        page.wait_for(".trouble__line")
        pages.look("sign-in, wrong code")


def _briefing(page: ItemPage, pages: Findings) -> None:
    for _language in pages.in_each_language(".step-list__item"):
        page.wait_for(".tools__open")
        for n, step in enumerate(page.all(".step-list__item")):
            step.click()
            pages.look(f"briefing {n + 1}")


def _help(behind: Backstage, page: ItemPage, pages: Findings, seat: Seated) -> None:
    """A call for each matter, what is said while the proctor comes, and a message, which stays until it is read."""
    for _language in pages.in_each_language(".help__button"):
        ActionChains(page.browser).key_down(Keys.ALT).send_keys("p").key_up(Keys.ALT).perform()
        page.wait_for(".help__kind")
        pages.look("a call")
        page.all(".help__kind")[-1].click()
        page.wait_for("#call-words")
        pages.look("a call in words")
    page.keys("ALT", Keys.ENTER)
    page.wait_for(".help__state")
    pages.tour("called", ".help__state")
    page.all(".help__state + button")[0].click()
    page.wait_until_gone(".help__state")
    behind.at(seat, "message", {"text": "10:40. Ң."})
    page.wait_for("dialog[open] .message")
    pages.tour("a message", "dialog[open] .message")
    page.keys(Keys.ESCAPE, Keys.ESCAPE, Keys.ESCAPE)
    page.wait_for("dialog[open] button").click()
    page.wait_until_gone("dialog[open]")
    settle(BEAT_S)  # until the server has heard that it was read


def _tools(page: ItemPage, pages: Findings) -> None:
    """Each tool is switched on, and text of 300 % needs no scrolling to the side."""
    for _language in pages.in_each_language(".tools__open"):
        page.wait_for(".tools__open").click()
        smaller, larger, usual, contrast, dark, *switches = page.all(".tools__panel .tools__tool")
        for tool in switches:
            tool.click()
        pages.look("every tool")
        page.wait_for(".ruler__handle")
        switches[-1].click()
        for name, colours in (("contrast", contrast), ("dark", dark)):
            colours.click()
            pages.look(name)
        for _ in range(5):
            larger.click()
        assert page.fits()
        pages.look("dark, 300 %", (100,))
        for _ in range(5):
            smaller.click()
        usual.click()
        for tool in switches[:-1]:
            tool.click()
        page.keys(Keys.ESCAPE)
        page.all(".item__next")[0].click()
        page.wait_for("dialog .govuk-button--secondary")
        pages.look("a blank answer")
        page.keys(Keys.ESCAPE)
        page.wait_until_gone("dialog[open]")


def _without_network(page: ItemPage, pages: Findings) -> None:
    """The page says that it waits, and what becomes of the answer."""
    for _language in pages.in_each_language(".item__stem", OFFICIAL):
        page.put()
        stem = page.item_no()
        page.set_network(is_there=False)
        page.keys(Keys.ENTER)
        page.wait_for(".kept")
        pages.look("no network")
        page.set_network(is_there=True)
        page.wait_until_left(stem)


def _clock_stands(behind: Backstage, page: ItemPage, pages: Findings, seat: Seated) -> None:
    """A pause, a break, and a clock that was held; then the next subject can be begun."""
    behind.at(seat, "pause", {"reason": "ALT"})
    page.wait_for(".veil")
    pages.tour("paused", ".veil")
    behind.at(seat, "resume", {"reason": "ALT"})
    page.wait_for(".own-times button").click()
    page.wait_for(".veil")
    pages.tour("a break", ".veil button")
    page.all(".veil button")[0].click()
    page.wait_for(".item__stem")
    behind.hold(seat)
    page.browser.refresh()
    pages.tour("held", ".veil")
    behind.at(seat, "let-go", {"reason": "ALT"})
    page.wait_for(".between__begin")
    pages.tour("between", ".between__begin")
    page.all(".between__begin")[0].click()
    page.wait_for(".item__stem")


def _elsewhere(behind: Backstage, page: ItemPage, pages: Findings, seat: Seated) -> None:
    """A second tab, and a second computer."""
    first = page.browser.current_window_handle
    page.browser.switch_to.new_window("tab")
    page.browser.get(page.origin + "/exam")
    pages.tour("another tab", ".notice")
    page.browser.close()
    page.browser.switch_to.window(first)
    page.browser.refresh()
    page.item_no()
    moved = behind.move(seat)
    behind.works(moved)
    pages.tour("another computer", ".notice--alarm")
    page.browser.delete_all_cookies()
    page.sign_in(seat.registration_no, behind.move(seat).code, "ky")
    page.item_no()


def _sent_away(live: LiveServer, behind: Backstage, page: ItemPage, pages: Findings) -> None:
    """One is removed, one came too late."""
    removed, absent, *_others = live.seats()
    live.admit([removed])
    for seat, name in ((removed, "removed"), (absent, "absent")):
        page.browser.delete_all_cookies()
        page.sign_in(seat.registration_no, seat.code, "ky")
        page.wait_for(".item__stem, .step-list__item")
        if seat is removed:
            behind.at(seat, "remove", {"violation": "phone", "narrative": ""})
        else:
            behind.stay_away(seat)
        page.browser.refresh()
        pages.tour(name, ".notice--alarm")


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
    assert not _unseen(live, pages, PROCTORS)


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
    _fill(staff, "#narrative", "")
    staff.wait_for("main form .govuk-button").click()
    pages.look("a protocol refused")
    pages.visit(path, "form")
    _fill(staff, "#narrative", "10:20. Телефон.")
    staff.browser.find_element(By.ID, "is_statement_asked").send_keys(Keys.SPACE)
    Select(staff.wait_for("#staff_0")).select_by_index(2)
    for css, text in (("#name_1", "Токтогулова Бермет"), ("#position_1", "мугалим"), ("#statement", "Апам чалды.")):
        _fill(staff, css, text)
    staff.wait_for("main form .govuk-button").click()
    staff.wait_for("#pin-0")
    pages.tour("a protocol to be signed", "#pin-0")
    for language in LANGUAGES:
        pages.speak(language)
        _fill(staff, "#pin-0", "111222")
        staff.wait_for("form:has(#pin-0) .govuk-button").click()
        staff.wait_for(".govuk-error-summary")
        pages.look("a wrong PIN")
    for field, said in (("#pin-0", PIN), ("#pin-1", PIN), ("#hand-2", "Токтогулова Бермет")):
        _fill(staff, field, said)
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


def _fill(staff: Staff, css: str, text: str) -> None:
    field = staff.wait_for(css)
    field.clear()
    field.send_keys(text)


def test_the_centres_and_the_offices_pages(live: LiveServer, new_browser: NewBrowser) -> None:
    staff = Staff(new_browser(1440, 900), live.origin)
    behind = Backstage(live)
    pages = Findings(staff)
    with open_work(live.platform, SYSTEM) as work:
        row = work.db.get_one(RoomSitting, live.room_sitting_id)
        room, sitting = f"/centre/rooms/{row.room_id}", row.sitting_id
    here = f"/centre/room-sittings/{live.room_sitting_id}"
    staff.sign_in("centre")
    for path in (
        "/centre", "/centre/rooms/new", "/centre/rooms/draw", room, f"{room}/cameras", here, f"{here}/cameras",
        f"{here}/recordings", f"{here}/seating", f"{here}/slips", f"{here}/observers", "/centre/timetables",
        "/centre/lists", f"/centre/sittings/{sitting}/seb", f"{here}/observers/slips",
    ):  # fmt: skip
        pages.visit(path)
    _lists(staff, pages)
    _a_centres_day(behind, staff, pages, room, here)
    staff.browser.delete_all_cookies()
    staff.sign_in("office")
    _office(behind, staff, pages, f"/office/sittings/{sitting}")
    assert not pages.found, "\n".join(pages.found)
    assert not _unseen(live, pages, CENTRES)


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
            _fill(staff, css, text)
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
        f"{sitting}/release", f"/office/sessions/{seat.session_id}", f"/office/sessions/{removed.session_id}",
        f"/office/sessions/{absent.session_id}/absence",
    ):  # fmt: skip
        pages.visit(path)
    for language in LANGUAGES:
        pages.speak(language)
        staff.browser.get(staff.origin + "/office/accommodations")
        _fill(staff, "#registration_no", "26-1")
        staff.wait_for("form:has(#registration_no) button").click()
        staff.wait_for(".govuk-error-message")
        pages.look("a condition refused")


def test_the_pages_of_everybody_else(live: LiveServer, new_browser: NewBrowser) -> None:
    page = Staff(new_browser(1440, 900), live.origin)
    pages = Findings(page)
    for path in ("/", "/sign-in", "/observe"):
        pages.visit(path)
    _wrong(page, pages, "/sign-in", "#login", "#password")
    _wrong(page, pages, "/observe", "#number", "#code")
    look_on(live, page, pages)
    page.browser.delete_all_cookies()
    page.sign_in("bank")
    _second_factor(page, pages)
    for path in ("/staff", "/staff/pin", "/staff/password", "/staff/second-factor", "/bank/my-work", "/bank",
                 "/bank/items", "/bank/items?code=NONE&b_min=x", "/bank/health"):
        pages.visit(path)
    page.browser.get(page.origin + "/bank")
    page.wait_for("main a[href*='/bank/pools/']").click()
    pages.tour("a pool", "main svg")
    look_at_calibrations(live, pages)
    look_at_blueprints(live, pages)
    page.browser.get(page.origin + "/office")
    pages.tour("not for you")
    look_at_pretests(page, pages)
    page.browser.get(page.origin + "/bank/pools/999")
    pages.tour("no such pool")
    look_at_imports(live, page, pages)
    look_at_leaks(live, page, pages)
    page.browser.delete_all_cookies()
    page.sign_in("writer")
    page.prove("/bank/my-work")
    look_at_manuscripts(live, pages)
    page.browser.delete_all_cookies()
    page.sign_in("auditor")
    page.prove("/journal")
    pages.visit("/journal")
    assert not pages.found, "\n".join(pages.found)
    assert not _unseen(live, pages, OTHERS)


def _second_factor(page: Staff, pages: Findings) -> None:
    """A code is asked for; with it the bank opens, and another authenticator is bound."""
    pages.visit("/staff/second-factor/prove", "#code")
    _wrong(page, pages, "/staff/second-factor/prove", "#code")
    page.prove("/bank")
    pages.visit("/staff/second-factor?anew=1", "#code")
    _wrong(page, pages, "/staff/second-factor?anew=1", "#present", "#code")
    for language in OFFICIAL:
        pages.speak(language)
        page.browser.get(page.origin + "/staff/second-factor?anew=1")
        secret = base64.b32decode(page.wait_for("main code").text.replace(" ", ""))
        _fill(page, "#present", PASSWORD)
        _fill(page, "#code", code_of(secret, step_at(SystemClock().now())))
        page.wait_for("main form button").click()
        page.wait_for("main ol li:nth-child(10)")
        pages.look("codes on paper")


def _wrong(page: Staff, pages: Findings, path: str, *fields: str) -> None:
    """A sign-in that is refused."""
    for language in LANGUAGES:
        pages.speak(language)
        page.browser.get(page.origin + path)
        for css in fields:
            _fill(page, css, "ALT-1")
        page.wait_for("main form button").click()
        page.wait_for(".govuk-error-summary, .govuk-error-message")
        pages.look(f"{path}, refused")
