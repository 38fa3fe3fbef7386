"""`python tests/e2e/screens.py`: takes the README's screenshots from the real pages of a running demonstration."""

from __future__ import annotations

import base64
import contextlib
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from unittest import mock

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from server.jobs.simulate import Seated, take_test
from tests.e2e.backstage import Backstage
from tests.e2e.conftest import open_browser
from tests.e2e.pages import CandidatePage, Proctor, Staff
from tests.live import ROOT, LiveServer

SCREENS = ROOT / "docs" / "screens"
SEATS, BUSY_S, THINK_S = 30, 12, 6.0
QUALITY = 88


class Pace:
    """How fast time goes by for the robots; they think as people do for the pictures and hurry after them."""

    def __init__(self) -> None:
        self.times = 1.0

    def sleep(self, seconds: float) -> None:
        """So long for a robot."""
        time.sleep(seconds / self.times)


def main() -> None:
    """Every screenshot is new."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="synak-screens-") as home:
        live = LiveServer(Path(home) / "home", count=SEATS, columns=6)
        live.start()
        try:
            with mock.patch("server.jobs.simulate.time", Pace()) as pace:
                _take(live, Path(home), pace)
        finally:
            live.close()
    print(f"screenshots are in {SCREENS}")


def _take(live: LiveServer, profiles: Path, pace: Pace) -> None:
    mine, called, silent, removed, _late, *others = live.seats()
    proctor = Proctor(_browser(profiles / "proctor", 1440, 900), live.origin)
    candidate = CandidatePage(_browser(profiles / "candidate", 1280, 860), live.origin)
    staff = Staff(_browser(profiles / "staff", 1440, 900), live.origin)
    behind = Backstage(live)
    try:
        proctor.open("/", "ky")
        _save(proctor, "start")
        candidate.sign_in(mine.registration_no, mine.code, "ky")
        candidate.wait_for("nav, ol")
        _save(candidate, "waiting")
        live.admit(others, starts=False)
        tally = _simulate(live, others)
        _desk(live, proctor)
        live.admit([mine, called, silent, removed], starts=True)
        behind.calls(behind.works(called))
        behind.works(silent)
        _figure(candidate)
        _console(live, behind, proctor, others)
        pace.times = 8
        _protocol(live, behind, proctor, removed)
        _finish(candidate)
        _save(candidate, "grades")
        WebDriverWait(proctor.browser, 240).until(lambda _: tally["submitted"] >= len(others) * 0.8)
        _pages(live, staff)
    finally:
        for page in (proctor, candidate, staff):
            page.browser.quit()


def _browser(profile: Path, width: int, height: int) -> WebDriver:
    """A page of that size; a window of it would be smaller by its own bars."""
    browser = open_browser(profile, width, height)
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    return browser


def _desk(live: LiveServer, proctor: Proctor) -> None:
    """A passport is checked before the start."""
    proctor.open_console(live.room_sitting_id)
    proctor.open(f"/proctor/rooms/{live.room_sitting_id}", "ky")
    proctor.wait_for("[data-seat]")
    proctor.seat("1").click()
    proctor.wait_for("#identity-number").send_keys("AN1213813")
    proctor.browser.execute_script("document.getElementById('identity-photo').click()")
    proctor.browser.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")
    time.sleep(BUSY_S)  # those who were admitted sign in
    _save(proctor, "desk")


def _figure(candidate: CandidatePage) -> None:
    """A question with a figure and the sheet beside it, if the test gives one."""
    candidate.wait_for(".item__stem")
    for choice in "bcabcdabcdabc":
        if candidate.all(".figure img"):
            break
        candidate.answer(choice)
    candidate.browser.execute_script("window.scrollTo(0, 0)")
    time.sleep(1)  # the figure is drawn
    _save(candidate, "candidate")


def _console(live: LiveServer, behind: Backstage, proctor: Proctor, others: list[Seated]) -> None:
    """A busy room: somebody calls, somebody is silent, somebody was warned, one is paused."""
    time.sleep(BUSY_S)
    behind.at(others[3], "warn", {"violation": "looking_at_others", "narrative": ""})
    behind.at(others[9], "pause", {"reason": "Компьютер бузулду"})
    proctor.open(f"/proctor/rooms/{live.room_sitting_id}", "ky")
    proctor.wait_for("[data-seat]")
    proctor.seat("2").click()
    proctor.wait_for(".calling")
    _save(proctor, "console")
    behind.at(others[9], "resume", {"reason": "Компьютер алмаштырылды"})


def _protocol(live: LiveServer, behind: Backstage, proctor: Proctor, removed: Seated) -> None:
    """Written after a removal, to be signed by those present."""
    behind.at(removed, "remove", {"violation": "phone", "narrative": ""})
    proctor.open(f"/proctor/rooms/{live.room_sitting_id}/sessions/{removed.session_id}/record", "ky")
    said = {"narrative": "09:20. Талапкердин чөнтөгүнөн телефон шыңгырап, телефон алынды.",
            "name_1": "Токтогулова Бермет", "position_1": "мугалим", "statement": "Апам чалды."}  # fmt: skip
    proctor.wait_for("#staff_0")
    proctor.browser.execute_script("document.getElementById('staff_0').selectedIndex = 2")
    for name, text in said.items():
        field = proctor.wait_for(f"#{name}")
        field.clear()
        field.send_keys(text)
    proctor.browser.execute_script("document.getElementById('is_statement_asked').click()")
    proctor.wait_for("main form .govuk-button").click()
    proctor.wait_for("#signatures")
    proctor.browser.execute_script("window.scrollTo(0, document.body.scrollHeight)")
    _save(proctor, "protocol")


def _simulate(live: LiveServer, seats: list[Seated]) -> Counter[str]:
    tally: Counter[str] = Counter()

    def one(seat: Seated) -> None:
        with contextlib.suppress(OSError):  # those who still work when the server ends
            take_test(live.origin, seat, live.platform, THINK_S, tally)

    for seat in seats:
        threading.Thread(target=one, args=(seat,), daemon=True).start()
    return tally


def _finish(candidate: CandidatePage) -> None:
    candidate.answer_section()
    for _ in range(3):
        candidate.wait_for(".between__begin").click()
        candidate.wait_for(".item__stem")
        candidate.answer_section()
    candidate.wait_for(".decision", 60)


def _pages(live: LiveServer, office: Staff) -> None:
    office.sign_in("centre")
    office.open(f"/centre/room-sittings/{live.room_sitting_id}/seating", "ky")
    plan = office.wait_for(".room-print")
    office.browser.execute_script("arguments[0].scrollIntoView()", plan)
    _save(office, "seating")
    office.browser.delete_all_cookies()
    office.sign_in("office")
    office.open("/office", "ky")
    office.browser.find_element(By.CSS_SELECTOR, "main a[href*='/office/sittings/']").click()
    office.browser.execute_script("arguments[0].scrollIntoView()", office.wait_for("main form"))
    _save(office, "office")
    office.open("/", "ky")
    office.browser.delete_all_cookies()
    office.sign_in("bank")
    office.prove("/bank")
    office.open("/bank", "ky")
    office.browser.find_element(By.CSS_SELECTOR, "main a[href*='/bank/pools/']").click()
    office.wait_for("main svg")
    _save(office, "bank")


def _save(page: Staff | CandidatePage | Proctor, name: str) -> None:
    shot = page.browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (SCREENS / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))
    print(f"  {name}.webp", flush=True)


if __name__ == "__main__":
    main()
