"""A recording in a real browser: by mouse and by keyboard alone, through a reload, at 200 %, and for who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys
from sqlalchemy import select

from irt.selection import Rule
from itembank.blueprints.spec import Spec
from itembank.demonstration.sources import Source, source_of
from server.candidates import accommodating
from server.core.clock import SystemClock
from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery.media.models import SoundPlay
from server.jobs.simulate import Seated
from tests.e2e.conftest import NewBrowser
from tests.e2e.items import ItemPage
from tests.live import LiveServer


def with_recording(subject: str) -> Source:
    """The demonstration's sources, but mathematics has one listening item in both languages, and two to read."""
    known = source_of(subject)
    if subject != "mathematics":
        return known
    kyrgyz, russian = source_of("kyrgyz"), source_of("russian")
    heard = next(item for item in kyrgyz.items if item.code == "KYR-301")
    other = next(item for item in russian.items if item.code == "RUS-301")
    listening = replace(heard, code="L-301", subject=subject, texts={**heard.texts, **other.texts})
    history = source_of("history")
    rest = [next(item for item in history.items if item.tier == tier) for tier in ("basic", "raised")]
    items = [listening, *(replace(each, code=f"L-{each.code}", subject=subject) for each in rest)]
    spec = Spec(
        length=3, tiers={item.tier: (1, 1) for item in items}, areas={item.area: (0, 3) for item in items},
        area_titles={**kyrgyz.spec.area_titles, **history.spec.area_titles},
        standards={**kyrgyz.spec.standards, **history.spec.standards}, rule=Rule("information", 1), method="eligible",
        reference_length=3,
    )  # fmt: skip
    return Source(subject, ("ky", "ru"), tuple(items), spec)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A running room whose first subject has a recording."""
    server = LiveServer(tmp_path_factory.mktemp("listening") / "home", count=4, source=with_recording)
    server.start()
    try:
        yield server
    finally:
        server.close()


class ListeningPage(ItemPage):
    """The page with the player of a recording."""

    def come_to_it(self) -> None:
        """The item with the recording is open."""
        while not self.has_player():
            self.keys("a")
            self.go_on(by_mouse=False)

    def has_player(self) -> bool:
        """Whether the open item has a recording, once all of it has come."""
        self.item_no()
        self.until(lambda: not self.all(".later"))
        return bool(self.all(".player"))

    def label(self) -> str:
        """What the button says."""
        return self.all(".player__play")[0].text

    def is_playing(self) -> bool:
        """A play was given and is heard."""
        return float(self.all(".player__bar")[0].get_attribute("value") or 0) > 0

    def left(self) -> list[int]:
        """The numbers of the line on plays."""
        return sorted(int(each) for each in self.all(".player__left")[0].text if each.isdigit())

    def look(self, folder: Path, name: str) -> None:
        """The page as it is, and at 200 %, where nothing lies beyond its side; nothing for axe at either."""
        size = {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False}
        assert self.serious() == []
        self.browser.save_screenshot(str(folder / f"{name}.png"))
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.until(self.fits)
        self.browser.save_screenshot(str(folder / f"{name}-200.png"))
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_dc_12_two_plays_by_mouse_and_keyboard_and_no_third(
    live: LiveServer, new_browser: NewBrowser, tmp_path: Path
) -> None:
    page, seat = _signed_in(live, new_browser, "ky")
    page.come_to_it()
    page.look(tmp_path, "ky-still")
    assert page.left() == [2, 2]
    page.all(".player__play")[0].click()
    page.until(page.is_playing)
    page.look(tmp_path, "ky-playing")
    assert page.left() == [1, 2]
    page.browser.refresh()
    page.come_to_it()
    assert page.left() == [1, 2]
    page.tab_to_css(".player__play")
    page.keys(Keys.SPACE)
    page.until(page.is_playing)
    assert page.left() == [0, 2]
    page.until(lambda: not page.is_playing())
    page.look(tmp_path, "ky-over")
    page.keys(Keys.SPACE)
    assert _plays(live, seat) == [1, 2]
    assert page.complaints() == []


def test_dc_12_who_reads_instead_has_the_words_and_may_pause(
    live: LiveServer, new_browser: NewBrowser, tmp_path: Path
) -> None:
    page, _seat = _signed_in(live, new_browser, "ru", has_transcript=True)
    page.come_to_it()
    assert page.all(".player__text p")
    page.all(".player__play")[0].click()
    page.until(page.is_playing)
    page.all(".player__play")[0].click()
    page.look(tmp_path, "ru-paused")
    assert page.complaints() == []


def _signed_in(
    live: LiveServer, new_browser: NewBrowser, language: str, *, has_transcript: bool = False
) -> tuple[ListeningPage, Seated]:
    seat = live.seats()[0]
    if has_transcript:
        decision = accommodating.NewDecision(
            seat.registration_no, "transcript", 0, "12/3", "certificate 7", "the commission", SystemClock().now().date()
        )
        with open_work(live.platform, SYSTEM) as work:
            accommodating.record_accommodation(work, decision)
    live.admit([seat])
    page = ListeningPage(new_browser(), live.origin)
    page.sign_in(seat.registration_no, seat.code, language)
    return page, seat


def _plays(live: LiveServer, seat: Seated) -> list[int]:
    with open_work(live.platform, SYSTEM) as work:
        query = select(SoundPlay.play).where(SoundPlay.session_id == seat.session_id).order_by(SoundPlay.id)
        return list(work.db.execute(query).scalars())
