"""The candidate's whole way by the keyboard alone, with no word of another language on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.e2e.conftest import NewBrowser
from tests.e2e.weather import Exam, Weather, foreign_words, sentence
from tests.live import LiveServer


@pytest.fixture(scope="module")
def weather(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weather]:
    """A room in which the test runs; the last seats are not yet admitted."""
    live = LiveServer(tmp_path_factory.mktemp("languages") / "home", count=3)
    live.start()
    try:
        seats = live.seats()
        live.admit(seats[:1])
        yield Weather(live, seats)
    finally:
        live.close()


@pytest.mark.parametrize(("language", "place"), [("ky", -1), ("ru", -2)])
def test_the_keyboard_alone_leads_through_the_test_in_each_language(
    weather: Weather, new_browser: NewBrowser, language: str, place: int
) -> None:
    seat = weather.seats[place]
    page = Exam(new_browser(), weather.live.origin)
    page.open("/exam", language)
    page.wait_for_text(sentence(language, "Sign in to the test"))
    assert foreign_words(page, language) == set()
    page.sign_in(seat.registration_no, seat.code, language)
    page.wait_for_text(sentence(language, "Wait for the identity check"))
    assert foreign_words(page, language) == set()
    for _ in range(5):
        page.tab_to(sentence(language, "Read on"))
        page.keys(Keys.ENTER)
        assert foreign_words(page, language) == set()
    page.wait_for_text(sentence(language, "Practice"))

    weather.live.admit([seat])
    page.until(lambda: page.item_no().startswith("stem-") and "practice" not in page.item_no())
    assert foreign_words(page, language) == set()
    page.keys(Keys.ENTER)
    page.wait_for("dialog[open]")
    assert foreign_words(page, language) == set()
    page.keys(Keys.ESCAPE)
    page.wait_until_gone("dialog[open]")
    page.answer_section()
    page.wait_for_text(sentence(language, "Begin the section"))
    assert foreign_words(page, language) == set()
    page.tab_to(sentence(language, "Begin the section"))
    page.keys(Keys.ENTER)
    page.answer()

    weather.shorten(seat, 0, is_all=True)
    page.wait_for_text(sentence(language, "Grades by subject"), seconds=60)
    assert foreign_words(page, language) == set()
    assert page.complaints() == []
