"""The bank's pages as axe looks at them, filled in as somebody would."""

from __future__ import annotations

from dataclasses import replace

from selenium.webdriver.common.by import By
from sqlalchemy import select

from itembank.authoring.models import Manuscript
from itembank.authoring.safe import note_opening
from itembank.blueprints.models import Pool
from itembank.exports.service import ask
from itembank.forms.models import ExamForm
from itembank.items.models import Item
from server.accounts.models import Staff as Staff_
from server.core.roles import SYSTEM, Actor, Role
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


def look_at_leaks(live: LiveServer, page: Staff, pages: Findings) -> None:
    """A leak with its openings and candidates, a withdrawal before and after, an export that waits for a decision."""
    with open_work(live.platform, SYSTEM) as work:
        manuscript, code = work.db.execute(
            select(Manuscript, Item.code).join(Item, Item.id == Manuscript.item_id).where(Item.subject == "mathematics")
        ).first() or (None, "")
        staff_id = work.db.scalars(select(Staff_.id).where(Staff_.login == "bank")).one()
        assert manuscript is not None
        opener = replace(work, actor=Actor(frozenset({Role.COMMISSION}), staff_id))
        mark = note_opening(opener, manuscript, "commission")
        ask(opener, [code], "qti", "a booklet")
        opener.close()
    page.browser.delete_all_cookies()
    page.sign_in("security")
    page.prove("/bank/export")
    for path in ("/bank/export", "/bank/leaks", f"/bank/leaks?codes={code}&at=2030-01-01T10:00",
                 f"/bank/leaks?mark={mark}", f"/bank/leaks/withdrawal?codes={code}"):
        pages.visit(path)
    _fill(page, "#reason", "a picture")
    page.wait_for("label[for=cause-published]").click()
    page.wait_for("main form .govuk-button--warning").click()
    page.wait_for("#done")
    pages.look("withdrawn")
    pages.visit(f"/bank/items/{code}")
    pages.visit("/bank/leaks")
    page.browser.find_element(By.ID, "text").send_keys("x y z")
    page.wait_for("form[action$='/search'] button").click()
    page.wait_for("#alike")
    pages.look("a text that was found")


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
    with open_work(live.platform, SYSTEM) as work:
        form_id = work.db.scalars(select(ExamForm.id).where(ExamForm.form_set_id == made["form_set_id"])).first()
    pages.visit(f"/bank/export?test=exam_form:{form_id}&format=booklet", "#copies")


def _fill(page: Staff, css: str, text: str) -> None:
    field = page.wait_for(css)
    field.clear()
    field.send_keys(text)
