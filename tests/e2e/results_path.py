"""The way of results, step by step, in the words of those who go it; tests and screenshots go it alike."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pypdf import PdfReader
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from sqlalchemy import select

from itembank.items.correcting import item_of
from server import candidates, delivery
from server.core.roles import STRONG_ROLES, SYSTEM
from server.core.work import open_work
from server.delivery.models import Sitting
from server.delivery.service import issue_code
from server.jobs.demonstration.centre import PIN, STAFF
from server.jobs.demonstration.people import SCHOOLS_OF
from tests.e2e.bank_path import LONG_S, Clerk
from tests.e2e.pages import CandidatePage, Page
from tests.live import LiveServer

STRONG = {login for login, _name, _place, roles in STAFF if not STRONG_ROLES.isdisjoint(roles)}
CHAIR, DEPUTY, SECRETARY, MEMBERS = "appeals", "appeals2", "appeals3", ("appeals4", "appeals5")
DEPARTMENTS = ("department", "department2")  # of Bishkek, of the other place
PASSED = timedelta(days=8)  # the seven days to appeal are over
Look = Callable[[str], object]


def unseen(_name: str) -> None:
    """Nobody takes a picture."""


@dataclass(frozen=True)
class Doubt:
    """A task whose key is doubted: what it is, the letter that counts as right too, and everybody who chose it."""

    item_version_id: int
    code: str
    subject: str
    letter: str
    session_ids: tuple[int, ...]
    seq: int  # in the test of the first of them


@dataclass(frozen=True)
class Appellant:
    """Who appeals, with what nobody of the commission may read."""

    session_id: int
    registration_no: str
    code: str
    name: str
    school: str
    seat: str


@dataclass
class Everybody(Clerk):
    """Each of those who have a part in the results, in turn at one browser, each signed in on their own."""

    kept: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    who: str = ""

    def be(self, login: str, path: str) -> None:
        """That person sees the page; who was here before stays signed in and may come back."""
        if self.who:
            self.kept[self.who] = self.browser.get_cookies()
        self.browser.get(self.origin + "/health")
        self.browser.delete_all_cookies()
        if login in self.kept:
            for each in self.kept[login]:
                self.browser.add_cookie(each)
            self.browser.get(self.origin + path)
        else:
            self.sign_in(login)
            if login in STRONG:
                self.prove(path)
            else:
                self.browser.get(self.origin + path)
        self.who = login

    def tick(self, css: str) -> None:
        """The box or button is chosen, once it is there."""
        self.wait_until(lambda: self.all(css), f"no {css}")
        super().tick(css)

    def days_later(self) -> None:
        """Nobody is signed in any more."""
        self.kept.clear()
        self.who = ""

    def sign(self, label: str, then: str, css: str = "input[name=pin]") -> None:
        """The PIN is typed and the button pressed; the page says so."""
        self.fill(css, PIN)
        self.press(label)
        self.wait_for_text(then)

    def follow(self, words: str) -> None:
        """The link with these words is followed."""
        self.wait_until(lambda: self.browser.find_elements(By.PARTIAL_LINK_TEXT, words), f"no link {words!r}")
        before = self.browser.current_url
        self.browser.find_element(By.PARTIAL_LINK_TEXT, words).click()
        self.wait_until(lambda: self.browser.current_url != before, f"still at {before}")

    def choose(self, css: str, value: str) -> None:
        """That option of a list is chosen."""
        Select(self.wait_for(css)).select_by_value(value)

    def cells(self, css: str) -> list[list[str]]:
        """The rows of a table, cell by cell."""
        rows = self.all(f"{css} tbody tr")
        return [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")] for row in rows]

    def fact(self, name: str) -> str:
        """What a page's summary says under that name."""

        def said() -> str | None:
            keys = self.all(".govuk-summary-list__key")
            found = (
                key.find_element(By.XPATH, "following-sibling::dd").text for key in keys if key.text == name
            )
            return next(found, None)

        return self.wait_until(said, f"no {name!r}")

    def fetch(self, path: str) -> bytes:
        """What the address gives whoever is signed in."""
        script = """const [path, done] = arguments;
            const read = async (reply) => [reply.status, [...new Uint8Array(await reply.arrayBuffer())]];
            fetch(path).then(read).then(done);"""
        status, body = self.browser.execute_async_script(script, path)
        assert status == 200, f"{path}: {status}"
        return bytes(body)


def sitting_of(live: LiveServer) -> int:
    """The past sitting."""
    with live.platform.database.reading() as db:
        return db.execute(select(Sitting.id).order_by(Sitting.starts_at).limit(1)).scalar_one()


def doubted(live: LiveServer, sitting_id: int) -> Doubt:
    """The wrong letter that most candidates chose: with another key they would have been right."""
    chose: defaultdict[tuple[str, int, str], list[tuple[int, int]]] = defaultdict(list)
    with open_work(live.platform, SYSTEM) as work:
        for ref in delivery.sessions_of_sitting(work, sitting_id):
            for section in delivery.evidence(work, ref.id) if ref.state == "submitted" else ():
                for step in section.steps:
                    if (
                        step.score == 0
                        and step.given
                        and step.given["kind"] == "option"
                        and step.given["option"]
                    ):
                        place = section.subject, step.item_version_id, step.given["option"]
                        chose[place].append((ref.id, step.seq))
        (subject, version_id, letter), found = max(chose.items(), key=lambda each: (len(each[1]), each[0]))
        code = item_of(work, version_id)[1]
    return Doubt(version_id, code, subject, letter, tuple(id_ for id_, _seq in found), found[0][1])


def appellant(live: LiveServer, session_id: int) -> Appellant:
    """The candidate of that session, with the slip in hand."""
    with open_work(live.platform, SYSTEM) as work:
        session, code = delivery.session_ref(work, session_id), issue_code(work, session_id)
        (who,) = candidates.registrations(work, [session.registration_id])
    assert code is not None
    assert session.seat is not None
    return Appellant(session_id, session.registration_no, code, who.name, who.school, session.seat)


def graded(people: Everybody, sitting_id: int) -> None:
    """The office has everything graded that was sealed as it is; the worker does it."""
    people.be("office", f"/office/sittings/{sitting_id}/grading")
    people.wait_for("main form button").click()
    people.wait_for_text("There is nobody to grade now.", LONG_S)


def controlled(people: Everybody, sitting_id: int, look: Look = unseen) -> int:
    """What was unusual in the results is decided; the first question by two, who differ. How many there were."""
    path = f"/office/sittings/{sitting_id}/control"
    people.be("office", path)
    people.press("Look at the results")
    people.wait_for("#findings", LONG_S)
    look("control")
    asked = [each.get_attribute("href") for each in people.all("main a[href*='/office/control/']")]
    for n, address in enumerate(asked):
        _decide(people, address, "hold" if n == 0 else "clear")
    if asked:
        people.wait_for_text("1 question holds results back")
        _decide(people, asked[0], "clear", ".govuk-error-summary")
        people.be("office2", asked[0].removeprefix(people.origin))
        _decide(people, asked[0], "clear")
    people.wait_for_text("Every question is decided" if asked else "Nothing unusual was found")
    return len(asked)


def _decide(people: Everybody, address: str, verdict: str, then: str = "#findings") -> None:
    people.browser.get(address)
    people.tick(f"#verdict-{verdict}")
    people.fill("#reason", "The recording shows nothing unusual.")
    people.press("Decide")
    people.wait_for(then)


def frozen(people: Everybody, sitting_id: int, because: str, version: int) -> str:
    """The results as they stand are a list; its path."""
    people.be("office", f"/office/sittings/{sitting_id}/lists")
    people.fill("#because", because)
    people.press("Freeze the results")
    at = f"Version {version}"
    people.wait_until(lambda: at in people.text(), f"no {at}", LONG_S)
    if "/office/lists/" not in people.here():
        people.follow(at)
    return people.here().split("?")[0]


def signed(people: Everybody, path: str) -> None:
    """Two of the office have signed the list; the first tries to sign it twice from a page that is out of date."""
    people.be("office", path)
    people.sign("Sign", "You have signed the list.")
    people.browser.back()
    people.sign("Sign", "Nothing was done")
    people.wait_for_text("This person has signed this text already.")
    people.browser.get(people.origin + path)
    assert not people.all("#sign"), "who has signed is asked once more"
    people.be("office2", path)
    people.sign("Sign", "You have signed the list.")


def released(people: Everybody, path: str, look: Look = unseen) -> None:
    """Those whom the list concerns see it, and each department has signed for its part."""
    people.be("office", path)
    look("list")
    people.press("Release the results to the candidates")
    people.wait_until(lambda: people.fact("Release").startswith("Released"), "not released", LONG_S)
    for login in DEPARTMENTS:
        people.be(login, path)
        if people.all("#receipt"):
            people.sign("We have received the results", "You have signed for the results.")


def filed(candidate: CandidatePage, who: Appellant, doubt: Doubt, look: Look = unseen) -> None:
    """The candidate reads the result and appeals, in words that say more than the commission may know."""
    candidate.sign_in(who.registration_no, who.code)
    candidate.wait_for_text("Grades by subject")
    candidate.browser.find_element(By.PARTIAL_LINK_TEXT, "Score report").click()
    candidate.wait_for_text("Strengths by content area")
    look("report")
    candidate.browser.find_element(By.PARTIAL_LINK_TEXT, "Appeal against this result").click()
    Select(candidate.wait_for("#subject")).select_by_value(doubt.subject)
    candidate.browser.execute_script("document.getElementById('ground-points_awarded').click()")
    candidate.wait_for("#tasks").send_keys(str(doubt.seq))
    candidate.wait_for("#words").send_keys(f"I am {who.name} of {who.school}: both answers are right.")
    candidate.press("File the appeal")
    candidate.wait_for_text("Your appeal is filed.")


def key_corrected(people: Everybody, doubt: Doubt) -> None:
    """The office has asked for another key of the item, one of the bank has said it, another has confirmed it."""
    people.be("office", "/office/rescoring/new")
    people.tick("#kind-key_corrected")
    for css, text in (
        ("#code", doubt.code),
        ("#reason", "Two answers may be right"),
        ("#decided_by", "Letter 12"),
    ):
        people.fill(css, text)
    people.press("Propose, and compute the effect")
    people.wait_for("#keys")
    people.be("bank", "/bank/keys")
    people.follow(doubt.code)
    people.tick(f"#letter-{doubt.letter}")
    people.tick("#keeps")
    people.fill("#reason", "The book of grade 9 says so too.")
    people.sign("Sign this key", "Another member of the commission confirms it", "#pin")
    assert not any(each.text == "Confirm this key" for each in people.all("button")), "one person is two"
    people.be("commission2", "/bank/keys")
    people.follow(doubt.code)
    people.sign("Confirm this key", "confirmed", "form[action$='/confirm'] [name=pin]")


def stood_aside(people: Everybody, who: Appellant) -> None:
    """The deputy of the chair knows the candidate, and says so before anything is filed."""
    people.be(DEPUTY, "/appeals/interests")
    people.choose("#kind", "number")
    people.fill("#target", who.registration_no)
    people.press("Declare")
    people.wait_for_text("It is noted.")


def admitted(people: Everybody) -> tuple[str, str]:
    """The secretary has admitted the newest case and put it on a hearing of today; the paths of both."""
    people.be(SECRETARY, "/appeals")
    people.wait_for("main th a[href^='/appeals/']").click()
    people.press("Admit to a hearing")
    people.wait_for_text("The case is admitted.")
    case = people.here().split("?")[0]
    people.browser.get(people.origin + "/appeals")
    programme = next(
        each for each in Select(people.wait_for("#programme_id")).options if "results" in each.text
    )
    programme.click()
    today = people.browser.execute_script(
        "return new Date().toLocaleDateString('de-DE', {timeZone: 'Asia/Bishkek'})"
    )
    for css, value in (("#day", today), ("#hour", "10:00"), ("#place", "Bishkek, room 12")):
        people.fill(css, value)
    people.press("Call the hearing")
    people.wait_for_text("The hearing is called.")
    hearing = people.here().split("?")[0]
    people.tick("input[name=case]")
    people.press("Put on this hearing")
    people.wait_for_text("The cases are on this hearing.")
    return case, hearing


def opened(people: Everybody, case: str, hearing: str, look: Look = unseen) -> list[str]:
    """All who judge it are there, and the chair goes through the case file; the source of its pages."""
    for login in (SECRETARY, *MEMBERS, CHAIR):
        people.be(login, hearing)
        people.press("I am here")
        people.wait_for_text("You sit in this hearing.")
    seen = []
    people.browser.get(people.origin + case)
    seen.append(people.browser.page_source)
    people.follow("Case file")
    seen.append(people.browser.page_source)
    look("file")
    people.press("Go through the tasks")
    people.wait_for_text("As the candidate had it before them")
    seen.append(people.browser.page_source)
    look("task")
    return seen


def barred(people: Everybody, case: str) -> None:
    """Who stands aside sees the case in the list, and no more of it."""
    people.be(DEPUTY, "/appeals")
    assert "You stand aside" in people.text()
    assert not people.all(f"a[href='{case}']")
    people.browser.get(people.origin + case)
    people.wait_for_text("DC-24")
    assert not people.all("#words"), "a case is open to who stands aside from it"


def carried(people: Everybody, case: str, seq: int) -> None:
    """The motion to correct the key has three votes, and stands in the protocol."""
    people.be(SECRETARY, case)
    people.choose(f"#outcome_{seq}", "key_corrected")
    people.browser.find_element(By.CSS_SELECTOR, f"[name=key_{seq}] option:last-child").click()
    people.fill("#reason", "Both answers are right by the book of grade 9.")
    people.press("Put to the vote")
    people.wait_for_text("The motion is before the members.")
    for login in (CHAIR, *MEMBERS):
        people.be(login, case)
        people.tick("#choice-for")
        people.press("Vote")
        people.wait_for_text("Your vote is noted.")
    people.be(SECRETARY, case)
    people.press("Draw up the protocol")
    people.wait_for_text("The protocol is drawn up.")


def decided(people: Everybody, case: str) -> None:
    """The chair and two members have signed at the secretary's screen; before the third nothing is decided."""
    names = {login: name for login, name, _place, _roles in STAFF}
    people.be(SECRETARY, case)
    signed = "section[aria-labelledby=protocol] .govuk-tag--green"
    for n, login in enumerate((CHAIR, *MEMBERS), start=1):
        assert not people.all("#decision"), "decided without the signatures it needs"
        Select(people.wait_for("#staff_id")).select_by_visible_text(names[login])
        people.sign("Sign the protocol", "Signed.")
        people.wait_until(lambda: len(people.all(signed)) == n, f"not {n} signatures")  # noqa: B023  called at once
    people.wait_for("#decision")


def corrected(people: Everybody, look: Look = unseen) -> list[list[str]]:
    """The newest correction is applied after two have signed for its effect; whom it changes, row by row."""
    people.be("office", "/office/rescoring")
    people.wait_for("main th a[href^='/office/rescoring/']").click()
    path = _awaited(people)
    look("effect")
    rows = people.cells("#changes ~ .table-scroll")
    people.fill("#pin", PIN)
    people.press("Sign for this effect")
    people.wait_for_text("You have signed. Another person of the office signs next")
    people.be("office2", path)
    people.fill("#pin", PIN)
    people.press("Sign for this effect")
    people.wait_for_text("What it changed", LONG_S)
    return rows


def _awaited(people: Everybody) -> str:
    """The effect of the correction on the page is computed; the page's path."""
    people.wait_for_text("What it would change", LONG_S)
    return people.here()


def told(people: Everybody, case: str) -> None:
    """The appellant reads what was decided."""
    people.be(SECRETARY, case)
    people.press("Tell the appellant")
    people.wait_for_text("The appellant reads the decision now.")


def final_list(people: Everybody) -> bytes:
    """The final list of the appeals is issued under seal; the paper."""
    people.be("office", "/office/appeals")
    people.press("Issue the final list under seal")
    people.wait_for_text("The final list is issued under seal")
    return people.fetch(_address(people, "section[aria-labelledby=lists] a[hreflang=ru]"))


def refused_late(people: Everybody, who: Appellant, doubt: Doubt) -> None:
    """The department's appeal after the seven days is not taken, and the page says under which clause."""
    people.be(DEPARTMENTS[who.school not in SCHOOLS_OF["bishkek"]], "/office/appeals")
    people.fill("#numbers", who.registration_no)
    people.choose("#subject", doubt.subject)
    people.tick("#ground-points_awarded")
    people.wait_for("section[aria-labelledby=file] button").click()
    people.wait_for_text("not filed")
    assert "DC-25" in people.wait_for("section[aria-labelledby=filed] li").text


def struck(people: Everybody, code: str) -> None:
    """By an order the office has an item struck for everybody."""
    people.be("office", "/office/rescoring/new")
    people.tick("#kind-item_struck")
    for css, text in (
        ("#code", code),
        ("#reason", "No answer is right"),
        ("#decided_by", "Order 44 of 1 June"),
    ):
        people.fill(css, text)
    people.press("Propose, and compute the effect")


def approved(people: Everybody, sitting_id: int, order: str) -> None:
    """The ministry has approved the newest list by an order."""
    people.be("ministry", f"/office/sittings/{sitting_id}/final")
    people.fill("#order", order)
    people.sign("Approve the results", "The results are approved.", "#pin")


def issued(people: Everybody, sitting_id: int) -> None:
    """Each confirmed candidate has a statement."""
    people.be("office", f"/office/sittings/{sitting_id}/final")
    people.press("Issue the statements")
    people.wait_until(
        lambda: people.all("#print") and "no statement of the approved result" not in people.text(),
        "no statements", LONG_S,
    )  # fmt: skip


def printed(people: Everybody) -> dict[str, bytes]:
    """All statements are printed in Kyrgyz by the worker, and taken in one archive; number → paper."""
    people.wait_for("#print button[value=ky]").click()
    people.wait_for_text("Take the archive of PDF files", LONG_S)
    archive = zipfile.ZipFile(io.BytesIO(people.fetch(_address(people, "a[href*='/batches/']"))))
    return {name.removesuffix(".pdf"): archive.read(name) for name in archive.namelist()}


def paper_of(people: Everybody, sitting_id: int, registration_no: str, look: Look = unseen) -> bytes:
    """The page of the candidate's statement is open; the statement in Russian."""
    people.be("office", f"/office/sittings/{sitting_id}/final")
    row = people.browser.find_element(By.XPATH, f"//main//tr[contains(., '{registration_no}')]")
    row.find_element(By.LINK_TEXT, "Statement").click()
    people.wait_for_text("Statement of the confirmed right")
    look("statement")
    return people.fetch(_address(people, "a[hreflang=ru]"))


def _address(people: Everybody, css: str) -> str:
    return people.wait_for(f"main {css}").get_attribute("href").removeprefix(people.origin)


def text_of(pdf: bytes) -> str:
    """What can be read on a paper."""
    assert pdf.startswith(b"%PDF")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def code_on(pdf: bytes) -> str:
    """The code of the statement that a paper is."""
    (code,) = set(re.findall(r"\b(?:[0-9A-Z]{5}-){5}[0-9A-Z]\b", text_of(pdf)))
    return code


def checked(page: Page, code: str) -> str:
    """What the public page tells somebody with a code."""
    page.open("/check")
    page.wait_for("#code").send_keys(code.lower())
    page.press("Check")
    return page.wait_for("[role=status] .govuk-tag").text


def missed(live: LiveServer, sitting_id: int, numbers: Collection[str]) -> str:
    """The code of the item that most of these candidates answered wrongly."""
    wrong: Counter[int] = Counter()
    with open_work(live.platform, SYSTEM) as work:
        for ref in delivery.sessions_of_sitting(work, sitting_id):
            for section in delivery.evidence(work, ref.id) if ref.registration_no in numbers else ():
                wrong.update(step.item_version_id for step in section.steps if step.score == 0)
        return item_of(work, wrong.most_common(1)[0][0])[1]
