"""`python tests/e2e/screens.py`: takes the README's screenshots from the real pages of a running demonstration."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from server.jobs.simulate import Seated, take_test
from tests.e2e.conftest import open_browser
from tests.e2e.pages import CandidatePage, Proctor, Staff
from tests.live import ROOT, LiveServer

SCREENS = ROOT / "docs" / "screens"
SEATS, BUSY_S = 30, 25


def main() -> None:
    """Every screenshot is new."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="synak-screens-") as home:
        live = LiveServer(Path(home) / "home", count=SEATS, columns=6)
        live.start()
        try:
            _take(live, Path(home))
        finally:
            live.close()
    print(f"screenshots are in {SCREENS}")


def _take(live: LiveServer, profiles: Path) -> None:
    seats = live.seats()
    mine, others = seats[0], seats[3:]
    proctor = Proctor(open_browser(profiles / "proctor", 1440, 900), live.origin)
    candidate = CandidatePage(open_browser(profiles / "candidate", 1280, 860), live.origin)
    office = Staff(open_browser(profiles / "office", 1440, 900), live.origin)
    try:
        proctor.open("/", "ky")
        _save(proctor, "start")
        candidate.sign_in(mine.registration_no, mine.code, "ky")
        candidate.wait_for("nav, ol")
        _save(candidate, "waiting")
        live.admit([mine, *others])
        tally = _simulate(live, others)
        candidate.wait_for(".item__stem")
        for choice in ("b", "c"):
            candidate.answer(choice)
        _save(candidate, "candidate")
        proctor.open_console(live.room_sitting_id)
        proctor.open(f"/proctor/rooms/{live.room_sitting_id}", "ky")
        proctor.wait_for("[data-seat]")
        proctor.seat("1").click()
        time.sleep(BUSY_S)  # the room gets busy
        _save(proctor, "console")
        _finish(candidate)
        _save(candidate, "grades")
        WebDriverWait(proctor.browser, 240).until(lambda _: tally["submitted"] >= len(others) * 0.8)
        _pages(office)
    finally:
        for page in (proctor, candidate, office):
            page.browser.quit()


def _simulate(live: LiveServer, seats: list[Seated]) -> Counter[str]:
    tally: Counter[str] = Counter()

    def one(seat: Seated) -> None:
        with contextlib.suppress(OSError):  # those who still work when the server ends
            take_test(live.origin, seat, live.platform, 1.0, tally)

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


def _pages(office: Staff) -> None:
    office.sign_in("office")
    office.open("/office", "ky")
    office.browser.find_element(By.CSS_SELECTOR, "main a[href*='/office/sittings/']").click()
    office.wait_for("main table")
    _save(office, "office")
    office.open("/", "ky")
    office.browser.delete_all_cookies()
    office.sign_in("bank")
    office.open("/bank", "ky")
    office.browser.find_element(By.CSS_SELECTOR, "main a[href*='/bank/pools/']").click()
    office.wait_for("main svg")
    _save(office, "bank")


def _save(page: Staff | CandidatePage | Proctor, name: str) -> None:
    page.browser.save_screenshot(str(SCREENS / f"{name}.png"))
    print(f"  {name}.png", flush=True)


if __name__ == "__main__":
    main()
