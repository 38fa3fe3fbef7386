"""Another computer asks to go on with a test: it waits, the proctor decides, one device holds the test (DC-10)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from proctor.irregularities import service as irregularities
from proctor.monitoring.wire import DeviceAsk
from proctor.rooms import service
from server import delivery
from server.core import journal
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import CatError, Denied, NotFound, Stale
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, open_reading, open_work
from server.delivery import service as sessions
from server.delivery.claims.models import DeviceClaim
from server.delivery.devices import Computer, devices_view, note_device
from server.delivery.queries import held, progress
from server.delivery.service import browsers
from server.delivery.service.planning import get_session
from server.delivery.service.signing_in import SignedIn, sign_in
from tests.conftest import MASTER, SECRET
from tests.factories.proctor import a_day, a_proctor, a_removal
from tests.service.test_exam_room_race import at_once

FIRST, SECOND, THIRD = (Computer(c * 32, f"10.0.0.{n}", "Chromium") for n, c in enumerate("abc", start=1))


class Desk:
    """A room that runs, and its first candidate, who signed in at the first computer."""

    def __init__(self, platform: Platform, clock: FrozenClock) -> None:
        self.day = a_day(platform, clock)
        self.day.run(*self.day.scene.sessions)
        self.session = self.day.scene.sessions[0]
        with open_work(platform, SYSTEM) as work:
            self.number = delivery.session_ref(work, self.session).registration_no
            self.code = sessions.renew_code(work, self.session, "for the test")
        self.key = uuid4()
        assert isinstance(self.enter(FIRST, self.key), SignedIn)

    def enter(self, computer: Computer, key: UUID | None, code: str | None = None) -> SignedIn | CatError:
        """What comes of the code typed at that computer."""
        with open_work(self.day.platform, SYSTEM) as work:
            got = sign_in(work, self.number, code or self.code, key=key, computer=computer)
            if isinstance(got, SignedIn):
                note_device(work, got.session_id, computer)
        return got

    def decide(self, claim: int, *, lets_in: bool = True, **named: Any) -> None:
        ask = DeviceAsk(lets_in=lets_in, reason="the screen went dark")
        self.day.do(service.decide_device, self.session, claim, ask, **named)

    def claims(self) -> list[DeviceClaim]:
        with self.day.platform.database.reading() as db:
            own = select(DeviceClaim).where(DeviceClaim.session_id == self.session)
            return list(db.execute(own.order_by(DeviceClaim.id)).scalars())

    def holds(self, lease: int) -> bool:
        """Whether the device of that lease may still ask for anything."""
        with open_reading(self.day.platform, Actor(frozenset({Role.CANDIDATE}), self.session, lease=lease)) as work:
            try:
                held(work)
            except Denied:
                return False
        return True

    def seen(self) -> tuple[int, list[str], list[str]]:
        """What the proctor sees: how many wait, where they stand, and which computer holds the test."""
        with open_reading(self.day.platform, SYSTEM) as work:
            found = devices_view(work, self.session)
            n = progress(work, [self.session])[self.session].claims
        return n, [each.address for each in found.waiting], [each.address for each in found.devices if each.is_holder]

    def journal(self, act: str) -> list[JournalEntry]:
        with self.day.platform.database.reading() as db:
            assert not list(journal.verify(db, self.day.platform.vault))
            own = select(JournalEntry).where(JournalEntry.subject == f"session:{self.session}")
            return list(db.execute(own.where(JournalEntry.act == act)).scalars())


@pytest.fixture
def desk(own_database: Database, clock: FrozenClock) -> Desk:
    return Desk(Platform(own_database, clock, Vault(MASTER, SECRET)), clock)


def told(got: SignedIn | CatError) -> str:
    return got.code if isinstance(got, CatError) else "signed in"


def test_DC_10_the_key_of_a_sign_in_is_of_no_use_at_another_computer(desk: Desk) -> None:
    assert isinstance(desk.enter(FIRST, desk.key), SignedIn), "the first reply was lost on the way"
    assert told(desk.enter(SECOND, desk.key)) == "device_waits"
    assert desk.seen() == (1, [SECOND.address], [FIRST.address])
    assert isinstance(desk.enter(FIRST, desk.key), SignedIn)
    desk.decide(desk.claims()[0].id)
    assert isinstance(desk.enter(SECOND, desk.key), SignedIn)
    assert told(desk.enter(FIRST, desk.key)) == "code_used"


def test_DC_10_a_second_computer_waits_and_is_seen_at_the_seat(desk: Desk) -> None:
    key = uuid4()
    for _ in range(3):
        assert told(desk.enter(SECOND, key)) == "device_waits"
    assert desk.seen() == (1, [SECOND.address], [FIRST.address])
    assert desk.holds(2), "who works is not disturbed"
    assert len(desk.journal("sign-in:second-device")) == 1
    assert told(desk.enter(SECOND, uuid4())) == "device_waits", "the page was loaded anew"
    assert len(desk.claims()) == 1
    assert told(desk.enter(THIRD, None)) == "code_used"
    assert told(desk.enter(THIRD, uuid4(), "WRONG-CODE")) == "code_wrong"


def test_DC_10_let_in_it_goes_on_and_the_old_one_is_left_at_once(desk: Desk) -> None:
    key, other = uuid4(), uuid4()
    desk.enter(SECOND, key)
    desk.enter(THIRD, other)
    (one, two) = desk.claims()
    desk.decide(one.id)
    assert not desk.holds(2)
    assert desk.seen()[:2] == (0, [])
    got = desk.enter(SECOND, key)
    assert got == SignedIn(desk.session, 3)
    assert desk.holds(3)
    assert desk.seen() == (0, [], [SECOND.address])
    assert desk.enter(SECOND, key) == got, "its reply was lost on the way"
    assert told(desk.enter(THIRD, other)) == "code_used"
    with pytest.raises(Stale):
        desk.decide(two.id)
    (line,) = desk.journal("device:let-in")
    assert line.clause == "DC-10"
    assert "the screen went dark" in line.facts
    assert told(desk.enter(FIRST, desk.key)) == "device_waits", "the first computer asks in its turn"


def test_a_page_loaded_anew_before_it_came_takes_the_test_over_all_the_same(desk: Desk) -> None:
    desk.enter(SECOND, uuid4())
    desk.decide(desk.claims()[0].id)
    again = uuid4()
    assert desk.enter(SECOND, again) == SignedIn(desk.session, 3)
    assert desk.enter(SECOND, again) == SignedIn(desk.session, 3)
    assert told(desk.enter(SECOND, uuid4())) == "device_waits", "a decision is used once"


def test_a_refused_computer_is_told_and_may_ask_again(desk: Desk) -> None:
    key = uuid4()
    desk.enter(SECOND, key)
    desk.decide(desk.claims()[0].id, lets_in=False)
    assert told(desk.enter(SECOND, key)) == "device_refused"
    assert desk.seen() == (0, [], [FIRST.address])
    assert desk.holds(2)
    with pytest.raises(Stale):
        desk.decide(desk.claims()[0].id)
    assert told(desk.enter(SECOND, uuid4())) == "device_waits"
    assert len(desk.journal("device:refused")) == 1


def test_a_new_code_sets_aside_who_waits_and_who_was_let_in_and_has_not_come(desk: Desk) -> None:
    key, other = uuid4(), uuid4()
    desk.enter(SECOND, key)
    desk.decide(desk.claims()[0].id)
    desk.enter(THIRD, other)
    with open_work(desk.day.platform, SYSTEM) as work:
        code = sessions.renew_code(work, desk.session, "another computer")
    assert desk.seen()[0] == 0
    assert [each.verdict for each in desk.claims()] == ["set_aside", "set_aside"]
    assert isinstance(desk.enter(FIRST, uuid4(), code), SignedIn)
    assert told(desk.enter(SECOND, key, code)) == told(desk.enter(THIRD, other, code)) == "code_used"


def test_nobody_else_decides_and_nothing_is_decided_when_the_test_is_over(desk: Desk) -> None:
    desk.enter(SECOND, uuid4())
    (claim,) = desk.claims()
    with open_work(desk.day.platform, SYSTEM) as work:
        stranger = a_proctor(work, desk.day.scene.centre)
    with pytest.raises(Denied, match="no_duty"):
        desk.decide(claim.id, actor=stranger)
    ask = DeviceAsk(lets_in=True, reason="the screen went dark")
    with pytest.raises(NotFound):
        desk.day.do(service.decide_device, desk.day.scene.sessions[1], claim.id, ask)
    with pytest.raises(NotFound):
        desk.decide(claim.id + 1)
    desk.day.do(irregularities.remove, desk.session, a_removal())
    with pytest.raises(Stale):
        desk.decide(claim.id)
    assert told(desk.enter(SECOND, uuid4())) == "removed_from_test"


def test_a_browser_that_may_not_come_does_not_even_wait(desk: Desk) -> None:
    with open_work(desk.day.platform, SYSTEM) as work:
        get_session(work, desk.session).sitting.seb_policy = "required"
        browsers.configure(work, delivery.session_ref(work, desk.session).sitting_id, "http://localhost")
    assert told(desk.enter(SECOND, uuid4())) == "seb_needed"
    assert (desk.claims(), desk.seen()[0]) == ([], 0)


def test_no_more_wait_than_a_proctor_can_look_at(desk: Desk) -> None:
    got = [told(desk.enter(Computer(f"{n:032x}", f"10.0.1.{n}", "x"), uuid4())) for n in range(6)]
    assert got == ["device_waits"] * 4 + ["code_used"] * 2


def test_two_computers_pressed_at_once_by_two_hands_leave_one_that_holds_the_test(desk: Desk) -> None:
    keys = {SECOND: uuid4(), THIRD: uuid4()}
    for computer, key in keys.items():
        desk.enter(computer, key)
    one, two = (each.id for each in desk.claims())
    got = at_once(*[lambda n=n: desk.decide(n) for n in (one, two, one, two)])
    verdicts = [str(each.verdict) for each in desk.claims()]
    assert sorted(verdicts) == ["let_in", "set_aside"]
    assert got.count("done") == 2, "the one that was let in, said twice; the other was too late"
    came = at_once(*[lambda c=c, k=k: desk.enter(c, k) for c, k in (*keys.items(), *keys.items())])
    assert [each for each in came if isinstance(each, SignedIn)] == [SignedIn(desk.session, 3)] * 2
    assert (desk.holds(2), desk.holds(3), desk.holds(4)) == (False, True, False)
    assert len(desk.journal("device:let-in")) == 1


def test_two_computers_that_type_the_code_at_once_both_wait(desk: Desk) -> None:
    keys = (uuid4(), uuid4())
    tries = [(SECOND, keys[0]), (THIRD, keys[1]), (SECOND, keys[0]), (THIRD, keys[1])]
    got = at_once(*[lambda c=c, k=k: desk.enter(c, k) for c, k in tries])
    assert {told(each) for each in got} == {"device_waits"}
    assert desk.seen()[0] == len(desk.claims()) == 2
