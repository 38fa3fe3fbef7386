"""axe-core finds nothing serious on any page of staff without a room, in Kyrgyz, Russian and English, and at 200 %.

Pages of candidates, rooms, centres and the bank's figures: test_axe_candidates, _rooms, _centres, _figures.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from werkzeug.routing import Map

from server.accounts.second_factor.codes import code_of, step_at
from server.core.clock import SystemClock
from server.jobs.demonstration.centre import PASSWORD
from server.web.app import create_app
from tests.e2e.axe_appeals import PAGES as APPEALED
from tests.e2e.axe_imports import look_at_imports
from tests.e2e.axe_inventory import look_at_acts
from tests.e2e.axe_manuscripts import look_at_manuscripts
from tests.e2e.axe_recipes import look_at_recipes
from tests.e2e.axe_rescoring import look_at_keys
from tests.e2e.bank import look_at_leaks
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import LANGUAGES, OFFICIAL, Findings
from tests.e2e.items import of_every_type
from tests.e2e.observing import look_on
from tests.e2e.pages import Staff, fill
from tests.e2e.test_workflow import PAGES as WORKFLOW
from tests.live import LiveServer

# What GET gives that is no page.
NO_PAGES = {
    "/static/<path:filename>": "files",
    "/exam/start": "leads on to /exam",
    "/health": "a word for machines",
    "/centre/lists/template.csv": "a table to fill in",
    "/bank/import/form": "a table to fill in",
    "/centre/recordings/<int:recording_id>": "a film",
    "/office/recordings/<int:recording_id>": "a film",
    "/centre/room-sittings/<int:room_sitting_id>/papers/<kind>": "a PDF",
    "/office/cases/<int:case_id>/papers/<int:paper_id>": "a PDF",
    "/centre/room-sittings/<int:room_sitting_id>/observers/slips/paper": "a PDF",
    "/centre/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/protocol": "a PDF",
    "/proctor/rooms/<int:room_id>/papers/<kind>": "a PDF",
    "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/protocol": "a PDF",
    "/office/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/picture": "a picture",
    "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/photo": "a picture",
    "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/picture": "a picture",
    "/exam/media/<name>": "a figure",
    "/marking/next": "leads on to a work",
    "/marking/works/<ref>/figures/<name>": "a figure",
    "/bank/manuscripts/<int:manuscript_id>/files/<name>": "a figure",
    "/bank/manuscripts/<int:manuscript_id>/text": "what the page asks for by itself",
    "/bank/commission/<int:meeting_id>/minutes": "a PDF",
    "/office/statements/<int:statement_id>/paper": "a PDF",
    "/office/statements/batches/<int:batch_id>": "an archive",
    "/exam/result/statement": "a PDF",
    "/office/sittings/<int:sitting_id>/final/notices": "a PDF",
    "/tasks/<int:task_id>": "what the page asks for by itself",
    "/exam/score-report.pdf": "a PDF",
    "/exam/result/extract": "a PDF",
    "/exam/result/notice": "a PDF",
    "/office/lists/<int:result_list_id>/paper": "a PDF",
    "/office/lists/<int:result_list_id>/notices": "a PDF",
    "/office/lists/<int:result_list_id>/candidates/<int:session_id>/extract": "a PDF",
    "/office/lists/<int:result_list_id>/candidates/<int:session_id>/notice": "a PDF",
    "/office/sittings/<int:sitting_id>/results.csv": "a table",
    "/office/sittings/<int:sitting_id>/outcome.xlsx": "a table",
    "/office/sittings/<int:sitting_id>/outcome.csv": "a table",
    "/office/sittings/<int:sitting_id>/outcome.pdf": "a PDF",
    "/office/sittings/<int:sitting_id>/results.xlsx": "a table",
    "/office/sessions/<int:session_id>/score-report.pdf": "a PDF",
    "/exam/appeal/<int:appeal_id>/notice.pdf": "a PDF",
    "/office/appeals/<int:appeal_id>/notice.pdf": "a PDF",
    "/office/appeals/sittings/<int:sitting_id>/list.pdf": "a PDF",
    "/appeals/<int:appeal_id>/protocol.pdf": "a PDF",
    "/appeals/<int:appeal_id>/file/<int:seq>/figures/<name>": "a figure",
    "/appeals/<int:appeal_id>/file/<int:seq>/recording": "a sound",
    "/exam/call": "what the page asks for by itself",
    "/exam/state": "what the page asks for by itself",
    "/observe/rooms/<int:room_id>/view": "what the page asks for by itself",
    "/proctor/rooms/<int:room_id>/snapshot": "what the page asks for by itself",
    "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/devices": "what the page asks for by itself",
}
# The first word of an address, by the test that looks at it.
CANDIDATES, PROCTORS, CENTRES = {"exam"}, {"proctor", "papers"}, {"centre", "office"}
FIGURES = {"bank/pools", "bank/blueprints", "bank/calibrations", "bank/pretests", "bank/rehearsals", "bank/forms"}
MARKERS = {"marking"}
APPEALS = {"appeals"}
OTHERS = {"", "sign-in", "staff", "bank", "journal", "observe", "check"}


def _pages(live: LiveServer) -> Map:
    """Every address of the server."""
    return create_app(live.config, live.platform).url_map


def unseen(live: LiveServer, pages: Findings, words: set[str]) -> set[str]:
    """Pages under these first words that were not looked at."""
    addresses = _pages(live).bind("synak.test")
    seen = {
        addresses.match(path, method=method, return_rule=True)[0].rule
        for path in pages.paths
        for method in addresses.allowed_methods(path)  # a form that was refused stands at the address it was sent to
    }
    return {rule for rule in _rules(live) if _word(rule) in words} - seen


def _word(rule: str) -> str:
    """The first word of an address, or two where they are figures of the bank."""
    first, *more = rule.split("/")[1:3]
    return "/".join((first, *more)) if "/".join((first, *more)) in FIGURES else first


def _rules(live: LiveServer) -> set[str]:
    there = {rule.rule for rule in _pages(live).iter_rules() if "GET" in (rule.methods or ())}
    return there - set(NO_PAGES) - WORKFLOW - APPEALED


def every_type(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A room whose second subject has an item of every type."""
    server = LiveServer(tmp_path_factory.mktemp("axe") / "home", count=6, columns=3, source=of_every_type)
    server.start()
    try:
        yield server
    finally:
        server.close()


live = pytest.fixture(every_type)


def test_every_page_is_looked_at_by_one_of_these_tests(live: LiveServer) -> None:
    assert set(NO_PAGES) <= {rule.rule for rule in _pages(live).iter_rules()}
    assert {_word(rule) for rule in _rules(live)} == (
        CANDIDATES | PROCTORS | CENTRES | FIGURES | MARKERS | APPEALS | OTHERS
    )  # fmt: skip


def test_the_pages_of_everybody_else(live: LiveServer, new_browser: NewBrowser) -> None:
    page = Staff(new_browser(1440, 900), live.origin)
    pages = Findings(page)
    for path in ("/", "/sign-in", "/observe", "/check"):
        pages.visit(path)
    _wrong(page, pages, "/sign-in", "#login", "#password")
    _wrong(page, pages, "/check", "#code")
    _wrong(page, pages, "/observe", "#number", "#code")
    look_on(live, page, pages)
    page.browser.delete_all_cookies()
    page.sign_in("bank")
    _second_factor(page, pages)
    for path in ("/staff", "/staff/pin", "/staff/password", "/staff/second-factor", "/bank/my-work", "/bank",
                 "/bank/items", "/bank/items?code=NONE&b_min=x", "/bank/health"):
        pages.visit(path)
    look_at_acts(page, pages)
    look_at_keys(live, pages)
    page.browser.get(page.origin + "/office")
    pages.tour("not for you")
    look_at_imports(live, page, pages)
    look_at_leaks(live, page, pages)
    page.browser.delete_all_cookies()
    page.sign_in("writer")
    page.prove("/bank/my-work")
    look_at_manuscripts(live, pages)
    look_at_recipes(pages)
    page.browser.delete_all_cookies()
    page.sign_in("auditor")
    page.prove("/journal")
    pages.visit("/journal")
    pages.visit("/journal/results")
    assert not pages.found, "\n".join(pages.found)
    assert not unseen(live, pages, OTHERS)


def _second_factor(page: Staff, pages: Findings) -> None:
    """A code is asked for; with it the bank opens, and another authenticator is bound."""
    pages.visit("/staff/second-factor/prove", "#code")
    _wrong(page, pages, "/staff/second-factor/prove", "#code")
    page.prove("/bank")
    pages.visit("/staff/second-factor?anew=1", "#code")
    _wrong(page, pages, "/staff/second-factor?anew=1", "#present", "#code")
    for language in OFFICIAL:
        pages.speak(language)
        page.browser.get(page.origin + "/staff/second-factor?anew=1")
        secret = base64.b32decode(page.wait_for("main code").text.replace(" ", ""))
        fill(page, "#present", PASSWORD)
        fill(page, "#code", code_of(secret, step_at(SystemClock().now())))
        page.wait_for("main form button").click()
        page.wait_for("main ol li:nth-child(10)")
        pages.look("codes on paper")


def _wrong(page: Staff, pages: Findings, path: str, *fields: str) -> None:
    """A sign-in that is refused."""
    for language in LANGUAGES:
        pages.speak(language)
        page.browser.get(page.origin + path)
        for css in fields:
            fill(page, css, "ALT-1")
        page.wait_for("main form button").click()
        page.wait_for(".govuk-error-summary, .govuk-error-message")
        pages.look(f"{path}, refused")
