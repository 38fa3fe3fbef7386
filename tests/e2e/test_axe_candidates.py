"""axe-core finds nothing serious on the pages of candidates, from the sign-in to the end, with every tool."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from server.jobs.simulate import Seated
from tests.e2e.backstage import Backstage
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import OFFICIAL, Findings
from tests.e2e.items import ItemPage
from tests.e2e.pages import settle
from tests.e2e.test_axe import CANDIDATES, every_type, unseen
from tests.live import LiveServer

BEAT_S = 5
live = pytest.fixture(every_type)


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
    pages.visit("/exam/score-report", "h1")
    page.browser.get(live.origin + "/exam")
    page.wait_for(".finished")
    _sent_away(live, behind, page, pages)
    assert not pages.found, "\n".join(pages.found)
    assert not unseen(live, pages, CANDIDATES)
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
