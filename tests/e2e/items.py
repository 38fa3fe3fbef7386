"""The exam page with an item of each type: one right answer given by mouse, or by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select
from sqlalchemy import select

from irt.selection import Rule
from itembank.blueprints.spec import Spec
from itembank.demonstration.sources import Source, source_of
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery.bench import BENCHES
from server.delivery.models import ExamSession, Step
from server.jobs.simulate import Seated
from tests.e2e import axe
from tests.e2e.weather import Exam
from tests.live import LiveServer

TEXT = ("Тоолор бийик, төрү кең.", "Суу муздак, таза.")
# Of mathematics: a figure among the options, a chart in the text beside, a point on a plane.
FIGURES = ("MAT-F02", "MAT-F03", "MAT-H01")


def of_every_type(subject: str) -> Source:
    """The demonstration's sources, but history has one item of each type and those with figures, and a written task at
    its end; mathematics has items with a passage and one more. Each candidate is given all of them."""
    if subject not in ("mathematics", "history"):
        return source_of(subject)
    known, other = source_of("history"), source_of("mathematics")
    if subject == "mathematics":
        chosen = [item for item in known.items if item.passage or item.code == "HIS-001"]
    else:
        chosen = [*{item.type: item for item in known.items}.values()]
        chosen += [item for item in other.items if item.code in FIGURES]
    items = [
        replace(item, code=f"{subject[0]}-{item.code}", subject=subject, texts={k: item.texts[k] for k in ("ky", "ru")})
        for item in chosen
    ]  # fmt: skip
    titles = {**other.spec.area_titles, **known.spec.area_titles}
    tiers = {item.tier: 0 for item in items}
    for item in items:
        tiers[item.tier] += 1
    spec = Spec(
        length=len(items), tiers={tier: (n, n) for tier, n in tiers.items()},
        areas={item.area: (0, len(items)) for item in items}, area_titles=titles,
        standards={**known.spec.standards, **other.spec.standards}, rule=Rule("information", 1), method="eligible",
        reference_length=len(items),
    )  # fmt: skip
    if subject == "history":
        written = (written_item(items[0].area),)
        return Source(subject, ("ky", "ru"), tuple(items), replace(spec, written=1), written, known.new)
    return Source(subject, ("ky", "ru"), tuple(items), spec)


def written_item(area: str) -> NewItem:
    """A task that is answered in a text of one's own."""
    texts = {
        "ky": NewText("Манас атанын тоолорун сүрөттөп жазыңыз.", rubric="Ой, байланыш, жазуу эрежелери."),
        "ru": NewText("Опишите горы родного края.", rubric="Мысль, связность, правописание."),
    }
    return NewItem(code="h-W1", subject="history", tier="raised", area=area, type="extended_text", texts=texts,
                   words=(10, 150))  # fmt: skip


def open_item(live: LiveServer, seat: Seated) -> tuple[str, Mapping[str, Any]]:
    """Type and key of the item now open."""
    with open_work(live.platform, SYSTEM) as work:
        session = work.db.get_one(ExamSession, seat.session_id)
        section = next(each for each in session.sections if each.state == "running")
        last = select(Step.item_index).where(Step.section_id == section.id).order_by(Step.seq.desc()).limit(1)
        pool = BENCHES.get(work, section.pool_id).pool
        index = work.db.execute(last).scalar_one()
        return str(pool.contents[index].data["type"]), pool.keys[index]


class ItemPage(Exam):
    """Gives right answers."""

    def serious(self) -> list[str]:
        """What axe finds serious or critical."""
        return axe.serious(self.browser)

    def has_figures(self) -> bool:
        """Every figure has come."""
        script = "return [...document.querySelectorAll('.figure img')].every(e => e.complete && e.naturalWidth > 0)"
        return bool(self.browser.execute_script(script))

    def fits(self) -> bool:
        """Nothing of the page lies beyond its side."""
        script = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
        return bool(self.browser.execute_script(script))

    def tab_to_css(self, css: str) -> None:
        """The focus has come to such an element by the Tab key."""
        for _ in range(90):
            if self.browser.execute_script("return document.activeElement.matches(arguments[0])", css):
                return
            self.keys(Keys.TAB)
        raise AssertionError(f"Tab does not lead to {css}")

    def go_on(self, *, by_mouse: bool) -> None:
        """Next."""
        stem = self.item_no()
        if by_mouse:
            self.all(".item__next")[0].click()
        else:
            self.tab_to_css(".item__next")
            self.keys(Keys.ENTER)
        self.wait_until_left(stem)

    def put_right(self, kind: str, key: Mapping[str, Any], *, by_mouse: bool) -> None:
        """The right answer is put down."""
        if kind == "extended_text":
            self._put_text(by_mouse=by_mouse)
            return
        if kind == "text_entry":
            self._put_typed(key, by_mouse=by_mouse)
            return
        correct = key["correct"]
        if kind in ("choice", "multiple_choice"):
            self._put_options([correct] if kind == "choice" else correct, by_mouse=by_mouse)
        elif kind == "hotspot":
            self._put_areas([correct] if key["kind"] == "option" else correct, by_mouse=by_mouse)
        elif kind == "ordering":
            self._put_order(correct, by_mouse=by_mouse)
        elif kind == "inline_choice":
            self._put_menus(correct, by_mouse=by_mouse)
        elif kind == "matching":
            self._put_letters(correct, by_mouse=by_mouse)
        else:
            self._put_words(correct) if by_mouse else self._put_words_by_keyboard(correct)

    def _put_options(self, correct: list[str], *, by_mouse: bool) -> None:
        for at, option in enumerate(self.all(".option__input")):
            if option.get_attribute("value") in correct:
                option.click() if by_mouse else self.keys("abcdefgh"[at])

    def _put_typed(self, key: Mapping[str, Any], *, by_mouse: bool) -> None:
        """A number by mouse with a comma, by keyboard with a point."""
        if by_mouse:
            self.all(".entry")[0].click()
        if key["kind"] == "number":
            self.keys(key["value"] + (",0" if by_mouse else ".0"))
        else:
            language = self.all(".item__stem")[0].get_attribute("lang")
            self.keys(key["accepted"][language][0])

    def _put_text(self, *, by_mouse: bool) -> None:
        """The text is typed, counted, saved, and there again after a reload; by keyboard the first letter finds it."""
        first, second = TEXT
        if by_mouse:
            self.all(".extended__text")[0].click()
        self.keys(first, Keys.ENTER, second)
        field = ".extended__text"
        self.until(lambda: self.all(field)[0].get_attribute("value") == f"{first}\n{second}")
        assert "7" in self.all(".extended__foot")[0].text
        assert self.all(field)[0].get_attribute("spellcheck") == "false"
        self.until(lambda: self.is_kept(f"{first}\n{second}"))
        self.browser.refresh()
        self.item_no()
        self.until(lambda: [each.get_attribute("value") for each in self.all(field)] == [f"{first}\n{second}"])

    def is_kept(self, text: str) -> bool:
        """The server has this text of the open step."""
        kept = self.browser.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "fetch('/exam/state').then(r => r.json()).then(s => done(s.working && s.working.text))"
        )
        return bool(kept == text)

    def _put_areas(self, correct: list[str], *, by_mouse: bool) -> None:
        """Each area is met in its shape alone; a click beside a circle marks nothing."""
        areas = self.all(".area__input")
        values = [area.get_attribute("value") for area in areas]
        if by_mouse:
            if self.all(".area circle"):
                rect = areas[0].rect
                chain = ActionChains(self.browser)
                chain.move_to_element_with_offset(areas[0], 2 - rect["width"] // 2, 2 - rect["height"] // 2)
                chain.click().perform()
                assert not self.all(".area--chosen")
            for letter in correct:
                areas[values.index(letter)].click()
        elif areas[0].get_attribute("type") == "radio":
            self.tab_to_css(f"[name='{areas[0].get_attribute('name')}']")
            self.keys(Keys.SPACE, *[Keys.ARROW_RIGHT] * values.index(correct[0]))
        else:
            for letter in correct:
                self.tab_to_css(f".area__input[value='{letter}']")
                self.keys(Keys.SPACE)
        self.until(lambda: len(self.all(".area--chosen")) == len(correct))

    def _put_letters(self, correct: Mapping[str, str], *, by_mouse: bool) -> None:
        for row, (_slot, letter) in zip(self.all(".matching__row"), sorted(correct.items()), strict=True):
            radios = row.find_elements(By.CSS_SELECTOR, ".letter__input")
            at = [radio.get_attribute("value") for radio in radios].index(letter)
            if by_mouse:
                radios[at].click()
                continue
            self.tab_to_css(f"[name='{radios[0].get_attribute('name')}']")
            self.keys(Keys.SPACE, *[Keys.ARROW_RIGHT] * at)

    def order(self) -> list[str]:
        """The lines as they stand."""
        return [str(each.get_attribute("id")).split("-")[1] for each in self.all(".order__move:last-child")]

    def _put_order(self, correct: list[str], *, by_mouse: bool) -> None:
        for at, line in enumerate(correct):
            if by_mouse:
                self._drag(self.order().index(line), at)
                continue
            steps = self.order().index(line) - at
            if steps:
                self.tab_to_css(f"#move-{line}--1")
                self.keys(*[Keys.SPACE] * steps)
        self.until(lambda: self.order() == correct)
        for confirm in self.all(".item .govuk-button--secondary"):  # the lines were given in the right order
            confirm.click()

    def _drag(self, at: int, to: int) -> None:
        if at == to:
            return
        before = self.order()
        grips = self.all(".order__grip")
        chain = ActionChains(self.browser).click_and_hold(grips[at])
        chain.move_to_element_with_offset(grips[to], 0, -18).move_by_offset(0, -3).release().perform()
        self.until(lambda: self.order() != before)  # the page draws when it has a moment

    def _put_menus(self, correct: Mapping[str, str], *, by_mouse: bool) -> None:
        for menu, (_slot, option) in zip(self.all(".gap--menu"), sorted(correct.items()), strict=True):
            values = [each.get_attribute("value") for each in Select(menu).options]
            if by_mouse:
                Select(menu).select_by_value(option)
                continue
            self.tab_to_css(f"[aria-label='{menu.get_attribute('aria-label')}']")
            self.keys(*[Keys.ARROW_DOWN] * values.index(option))

    def _words(self) -> list[WebElement]:
        return self.all(".words__word")

    def _word_of(self, option: str) -> int:
        shown = self.browser.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "fetch('/exam/state').then(r => r.json()).then(s => done(s.step.item.options.map(o => o.id)))"
        )
        at: int = shown.index(option)
        return at

    def _put_words(self, correct: Mapping[str, str]) -> None:
        for slot, option in sorted(correct.items(), reverse=True):
            self.all(".gap--word")[int(slot) - 1].click()
            self._words()[self._word_of(option)].click()

    def _put_words_by_keyboard(self, correct: Mapping[str, str]) -> None:
        for _slot, option in sorted(correct.items()):
            self.tab_to_css(f".words__word:nth-child({self._word_of(option) + 1})")
            self.keys(Keys.SPACE)
