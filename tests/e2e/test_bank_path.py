"""An item's whole way in the browser: written, read, tried out on 200 simulated candidates, calibrated, approved by the
commission, and in a pool. Each step is done by whom it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.jobs.pretest import sit
from tests.e2e import bank_path
from tests.e2e.bank_path import CANDIDATES, Clerk
from tests.e2e.conftest import NewBrowser
from tests.live import LiveServer


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path_factory.mktemp("bank") / "home", count=2)
    server.start()
    yield server
    server.close()


@pytest.fixture
def clerk(live: LiveServer, new_browser: NewBrowser) -> Clerk:
    return Clerk(new_browser(1440, 1000), live.origin)


def test_an_item_from_the_first_word_to_a_pool(clerk: Clerk, live: LiveServer) -> None:
    manuscript_id = bank_path.written(clerk)
    bank_path.read(clerk, manuscript_id)
    assert bank_path.state(live, manuscript_id) == "pretest"
    code = bank_path.code(live, manuscript_id)
    sit(live.platform, bank_path.planned(clerk, code), CANDIDATES)
    run_id = bank_path.calibrated(clerk, code)
    assert bank_path.state(live, manuscript_id) == "calibrated"
    bank_path.approved(clerk)
    assert bank_path.state(live, manuscript_id) == "approved"
    bank_path.published(clerk, bank_path.blueprint_id(live), run_id)
    assert bank_path.state(live, manuscript_id) == "in_use"
    assert clerk.errors() == []
