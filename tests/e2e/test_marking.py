"""A marker marks by keyboard alone, through a dropped line, and corrects a slip; axe looks at the pages of marking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sqlalchemy import select

from server.accounts.queries import staff_of_login
from server.core.roles import SYSTEM
from server.core.work import open_reading, open_work
from server.marking import drawing, giving, opening
from server.marking.models import Allotment, Mark, WrittenWork
from tests.e2e.conftest import NewBrowser
from tests.e2e.findings import Findings
from tests.e2e.pages import Staff
from tests.e2e.test_axe import MARKERS, unseen
from tests.factories import delivery as make
from tests.factories.marking import SUBJECT, World, a_world, as_marker, take_in
from tests.live import LiveServer

ESSAY = (
    "Менин айылым тоодо жайгашкан. Айылдын жанында көл бар, анын суусу муздак жана тунук.\n\n"
    "Жайында биз көлгө барып, балык кармайбыз. Чоң атам мага эски замандагы жолдор, чабандар жана кербендер жөнүндө "
    "айтып берет. Мен ал жолдордун бири азыр да бар экенин билем: аны айыл элинин баары колдонот.\n\n"
    "Күзүндө айылда той болот. Ошондуктан мага күз мезгили эң жагат."
)
LOGINS = ("marker", "marker2", "marker3")


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    monkeypatch.setattr(make, "TEXT", ESSAY)
    server = LiveServer(tmp_path_factory.mktemp("marking") / "home", count=2, columns=2)
    server.start()
    try:
        yield server
    finally:
        server.close()


def test_a_marker_works_by_keyboard_and_nothing_is_lost(live: LiveServer, new_browser: NewBrowser) -> None:
    world = _prepared(live)
    page = Staff(new_browser(1280, 900), live.origin)
    page.sign_in("marker")
    page.prove("/marking")
    pages = Findings(page)
    page.browser.find_element(By.LINK_TEXT, "Go on marking").click()
    page.wait_for(".marking__text")
    here = page.browser.current_url
    pages.visit(here.removeprefix(live.origin), ".marking__text")
    pages.speak("en")
    page.browser.get(here)
    page.wait_for(".marking__text")
    page.keys("1")
    page.browser.execute_cdp_cmd("Network.enable", {})
    _line(page, is_there=False)
    page.keys(Keys.ENTER)
    page.wait_for_text("Your mark is kept here and sent again by itself.")
    _line(page, is_there=True)
    page.wait_until(lambda: page.browser.current_url != here, "the mark was not sent again")
    page.wait_for(".marking__text")
    assert _points(live, world) == ["1"]
    page.open("/marking")
    page.browser.find_element(By.PARTIAL_LINK_TEXT, "Correct the mark").click()
    page.wait_for(".marking__text")
    page.keys("1", "0")
    page.keys(Keys.ENTER)
    page.wait_until(lambda: _points(live, world) == ["1", "10"], "the slip is not corrected")
    _mark_the_rest(page)
    pages.visit("/marking")
    _others(live, world)
    page.browser.delete_all_cookies()
    page.sign_in("office")
    pages.visit(f"/office/sittings/{world.sitting.id}/marking")
    assert not pages.found, "\n".join(pages.found)
    assert not unseen(live, pages, MARKERS)


def _mark_the_rest(page: Staff) -> None:
    """One work after the other, until none is left."""
    while "/works/" in page.browser.current_url:
        before = page.browser.current_url
        page.wait_for(".marking__text")
        page.keys("7", Keys.ENTER)
        page.wait_until(lambda before=before: page.browser.current_url != before, "no next work")  # type: ignore[misc]
    page.wait_for_text("You have marked every work that was drawn for you.")


def _prepared(live: LiveServer) -> World:
    """Six sealed works of two written tasks, drawn for the three markers of the demonstration."""
    with open_work(live.platform, SYSTEM) as work:
        world = a_world(work, n_sessions=3, n_markers=0, n_written=2, is_open=False)
        opening.open_marking(world.office, world.sitting.id, {})
        for login in LOGINS:
            staff_id = staff_of_login(work, login)
            assert staff_id is not None
            opening.call_marker(world.office, world.sitting.id, staff_id, [SUBJECT], ["ky", "ru"])
        take_in(world)
        return world


def _others(live: LiveServer, world: World) -> None:
    """Whatever the first marker left is marked by the others, with a disagreement among it."""
    with open_work(live.platform, SYSTEM) as work:
        here = replace(world, work=work)
        for at, written in enumerate(here.works()):
            for turn, staff_id in sorted(here.turns(written).items()):
                mine = select(Allotment.id).where(
                    Allotment.work_id == written.id,
                    Allotment.staff_id == staff_id,
                    Allotment.id.not_in(drawing.BACK),
                )
                if giving.newest_mark(work, work.db.scalars(mine).one()) is None:
                    points = (7, 2, 6, 8, 7, 5)[at]
                    given = giving.Given(points, UUID(int=at * 10 + turn), spent_ms=40_000 + 900 * at)
                    giving.give_mark(as_marker(work, staff_id), written.ref, given)


def _points(live: LiveServer, world: World) -> list[str]:
    with open_reading(live.platform, SYSTEM) as work:
        query = select(Mark.points).join(WrittenWork, WrittenWork.id == Mark.work_id)
        return list(
            work.db.scalars(query.where(WrittenWork.session_id.in_(world.session_ids)).order_by(Mark.id))
        )


def _line(page: Staff, *, is_there: bool) -> None:
    page.browser.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": not is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
