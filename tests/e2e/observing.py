"""An observer's pages, looked at in each language."""

from __future__ import annotations

from selenium.webdriver.common.by import By

from tests.e2e.findings import Findings
from tests.e2e.pages import Staff
from tests.e2e.test_observers import slip_of_observer
from tests.live import LiveServer


def look_on(live: LiveServer, page: Staff, pages: Findings) -> None:
    """An observer signs in at /observe and looks at the room, empty and with candidates."""
    for name, text in zip(("number", "code"), slip_of_observer(live), strict=True):
        field = page.browser.find_element(By.ID, name)
        field.clear()
        field.send_keys(text)
    page.wait_for("main form button").click()
    page.wait_for("main li a")
    pages.visit("/observe")
    pages.visit(f"/observe/rooms/{live.room_sitting_id}", "[data-count]")
    live.admit(live.seats()[:2])
    pages.visit(f"/observe/rooms/{live.room_sitting_id}", "[data-count]")
