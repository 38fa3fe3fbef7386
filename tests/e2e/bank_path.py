"""An item's way through the bank, step by step, in the words of those who go it; tests and screenshots go it alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from sqlalchemy import select

from itembank.authoring.models import Manuscript
from itembank.blueprints.models import Blueprint
from itembank.items.models import Item
from server.jobs.demonstration.centre import PIN
from tests.e2e.pages import Staff
from tests.live import LiveServer

TEXTS = {
    "ky": ("Кыргыз АССРи кайсы жылы түзүлгөн?", ("1926-жылы", "1918-жылы", "1936-жылы", "1991-жылы")),
    "ru": ("В каком году была образована Киргизская АССР?", ("в 1926", "в 1918", "в 1936", "в 1991")),
}
SUBJECT, TITLE = "history", "History of Kyrgyzstan"
CANDIDATES = 200
SIGNERS = ("bank", "commission2", "commission3")
LONG_S = 120


@dataclass
class Clerk(Staff):
    """Whoever of the bank is at the browser just now."""

    def come(self, login: str, path: str) -> None:
        """That person has signed in with both factors and sees the page."""
        self.browser.get(self.origin + "/sign-in")
        self.browser.delete_all_cookies()
        self.sign_in(login)
        self.prove(path)

    def write(self, anchor: str, words: str) -> None:
        """The words stand at that place of the item."""
        place = self.wait_for(f'[data-anchor="{anchor}"] [role=textbox]')
        self.browser.execute_script("arguments[0].focus()", place)
        self.keys(words)

    def tick(self, css: str) -> None:
        """The box or button is chosen."""
        self.browser.execute_script("arguments[0].click()", self.browser.find_element(By.CSS_SELECTOR, css))

    def fill(self, css: str, words: str) -> None:
        """The field says this and nothing else."""
        field = self.wait_for(css)
        field.clear()
        field.send_keys(words)

    def press_open(self, label: str) -> None:
        """What was folded away is open."""
        every = self.all("summary")
        next(each for each in every if each.text.strip() == label).click()

    def here(self) -> str:
        """The path of the page that is open."""
        return self.browser.current_url.removeprefix(self.origin)

    def number_in_address(self, pattern: str) -> int:
        """The number that the address has at that place, once it is there."""
        found: Callable[[], re.Match[str] | None] = lambda: re.search(pattern, self.browser.current_url)  # noqa: E731
        return int(self.wait_until(found, f"not at {pattern}", LONG_S)[1])


def written(clerk: Clerk, look: Callable[[], object] = lambda: None) -> int:
    """The writer's item is handed in; the id of its manuscript. `look` is called when it is written."""
    clerk.come("writer", f"/bank/manuscripts/new?subject={SUBJECT}")
    for css in ("[name=area]", "[name=tier][value=medium]", "[name=type][value=choice]",
                "[name=origin][value=ky]"):  # fmt: skip
        clerk.tick(css)
    clerk.press("Begin")
    manuscript_id = clerk.number_in_address(r"/bank/manuscripts/(\d+)")
    clerk.wait_for("main button[lang=ru]").click()
    for language, (stem, options) in TEXTS.items():
        clerk.write(f"{language}.stem", stem)
        for n, option in enumerate(options, start=1):
            clerk.write(f"{language}.options.{n}", option)
    clerk.wait_for_text("Everything is kept")
    look()
    clerk.press("Hand in…")
    clerk.press("Hand in")
    clerk.wait_for_text("Reading of the content")
    return manuscript_id


def read(clerk: Clerk, manuscript_id: int, look: Callable[[], object] = lambda: None) -> None:
    """The content passes, then each language; each is read by somebody else than its writer."""
    for login, n_readings in (("reviewer", 1), ("editor", len(TEXTS))):
        path = f"/bank/manuscripts/{manuscript_id}/reading"
        clerk.come(login, path)
        look()
        for n in range(n_readings, 0, -1):
            clerk.open(path)
            _has_verdicts(clerk, range(n, n + 1))
            clerk.browser.execute_script(
                "const form = document.querySelector('input[name=verdict][value=pass]').form;"
                "form.querySelectorAll('input[name=checked], input[value=pass]').forEach((each) => each.click());"
                "form.querySelector('button').click()"
            )
            _has_verdicts(clerk, range(n))


def _has_verdicts(clerk: Clerk, wanted: range) -> None:
    """So many verdicts are asked for on the page."""
    clerk.wait_until(lambda: len(clerk.all("input[name=verdict][value=pass]")) in wanted, f"not {wanted} verdicts")


def planned(clerk: Clerk, code: str) -> int:
    """A plan tries the item alone out beside the pool of its subject; its id."""
    clerk.come("bank", "/bank/pretests/new")
    pools = Select(clerk.wait_for("#pool"))
    pools.select_by_visible_text(next(each.text for each in pools.options if TITLE in each.text))
    clerk.press("Show its items")
    clerk.wait_until(lambda: clerk.all("input[name=item]:checked"), "no item waits")
    for box in clerk.all("input[name=item]:checked"):
        if code not in box.find_element(By.XPATH, "..").text:
            clerk.browser.execute_script("arguments[0].click()", box)
    clerk.fill("[name=per_candidate]", "1")
    for field in clerk.all("[name^=needed_]"):
        field.clear()
        field.send_keys(str(CANDIDATES))
    clerk.press("Make the plan")
    return clerk.number_in_address(r"/bank/pretests/(\d+)")


def calibrated(clerk: Clerk, code: str, look: Callable[[], object] = lambda: None) -> int:
    """What the candidates answered is calibrated, and the item's parameters are accepted; the run's id."""
    clerk.open("/bank/calibrations/new?subject=" + SUBJECT)
    clerk.wait_until(lambda: clerk.all("input[name=sitting]:checked"), "no sitting to calibrate from")
    clerk.press("Ask for it")
    run_id = clerk.number_in_address(r"/bank/calibrations/(\d+)$")
    clerk.browser.find_element(By.PARTIAL_LINK_TEXT, code).click()
    clerk.wait_for("#reason")
    look()
    clerk.wait_for("#reason").send_keys("The curve and the answers agree.")
    clerk.press("Accept the parameters")
    clerk.wait_for_text("Every item of this calibration has been decided about.")
    return run_id


def approved(clerk: Clerk) -> None:
    """The commission has decided on it in a session, and its members have signed the minutes."""
    clerk.open("/bank/commission")
    Select(clerk.wait_for("#subject")).select_by_value(SUBJECT)
    clerk.press("Open the session")
    clerk.number_in_address(r"/bank/commission/(\d+)")
    path = clerk.here()
    clerk.come(SIGNERS[1], path)
    clerk.press("I am here and know the agenda")
    clerk.wait_until(lambda: "I am here and know the agenda" not in clerk.text(), "not confirmed")
    clerk.come(SIGNERS[0], path)
    decided_and_signed(clerk)


def decided_and_signed(clerk: Clerk, look: Callable[[], object] = lambda: None) -> None:
    """What is on the agenda of the session at the browser is approved, and its minutes are signed at this one screen.

    `look` is called before the first signature and after the last."""
    clerk.wait_until(lambda: clerk.all("input[name=verdict][value=approve]"), "nothing to decide on")
    clerk.tick("[name=verdict][value=approve]")
    clerk.press("Decide so")
    clerk.press("Close the session")
    clerk.wait_for("#pin")
    look()
    for n, _signer in enumerate(SIGNERS):
        clerk.wait_until(lambda: len(clerk.all("#staff_id option")) == len(SIGNERS) - n, "others sign")  # noqa: B023
        clerk.wait_for("#pin").send_keys(PIN)
        clerk.press("Sign the minutes")
        clerk.wait_for_text("Signed.")
    look()


def published(clerk: Clerk, blueprint_id: int, run_id: int) -> None:
    """A pool of the calibration stands, after a rehearsal on simulated candidates."""
    clerk.open(f"/bank/blueprints/{blueprint_id}")
    clerk.press_open("Try it on simulated candidates")
    Select(clerk.wait_for("#try-run")).select_by_value(str(run_id))
    clerk.fill("#try-n", "100")
    clerk.press("Rehearse")
    clerk.number_in_address(r"/bank/rehearsals/(\d+)$")
    clerk.open(f"/bank/blueprints/{blueprint_id}/pool?run={run_id}&language=ky&language=ru")
    clerk.press("Publish the pool")
    clerk.number_in_address(r"/bank/pools/(\d+)")


def blueprint_id(live: LiveServer) -> int:
    with live.platform.database.reading() as db:
        newest = select(Blueprint.id).where(Blueprint.subject == SUBJECT).order_by(Blueprint.version.desc())
        return db.execute(newest.limit(1)).scalar_one()


def code(live: LiveServer, manuscript_id: int) -> str:
    with live.platform.database.reading() as db:
        return db.get_one(Item, db.get_one(Manuscript, manuscript_id).item_id).code


def state(live: LiveServer, manuscript_id: int) -> str:
    with live.platform.database.reading() as db:
        return db.get_one(Manuscript, manuscript_id).state
