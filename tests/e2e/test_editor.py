"""A writer writes an item with a formula and a figure in two languages, sees it as candidates will, hands it in."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from itembank.authoring import safe
from itembank.authoring.models import Manuscript
from server.core.journal import entries_on
from server.core.roles import SYSTEM
from server.core.work import open_work
from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import Staff
from tests.live import LiveServer

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">'
    '<rect x="20" y="20" width="120" height="60"/></svg>'
)
OPTIONS = ("60", "32", "16", "120")


class Writer(Staff):
    """The writer at the editor."""

    def type_at(self, anchor: str, *keys: str) -> None:
        """Typed into the text at that place, by keyboard alone."""
        field = self.wait_for(f'[data-anchor="{anchor}"] [role=textbox]')
        self.browser.execute_script("arguments[0].focus()", field)
        self.keys(*keys)

    def choose(self, css: str) -> None:
        """The box, or the button, is pressed."""
        self.browser.execute_script("arguments[0].click()", self.browser.find_element(By.CSS_SELECTOR, css))

    def preview(self) -> str:
        """What the candidate would read."""
        return self.wait_for(".preview__item").text


@pytest.fixture
def writer(live: LiveServer, new_browser: NewBrowser) -> Writer:
    page = Writer(new_browser(1440, 1000), live.origin)
    page.sign_in("writer")
    page.prove("/bank/manuscripts/new?subject=mathematics")
    page.open("/bank/manuscripts/new?subject=mathematics")
    for css in ("[name=area]", "[name=tier][value=medium]", "[name=type][value=choice]", "[name=origin][value=ky]"):
        page.choose(css)
    page.press("Begin")
    page.wait_for("#editor [role=textbox]")
    return page


def test_an_item_with_a_formula_and_a_figure_in_two_languages(
    writer: Writer, live: LiveServer, tmp_path: Path
) -> None:
    writer.type_at("ky.stem", "Тик бурчтуктун аянты ")
    ActionChains(writer.browser).key_down(Keys.CONTROL).send_keys("m").key_up(Keys.CONTROL).perform()
    writer.wait_for("dialog textarea")
    writer.keys("\\frac{a \\cdot b}{1}")
    writer.wait_for(".formula__looks math")
    assert "алымы" in writer.wait_for("dialog").text  # how it will be said
    writer.keys(Keys.ENTER)
    writer.wait_until_gone("dialog")
    writer.keys(" канча? ")
    _figure(writer, tmp_path)
    for n, option in enumerate(OPTIONS, start=1):
        writer.type_at(f"ky.options.{n}", option)
    writer.wait_until(lambda: "60" in writer.preview() and "Тик бурчтуктун" in writer.preview(), "no preview")
    assert writer.all(".preview__item math")
    assert writer.all(".preview__item img.figure__picture")
    _in_russian(writer)
    writer.choose(".preview__head input[type=checkbox]")
    writer.wait_for(".preview__key")
    writer.press("Whole page…")
    writer.wait_for(".whole .option")
    writer.press("200 %")
    writer.keys(Keys.ESCAPE)
    writer.wait_until_gone(".whole")
    writer.press("Hand in…")
    writer.press("Hand in")
    writer.wait_for_text("Reading of the content")
    assert writer.errors() == []
    _kept(writer, live)


def _figure(writer: Writer, tmp_path: Path) -> None:
    """A figure stands behind what was typed."""
    path = tmp_path / "rectangle.svg"
    path.write_text(SVG)
    next(each for each in writer.all(".field--block .tool") if each.text == "Figure…").click()
    writer.wait_for("dialog input[type=file]").send_keys(str(path))
    writer.wait_for("dialog input.govuk-input").send_keys("Узундугу 12, туурасы 5 болгон тик бурчтук")
    writer.press("Add")
    writer.wait_until_gone("dialog")
    writer.wait_for('[data-anchor="ky.stem"] .written-figure img')


def _in_russian(writer: Writer) -> None:
    """The translation is written beside its origin, and takes the formula and the figure by their source."""
    beside = writer.all(".tongues__row")[1].find_elements(By.TAG_NAME, "button")
    next(each for each in beside if each.text == "Русский").click()
    writer.type_at("ru.stem", "Чему равна площадь $\\frac{a \\cdot b}{1}$ прямоугольника? ![figure-1]")
    for n, option in enumerate(OPTIONS, start=1):
        writer.type_at(f"ru.options.{n}", option)
    writer.wait_for('[data-anchor="ru.stem"] .written-figure img')
    words = writer.wait_for('[data-anchor="ru.figures.figure-1"] input')
    words.send_keys("Прямоугольник длиной 12 и шириной 5")
    writer.wait_until(lambda: not writer.all(".remarks__item--error"), "errors are left")
    writer.wait_for_text("Everything is kept")


def _kept(writer: Writer, live: LiveServer) -> None:
    """What was typed is what the bank holds, and the mark on the screen leads to the opening."""
    manuscript_id = int(writer.browser.current_url.rsplit("/", 1)[-1])
    mark = writer.browser.execute_script("return document.querySelector('.watermark span').dataset.words").split()[-1]
    with open_work(live.platform, SYSTEM) as work:
        manuscript = work.db.get_one(Manuscript, manuscript_id)
        item = safe.open_document(work, manuscript).item
        opened = [each for each in entries_on(work.db, f"item:{item['code']}") if each.act == "item_opened"]
    formula = "$\\frac{a \\cdot b}{1}$"
    assert item["texts"]["ky"]["stem"] == f"Тик бурчтуктун аянты {formula} канча? ![figure-1]"
    assert item["texts"]["ru"]["stem"] == f"Чему равна площадь {formula} прямоугольника? ![figure-1]"
    assert tuple(item["texts"]["ru"]["options"]) == OPTIONS
    assert mark in [each.facts["mark"] for each in opened]
