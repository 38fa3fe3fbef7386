"""axe-core finds nothing serious on any page of candidate, proctor and centre, in Kyrgyz and Russian, and at 200 %."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from proctor.rooms.models import RoomSitting
from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery.models import ExamSession
from server.jobs.simulate import Seated
from tests.e2e import axe
from tests.e2e.conftest import NewBrowser
from tests.e2e.items import ItemPage, of_every_type
from tests.e2e.pages import Staff
from tests.live import LiveServer

# What is seen of a window of 1280 × 900 at these zooms.
ZOOMS = {100: None, 200: (640, 450), 400: (320, 225)}
# What lies beyond the side of the window, but for what scrolls in a box of its own.
WIDE = """
const { scrollWidth, clientWidth } = document.documentElement;
const beyond = (each) => each.getBoundingClientRect().right > clientWidth + 1 && !each.closest(".table-scroll");
return scrollWidth <= clientWidth + 1 ? [] : [...document.body.querySelectorAll("*")].filter(beyond)
  .map((each) => `${each.tagName}.${each.className}: ${each.textContent.trim().slice(0, 60)}`).slice(-4);
"""


class Findings:
    """What axe holds against the pages of one browser; at 200 % and beyond nothing may lie beyond the side either."""

    def __init__(self, browser: WebDriver, language: str, zooms: tuple[int, ...] = (100, 200)) -> None:
        self.browser, self.language, self.zooms = browser, language, zooms
        self.found: list[str] = []
        self.seen: list[str] = []

    def look(self, name: str, zooms: tuple[int, ...] = ()) -> None:
        """The page as it stands, at each zoom."""
        self.seen.append(name)
        for zoom in zooms or self.zooms:
            self._zoom(ZOOMS[zoom])
            where = f"{name}, {self.language}, {zoom} %"
            self.found += [f"{where}: {each}" for each in axe.serious(self.browser)]
            if zoom > 100:
                self.found += [
                    f"{where}: beyond the window: {each}" for each in self.browser.execute_script(WIDE)
                ]
            if folder := os.environ.get("SYNAK_SIGHTS"):
                self.browser.save_screenshot(
                    str(Path(folder, f"{self.language}-{name}-{zoom}.png".replace("/", "_")))
                )
        self._zoom(None)

    def _zoom(self, size: tuple[int, int] | None) -> None:
        if size is None:
            self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            return
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1280 / width, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A room whose second subject has an item of every type."""
    with mock.patch("itembank.demonstration.load.source_of", of_every_type):
        server = LiveServer(tmp_path_factory.mktemp("axe") / "home", count=4)
    server.start()
    try:
        yield server
    finally:
        server.close()


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_candidates_pages(live: LiveServer, new_browser: NewBrowser, language: str) -> None:
    seat = live.seats()[0]
    page = ItemPage(new_browser(), live.origin)
    pages = Findings(page.browser, language, (100, 200, 400))
    for path in ("/exam/seb", "/exam/quit", "/exam"):
        page.open(path, language)
        page.wait_for("h1")
        pages.look(path)
    page.sign_in(seat.registration_no, seat.code, language)
    page.wait_for(".step-list__item")
    page.wait_for(".tools__bar")
    for n, step in enumerate(page.all(".step-list__item")):
        step.click()
        pages.look(f"briefing {n + 1}")
    live.admit([seat])
    page.wait_for("#item-number")  # practice has an item too
    page.wait_for(".working")
    pages.look("mathematics with the sheet")
    _tools(page, pages)
    page.all(".item__next")[0].click()
    page.wait_for("dialog .govuk-button--secondary")
    pages.look("a blank answer")
    page.keys(Keys.ESCAPE)
    page.answer_section()
    page.wait_for(".between__begin")
    pages.look("between")
    _end(live, seat)
    page.browser.refresh()
    page.wait_for(".finished")
    pages.look("the end")
    assert not pages.found, "\n".join(pages.found)
    assert page.complaints() == []


def _tools(page: ItemPage, pages: Findings) -> None:
    """Each tool is switched on, and text of 300 % needs no scrolling to the side."""
    smaller, larger, colours, *switches = page.all(".tools__tool")
    for tool in switches:
        tool.click()
    pages.look("every tool")
    page.wait_for(".ruler__handle")
    switches[-1].click()
    for name in ("contrast", "dark"):
        colours.click()
        pages.look(name)
    for _ in range(5):
        larger.click()
    assert page.fits()
    pages.look("dark, 300 %", zooms=(100,))
    for _ in range(5):
        smaller.click()
    colours.click()
    for tool in switches[:-1]:
        tool.click()


def _end(live: LiveServer, seat: Seated) -> None:
    """The time of the candidate is over."""
    with open_work(live.platform, SYSTEM) as work:
        session = work.db.get_one(ExamSession, seat.session_id)
        session.ends_at = work.now - timedelta(hours=1)


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_proctors_pages(live: LiveServer, new_browser: NewBrowser, language: str) -> None:
    staff = Staff(new_browser(1440, 900), live.origin)
    pages = Findings(staff.browser, language)
    room = f"/proctor/rooms/{live.room_sitting_id}"
    staff.sign_in("proctor")
    for path in ("/proctor", f"{room}/papers", f"{room}/handover", "/papers", "/staff/pin", room):
        staff.open(path, language)
        staff.wait_for("h1, .seat")
        pages.look(path)
    staff.browser.find_elements(By.CSS_SELECTOR, "[data-seat]")[-1].click()
    staff.wait_for("#identity-number")
    pages.look("the desk")
    for n in range(len(_openers(staff))):
        _openers(staff)[n].click()
        staff.wait_for("dialog[open]")
        pages.look(f"dialog {n + 1}")
        staff.keys(Keys.ESCAPE)
        staff.wait_until_gone("dialog[open]")
    assert len(pages.seen) > 8
    assert not pages.found, "\n".join(pages.found)
    assert staff.errors() == []


def _openers(staff: Staff) -> list[object]:
    """The buttons that open a dialog say so by three dots."""
    every = staff.browser.find_elements(By.CSS_SELECTOR, "main button")
    return [
        each
        for each in every
        if each.text.strip().endswith("…") and each.get_attribute("aria-disabled") != "true"
    ]


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_centres_and_the_offices_pages(live: LiveServer, new_browser: NewBrowser, language: str) -> None:
    staff = Staff(new_browser(1440, 900), live.origin)
    pages = Findings(staff.browser, language)
    with open_work(live.platform, SYSTEM) as work:
        row = work.db.get_one(RoomSitting, live.room_sitting_id)
        room, sitting = f"/centre/rooms/{row.room_id}", row.sitting_id
    here = f"/centre/room-sittings/{live.room_sitting_id}"
    centre = (
        "/centre", "/centre/rooms/new", "/centre/rooms/draw", room, f"{room}/cameras", here, f"{here}/cameras",
        f"{here}/recordings", f"{here}/seating", f"{here}/slips", f"{here}/observers", "/centre/timetables",
        "/centre/lists", f"/centre/sittings/{sitting}/seb",
    )  # fmt: skip
    office = (
        f"/office/sittings/{sitting}/tools", f"/office/sittings/{sitting}/video", "/office/accommodations",
        f"/office/sittings/{sitting}/observers", "/office/timetables",
    )  # fmt: skip
    for login, paths in (("centre", centre), ("office", office)):
        staff.browser.delete_all_cookies()
        staff.sign_in(login)
        for path in paths:
            staff.open(path, language)
            staff.wait_for("h1")
            pages.look(path)
    assert not pages.found, "\n".join(pages.found)
