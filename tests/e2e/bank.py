"""The bank's pages as axe looks at them, filled in as somebody would."""

from __future__ import annotations

from selenium.webdriver.common.by import By
from sqlalchemy import select

from itembank.blueprints.models import Pool
from server.core.roles import SYSTEM
from server.core.work import open_work
from tests.e2e.findings import Findings
from tests.e2e.pages import Staff
from tests.factories.blueprints import a_rehearsed_draft
from tests.live import LiveServer


def look_at_pretests(page: Staff, pages: Findings) -> None:
    """A pretest is planned: what waits, what would come of it, why a plan cannot stand, and the plan."""
    pages.visit("/bank/pretests")
    page.browser.get(page.origin + "/bank/pretests/new")
    chosen = page.browser.find_element(By.CSS_SELECTOR, "#pool option").get_attribute("value")  # history has some
    pages.visit(f"/bank/pretests/new?pool={chosen}")
    page.wait_for("button[formaction]").click()
    page.wait_for("#preview ~ .table-scroll")
    pages.look("what comes of a plan")
    _fill(page, "#per_candidate", "77")
    page.wait_for("#plan .button-row button:last-child").click()
    page.wait_for(".govuk-error-summary")
    pages.look("a plan refused")
    _fill(page, "#per_candidate", "1")
    page.wait_for("#plan .button-row button:last-child").click()
    page.wait_for("#answers")
    pages.visit(page.browser.current_url.removeprefix(page.origin).split("?")[0])
    pages.visit("/bank/pretests", "#plans")


def look_at_blueprints(live: LiveServer, pages: Findings) -> None:
    """A draft with its rehearsals, one of them under way, an approved blueprint, a pool put together, and forms."""
    with open_work(live.platform, SYSTEM) as work:
        pool_id = work.db.scalars(select(Pool.id).where(Pool.subject == "kyrgyz")).first()
    assert pool_id is not None
    made = a_rehearsed_draft(live.platform, pool_id)
    draft, blueprint = f"/bank/blueprints/drafts/{made['draft_id']}", f"/bank/blueprints/{made['blueprint_id']}"
    for path in ("/bank/blueprints", draft, blueprint, f"{blueprint}/pool", f"/bank/pools/{pool_id}/forms"):
        pages.visit(path)
    pages.visit(f"/bank/rehearsals/{made['rehearsal_id']}", "main svg")
    pages.visit(f"/bank/forms/{made['form_set_id']}", "main svg")


def _fill(page: Staff, css: str, text: str) -> None:
    field = page.wait_for(css)
    field.clear()
    field.send_keys(text)
