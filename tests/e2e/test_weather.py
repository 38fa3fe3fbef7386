"""Bad weather in a candidate's real browser: no network, a killed server, two tabs, a wrong clock, hasty fingers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from server.jobs.simulate import Seated
from tests.e2e.conftest import NewBrowser
from tests.e2e.weather import (
    Console,
    Exam,
    Weather,
    ask_about_blank,
    sentence,
    wait_until_port_is_free,
)
from tests.few import plain
from tests.live import LiveServer

pytestmark = pytest.mark.xdist_group("browsers")
HEARTBEAT_S = 4
WRONG_DATE = """
const Real = Date, shift = 5 * 3600 * 1000;
globalThis.Date = class Date extends Real {
  constructor(...given) { if (given.length) super(...given); else super(Real.now() + shift); }
  static now() { return Real.now() + shift; }
};
"""
LOSE_REPLIES = """
const real = window.fetch;
window.lost = 0;
window.fetch = async (url, init) => {
  const reply = await real(url, init);
  if (!String(url).endsWith("/exam/answers") || window.lost === 2) return reply;
  window.lost += 1;
  throw new TypeError("the reply was lost");
};
"""


@pytest.fixture(scope="module")
def weather(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weather]:
    """A room in which the test runs."""
    live = LiveServer(tmp_path_factory.mktemp("weather") / "home", count=12, source=plain)
    live.start()
    try:
        seats = live.seats()
        live.admit(seats)
        yield Weather(live, seats)
    finally:
        live.close()


@pytest.fixture
def seat(weather: Weather) -> Seated:
    """A seat that no other test uses."""
    return weather.seats[next(weather.free)]


@pytest.fixture
def page(weather: Weather, seat: Seated, new_browser: NewBrowser) -> Exam:
    """The first item is open in a browser."""
    exam = Exam(new_browser(), weather.live.origin)
    exam.sign_in(seat.registration_no, seat.code)
    exam.item_no()
    return exam


def test_without_a_network_the_answer_is_kept_and_counted_once(
    weather: Weather, seat: Seated, page: Exam
) -> None:
    page.set_network(is_there=False)
    stem, kept = page.item_no(), [page.put()]
    page.keys(Keys.ENTER)
    page.wait_for_text("Your answer is kept on this computer")
    assert "Waiting for the network" in page.text()
    assert page.item_no() == stem
    assert weather.given(seat) == []
    page.set_network(is_there=True)
    page.wait_until_left(stem)
    page.wait_for_text("Answer saved")
    assert weather.given(seat) == kept

    page.set_network(is_there=False)
    stem, kept = page.item_no(), [*kept, page.put("a", "5")]
    page.keys(Keys.ENTER)
    page.wait_for_text("Your answer is kept on this computer")
    with contextlib.suppress(WebDriverException):  # the browser's own page stands where ours was
        page.browser.refresh()
    page.until(lambda: not page.browser.find_elements(By.CSS_SELECTOR, ".item__stem"))
    page.set_network(is_there=True)
    page.browser.get(f"{weather.live.origin}/exam")
    page.wait_for_text("Question 3 of 20")
    assert weather.given(seat) == kept
    page.answer()
    assert len(weather.given(seat)) == 3
    assert page.complaints() == []


def test_an_answer_whose_acknowledgement_is_lost_is_counted_once(
    weather: Weather, seat: Seated, page: Exam
) -> None:
    page.browser.execute_script(LOSE_REPLIES)
    stem, given = page.item_no(), page.put()
    page.keys(Keys.ENTER)
    page.wait_until_left(stem)
    page.wait_for_text("Question 2 of 20")
    assert page.browser.execute_script("return window.lost") == 2
    assert weather.given(seat) == [given]
    assert page.complaints() == []


def test_a_killed_server_loses_nothing_and_everybody_goes_on(
    weather: Weather, seat: Seated, page: Exam, new_browser: NewBrowser
) -> None:
    number = str(weather.seats.index(seat) + 1)
    proctor = Console(new_browser(1440, 900), weather.live.origin)
    proctor.open_console(weather.live.room_sitting_id)
    proctor.wait_for_text("Live")
    page.answer()
    page.answer()
    acknowledged = weather.given(seat)
    given = page.put()
    page.keys(Keys.ENTER)
    weather.live.kill()
    wait_until_port_is_free(page, weather.live.port)
    proctor.wait_for_text("Console not connected")
    page.wait_for_text("Waiting for the network")
    weather.live.start()

    page.wait_for_text("Question 4 of 20", seconds=60)
    proctor.wait_for_text("Live", seconds=10)
    assert weather.given(seat) == [*acknowledged, given]
    page.until(lambda: weather.clock_is_right(page, seat, 1), seconds=2 * HEARTBEAT_S)
    proctor.seat_says(number, "3/20", seconds=10)
    page.answer()
    proctor.seat_says(number, "4/20")
    assert len(weather.given(seat)) == 4
    assert page.complaints() == proctor.complaints() == []


def test_of_two_tabs_one_is_active_and_no_answer_is_lost(weather: Weather, seat: Seated, page: Exam) -> None:
    browser = page.browser
    older = browser.current_window_handle
    page.set_network(is_there=False)
    given = [page.put()]
    page.keys(Keys.ENTER)
    page.wait_for_text("Your answer is kept on this computer")

    browser.switch_to.new_window("tab")
    newer = browser.current_window_handle
    browser.get(f"{weather.live.origin}/exam")
    page.wait_for_text("The test is open in another tab")
    page.press("Continue in this tab")
    page.wait_for_text("Question 2 of 20")
    assert weather.given(seat) == given

    browser.switch_to.window(older)
    page.wait_for_text("The test is open in another tab")
    page.set_network(is_there=True)
    assert not browser.find_elements(By.CSS_SELECTOR, ".item__stem, .bar__clock")
    browser.switch_to.window(newer)
    given.append(page.put("a", "8"))
    page.keys(Keys.ENTER)
    page.wait_for_text("Question 3 of 20")

    browser.switch_to.window(older)
    page.press("Continue in this tab")
    page.wait_for_text("Question 3 of 20")
    given.append(page.put("b", "3"))
    page.keys(Keys.ENTER)
    page.wait_for_text("Question 4 of 20")
    assert weather.given(seat) == given
    assert page.complaints() == []
    browser.switch_to.window(newer)
    page.wait_for_text("The test is open in another tab")


def test_a_second_device_with_the_same_code_is_sent_to_the_proctor(
    weather: Weather, seat: Seated, page: Exam, new_browser: NewBrowser
) -> None:
    second = Exam(new_browser(), weather.live.origin)
    second.sign_in(seat.registration_no, seat.code)
    second.wait_for_text("Your test is open on another computer")
    assert "The proctor sees that you are here" in second.text()
    assert second.browser.find_elements(By.CSS_SELECTOR, ".item__stem") == []
    page.answer()
    assert len(weather.given(seat)) == 1
    assert second.complaints() == page.complaints() == []


def test_a_browser_with_a_wrong_clock_shows_the_right_time(
    weather: Weather, seat: Seated, new_browser: NewBrowser
) -> None:
    page = Exam(new_browser(TZ="America/New_York"), weather.live.origin)
    page.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WRONG_DATE})
    page.sign_in(seat.registration_no, seat.code)
    page.item_no()
    zone = page.browser.execute_script("return Intl.DateTimeFormat().resolvedOptions().timeZone")
    ahead_s = page.browser.execute_script("return Date.now() / 1000") - datetime.now(UTC).timestamp()
    assert (zone, round(ahead_s / 3600)) == ("America/New_York", 5)
    assert weather.clock_is_right(page, seat, 2)

    given = page.put()
    ends_at = weather.shorten(seat, 2 * HEARTBEAT_S)
    page.until(lambda: weather.clock_is_right(page, seat, 2), seconds=2 * HEARTBEAT_S)
    page.wait_for_text("Begin the section")
    late_s = (datetime.now(UTC) - ends_at).total_seconds()
    assert 0 <= late_s < 6
    assert weather.given(seat) == [given], "what was chosen when the time ran out counts"
    assert page.complaints() == []


def test_hasty_fingers_give_one_answer(weather: Weather, seat: Seated, page: Exam) -> None:
    stem, given = page.item_no(), [page.put()]
    hasty = ActionChains(page.browser, duration=0)
    for _ in range(10):
        hasty.send_keys(Keys.ENTER).pause(0.03)
    hasty.perform()
    page.wait_until_left(stem)
    assert ask_about_blank(page) == "Question 2 of 20"
    assert weather.given(seat) == given

    stem, given = page.item_no(), [*given, page.put("a", "5")]
    ActionChains(page.browser, duration=0).double_click(page.wait_for(".item__next")).perform()
    page.wait_until_left(stem)
    assert ask_about_blank(page) == "Question 3 of 20"
    assert weather.given(seat) == given

    stem = page.item_no()
    page.keys(Keys.ENTER)
    page.tab_to("Go on without an answer")
    page.keys(*[Keys.ENTER] * 5)
    page.wait_until_left(stem)
    assert ask_about_blank(page) == "Question 4 of 20"
    assert weather.given(seat) == [*given, None]
    assert page.complaints() == []


def test_an_answer_after_the_deadline_is_kept_and_not_counted(
    weather: Weather, seat: Seated, page: Exam
) -> None:
    page.answer()
    page.put()
    weather.shorten(seat, -60)
    page.keys(Keys.ENTER)
    page.wait_for_text("Begin the section")
    page.wait_for_text("The time was up")
    assert "DC-12" in page.text()
    assert (len(weather.given(seat)), weather.late(seat)) == (1, [2])
    assert page.complaints() == []


def test_an_answer_that_waits_for_the_network_past_the_deadline(
    weather: Weather, seat: Seated, page: Exam
) -> None:
    page.set_network(is_there=False)
    page.put()
    page.keys(Keys.ENTER)
    page.wait_for_text("Your answer is kept on this computer")
    weather.shorten(seat, -60)
    page.set_network(is_there=True)
    page.wait_for_text("Begin the section")
    page.wait_for_text("The time was up")
    assert (weather.given(seat), weather.late(seat)) == ([], [1])
    page.press("Begin the section")
    page.wait_for_text("Question 1 of 16")
    assert "The time was up" not in page.text()
    assert page.complaints() == []


def test_the_language_of_the_page_may_change_at_any_moment(
    weather: Weather, seat: Seated, page: Exam
) -> None:
    while not page.browser.find_elements(By.CSS_SELECTOR, ".option__input"):
        page.answer()
    stem, given = page.item_no(), page.put()
    page.set_network(is_there=False)
    page.wait_for("button[lang=ru]").click()
    page.set_network(is_there=True)
    page.wait_for("button[lang=ru]").click()
    page.wait_for_text(sentence("ru", "Next question"))
    assert page.item_no() == stem
    assert given == {"kind": "option", "option": page.chosen()}
    page.wait_for(".item__next").click()
    page.wait_until_left(stem)
    assert weather.given(seat)[-1] == given

    while not page.browser.find_elements(By.CSS_SELECTOR, ".entry"):
        page.answer()
    stem = page.item_no()
    page.put(text="3,5")
    page.wait_for("button[lang=ky]").click()
    page.wait_for_text(sentence("ky", "Next question"))
    assert (page.item_no(), page.typed()) == (stem, "3,5")
    page.wait_for(".item__next").click()
    page.wait_until_left(stem)
    assert weather.given(seat)[-1] == {"kind": "text", "text": "3,5"}
    assert page.complaints() == []
