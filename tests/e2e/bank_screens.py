"""`python tests/e2e/bank_screens.py`: takes the README's screenshots of the item bank, along an item's whole way."""

from __future__ import annotations

import tempfile
from pathlib import Path

from server.jobs.pretest import sit
from tests.e2e import bank_path
from tests.e2e.bank_path import CANDIDATES, SUBJECT, Clerk
from tests.e2e.screens import SCREENS, _browser, _save
from tests.live import LiveServer


def main() -> None:
    """Every screenshot of the bank is new."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="synak-screens-") as home:
        live = LiveServer(Path(home) / "home", count=2)
        live.start()
        clerk = Clerk(_browser(Path(home) / "clerk", 1440, 900), live.origin)
        try:
            _take(live, clerk)
        finally:
            clerk.browser.quit()
            live.close()


def _take(live: LiveServer, clerk: Clerk) -> None:
    manuscript_id = bank_path.written(clerk, lambda: _look(clerk, clerk.here(), "bank-editor", ".preview__item"))
    code = bank_path.code(live, manuscript_id)
    bank_path.read(clerk, manuscript_id, lambda: _look(clerk, clerk.here(), "bank-reading", "fieldset"))
    plan_id = bank_path.planned(clerk, code)
    sit(live.platform, plan_id, CANDIDATES)
    _look(clerk, f"/bank/pretests/{plan_id}", "bank-pretest", "main table")
    run_id = bank_path.calibrated(clerk, code, lambda: _look(clerk, clerk.here(), "bank-calibration", "main svg"))
    bank_path.approved(clerk)
    _look(clerk, clerk.here(), "bank-commission", "#agenda")
    bank_path.published(clerk, bank_path.blueprint_id(live), run_id)
    _look(clerk, f"/bank/items?subject={SUBJECT}", "bank-items", "main table")


def _look(clerk: Clerk, path: str, name: str, shows: str) -> None:
    """The page in Kyrgyz, then again as it was."""
    clerk.open(path, "ky")
    there = clerk.wait_for(shows)
    if name == "bank-calibration":
        clerk.browser.execute_script("arguments[0].closest('figure').scrollIntoView()", there)
    _save(clerk, name)
    clerk.open(path)


if __name__ == "__main__":
    main()
