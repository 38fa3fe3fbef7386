"""Safe Exam Browser as people meet it: its script, refusals, diagnosis, the centre's page; a second computer waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery.models import ExamSession, Sitting
from server.delivery.seb.container import pack_password
from server.delivery.seb.models import SebConfiguration
from server.delivery.service import browsers
from tests.e2e.backstage import Backstage
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import Findings
from tests.e2e.pages import CandidatePage, Page, Proctor, Staff
from tests.live import LiveServer

# What the browser's version 3.0 gives a page: no keys until it is asked, then hashes over the page's address.
SEB = """
window.SafeExamBrowser = { version: "Safe Exam Browser_macOS_3.0_1", security: {
  configKey: "", browserExamKey: ":",
  updateKeys(ready) {
    const text = new TextEncoder().encode(location.href.split("#")[0] + "%s");
    crypto.subtle.digest("SHA-256", text).then((hash) => {
      this.configKey = [...new Uint8Array(hash)].map((b) => b.toString(16).padStart(2, "0")).join("");
      window[ready.name]();
    });
  },
} };
"""


class Room:
    """A room whose sitting asks for the browser."""

    def __init__(self, home: Path) -> None:
        self.live = LiveServer(home, count=4, columns=2)
        first, *_others = self.live.seats()
        with open_work(self.live.platform, SYSTEM) as work:
            self.sitting = work.db.get_one(ExamSession, first.session_id).sitting_id
        self.made = self.set_policy("required")
        self.live.start()

    def set_policy(self, policy: str) -> SebConfiguration:
        with open_work(self.live.platform, SYSTEM) as work:
            work.db.get_one(Sitting, self.sitting).seb_policy = policy
            made = browsers.configure(work, self.sitting, self.live.origin)
            work.db.flush()
            work.db.expunge(made)
        return made

    @property
    def console(self) -> str:
        return f"/proctor/rooms/{self.live.room_sitting_id}"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "home")
    yield made
    made.live.close()


def in_seb(page: Page, key: str) -> None:
    page.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SEB % key})


def fill_in(page: CandidatePage, number: str, code: str) -> None:
    page.wait_for("#registration-no").send_keys(number)
    page.browser.find_element(By.ID, "code").send_keys(code)
    page.browser.find_element(By.CSS_SELECTOR, ".sign-in .govuk-button").click()


def test_the_browser_proves_itself_by_the_script_of_its_page(room: Room, new_browser: NewBrowser) -> None:
    right, wrong = (CandidatePage(new_browser(), room.live.origin) for _ in range(2))
    seat = room.live.seats()[0]
    in_seb(wrong, "0" * 64)
    wrong.open("/exam")
    fill_in(wrong, seat.registration_no, seat.code)
    wrong.wait_for_text("another configuration")
    in_seb(right, room.made.config_key)
    right.open("/exam")
    assert "?seb=" in right.browser.current_url, "it goes to an address of its own by itself"
    right.wait_for(".sign-in a").click()
    right.press("Check the script")
    right.wait_for_text("Safe Exam Browser_macOS_3.0_1")
    assert [each.text.split()[0] for each in right.all("[data-check=page]")] == ["right"]
    right.browser.find_element(By.LINK_TEXT, "To the sign-in of the test").click()
    fill_in(right, seat.registration_no, seat.code)
    right.wait_for(".step-list__item")


def test_the_pages_of_the_browser_have_nothing_serious(room: Room, new_browser: NewBrowser, tmp_path: Path) -> None:
    page = CandidatePage(new_browser(), room.live.origin)
    pages = Findings(page)
    seat = room.live.seats()[0]
    page.open("/exam")
    for _language in pages.in_each_language("#registration-no"):
        fill_in(page, seat.registration_no, seat.code)
        page.wait_for(".trouble")
        pages.look("another browser")
    pages.visit("/exam/seb")
    for _language in pages.in_each_language("form[data-seb]"):
        page.wait_for("form[data-seb] button").click()
        page.wait_for("[data-check=page]")
        pages.look("diagnosis by script")
    pages.visit("/exam/quit")
    _centre(room, page, pages, tmp_path)
    assert not pages.found, "\n".join(pages.found)
    assert page.errors() == []


def _centre(room: Room, page: Page, pages: Findings, folder: Path) -> None:
    """The configuration, a refusal, and a file that is another one, is locked, or is the right one."""
    staff = Staff(page.browser, page.origin)
    staff.sign_in("centre")
    files = {name: folder / f"{name}.seb" for name in ("right", "wrong")}
    other = room.made.settings.replace(b"<key>allowPrint</key>\n\t<false/>", b"<key>allowPrint</key>\n\t<true/>")
    files["right"].write_bytes(pack_password(room.made.settings, "sesame"))
    more = b"<key>zoomMode</key><integer>1</integer>\n</dict>\n</plist>"
    files["wrong"].write_bytes(pack_password(other.replace(b"</dict>\n</plist>", more), "sesame"))
    pages.visit(f"/centre/sittings/{room.sitting}/seb")
    for name, password, css in (
        ("wrong", "sesame", "[data-verdict=other]"), ("wrong", "", ".govuk-error-summary"),
        ("right", "sesame", "[data-verdict=same]"),
    ):  # fmt: skip
        for language in ("ky", "ru", "en"):
            pages.speak(language)
            staff.browser.get(f"{staff.origin}/centre/sittings/{room.sitting}/seb")
            staff.wait_for("#file").send_keys(str(files[name]))
            staff.wait_for("#file-password").send_keys(password)
            staff.wait_for("#compare .govuk-button").click()
            staff.wait_for(css)
            pages.look(f"a file that is {name} {'locked' if not password else 'open'}")


def test_DC_10_a_second_computer_waits_and_goes_on_where_the_proctor_lets_it(
    room: Room, new_browser: NewBrowser
) -> None:
    room.set_policy("off")
    first, second, third = (CandidatePage(new_browser(), room.live.origin) for _ in range(3))
    proctor = Proctor(new_browser(1440, 900), room.live.origin)
    seat, sights = room.live.seats()[0], Findings(proctor)
    waits = Findings(second)
    Backstage(room.live).room("open")
    room.live.admit([seat])
    first.sign_in(seat.registration_no, seat.code, "ky")
    item = first.item_no()
    proctor.open_console(room.live.room_sitting_id)
    for language in ("ky", "ru", "en"):
        waits.speak(language)
        second.browser.get(second.origin + "/exam")
        fill_in(second, seat.registration_no, seat.code)
        second.wait_for(".notice")
        waits.look("waits for the proctor")
    third.open("/exam")
    fill_in(third, seat.registration_no, seat.code)
    third.wait_for(".notice")
    number = proctor.wait_for(".needs__number").text
    for _language in sights.in_each_language(".needs__seat"):
        proctor.seat(number).click()
        proctor.wait_for(".calling .chip")
        sights.look("another computer asks")
    two = lambda: len(proctor.all(".calling .reasons")) == 2  # noqa: E731
    proctor.wait_until(two, "not both computers")
    assert first.item_no() == item, "who works is not disturbed"
    proctor.all(".calling .chip")[0].click()
    assert second.item_no() == item
    first.wait_for(".notice--alarm")
    third.wait_for_text("the proctor will give you a new one")
    proctor.wait_until_gone(".calling .chip")
    proctor.wait_for_text("The test goes on at the other computer.")
    assert not sights.found + waits.found, "\n".join(sights.found + waits.found)
    assert proctor.errors() == []
