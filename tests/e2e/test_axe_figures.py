"""What test_axe asks of the bank's figures: pools, calibrations, blueprints with their rehearsals, forms, pretests."""

from __future__ import annotations

import pytest

from tests.e2e.axe_calibrations import look_at_calibrations
from tests.e2e.bank import look_at_blueprints, look_at_pretests
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import Findings
from tests.e2e.pages import Staff
from tests.e2e.test_axe import FIGURES, every_type, unseen
from tests.live import LiveServer

live = pytest.fixture(every_type)


def test_the_figures_of_the_bank(live: LiveServer, new_browser: NewBrowser) -> None:
    page = Staff(new_browser(1440, 900), live.origin)
    pages = Findings(page)
    page.sign_in("bank")
    page.prove("/bank")
    page.wait_for("main a[href*='/bank/pools/']").click()
    pages.tour("a pool", "main svg")
    page.browser.get(page.origin + "/bank/pools/999")
    pages.tour("no such pool")
    look_at_calibrations(live, pages)
    look_at_blueprints(live, pages)
    look_at_pretests(page, pages)
    assert not pages.found, "\n".join(pages.found)
    assert not unseen(live, pages, FIGURES)
