"""Each type of item in a real browser: by mouse, by keyboard alone, in both languages, and for axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from itembank.items.parts import ItemType
from server import delivery
from server.core.roles import SYSTEM
from server.core.work import open_work
from server.jobs.simulate import Seated
from tests.e2e.conftest import NewBrowser
from tests.e2e.items import TEXT, ItemPage, of_every_type, open_item
from tests.live import LiveServer

TYPES = set(get_args(ItemType))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A running room whose first subject has an item of every type."""
    server = LiveServer(tmp_path_factory.mktemp("items") / "home", count=4, source=of_every_type)
    server.start()
    try:
        yield server
    finally:
        server.close()


@pytest.mark.parametrize(
    ("language", "by_mouse"), [("ky", True), ("ru", False)], ids=["mouse", "keyboard"]
)
def test_each_type_is_answered(
    live: LiveServer, new_browser: NewBrowser, tmp_path: Path, language: str, by_mouse: bool
) -> None:
    seat = live.seats()[0]
    live.admit([seat])
    page = ItemPage(new_browser(), live.origin)
    page.sign_in(seat.registration_no, seat.code, language)
    page.item_no()
    _answer_section(live, seat, page, tmp_path, language, by_mouse=by_mouse)
    page.all(".between__begin, .between button")[0].click()
    page.item_no()
    seen = _answer_section(live, seat, page, tmp_path, language, by_mouse=by_mouse)
    assert set(seen) == TYPES
    with open_work(live.platform, SYSTEM) as work:
        steps = delivery.evidence(work, seat.session_id)[1].steps
    assert [step.score for step in steps] == [1] * (len(seen) - 1) + [None], "a written task has no score"
    assert steps[-1].given == {"kind": "extended", "extended": "\n".join(TEXT)}
    assert page.complaints() == []


def _answer_section(
    live: LiveServer, seat: Seated, page: ItemPage, folder: Path, language: str, *, by_mouse: bool
) -> list[str]:
    """Every item of the open section has its right answer, and axe found nothing; their types."""
    seen: list[str] = []
    while page.all(".item__stem"):
        kind, key = open_item(live, seat)
        is_new = kind not in seen or bool(page.all(".figure"))
        if is_new:
            page.until(page.has_figures)
            assert page.serious() == [], kind
        page.put_right(kind, key, by_mouse=by_mouse)
        if is_new:
            assert page.serious() == [], f"{kind}, answered"
            _look(page, folder, f"{language}-{page.item_no().replace('/', '-')}-{kind}")
        seen.append(kind)
        page.go_on(by_mouse=by_mouse)
    return seen


def _look(page: ItemPage, folder: Path, name: str) -> None:
    """The page as it is and at 200 %, where nothing lies beyond its side."""
    page.browser.save_screenshot(str(folder / f"{name}.png"))
    page.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False}
    )
    page.until(page.fits)
    assert page.serious() == [], f"{name} at 200 %"
    page.browser.save_screenshot(str(folder / f"{name}-200.png"))
    page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
