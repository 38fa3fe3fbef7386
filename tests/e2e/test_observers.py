"""An observer's tablet follows a room while the proctor reads a slip, lets somebody in and starts (CS-3, DC-9)."""

from __future__ import annotations

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sqlalchemy import select

from proctor.observers.models import Observer
from proctor.observers.service import code_of, number_of
from server.core.roles import SYSTEM
from server.core.work import open_reading
from server.jobs.demonstration.sitting import Slip, slips
from tests.e2e.axe import serious
from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import Page, Proctor
from tests.live import LiveServer


class Tablet(Page):
    """The observer in the corridor."""

    def sign_in(self, number: str, code: str) -> None:
        """The rooms of the observer are listed."""
        self.open("/observe")
        self.browser.find_element(By.ID, "number").send_keys(number)
        self.browser.find_element(By.ID, "code").send_keys(code)
        self.press("Sign in")
        self.wait_for_text("Rooms to observe")

    def counts(self, state: str) -> int:
        return int(self.browser.find_element(By.CSS_SELECTOR, f"[data-count={state}] dd").text)

    def waits_for(self, state: str, n: int) -> None:
        self.wait_until(lambda: self.counts(state) == n, f"not {n} {state}")


def slip_of_observer(live: LiveServer) -> tuple[str, str]:
    with open_reading(live.platform, SYSTEM) as work:
        row = work.db.execute(select(Observer)).scalars().one()
        return number_of(row.id), code_of(work.vault, row)


def everybody(live: LiveServer) -> list[Slip]:
    with open_reading(live.platform, SYSTEM) as work:
        return slips(work, live.room_sitting_id, 4)


def test_CS_3_the_tablet_follows_the_room_and_names_nobody(live: LiveServer, new_browser: NewBrowser) -> None:
    first, *others = everybody(live)
    tablet = Tablet(new_browser(1024, 768), live.origin)
    tablet.sign_in(*slip_of_observer(live))
    tablet.browser.find_element(By.CSS_SELECTOR, "main li a").click()
    tablet.waits_for("expected", 1 + len(others))

    proctor = Proctor(new_browser(1440, 900), live.origin)
    proctor.open_console(live.room_sitting_id)
    proctor.press("Open the doors")
    tablet.wait_for_text("The doors were opened")
    proctor.keys("26-999-99999-9", Keys.ENTER)
    proctor.wait_for_text("No candidate of this room has the number 26-999-99999-9.")
    proctor.keys(first.registration_no, Keys.ENTER)  # as a reader does, with no field in focus
    proctor.wait_for_text(first.name)
    proctor.check_identity(first.seat, first.passport)
    assert len(proctor.wait_for(".seat-panel code").text) == 12
    proctor.admit()
    tablet.waits_for("present", 1)
    proctor.start()
    tablet.waits_for("working", 1)
    tablet.wait_for_text("The test was started")

    tablet.browser.find_element(By.ID, "remark").send_keys("The windows are open.")
    tablet.press("Record the remark")
    tablet.wait_until(lambda: "The windows are open." in tablet.wait_for(".observer__side ul").text, "no remark")
    seen = tablet.browser.page_source
    for each in (first, *others):
        assert not [word for word in (*each.name.split(), each.registration_no, each.passport) if word in seen]
    for page in (tablet, proctor):
        assert serious(page.browser) == []
        assert page.errors() == []
    for tongue, words in (("ky", "Байкоочулар аты-жөндөрдү"), ("ru", "Наблюдатели не видят")):
        tablet.browser.find_element(By.CSS_SELECTOR, f"button[lang={tongue}]").click()
        tablet.wait_for_text(words)
        assert serious(tablet.browser) == []



def test_a_wrong_code_is_refused_in_words(live: LiveServer, new_browser: NewBrowser) -> None:
    tablet = Page(new_browser(), live.origin)
    tablet.open("/observe")
    tablet.browser.find_element(By.ID, "number").send_keys("O-1")
    tablet.browser.find_element(By.ID, "code").send_keys("AAAA-AAAA")
    tablet.press("Sign in")
    tablet.wait_for_text("Number and code do not belong together.")
    assert serious(tablet.browser) == []
