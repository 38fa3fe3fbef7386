"""Faults under a real browser: lines that fail, a killed browser, a console that was cut off, clocks that lie."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery import service
from server.jobs.demonstration.centre import PASSWORD
from server.jobs.robot import Browser
from server.jobs.simulate import Seated
from server.jobs.verify import verify
from tests.e2e.conftest import NewBrowser, open_browser
from tests.e2e.weather import Console, Exam, Given, Weather, wait_until_port_is_free
from tests.fault.proxy import Fault, Proxy, fair
from tests.few import plain
from tests.live import LiveServer

pytestmark = pytest.mark.xdist_group("browsers")
Note = Callable[[str, object], None]
RIGHT_AGAIN_S = 5.0
HEARTBEAT_S = 4
FROZEN = """
const at = performance.now(), year = 365 * 24 * 3600 * 1000, Real = Date;
performance.now = () => at;
globalThis.Date = class Date extends Real {
  constructor(...given) { if (given.length) super(...given); else super(Real.now() - year); }
  static now() { return Real.now() - year; }
};
"""
AN_HOUR_AHEAD = "const now = performance.now.bind(performance); performance.now = () => now() + 3600000;"


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    """The line between browsers and server."""
    made = Proxy(upstream=0)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def weather(tmp_path_factory: pytest.TempPathFactory, proxy: Proxy) -> Iterator[Weather]:
    """A room behind the proxy in which the test runs."""
    live = LiveServer(tmp_path_factory.mktemp("faults") / "home", count=6, behind=proxy.origin, source=plain)
    proxy.upstream = live.port
    live.start()
    try:
        seats = live.seats()
        live.admit(seats)
        yield Weather(live, seats)
        assert verify(live.platform, replays=True).faults == []
    finally:
        live.close()


@pytest.fixture
def seat(weather: Weather, proxy: Proxy) -> Iterator[Seated]:
    """A seat that no other test uses, on a fair line."""
    yield weather.seats[next(weather.free)]
    proxy.heal()
    proxy.weather = fair


def opened(weather: Weather, seat: Seated, browser: WebDriver, origin: str | None = None) -> Exam:
    """The first item is open in that browser."""
    page = Exam(browser, origin or weather.live.origin)
    page.sign_in(seat.registration_no, seat.code)
    page.item_no()
    return page


def once(fault: Fault, path: str) -> Callable[[str, str], Fault | None]:
    """The first request to that path meets the fault, and no other."""
    left = [fault]
    return lambda method, asked: left.pop() if left and asked == path else None


def until_plain(page: Exam, weather: Weather, seat: Seated) -> list[Given]:
    """The open item asks for one option or a text; what was given so far."""
    while not page.browser.find_elements("css selector", ".option__input[type=radio], .entry"):
        page.answer()
    return weather.given(seat)


def test_no_fault_of_the_line_costs_an_answer_or_counts_one_twice(
    weather: Weather, seat: Seated, proxy: Proxy, new_browser: NewBrowser
) -> None:
    proxy.weather, proxy.half_open_s = once(Fault.LOST_REPLY, "/exam/sign-in"), 60.0
    page = opened(weather, seat, new_browser())
    for n, fault in enumerate(Fault):
        before = until_plain(page, weather, seat)
        proxy.weather = once(fault, "/exam/answers")
        stem, given = page.item_no(), page.put("abcd"[n % 4], "7")
        page.keys(Keys.ENTER)
        if fault is Fault.HALF_OPEN:  # nobody answers or hangs up: the page says so long before it gives up
            page.wait_for_text("Waiting for the network", seconds=9)
            page.wait_for_text("Your answer is kept on this computer")
            proxy.cut()
            proxy.heal()
        page.wait_until_left(stem)
        assert weather.given(seat) == [*before, given], fault
    assert {fault for fault, path in proxy.met if path == "/exam/answers"} == set(Fault)
    assert page.complaints() == []


def test_a_killed_browser_brings_the_answer_that_it_kept(
    weather: Weather, seat: Seated, proxy: Proxy, tmp_path: Path
) -> None:
    first = open_browser(tmp_path / "profile")
    page = opened(weather, seat, first)
    page.answer()
    before = until_plain(page, weather, seat)
    proxy.cut()
    given = page.put("b", "8")
    page.keys(Keys.ENTER)
    page.wait_for_text("Your answer is kept on this computer")
    kill(first)
    assert weather.given(seat) == before
    proxy.heal()
    with open_work(weather.live.platform, SYSTEM) as work:
        code = service.renew_code(work, seat.session_id, "the computer lost its power")
    again = open_browser(tmp_path / "profile")
    try:
        again.execute_cdp_cmd("Network.clearBrowserCookies", {})  # as a locked browser does when it starts
        page = Exam(again, weather.live.origin)
        page.sign_in(seat.registration_no, code)
        page.wait_for_text(f"Question {len(before) + 2} of")
        assert weather.given(seat) == [*before, given]
        page.answer()
        assert len(weather.given(seat)) == len(before) + 2
        assert page.complaints() == []
    finally:
        again.quit()


def kill(browser: WebDriver) -> None:
    """The browser and its driver are gone, as when the power fails."""
    driver = browser.service.process.pid
    tasks = Path(f"/proc/{driver}/task").glob("*/children")
    children = [int(pid) for task in tasks for pid in task.read_text().split()]
    for pid in [driver, *children]:
        os.kill(pid, signal.SIGKILL)
    browser.service.process.wait()


def test_a_console_is_right_again_within_five_seconds(
    weather: Weather,
    seat: Seated,
    proxy: Proxy,
    new_browser: NewBrowser,
    record_property: Callable[[str, object], None],
) -> None:
    number = str(weather.seats.index(seat) + 1)
    page = opened(weather, seat, new_browser(), f"http://127.0.0.1:{weather.live.port}")  # past the proxy
    proctor, other = Console(new_browser(1440, 900), weather.live.origin), colleague(weather)
    proctor.open_console(weather.live.room_sitting_id)
    proctor.wait_for_text("Live")
    proxy.cut()
    proctor.wait_for_text("Console not connected", seconds=40)
    page.answer()
    page.answer()
    proxy.heal()
    cut_s = until_right(proctor, number, "2/20")
    record_property("console right again after a cut (s)", cut_s)

    page.answer()
    proctor.seat_says(number, "3/20")
    proxy.cut_sockets()
    page.answer()
    socket_s = until_right(proctor, number, "4/20")
    record_property("console right again after its socket broke (s)", socket_s)

    page.answer()
    weather.live.kill()
    wait_until_port_is_free(page, weather.live.port)
    proctor.wait_for_text("Console not connected", seconds=40)
    weather.live.start()
    other.open(f"/proctor/rooms/{weather.live.room_sitting_id}")  # from here on the server has what a console needs
    killed_s = until_right(proctor, number, "5/20")
    record_property("console right again after kill -9 of the server (s)", killed_s)
    assert max(cut_s, socket_s, killed_s) <= RIGHT_AGAIN_S
    page.answer()
    proctor.seat_says(number, "6/20")
    assert len(weather.given(seat)) == 6
    assert page.complaints() == proctor.complaints() == []


def colleague(weather: Weather) -> Browser:
    """Another proctor, signed in."""
    other = Browser(weather.live.origin)
    other.open("/sign-in")
    other.submit("/sign-in", {"login": "proctor2", "password": PASSWORD})
    return other


def until_right(proctor: Console, number: str, words: str) -> float:
    """Seconds until the console is connected and the seat says the words."""
    began = time.monotonic()
    proctor.wait_until(lambda: "Console not connected" not in proctor.text(), "not connected")
    proctor.seat_says(number, words)
    return round(time.monotonic() - began, 2)


def test_a_clock_that_stands_still_wins_no_time(
    weather: Weather, seat: Seated, new_browser: NewBrowser
) -> None:
    page = opened(weather, seat, new_browser())
    before = until_plain(page, weather, seat)
    page.browser.execute_script(FROZEN)
    given = page.put()
    ends_at = weather.shorten(seat, 1)  # the page sees no second pass, and hears of it by a sign of life
    page.wait_for_text("Begin the section")
    late_s = (datetime.now(UTC) - ends_at).total_seconds()
    assert 0 <= late_s < HEARTBEAT_S + 6
    assert weather.given(seat) in (before, [*before, given])
    assert page.complaints() == []


def test_a_clock_that_jumps_ahead_takes_no_time(
    weather: Weather, seat: Seated, new_browser: NewBrowser
) -> None:
    """As after a laptop's sleep: the page takes its time for over, asks, and goes on by the server's."""
    page = opened(weather, seat, new_browser())
    before = until_plain(page, weather, seat)
    given = page.put()
    page.browser.execute_script(AN_HOUR_AHEAD)
    page.wait_for_text(f"Question {len(before) + 2} of")
    page.until(lambda: weather.clock_is_right(page, seat, 2), seconds=3 * HEARTBEAT_S)
    assert weather.given(seat) == [*before, given]
    page.answer()
    assert len(weather.given(seat)) == len(before) + 2
    assert page.complaints() == []
