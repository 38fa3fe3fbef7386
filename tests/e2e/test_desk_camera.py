"""The desk's camera in a real Chromium (DC-9): a picture by keyboard alone beside the file's, and no camera."""

from __future__ import annotations

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from server.core.roles import SYSTEM
from server.core.work import open_reading
from server.jobs.demonstration.sitting import Slip, slips
from tests.e2e.axe import serious
from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import Proctor
from tests.live import LiveServer

PAIR = ".camera__pair .photo:not([hidden])"
TRACK = "return document.querySelector('.camera video')?.srcObject?.getTracks()[0]?.readyState"


def a_desk(live: LiveServer, proctor: Proctor) -> tuple[Slip, WebElement]:
    """The doors are open, the first candidate stands before the proctor."""
    with open_reading(live.platform, SYSTEM) as work:
        (slip,) = slips(work, live.room_sitting_id, 1)
    proctor.open_console(live.room_sitting_id)
    proctor.press("Open the doors")
    proctor.seat(slip.seat).click()
    return slip, proctor.wait_for("#take-picture")


def test_DC_9_a_picture_is_taken_by_keyboard_and_kept_with_the_check(live: LiveServer, new_browser: NewBrowser) -> None:
    proctor = Proctor(new_browser(1440, 1000, has_camera=True), live.origin)
    slip, main = a_desk(live, proctor)
    assert proctor.browser.execute_script(TRACK) is None  # nothing is filmed before it is asked for
    main.send_keys(Keys.ENTER)
    proctor.wait_until(lambda: main.text == "Take it now", "the camera does not open")
    proctor.wait_until(lambda: bool(proctor.browser.execute_script(
        "return document.querySelector('.camera video').videoWidth > 0")), "no frame")  # fmt: skip
    sizes = {(each.size["width"], each.size["height"]) for each in proctor.browser.find_elements(By.CSS_SELECTOR, PAIR)}
    assert len(sizes) == 1  # file and camera side by side, one as large as the other
    assert proctor.browser.switch_to.active_element == main
    proctor.browser.execute_script("window.filming = document.querySelector('.camera video').srcObject")
    main.send_keys(Keys.ENTER)
    proctor.wait_until(lambda: main.text == "Take it again", "no picture")
    assert proctor.browser.execute_script("return window.filming.getTracks()[0].readyState") == "ended"
    assert serious(proctor.browser) == []
    proctor.browser.find_element(By.ID, "identity-number").send_keys(slip.passport)
    proctor.browser.find_element(By.ID, "identity-photo").send_keys(Keys.SPACE)
    proctor.browser.find_element(By.ID, "identity-number").send_keys(Keys.ENTER)
    proctor.wait_for("#admit[aria-disabled=false]")
    kept = proctor.wait_for(".who img[alt='Picture taken at the desk']")
    proctor.wait_until(lambda: int(kept.get_property("naturalHeight") or 0) == 480, "the picture is not shown")
    assert kept.get_property("naturalWidth") == 360
    assert proctor.errors() == []


def test_a_camera_that_films_stops_when_another_seat_is_chosen(live: LiveServer, new_browser: NewBrowser) -> None:
    proctor = Proctor(new_browser(1440, 1000, has_camera=True), live.origin)
    _slip, main = a_desk(live, proctor)
    main.click()
    proctor.wait_until(lambda: main.text == "Take it now", "the camera does not open")
    proctor.browser.execute_script("window.filming = document.querySelector('.camera video').srcObject")
    with open_reading(live.platform, SYSTEM) as work:
        other = slips(work, live.room_sitting_id, 2)[1]
    proctor.seat(other.seat).click()
    proctor.wait_until(
        lambda: proctor.browser.execute_script("return window.filming.getTracks()[0].readyState") == "ended",
        "it films on",
    )


def test_no_camera_is_told_and_the_check_goes_on(live: LiveServer, new_browser: NewBrowser) -> None:
    proctor = Proctor(new_browser(1440, 1000), live.origin)
    slip, main = a_desk(live, proctor)
    main.click()
    proctor.wait_for_text("No camera was found on this computer.")
    assert serious(proctor.browser) == []
    proctor.check_identity(slip.seat, slip.passport)
    assert not proctor.browser.find_elements(By.CSS_SELECTOR, ".who img[alt='Picture taken at the desk']")
