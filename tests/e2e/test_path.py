"""The whole path in two browsers at once: a proctor and a candidate, from the doors to the grade."""

from __future__ import annotations

from selenium.webdriver.common.by import By

from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import CandidatePage, Proctor, Staff
from tests.live import LiveServer


def test_from_the_doors_to_the_grade(live: LiveServer, new_browser: NewBrowser) -> None:
    seat, *_others = live.seats()
    proctor = Proctor(new_browser(1440, 900), live.origin)
    candidate = CandidatePage(new_browser(), live.origin)

    proctor.open_console(live.room_sitting_id)
    proctor.press("Open the doors")
    candidate.sign_in(seat.registration_no, seat.code)
    candidate.wait_for_text("Wait for the identity check")
    assert "DC-9" in candidate.text()

    proctor.check_identity("1", seat.document_number)
    proctor.admit()
    proctor.seat_says("1", "Ready")
    proctor.start()
    proctor.seat_says("1", "Working")

    candidate.wait_for(".item__stem")
    assert 3500 < candidate.remaining_s() <= 3600
    first = candidate.answer()
    proctor.seat_says("1", "1/20")
    candidate.browser.refresh()
    assert candidate.item_no() != first, "an answered item came back after a reload"

    counts = [candidate.answer_section()]
    for _ in range(3):
        candidate.press("Begin the section")
        candidate.wait_for(".item__stem")
        counts.append(candidate.answer_section())
    assert counts == [19, 16, 12, 12]

    candidate.wait_for_text("Grades by subject")
    text = candidate.text()
    assert "DC-20" in text
    assert "DC-21" in text
    for subject in ("Mathematics", "History of Kyrgyzstan", "Kyrgyz language", "Russian language"):
        assert subject in text
    proctor.seat_says("1", "Finished")
    assert candidate.errors() == []
    assert proctor.errors() == []

    office = Staff(new_browser(), live.origin)
    office.sign_in("office")
    office.browser.get(f"{live.origin}/office")
    office.browser.find_element(By.CSS_SELECTOR, "main a[href*='/office/sittings/']").click()
    office.wait_for_text(seat.registration_no)
    office.browser.find_element(By.PARTIAL_LINK_TEXT, seat.registration_no).click()
    office.wait_for_text("DC-21")
    assert seat.registration_no in office.text()


def test_a_pause_and_a_move_to_another_computer(live: LiveServer, new_browser: NewBrowser) -> None:
    seat, *_others = live.seats()
    live.admit([seat])
    proctor = Proctor(new_browser(1440, 900), live.origin)
    candidate = CandidatePage(new_browser(), live.origin)
    candidate.sign_in(seat.registration_no, seat.code)
    item = candidate.item_no()
    proctor.open_console(live.room_sitting_id)
    proctor.seat("1").click()

    proctor.press("Pause")
    proctor.press("Power failure")
    proctor.seat_says("1", "Paused")
    candidate.wait_for_text("The test is paused")
    assert candidate.browser.find_elements(By.CSS_SELECTOR, ".item__stem") == []
    stood = candidate.remaining_s()
    proctor.press("Resume")
    proctor.press("Power is back")
    proctor.seat_says("1", "Working")
    assert candidate.item_no() == item
    assert 0 <= stood - candidate.remaining_s() <= 6

    proctor.press("New code or seat")
    proctor.press("Computer fault")
    code = proctor.wait_for(".code__code").text
    proctor.press("I have handed it over")
    candidate.wait_for_text("another computer")

    second = CandidatePage(new_browser(), live.origin)
    second.sign_in(seat.registration_no, code)
    assert second.item_no() == item


def test_a_message_is_confirmed_by_the_candidate(live: LiveServer, new_browser: NewBrowser) -> None:
    seat, *_others = live.seats()
    live.admit([seat])
    proctor = Proctor(new_browser(1440, 900), live.origin)
    candidate = CandidatePage(new_browser(), live.origin)
    candidate.sign_in(seat.registration_no, seat.code)
    proctor.open_console(live.room_sitting_id)
    proctor.seat("1").click()
    proctor.press("Message")
    proctor.wait_for("#seat-message").send_keys("Ten minutes are given back.")
    proctor.press("Send")
    candidate.wait_for_text("Ten minutes are given back.")
    candidate.wait_for("dialog[open] button").click()
    candidate.wait_until_gone("dialog[open]")
    candidate.answer()
