"""The console as it lives: a call and its answer, the window left, several seats by keys, a computer changed."""

from __future__ import annotations

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import CandidatePage, Proctor, settle
from tests.live import LiveServer

AT_ONCE_S = 1.5  # the second that was promised, and the eye of the test


def at_work(live: LiveServer, new_browser: NewBrowser, n: int = 1) -> tuple[Proctor, list[CandidatePage]]:
    """So many candidates at their first item, and a console that follows them."""
    seats = live.seats()[:n]
    live.admit(seats)
    proctor = Proctor(new_browser(1440, 1000), live.origin)
    pages = []
    for seat in seats:
        page = CandidatePage(new_browser(), live.origin)
        page.sign_in(seat.registration_no, seat.code, "ky")
        page.item_no()
        pages.append(page)
    proctor.open_console(live.room_sitting_id)
    return proctor, pages


def test_dc_15_a_call_reaches_the_console_and_the_answer_is_read(live: LiveServer, new_browser: NewBrowser) -> None:
    proctor, (candidate,) = at_work(live, new_browser)
    candidate.wait_for(".help__button")
    ActionChains(candidate.browser).key_down(Keys.ALT).send_keys("p").key_up(Keys.ALT).perform()
    candidate.wait_for(".help__kind").click()
    proctor.wait_for(".needs__why--call", AT_ONCE_S)
    candidate.wait_for(".help__state")
    proctor.wait_for(".needs__seat").click()
    proctor.press("I am going there")
    proctor.wait_for(".calling [data-answer=coming]").click()
    candidate.wait_for_text("Ордуңузда күтүңүз")  # in the language of the test, not of the proctor
    proctor.wait_for_text("not read yet")
    candidate.wait_for("dialog[open] button").click()
    proctor.wait_until(lambda: "· read " in proctor.text(), "no receipt")
    proctor.press("Done with")
    proctor.wait_until_gone(".calling")
    candidate.wait_until_gone(".help__state")
    candidate.answer()
    assert candidate.errors() == proctor.errors() == []


def test_dc_15_who_leaves_the_window_is_seen_at_once_and_told_calmly(
    live: LiveServer, new_browser: NewBrowser
) -> None:
    proctor, (candidate,) = at_work(live, new_browser)
    stem = candidate.item_no()
    window = candidate.browser.current_window_handle
    candidate.browser.switch_to.new_window("tab")
    proctor.wait_until(lambda: proctor.seat("1").find_elements(By.CSS_SELECTOR, ".mark--warn"), "no sign", AT_ONCE_S)
    settle(1.2)
    candidate.browser.close()
    candidate.browser.switch_to.window(window)
    candidate.wait_for(".help__note")
    assert candidate.item_no() == stem
    candidate.press("Түшүндүм")
    candidate.wait_until_gone(".help__note")
    proctor.seat("1").click()
    proctor.wait_for_text("Left the window")
    proctor.wait_for_text("1 time ·")


def test_nothing_is_carried_off_the_page(live: LiveServer, new_browser: NewBrowser) -> None:
    _proctor, (candidate,) = at_work(live, new_browser)
    browser = candidate.browser
    browser.execute_script(
        "getSelection().selectAllChildren(document.querySelector('.item__stem'));"
        "window.told = [];"
        "for (const name of ['copy', 'contextmenu', 'dragstart', 'keydown'])"
        " document.addEventListener(name, (event) => window.told.push([name, event.defaultPrevented]));"
    )
    ActionChains(browser).key_down(Keys.CONTROL).send_keys("c").send_keys("p").key_up(Keys.CONTROL).perform()
    ActionChains(browser).context_click(browser.find_element(By.CSS_SELECTOR, ".item__stem")).perform()
    told = browser.execute_script("return window.told")
    assert ["copy", False] not in told
    assert ["contextmenu", True] in told
    assert [each for each in told if each[0] == "keydown"][-1] == ["keydown", True], "Ctrl+P prints nothing"


def test_several_seats_are_paused_and_go_on_by_keys_alone(live: LiveServer, new_browser: NewBrowser) -> None:
    proctor, (one, two) = at_work(live, new_browser, 2)
    proctor.browser.execute_script("document.querySelector('[data-seat]').focus()")
    chosen = ActionChains(proctor.browser).key_down(Keys.SHIFT).send_keys(Keys.SPACE).send_keys(Keys.ARROW_RIGHT)
    chosen.key_up(Keys.SHIFT).perform()
    proctor.wait_for_text("2 seats are chosen")
    for label, reason, word, mine in (
        ("Pause them…", "Power failure", "Paused", "Тест токтотулду"),
        ("Resume them…", "Power is back", "Working", None),
    ):
        proctor.button(label).send_keys(Keys.ENTER)
        proctor.button(reason).send_keys(Keys.ENTER)
        for number in ("1", "2"):
            proctor.seat_says(number, word)
        proctor.wait_for_text("Done at seats 1, 2.")
        for page in (one, two):
            if mine:
                page.wait_until_gone(".item__stem")
            else:
                page.wait_for(".item__stem")


def test_dc_10_the_computer_that_holds_the_test_is_shown_and_changed(
    live: LiveServer, new_browser: NewBrowser
) -> None:
    proctor, (first,) = at_work(live, new_browser)
    item = first.item_no()
    proctor.seat("1").click()
    number = proctor.browser.find_element(By.CSS_SELECTOR, ".who dd").text
    proctor.press("New code or seat")
    proctor.wait_for_text("holds the test")
    assert "127.0.0.1" in proctor.wait_for(".devices__one--holder").text
    proctor.press("Computer fault")
    code = proctor.wait_for(".code__code").text
    proctor.press("I have handed it over")
    first.wait_until_gone(".item__stem")
    second = CandidatePage(new_browser(), live.origin)
    second.sign_in(number, code, "ky")
    assert second.item_no() == item
    proctor.press("New code or seat")
    both = lambda: len(proctor.browser.find_elements(By.CSS_SELECTOR, ".devices__one")) == 2  # noqa: E731
    proctor.wait_until(both, "one computer")
