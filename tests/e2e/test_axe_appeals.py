"""axe-core finds nothing serious on the pages of appeals: the commission's, the offices' and the candidate's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.axe_appeals import PAGES, a_docket, as_candidate
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import Findings
from tests.e2e.pages import Staff
from tests.e2e.test_axe import APPEALS, unseen
from tests.live import LiveServer


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path_factory.mktemp("appeals") / "home", count=2, columns=2)
    server.start()
    try:
        yield server
    finally:
        server.close()


def test_the_pages_of_appeals(live: LiveServer, new_browser: NewBrowser) -> None:
    docket = a_docket(live)
    page = Staff(new_browser(1440, 900), live.origin)
    pages = Findings(page)
    page.sign_in("appeals3")
    page.prove("/appeals")
    for path in ("/appeals", "/appeals/interests", f"/appeals/hearings/{docket.hearing}"):
        pages.visit(path)
    for case in docket.cases.values():
        pages.visit(f"/appeals/{case}")
    pages.visit(f"/appeals/{docket.cases['signed']}/file")
    pages.visit(f"/appeals/{docket.cases['signed']}/file/3")
    page.browser.delete_all_cookies()
    page.sign_in("department")
    pages.visit("/office/appeals")
    page.browser.delete_all_cookies()
    page.sign_in("office")
    pages.visit("/office/appeals")
    pages.visit("/office/appeals/commission")
    page.browser.delete_all_cookies()
    page.sign_in("ministry")
    pages.visit("/office/appeals/commission")
    page.browser.delete_all_cookies()
    as_candidate(live, page, docket)
    pages.visit("/exam/appeal")
    assert not pages.found, "\n".join(pages.found)
    assert not unseen(live, pages, APPEALS)
    assert pages.paths >= PAGES
