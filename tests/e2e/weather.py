"""Pages under bad weather, and the truth of the database that they are compared with."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from sqlalchemy import select

from server import delivery
from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery.models import ExamSession, LateAnswer, Section
from server.jobs.simulate import Seated
from tests.e2e.pages import PATIENCE_S, CandidatePage, Page, Proctor
from tests.live import ROOT, LiveServer

LOCALES = ROOT / "client_web" / "src" / "locale"
Given = Mapping[str, Any] | None


class Watched(Page):
    """A page that is opened by its own address alone, and whose complaints are not about the weather."""

    def open(self, path: str, language: str = "en") -> None:
        """The page at `path` is the browser's first request: the language is set beforehand."""
        cookie = {"name": "synak_lang", "value": language, "url": self.origin}
        self.browser.execute_cdp_cmd("Network.setCookie", cookie)
        self.browser.get(self.origin + path)

    def complaints(self) -> list[str]:
        """Errors of the page itself; that a request met no server is the weather's."""
        return [each for each in self.errors() if "net::ERR_" not in each]


class Console(Watched, Proctor):
    """The proctor's page in the same weather."""


class Exam(Watched, CandidatePage):
    """The candidate's page under the weather's hands."""

    def set_network(self, *, is_there: bool) -> None:
        """The network of this tab is there or gone."""
        conditions = {"offline": not is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)

    def put(self, choice: str = "c", text: str = "12") -> Given:
        """An answer is put down and not sent, as it is to be kept."""
        if self.browser.find_elements(By.CSS_SELECTOR, ".entry"):
            self.keys(text)
            self.until(lambda: self.typed() == text)
            return {"kind": "text", "text": text}
        self.keys(choice)
        return {"kind": "option", "option": self.chosen()}

    def chosen(self) -> str | None:
        """The option that is marked."""
        return self.wait_for(".option--chosen").find_element(By.TAG_NAME, "input").get_attribute("value")

    def typed(self) -> str | None:
        """What stands in the field."""
        return self.browser.find_element(By.CSS_SELECTOR, ".entry").get_attribute("value")

    def until(self, holds: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        """It holds before long."""
        waiting = WebDriverWait(self.browser, seconds, 0.1, ignored_exceptions=[WebDriverException])
        waiting.until(lambda _: holds(), f"the page says: {self.text()[-1500:]}")

    def tab_to(self, label: str) -> None:
        """The focus has come to the button that says this, by the Tab key."""
        for _ in range(40):
            self.keys(Keys.TAB)
            if self.browser.switch_to.active_element.text.strip() == label:
                return
        raise AssertionError(f"Tab does not lead to {label!r}")


@dataclass
class Weather:
    """A running room; what its database holds is the truth that pages are compared with."""

    live: LiveServer
    seats: list[Seated]
    free: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self.free = iter(range(len(self.seats)))

    def given(self, seat: Seated) -> list[Given]:
        """The counted answers of the first section in order; fails if one is missing before the last."""
        with open_work(self.live.platform, SYSTEM) as work:
            steps = delivery.evidence(work, seat.session_id)[0].steps
        counted = [step.seq for step in steps if step.score is not None]
        assert counted == list(range(1, len(counted) + 1))
        return [step.given for step in steps if step.score is not None]

    def late(self, seat: Seated) -> list[int]:
        """Which answers were kept as too late."""
        with self.live.platform.database.reading() as db:
            query = select(LateAnswer.seq).where(LateAnswer.session_id == seat.session_id)
            return list(db.execute(query).scalars())

    def ends_at(self, seat: Seated) -> datetime:
        """When the running section ends."""
        with self.live.platform.database.reading() as db:
            query = select(Section.ends_at).where(
                Section.session_id == seat.session_id, Section.state == "running"
            )
            return db.execute(query).scalar_one()

    def shorten(self, seat: Seated, left_s: float, *, is_all: bool = False) -> datetime:
        """So much is left of the running section, or of the whole test; when it ends."""
        with open_work(self.live.platform, SYSTEM) as work:
            session = work.db.get_one(ExamSession, seat.session_id)
            running = next(section for section in session.sections if section.state == "running")
            running.ends_at = work.now + timedelta(seconds=left_s)
            if is_all:
                session.ends_at = running.ends_at
            return running.ends_at

    def clock_is_right(self, page: Exam, seat: Seated, within_s: float) -> bool:
        """The countdown says what the database does; what is shown is rounded up to whole seconds."""
        before = self._left_s(seat)
        shown = page.remaining_s()
        return self._left_s(seat) - within_s <= shown <= before + 1 + within_s

    def _left_s(self, seat: Seated) -> float:
        return (self.ends_at(seat) - datetime.now(UTC)).total_seconds()


def ask_about_blank(page: Exam) -> str:
    """Next on an item without an answer asks first, and Escape leads back; the item's heading."""
    if not page.browser.find_elements(By.CSS_SELECTOR, "dialog[open]"):
        page.keys(Keys.ENTER)
    page.wait_for_text("Leave this question without an answer?")
    page.keys(Keys.ESCAPE)
    page.wait_until_gone("dialog[open]")
    return page.wait_for("#item-number").text


def wait_until_port_is_free(page: Page, port: int) -> None:
    """The last process that held the port is gone; the kernel may take a moment."""

    def is_free(_: object) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    WebDriverWait(page.browser, PATIENCE_S, 0.05).until(is_free)


def catalogue(language: str) -> dict[str, str]:
    """Sentences that need no number, by their English."""
    known = json.loads(Path(LOCALES / f"{language}.json").read_text("utf-8"))
    return {english: own for english, own in known.items() if isinstance(own, str)}


def sentence(language: str, english: str) -> str:
    """How the page says it."""
    return catalogue(language)[english]


def foreign_words(page: Page, language: str) -> set[str]:
    """Latin words on the page, read or heard, that no translation contains; Alt is a key, sqrt and log are formulas."""
    heard = page.browser.execute_script(
        "return [...document.querySelectorAll('[aria-label], [title], [placeholder]')]"
        ".filter(e => !e.lang || e.lang === document.documentElement.lang)"
        ".flatMap(e => [e.ariaLabel, e.title, e.placeholder]).filter(Boolean).join(' ')"
    )
    shown = f"{page.text()} {page.browser.title} {heard}"
    said = set(re.findall(r"[a-z]{3,}", " ".join(catalogue(language).values()).lower()))
    return set(re.findall(r"[a-z]{3,}", shown.lower())) - said - {"synak", "eng", "alt", "sqrt", "log"}
