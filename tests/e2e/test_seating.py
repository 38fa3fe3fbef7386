"""The centre's manager the day before: a room is drawn, seats are swapped by keyboard and by dragging, and printed."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import Staff
from tests.live import LiveServer

DRAWN = {"name": "Hall", "width": "7,2", "depth": "8,4", "seats": "20", "x1": "3", "y1": "4", "width1": "0,4",
         "depth1": "0,4"}


def at(staff: Staff) -> dict[str, str]:
    """Who sits where, as the plan shows it."""
    seats = staff.browser.find_elements(By.CSS_SELECTOR, "[data-seat]")
    return {each.get_attribute("data-seat") or "": each.get_attribute("data-session") or "" for each in seats}


def see(staff: Staff, name: str) -> None:
    """A picture of the whole page, for whoever asked for pictures."""
    if folder := os.environ.get("SYNAK_SIGHTS"):
        shot = staff.browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        Path(folder, f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


def test_DC_10_a_room_is_drawn_and_seats_are_changed(live: LiveServer, new_browser: NewBrowser) -> None:
    staff = Staff(new_browser(), live.origin)
    staff.sign_in("centre")
    draws_a_room(staff)
    here = f"/centre/room-sittings/{live.room_sitting_id}/seating"
    staff.open(here)
    before = at(staff)
    one, other, *_ = before
    staff.browser.execute_script("document.querySelector('[data-seat][tabindex=\"0\"]').focus()")
    keys = staff.browser.switch_to.active_element
    assert keys.get_attribute("data-seat") == one
    keys.send_keys(Keys.ENTER)
    staff.wait_for_text("Taken up: Seat 1")
    keys.send_keys(Keys.ARROW_RIGHT)
    staff.browser.switch_to.active_element.send_keys(Keys.ENTER)
    staff.wait_until(lambda: at(staff) == {**before, one: before[other], other: before[one]}, "not swapped")
    focused = staff.wait_until(lambda: staff.browser.switch_to.active_element.get_attribute("data-seat"), "no focus")
    assert focused == other

    first, second = (staff.browser.find_element(By.CSS_SELECTOR, f"[data-seat='{each}']") for each in (one, other))
    ActionChains(staff.browser).drag_and_drop(first, second).perform()
    staff.wait_until(lambda: at(staff) == before, "not dragged back")

    fits_at_200_percent(staff, here)
    prints(staff, here)
    assert staff.errors() == []


def draws_a_room(staff: Staff) -> None:
    """The manager measures, looks, saves."""
    staff.open("/centre/rooms/draw")
    for field, text in DRAWN.items():
        box = staff.browser.find_element(By.ID, field)
        box.clear()
        box.send_keys(text)
    staff.browser.find_element(By.CSS_SELECTOR, "#kind1 option[value=pillar]").click()
    staff.press("Show the plan")
    staff.wait_for_text("Seats that fit: 20")
    see(staff, "draw-en")
    staff.press("Save the room")
    staff.wait_for_text("Place in the row")
    assert len(at(staff)) == 20


def fits_at_200_percent(staff: Staff, here: str) -> None:
    """In both languages nothing is wider than the page."""
    for language in ("ky", "ru"):
        staff.open(here, language)
        see(staff, f"seating-{language}")
        staff.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                      {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False})
        assert staff.browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        see(staff, f"seating-{language}-200")
        staff.open("/centre/rooms/draw", language)
        assert staff.browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        see(staff, f"draw-{language}-200")
        staff.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def prints(staff: Staff, here: str) -> None:
    """Paper has the plan and the door list, and nothing to press."""
    staff.open(here)
    staff.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = [each.text for each in staff.browser.find_elements(By.CSS_SELECTOR, "main h2") if each.is_displayed()]
    assert [each.split(" · ")[0] for each in shown] == ["Door list"]
    assert not staff.browser.find_element(By.CSS_SELECTOR, "[data-move]").is_displayed()
    assert staff.browser.find_element(By.CSS_SELECTOR, ".room-plan").is_displayed()
    if folder := os.environ.get("SYNAK_SIGHTS"):
        Path(folder, "print.pdf").write_bytes(base64.b64decode(staff.browser.print_page()))
