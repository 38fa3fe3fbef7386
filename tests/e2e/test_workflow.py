"""The pages of the bank's workflow as each of its people sees them: axe finds nothing serious on any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from selenium.webdriver.common.by import By
from sqlalchemy import select

from itembank.authoring import commission, service
from itembank.authoring.models import Manuscript
from itembank.blueprints.drafts.commission import commission_of, name_commission
from itembank.blueprints.drafts.law import this_year
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from server.accounts.models import Staff as StaffRow
from server.core.roles import Actor, Role
from server.core.work import Work, open_work
from tests.e2e import bank_path
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import Findings
from tests.e2e.pages import Staff
from tests.few import few
from tests.live import LiveServer

# Looked at here, and so not by test_axe.
PAGES = {
    "/bank/my-work", "/bank/manuscripts/new", "/bank/manuscripts/<int:manuscript_id>/reading",
    "/bank/manuscripts/<int:manuscript_id>/differences", "/bank/readings", "/bank/items/<name>", "/bank/commission",
    "/bank/commission/<int:meeting_id>",
}  # fmt: skip
STEMS = {
    "ky": "Теңдеменин тамырларынын суммасын тапкыла: $x^2 - 5x + 6 = 0$.",
    "ru": "Найдите сумму корней уравнения $x^2 - 5x + 6 = 0$.",
}


@dataclass(frozen=True)
class Made:
    """What there is to look at."""

    manuscript: int
    session: str
    code: str


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A demonstration with a small bank."""
    server = LiveServer(tmp_path_factory.mktemp("workflow") / "home", count=2, columns=2, source=few)
    server.start()
    try:
        yield server
    finally:
        server.close()


def actor_of(work: Work, login: str, role: Role) -> Actor:
    """Somebody of the demonstration, in one of their roles."""
    row = work.db.execute(select(StaffRow).where(StaffRow.login == login)).scalar_one()
    return Actor(frozenset({role}), row.id, row.name, row.organisation_id)


def an_item(code: str) -> NewItem:
    """A question in two languages, with a formula."""
    texts = {language: NewText(stem, ("$5$", "$6$", "$-5$", "$1$")) for language, stem in STEMS.items()}
    return NewItem(code=code, subject="mathematics", tier="medium", area="algebra", type="choice", texts=texts)


def prepare(live: LiveServer) -> Made:
    """A text that waits for its readers, and a session of the year's commission with items on its agenda."""
    with open_work(live.platform, Actor(frozenset({Role.SYSTEM}), name="system")) as work:
        people = {login: actor_of(work, login, Role.COMMISSION) for login in bank_path.SIGNERS}
        writer = actor_of(work, "writer", Role.WRITER)
        for n in (1, 2):
            service.admit(work, an_item(f"MAT-9000{n}"), "calibrated")
        calibrated = work.db.scalars(select(Manuscript.id).where(Manuscript.state == "calibrated")).all()
    with open_work(live.platform, writer) as work:
        id_ = service.begin(work, an_item("MAT-90003"), "ky")
        service.submit(work, id_, work.db.get_one(Manuscript, id_).revision)
    with open_work(live.platform, people["bank"]) as work:
        ids = [each.id or 0 for each in people.values()]
        if commission_of(work, this_year(work)) is None:
            name_commission(work, this_year(work), "417", ids, ids[0])
        session = commission.open_session(work, "mathematics", work.now.date(), "417", ids)
        commission.put_on_agenda(work, session, calibrated[-2:])
    with open_work(live.platform, people["commission2"]) as work:
        commission.confirm_presence(work, session)
    with open_work(live.platform, people["bank"]) as work:
        commission.add_note(work, session, calibrated[-1], "Шарты кыска жана түшүнүктүү.")
    return Made(id_, f"/bank/commission/{session}", "MAT-90003")


def test_the_pages_of_the_workflow(live: LiveServer, new_browser: NewBrowser) -> None:
    made = prepare(live)
    page = bank_path.Clerk(new_browser(1280, 900), live.origin)
    pages = Findings(page)
    text = f"/bank/manuscripts/{made.manuscript}"
    page.sign_in("writer")
    page.prove("/bank/my-work")
    for path in ("/bank/my-work", "/bank/manuscripts/new", "/bank/manuscripts/new?subject=mathematics",
                 f"/bank/items/{made.code}", f"{text}/differences"):  # fmt: skip
        pages.visit(path)
    page.browser.delete_all_cookies()
    page.sign_in("reviewer")
    page.prove("/bank/my-work")
    for path in ("/bank/my-work", f"{text}/reading"):
        pages.visit(path)
    _a_list_left_unticked(page, pages)
    page.browser.delete_all_cookies()
    page.sign_in("bank")
    page.prove("/bank/my-work")
    for path in ("/bank/my-work", "/bank/readings", "/bank/commission", made.session):
        pages.visit(path)
    page.open(made.session)
    bank_path.decided_and_signed(page, lambda: pages.look("a session that is signed"))
    pages.visit(f"/bank/items/{made.code[:-1]}1")
    assert page.all(".govuk-tag--green")
    assert not pages.found, "\n".join(pages.found)
    assert page.errors() == []


def _a_list_left_unticked(page: Staff, pages: Findings) -> None:
    page.browser.find_element(By.CSS_SELECTOR, "input[value='pass']").click()
    page.browser.find_element(By.CSS_SELECTOR, "form[action*='/reviews/'] button").click()
    page.wait_for(".govuk-error-summary")
    pages.look("a list left unticked")
