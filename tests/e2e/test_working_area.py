"""The working area in a real browser: by pen and by keyboard alone, through a reload, and at the office."""

from __future__ import annotations

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions import interaction
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e import axe
from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import CandidatePage, Page, Staff
from tests.live import LiveServer

WRITTEN = "x² − 9 = (x − 3)(x + 3)"


def strokes(page: CandidatePage) -> list[str]:
    """The lines on the sheet, as their paths."""
    found = page.browser.find_elements(By.CSS_SELECTOR, ".sheet__strokes path")
    return [each.get_attribute("d") for each in found]


def sign(page: CandidatePage, name: str) -> None:
    """The sign of that name stands where the caret was."""
    page.wait_for(f".signs__key[title='{name}']").click()


def formulas(page: Page, root: str = ".written") -> list[str]:
    """The formulas that are drawn, each as the names of its parts that have a shape of their own."""
    script = """return [...document.querySelectorAll(arguments[0])].map(
      (math) => [...math.querySelectorAll(arguments[1])].map((each) => each.localName).join());"""
    return list(page.browser.execute_script(script, f"{root} math", "mfrac, msqrt, mroot, msup, msub"))


def drag(page: CandidatePage, *points: tuple[int, int], by: str = interaction.POINTER_MOUSE) -> None:
    """The mouse, or a finger, goes from point to point of the sheet, measured from its middle."""
    sheet = page.wait_for(".sheet")
    page.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", sheet)
    pen = (
        ActionChains(page.browser, duration=20, devices=[PointerInput(by, by)])
        .move_to_element_with_offset(sheet, *points[0])
        .click_and_hold()
    )
    for point in points[1:]:
        pen.move_to_element_with_offset(sheet, *point)
    pen.release().perform()


def test_dc_13_drawn_typed_and_still_there(live: LiveServer, new_browser: NewBrowser) -> None:
    seat, *_others = live.seats()
    live.admit([seat])
    page = CandidatePage(new_browser(1366, 768), live.origin)
    page.sign_in(seat.registration_no, seat.code)
    item = page.item_no()
    page.wait_for("#working-text").send_keys("x")
    sign(page, "squared")
    page.wait_for("#working-text").send_keys(WRITTEN[2:])
    drag(page, (-150, -50), (-100, 40), (-60, -60))
    page.press("Straight line")
    drag(page, (20, 20), (60, 60), (120, -40), by=interaction.POINTER_TOUCH)
    drawn = strokes(page)
    assert [path.count("L") for path in drawn][1] == 1, "a straight line has two ends"
    page.wait_for_text("Your solution is saved")

    page.browser.refresh()
    assert page.item_no() == item
    assert page.wait_for("#working-text").get_attribute("value") == WRITTEN
    assert strokes(page) == drawn
    page.press("Eraser")
    drag(page, (70, -40), (70, -10), (70, 20))
    assert strokes(page) == drawn[:1]
    page.wait_for("[aria-label=Undo]").click()
    assert strokes(page) == drawn

    page.browser.execute_script("document.activeElement.blur()")
    page.answer("b")
    assert page.wait_for("#working-text").get_attribute("value") == ""
    assert strokes(page) == []
    assert page.errors() == []
    the_office_sees_it(Staff(new_browser(1366, 900), live.origin), live, seat.session_id)


def the_office_sees_it(office: Staff, live: LiveServer, session_id: int) -> None:
    office.sign_in("office")
    office.browser.get(f"{live.origin}/office/sessions/{session_id}")
    office.wait_for("details.solution summary").click()
    assert WRITTEN in office.text()
    assert len(office.browser.find_elements(By.CSS_SELECTOR, ".solution__drawing path")) == 2
    label = office.wait_for(".solution__drawing").get_attribute("aria-label")
    assert label == "Drawing by the candidate: 2 lines"


def test_dc_13_by_keyboard_alone(live: LiveServer, new_browser: NewBrowser) -> None:
    seat, *_others = live.seats()
    live.admit([seat])
    page = CandidatePage(new_browser(1366, 768), live.origin)
    page.sign_in(seat.registration_no, seat.code)
    item = page.item_no()

    def tab_to(css: str) -> None:
        for _ in range(25):
            if page.browser.execute_script("return document.activeElement.matches(arguments[0])", css):
                return
            page.keys(Keys.TAB)
        raise AssertionError(f"no way to {css} by the Tab key")

    tab_to("#working-text")
    page.keys("abc")
    tab_to(".signs__key")
    page.keys(Keys.ARROW_LEFT, Keys.ENTER)  # round to the last sign; the writing goes on behind it
    assert page.wait_for("#working-text").get_attribute("value") == "abcβ"
    page.keys("^-1/2")
    assert formulas(page) == ["mfrac,msup"]
    tab_to(".sheet")
    page.keys(Keys.SPACE, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_UP, Keys.ENTER)
    assert strokes(page) == ["M500 300L550 275"]
    page.keys(Keys.DELETE)
    assert strokes(page) == []
    ActionChains(page.browser).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
    assert strokes(page) == ["M500 300L550 275"]
    assert page.item_no() == item, "a key pressed on the sheet went on to the next question"
    assert page.browser.find_elements(By.CSS_SELECTOR, ".option__input:checked") == []
    page.wait_for_text("Your solution is saved")


def test_dc_13_formulas_are_drawn_as_they_are_typed(live: LiveServer, new_browser: NewBrowser) -> None:
    """Typed by keyboard, put in by mouse; there again on resume, and the same at the office."""
    seat, *_others = live.seats()
    live.admit([seat])
    page = CandidatePage(new_browser(1366, 768), live.origin)
    page.sign_in(seat.registration_no, seat.code)
    page.item_no()
    field = page.wait_for("#working-text")
    field.click()
    page.keys("So x^2 <= 3/4", Keys.ENTER)
    assert formulas(page) == ["msup,mfrac"]
    sign(page, "Square root")
    page.keys("y+1", Keys.END, " = ")
    sign(page, "Fraction")
    page.keys("1", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, "2")
    written = "So x^2 <= 3/4\n√(y+1) = (1)/(2)"
    assert field.get_attribute("value") == written
    assert formulas(page) == ["msup,mfrac", "msqrt,mfrac"]
    page.wait_for_text("Your solution is saved")

    page.browser.refresh()
    page.item_no()
    assert page.wait_for("#working-text").get_attribute("value") == written
    assert formulas(page) == ["msup,mfrac", "msqrt,mfrac"]
    assert axe.serious(page.browser) == []
    page.browser.execute_script("document.activeElement.blur()")
    page.answer("b")
    assert page.errors() == []

    office = Staff(new_browser(1366, 900), live.origin)
    office.sign_in("office")
    office.browser.get(f"{live.origin}/office/sessions/{seat.session_id}")
    office.wait_for("details.solution summary").click()
    assert written in office.text()
    office.wait_until(lambda: formulas(office) == ["msup,mfrac", "msqrt,mfrac"], "no formulas")
    assert axe.serious(office.browser) == []
    assert office.errors() == []
