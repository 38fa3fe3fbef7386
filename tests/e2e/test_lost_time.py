"""A decision of the office, the clock it makes, a power cut, and the time given back to the room (DC-12)."""

from __future__ import annotations

from datetime import timedelta

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from sqlalchemy import select

from proctor.monitoring.models import Heartbeat
from server.delivery.models import Section
from tests.e2e.axe import serious
from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import CandidatePage, Proctor, Staff
from tests.live import LiveServer

CUT_S = 600


def decide(office: Staff, number: str, kind: str, extent: str) -> None:
    """The office records a condition of the candidate with that registration number."""
    office.browser.get(f"{office.origin}/office/accommodations")
    typed = {"registration_no": number, "extent": extent, "order_number": "12-k", "evidence": "certificate 4",
             "decided_by": "Osmonova A.", "decided_on": "01.05.2020"}  # fmt: skip
    for name, text in typed.items():
        office.browser.find_element(By.ID, name).send_keys(text)
    Select(office.browser.find_element(By.ID, "kind")).select_by_value(kind)
    office.press("Record the decision")
    office.wait_for_text("The decision is recorded.")


def cut(live: LiveServer, seconds: int) -> None:
    """The server is gone; when it is back, it has been away for so long by every clock it keeps."""
    live.kill()
    earlier = timedelta(seconds=seconds)
    with live.platform.database.writing() as db:
        for row in db.execute(select(Heartbeat)).scalars():
            row.seen_at -= earlier
        for part in db.execute(select(Section).where(Section.state == "running")).scalars():
            assert part.started_at is not None
            part.started_at -= earlier
    live.start()


def test_extra_time_a_cut_and_the_time_given_back(live: LiveServer, new_browser: NewBrowser) -> None:
    seat, other, *_others = live.seats()
    office = Staff(new_browser(), live.origin)
    office.sign_in("office")
    decide(office, seat.registration_no, "extra_time", "50")
    decide(office, seat.registration_no, "breaks", "10")
    assert seat.registration_no in office.text()
    assert serious(office.browser) == []

    live.admit([seat, other])
    candidate = CandidatePage(new_browser(), live.origin)
    candidate.sign_in(seat.registration_no, seat.code)
    candidate.wait_for(".item__stem")
    assert 5300 < candidate.remaining_s() <= 5400
    proctor = Proctor(new_browser(1440, 900), live.origin)
    proctor.open_console(live.room_sitting_id)
    proctor.seat("1").click()
    proctor.wait_for_text("Extra time +50 %")
    proctor.wait_for_text("Last heard")

    cut(live, CUT_S)
    candidate.wait_for_text("Connected")
    proctor.wait_for_text("Time lost by silence", 40)
    before = candidate.remaining_s()
    proctor.press("Give time back…")
    assert serious(proctor.browser) == []
    proctor.press("Power failure")
    proctor.wait_for_text("Time given back")
    candidate.wait_for_text("Lost time given back to you")
    assert before + CUT_S - 30 < candidate.remaining_s() < before + CUT_S + 120
    assert serious(candidate.browser) == []

    take_a_break(candidate, proctor)
    note_an_incident(proctor)
    assert candidate.errors() == []


def take_a_break(candidate: CandidatePage, proctor: Proctor) -> None:
    """The candidate rests for a moment; the clock stands still meanwhile, and the console says until when."""
    candidate.press("Take a break (10:00 left)")
    candidate.wait_for_text("The break ends in")
    stood = candidate.remaining_s()
    proctor.wait_for_text("On a break until")
    candidate.press("Go on with the test now")
    candidate.wait_for(".item__stem")
    assert stood - 5 < candidate.remaining_s() <= stood


def note_an_incident(proctor: Proctor) -> None:
    """An alarm is written into the log and is over, without time given back."""
    proctor.press("Incident…")
    proctor.wait_for("#incident-kind").send_keys("Environment")
    proctor.browser.find_element(By.ID, "incident-text").send_keys("A fire alarm")
    proctor.press("Write it into the log")
    proctor.wait_for_text("A fire alarm")
    proctor.press("Over, no time was lost")
    proctor.wait_until_gone(".incidents__line--open")
