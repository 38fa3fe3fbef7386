"""A slip before the desk's camera in a real Chromium, which has no reader of codes of its own (DC-9)."""

from __future__ import annotations

import re
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from server.core.roles import SYSTEM
from server.core.work import open_reading
from server.jobs.demonstration.sitting import Slip, slips
from tests.e2e.axe import serious
from tests.e2e.conftest import NewBrowser
from tests.e2e.film import film_of
from tests.e2e.pages import Proctor
from tests.live import LiveServer

STATE = "return window.looking.getTracks()[0].readyState"


def first(live: LiveServer) -> Slip:
    """The first candidate of the room."""
    with open_reading(live.platform, SYSTEM) as work:
        return slips(work, live.room_sitting_id, 1)[0]


def hold_on_to_the_stream(proctor: Proctor) -> None:
    """The test can look at the camera after the page has let it go."""
    proctor.browser.execute_script(
        "window.looking = null; const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        "navigator.mediaDevices.getUserMedia = async (wish) => (window.looking = await given(wish));"
    )


def chunks(proctor: Proctor) -> list[str]:
    """The files of the reader of codes that the page has fetched."""
    names = proctor.browser.execute_script(
        "return performance.getEntriesByType('resource').map((each) => each.name)"
    )
    return [name for name in names if re.search(r"/qr-[^/]*\.js$", name)]


def test_DC_9_a_slip_before_the_camera_opens_its_seat_by_keyboard_alone(
    live: LiveServer, new_browser: NewBrowser, tmp_path: Path
) -> None:
    slip = first(live)
    film = film_of(slip.registration_no, tmp_path / "slip.y4m")
    proctor = Proctor(new_browser(1440, 900, has_camera=True, film=film), live.origin)
    proctor.open_console(live.room_sitting_id)
    proctor.press("Open the doors")
    hold_on_to_the_stream(proctor)
    assert chunks(proctor) == []
    proctor.wait_for("#read-slip").send_keys(Keys.ENTER)
    title = proctor.wait_until(
        lambda: (e := proctor.browser.switch_to.active_element).get_attribute("id") == "panel-title" and e,
        "the seat is not opened",
    )
    assert slip.seat in title.text
    assert slip.registration_no in proctor.wait_for(".seat-panel").text
    assert proctor.browser.find_elements(By.CSS_SELECTOR, "dialog[open]") == []
    assert proctor.browser.execute_script(STATE) == "ended"
    assert len(chunks(proctor)) == 1  # fetched once the camera was asked for
    assert proctor.errors() == []


def test_a_wrong_slip_is_told_and_escape_puts_the_camera_out(
    live: LiveServer, new_browser: NewBrowser, tmp_path: Path
) -> None:
    film = film_of("26-999-99999-9", tmp_path / "wrong.y4m")
    proctor = Proctor(new_browser(1440, 900, has_camera=True, film=film), live.origin)
    proctor.open_console(live.room_sitting_id)
    hold_on_to_the_stream(proctor)
    opener = proctor.wait_for("#read-slip")
    opener.send_keys(Keys.ENTER)
    proctor.wait_for_text("No candidate of this room has the number 26-999-99999-9.")
    assert proctor.browser.execute_script(STATE) == "live"  # the next slip may be the right one
    assert serious(proctor.browser) == []
    proctor.keys(Keys.ESCAPE)
    proctor.wait_until(lambda: proctor.browser.execute_script(STATE) == "ended", "it looks on")
    assert proctor.browser.find_elements(By.CSS_SELECTOR, "dialog[open]") == []
    proctor.wait_until(lambda: proctor.browser.switch_to.active_element == opener, "the focus is lost")


def test_no_camera_is_told_and_the_search_is_named_instead(live: LiveServer, new_browser: NewBrowser) -> None:
    proctor = Proctor(new_browser(1440, 900), live.origin)
    proctor.open_console(live.room_sitting_id)
    proctor.wait_for("#read-slip").send_keys(Keys.ENTER)
    proctor.wait_for_text("No camera was found on this computer.")
    assert "type the number into the search" in proctor.text()
    assert serious(proctor.browser) == []
