"""A case from its form to its place and its taking back, by hand in the browser, each page looked at on the way."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.webdriver.support.ui import Select
from sqlalchemy import select

from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery import sitting_ref
from server.delivery.models import ExamSession
from server.jobs.demonstration.centre import PIN
from tests.e2e.findings import Findings
from tests.e2e.pages import Staff, fill
from tests.live import LiveServer

CASES = "/office/cases"


def look_at_cases(live: LiveServer, staff: Staff, pages: Findings, sitting_id: int) -> None:
    """The department asks for an additional test, the ministry grants it, the testing centre gives a place, which is
    taken back."""
    with open_work(live.platform, SYSTEM) as work:
        absent = select(ExamSession).where(ExamSession.state == "absent", ExamSession.sitting_id == sitting_id)
        number = work.db.execute(absent.order_by(ExamSession.id)).scalars().all()[0].registration_no
        programme = sitting_ref(work, sitting_id).programme_id
    _sign_in(staff, "department")
    pages.visit(CASES)
    pages.visit(f"{CASES}/new?kind=exemption")
    _press(staff, f"{CASES}/new?kind=extension", "form:has(#registration_no) button", {"#registration_no": "26-1"})
    pages.look("a case refused")
    case = _begin(staff, f"{CASES}/new?kind=make_up", number)
    with TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.pdf"
        scan.write_bytes(b"%PDF-1.7\n")
        staff.wait_for("#file").send_keys(str(scan))
        staff.wait_for("form:has(#file) button").click()
        staff.wait_for("#papers td")
    staff.wait_for(f"form[action='{case}/submit'] button").click()
    staff.wait_for(".govuk-tag--yellow")
    pages.visit(case)
    _sign_in(staff, "ministry")
    pages.visit(case)
    _decide(staff, case)
    pages.visit(case)
    pages.visit(CASES)
    _sign_in(staff, "office")
    pages.visit("/office/additional")
    _plan(staff, programme)
    pages.look("a place to give")
    staff.wait_for("#waiting form button").click()
    staff.wait_for("main td a[href*='/office/cases/']")
    pages.visit(staff.browser.current_url.removeprefix(staff.origin).split("?")[0])
    pages.visit("/office/additional")
    pages.visit("/office/deadlines")
    _sign_in(staff, "ministry")
    pages.visit(case)
    _take_back(staff, case)
    pages.look("a case taken back")
    _sign_in(staff, "department")
    pages.visit(case)


def _sign_in(staff: Staff, login: str) -> None:
    staff.browser.delete_all_cookies()
    staff.sign_in(login)


def _press(staff: Staff, path: str, button: str, said: dict[str, str]) -> None:
    staff.browser.get(staff.origin + path)
    for css, text in said.items():
        fill(staff, css, text)
    staff.wait_for(button).click()
    staff.wait_for(".govuk-error-message, .govuk-summary-list")


def _begin(staff: Staff, path: str, number: str) -> str:
    """The case of that candidate is begun; its address."""
    _press(staff, path, "form:has(#registration_no) button", {"#registration_no": number})
    staff.wait_for("#papers")
    return staff.browser.current_url.removeprefix(staff.origin).split("?")[0]


def _decide(staff: Staff, case: str) -> None:
    staff.browser.get(staff.origin + case)
    staff.wait_for("label[for=outcome-granted]").click()
    day = (date.today() - timedelta(days=1)).strftime("%d.%m.%Y")
    for css, text in (("#order_number", "318/1"), ("#decided_on", day), ("#pin", PIN)):
        fill(staff, css, text)
    staff.wait_for("form:has(#pin) button").click()
    staff.wait_for(".govuk-tag--green")


def _take_back(staff: Staff, case: str) -> None:
    staff.browser.get(staff.origin + case)
    day = date.today().strftime("%d.%m.%Y")
    for css, text in (("#order_number", "12/min"), ("#decided_on", day), ("#words", "Another candidate was meant"),
                      ("#pin", PIN)):  # fmt: skip
        fill(staff, css, text)
    staff.wait_for("form:has(#pin) button").click()
    staff.wait_for(".govuk-tag--red")


def _plan(staff: Staff, programme_id: int) -> None:
    staff.browser.get(staff.origin + "/office/additional")
    Select(staff.wait_for("#programme")).select_by_value(str(programme_id))
    held, ordered = (date.today() + timedelta(days=n) for n in (9, -1))
    for css, text in (("#held_on", held.strftime("%d.%m.%Y")), ("#order_no", "402/1"),
                      ("#ordered_on", ordered.strftime("%d.%m.%Y")), ("#late_because", "The order came late")):
        fill(staff, css, text)
    staff.wait_for("form:has(#held_on) button").click()
    staff.wait_for("#waiting form button")
