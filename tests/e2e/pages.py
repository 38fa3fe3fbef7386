"""What people do on the pages, in their words: the only place that knows selectors."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from server.jobs.demonstration.centre import PASSWORD

PATIENCE_S = 20
CODE_EVERY_S = 30
GONE = "does not belong to the document"  # how the driver calls an element of the page before this one
T = TypeVar("T")


@contextlib.contextmanager
def _while_it_changes() -> Iterator[None]:
    """What is said of elements that are not there yet, or no longer, is passed over."""
    try:
        yield
    except (StaleElementReferenceException, NoSuchElementException):
        pass
    except WebDriverException as error:
        if GONE not in str(error.msg):
            raise


@dataclass
class Page:
    """A browser at a server."""

    browser: WebDriver
    origin: str

    def open(self, path: str, language: str = "en") -> None:
        """The page at `path`, in that language."""
        self.browser.get(self.origin + "/health")
        self.browser.add_cookie({"name": "synak_lang", "value": language, "path": "/"})
        self.browser.get(self.origin + path)

    def text(self) -> str:
        """All that can be read."""
        return self.browser.find_element(By.TAG_NAME, "body").text

    def wait_until(self, met: Callable[[], T], otherwise: str, seconds: float = PATIENCE_S) -> T:
        """What `met` gives as soon as it is true; pages that change under our eyes are looked at again."""
        until = time.monotonic() + seconds
        while True:
            with _while_it_changes():
                found = met()
                if found:
                    return found
            if time.monotonic() > until:
                raise AssertionError(f"{otherwise} in: {self.text()[-1500:]}")
            time.sleep(0.05)

    def wait_for_text(self, words: str, seconds: float = PATIENCE_S) -> None:
        """The words are on the page."""
        self.wait_until(lambda: words in self.text(), f"no {words!r}", seconds)

    def wait_for(self, css: str, seconds: float = PATIENCE_S) -> WebElement:
        """The first visible element."""

        def visible() -> WebElement | None:
            return next((e for e in self.browser.find_elements(By.CSS_SELECTOR, css) if e.is_displayed()), None)

        return self.wait_until(visible, f"no {css}", seconds)

    def wait_until_gone(self, css: str, seconds: float = PATIENCE_S) -> None:
        """No such element is on the page."""
        self.wait_until(lambda: not self.browser.find_elements(By.CSS_SELECTOR, css), f"still {css}", seconds)

    def button(self, label: str) -> WebElement:
        """The visible button that says exactly this."""

        def found() -> WebElement | None:
            every = self.browser.find_elements(By.CSS_SELECTOR, "button, a.govuk-button")
            return next((e for e in every if e.is_displayed() and e.text.strip() == label), None)

        return self.wait_until(found, f"no button {label!r}")

    def all(self, css: str) -> list[WebElement]:
        """The elements in the order of the page."""
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def press(self, label: str) -> None:
        """The button is pressed."""
        self.button(label).click()

    def keys(self, *keys: str) -> None:
        """Typed to whatever has the focus."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def errors(self) -> list[str]:
        """What the browser's console holds against the page, beyond refusals of requests that are part of a test."""
        noise = ("the server responded with a status of 4", "ERR_CONNECTION_REFUSED", "ERR_INTERNET_DISCONNECTED")
        log = self.browser.get_log("browser")
        return [e["message"] for e in log if e["level"] == "SEVERE" and not any(n in e["message"] for n in noise)]


class Staff(Page):
    """Somebody with a password."""

    def sign_in(self, login: str) -> None:
        """The home page of that person is open."""
        self.open("/sign-in")
        self.browser.find_element(By.NAME, "login").send_keys(login)
        self.browser.find_element(By.NAME, "password").send_keys(PASSWORD)
        self.browser.find_element(By.CSS_SELECTOR, "main button").click()
        self.wait_for_text("Sign out")

    def prove(self, path: str) -> None:
        """The page at `path` is open, the second factor proved with the code that the demonstration shows."""

        def shown() -> str:
            self.browser.get(self.origin + path)
            return self.browser.find_element(By.CSS_SELECTOR, ".govuk-inset-text strong").text

        code = self.wait_until(shown, "no code", CODE_EVERY_S + PATIENCE_S)  # each opens one browser
        self.browser.find_element(By.NAME, "code").send_keys(code, Keys.ENTER)
        # The page that asks for the code has this address in its own.
        self.wait_until(lambda: self.browser.current_url == self.origin + path, f"{path} is not open")


class Proctor(Staff):
    """The proctor at the console of a room."""

    def open_console(self, room_sitting_id: int) -> None:
        """The console is open and live."""
        self.sign_in("proctor")
        self.browser.get(f"{self.origin}/proctor/rooms/{room_sitting_id}")
        self.wait_for(".seat")

    def seat(self, number: str) -> WebElement:
        """The seat of that number on the plan."""
        for each in self.browser.find_elements(By.CSS_SELECTOR, "[data-seat]"):
            if each.find_element(By.CSS_SELECTOR, ".seat__number").text == number:
                return each
        raise AssertionError(f"no seat {number}")

    def seat_says(self, number: str, words: str, seconds: float = PATIENCE_S) -> None:
        """The seat shows the words before long, without a reload."""
        self.wait_until(lambda: words in self.seat(number).text, f"seat {number} does not say {words!r}", seconds)

    def check_identity(self, number: str, document: str) -> None:
        """The candidate of the seat has shown the passport with that number."""
        self.seat(number).click()
        field = self.wait_for("#identity-number")
        field.clear()
        field.send_keys(document)
        self.browser.execute_script("document.getElementById('identity-photo').click()")
        self.press("Confirm the identity")
        self.wait_for("#admit[aria-disabled=false]")

    def admit(self) -> None:
        """The candidate of the chosen seat is let in."""
        self.browser.find_element(By.ID, "admit").click()

    def start(self) -> None:
        """The test runs."""
        self.press("Start the room…")
        self.press("Start the test")


class CandidatePage(Page):
    """The candidate, who uses the keyboard alone."""

    def sign_in(self, registration_no: str, code: str, language: str = "en") -> None:
        """The device holds the session."""
        self.open("/exam", language)
        self.wait_for("#registration-no")
        self.keys(registration_no, Keys.TAB, code, Keys.ENTER)
        self.wait_for("main h1, main h2")

    def item_no(self) -> str:
        """Which item of which section is shown, as the stem's name says."""
        return self.wait_for(".item__stem").get_attribute("id")

    def answer(self, choice: str = "b", text: str = "7") -> str:
        """The open item is answered, or left blank where it asks for more than one option or a text, and the next
        thing is on the screen; the item's name."""
        stem = self.item_no()
        if self.browser.find_elements(By.CSS_SELECTOR, ".option__input"):
            self.keys(choice, Keys.ENTER)
        elif self.browser.find_elements(By.CSS_SELECTOR, ".entry"):
            self.keys(text, Keys.ENTER)
        else:
            self.keys(Keys.ENTER)
            self.wait_for("dialog .govuk-button--secondary").click()
        self.wait_until_left(stem)
        return stem

    def wait_until_left(self, stem: str, seconds: float = PATIENCE_S) -> None:
        """The item of that name is no longer the open one."""

        def is_left() -> bool:
            stems = self.browser.find_elements(By.CSS_SELECTOR, ".item__stem")
            return not stems or stems[0].get_attribute("id") != stem

        self.wait_until(is_left, f"still at {stem}", seconds)

    def answer_section(self) -> int:
        """Every item of the open section is answered; how many."""
        count = 0
        while self.browser.find_elements(By.CSS_SELECTOR, ".item__stem"):
            self.answer("abcd"[count % 4])
            count += 1
        return count

    def remaining_s(self) -> int:
        """What the countdown shows, in seconds."""
        shown = re.findall(r"\d+", self.wait_for(".bar__clock").text)
        return sum(int(part) * 60**place for place, part in enumerate(reversed(shown)))


def settle(seconds: float) -> None:
    """Time passes for what is on the screen; only for tests of what must not happen."""
    time.sleep(seconds)


def fill(staff: Staff, css: str, text: str) -> None:
    """The field says this and nothing else."""
    field = staff.wait_for(css)
    field.clear()
    field.send_keys(text)
