"""A room whose cameras have failed: the proctor is refused with the clause, the centre records the order, it opens."""

from __future__ import annotations

from selenium.webdriver.common.by import By

from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import Proctor, Staff
from tests.live import LiveServer


def test_VS_1_the_doors_stay_shut_until_the_order_is_recorded(live: LiveServer, new_browser: NewBrowser) -> None:
    proctor = Proctor(new_browser(1440, 900), live.origin)
    centre = Staff(new_browser(), live.origin)
    centre.sign_in("centre")
    centre.browser.get(f"{live.origin}/centre/room-sittings/{live.room_sitting_id}/cameras")
    centre.wait_for_text("The room may be opened")
    centre.browser.find_element(By.LINK_TEXT, "Cameras of the room").click()
    for left in (1, 0):
        centre.wait_for("td button[class*=secondary]")
        next(e for e in centre.browser.find_elements(By.CSS_SELECTOR, "td button") if "failed" in e.text).click()
        centre.wait_until(
            lambda left=left: centre.text().count("It has failed") == left, "the camera still works"
        )

    proctor.open_console(live.room_sitting_id)
    proctor.press("Open the doors")
    proctor.wait_for(".outcome--trouble")
    assert "VS-1" in proctor.wait_for(".outcome--trouble").text
    assert "the centre record the order" in proctor.wait_for(".outcome--trouble").text

    centre.browser.get(f"{live.origin}/centre/room-sittings/{live.room_sitting_id}/cameras")
    centre.wait_for_text("The room cannot be opened")
    for name, said in (("order_number", "12-k"), ("granted_by", "A. Osmonova, head"), ("reason", "No power")):
        centre.browser.find_element(By.ID, name).send_keys(said)
    centre.press("Record the order")
    centre.wait_for_text("May be opened by an order")

    proctor.press("Open the doors")
    proctor.wait_for_text("Start the room…")
    assert proctor.errors() == []
    assert centre.errors() == []
