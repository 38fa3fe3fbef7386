"""What axe looks at of imports: the form, one refused, a report on items that came in and did not, a file refused."""

from __future__ import annotations

from sqlalchemy import select

from itembank.interchange import Defaults
from itembank.interchange.models import ImportedTest
from itembank.interchange.service import receive, run
from server.accounts.models import Staff as StaffRow
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import open_work
from tests.e2e.findings import Findings
from tests.e2e.pages import Staff
from tests.factories.packages import declared, item, package, zipped
from tests.live import LiveServer

CHOICES = '<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice>'
CHOICE = f'<p>?</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{CHOICES}</choiceInteraction>'
TEST = ('<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="T" title="T">'
        '<testPart identifier="P"><assessmentSection identifier="S" title="S"><branchRule/>'
        '<assessmentItemRef identifier="a" href="a.xml"/><assessmentItemRef identifier="b" href="b.xml"/>'
        "</assessmentSection></testPart></assessmentTest>")  # fmt: skip
ITEMS = {"a.xml": item(CHOICE, declared("A"), identifier="A"), "b.xml": item("<script/>", identifier="B"),
         "t.xml": TEST}  # fmt: skip


def look_at_imports(live: LiveServer, page: Staff, pages: Findings) -> None:
    """Every page of imports, as the demonstration's writer sees it."""
    page.browser.delete_all_cookies()
    page.sign_in("writer")
    page.prove("/bank/import")
    pages.visit("/bank/import")
    pages.visit("/bank/outlines")
    pages.visit("/bank/import?subject=history", "#file")
    page.wait_for("main form button").click()
    page.wait_for(".govuk-error-summary")
    pages.look("no file was chosen")
    for data, shown in ((package(ITEMS), "#outcomes"), (zipped({"../a": "b"}), "[role=alert]")):
        pages.visit(f"/bank/import/{_imported(live, data)}", shown)
    with open_work(live.platform, SYSTEM) as work:
        test_id = work.db.execute(select(ImportedTest.id)).scalar_one()
    pages.visit("/bank/outlines")
    pages.visit(f"/bank/outlines/{test_id}", "main table")


def _imported(live: LiveServer, data: bytes) -> int:
    with open_work(live.platform, SYSTEM) as work:
        writer = work.db.execute(select(StaffRow.id).where(StaffRow.login == "writer")).scalar_one()
    with open_work(live.platform, Actor(frozenset({Role.WRITER}), writer)) as work:
        import_id = receive(work, data, Defaults("history", "ancient", "medium", "ky"))
    run(live.platform, import_id, lambda _done, _total: None)
    return import_id
