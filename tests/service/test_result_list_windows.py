"""What changes between the reading of results and the writing of their list or its release, on two connections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread

import pytest
from sqlalchemy import select

from server import grading
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import CatError, Refused, Stale
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor
from server.core.tasks import Keep, TaskRef
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.grading import lists
from server.grading.control import queries as questions
from server.grading.control import service as control
from server.grading.control.checks import Draft
from server.grading.lists import queued
from server.grading.models import Hold
from tests.conftest import MASTER, SECRET
from tests.factories.delivery import a_sitting, finished_session
from tests.factories.results import Offices, controlled, corrected, released, sign, two_of_the_office

REASON = "Somebody is to look at the recording of this room."


class House:
    """A graded sitting of two candidates; a question about the second was answered: nothing is wrong."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        with open_work(platform, SYSTEM) as work:
            sitting = a_sitting(work, subjects=["history"])
            self.sitting, self.sessions = sitting.id, [finished_session(work, sitting) for _ in range(2)]
            for each in self.sessions:
                grading.grade_session(work, each)
            offices = two_of_the_office(work)
            self.first, self.second = offices.first.actor, offices.second.actor
        with open_work(platform, self.first) as work:
            task = control.ask(work, self.sitting)
            asked = TaskRef(task, control.KIND, {}, self.first.label)
            draft = Draft("fit", "history", (self.sessions[1],), 0.0001, {"n": 8, "right": 4, "theta": 0.0})
            control.record_run(work, asked, self.sitting, work.now, {}, (draft,))
        self.decide("clear")

    def decide(self, verdict: str) -> None:
        with open_work(self.platform, self.first) as work:
            (found,) = questions.findings(work, self.sitting)
            control.decide(work, found.id, verdict, REASON)

    def read_to_freeze(self) -> Keep:
        asked = TaskRef(
            1, queued.FREEZING, {"sitting_id": self.sitting, "because": "It is over."}, self.first.label
        )
        return queued.freeze(self.platform, asked, lambda *_: None)

    def read_to_release(self, list_id: int) -> Keep:
        arguments = {"list_id": list_id, "organisation_id": self.first.organisation_id}
        return queued.release(
            self.platform, TaskRef(2, queued.RELEASING, arguments, self.first.label), lambda *_: None
        )

    def signed(self) -> int:
        with open_work(self.platform, self.first) as work:
            list_id = lists.freeze(work, self.sitting, because="It is over.")
            for office in (work, replace(work, actor=self.second)):
                assert sign(office, list_id) is None
        return list_id

    def released(self) -> lists.ListRef | None:
        with open_work(self.platform, SYSTEM) as work:
            return lists.newest_released(work, self.sitting)


@pytest.fixture
def house(own_database: Database, clock: FrozenClock) -> House:
    return House(Platform(own_database, clock, Vault(MASTER, SECRET)))


def _held_by_hand(house: House) -> None:
    house.decide("hold")


def _corrected(house: House) -> None:
    with open_work(house.platform, SYSTEM) as work:
        corrected(work, house.sessions[0], "91", "excellent")


def _held_by_the_product(house: House) -> None:
    with open_work(house.platform, SYSTEM) as work:
        work.db.add(Hold(session_id=house.sessions[0], reason="sheet_changed", facts={}, made_at=work.now))


@pytest.mark.parametrize("meanwhile", [_held_by_hand, _corrected, _held_by_the_product])
def test_a_list_is_not_frozen_of_what_changed_meanwhile(
    house: House, meanwhile: Callable[[House], None]
) -> None:
    keep = house.read_to_freeze()
    meanwhile(house)
    with pytest.raises(Stale, match="changed_meanwhile"), open_work(house.platform, SYSTEM) as work:
        keep(work)
    with open_work(house.platform, SYSTEM) as work:
        assert lists.lists_of(work, house.sitting) == []


@pytest.mark.parametrize("meanwhile", [_held_by_hand, _corrected, _held_by_the_product])
def test_what_was_held_or_changed_meanwhile_is_not_released_over(
    house: House, meanwhile: Callable[[House], None]
) -> None:
    keep = house.read_to_release(house.signed())
    meanwhile(house)
    with pytest.raises(Stale, match="changed_meanwhile"), open_work(house.platform, SYSTEM) as work:
        keep(work)
    assert house.released() is None


def test_what_was_held_is_left_out_of_the_next_list_and_the_others_are_released(house: House) -> None:
    before = house.signed()
    keep = house.read_to_release(before)
    house.decide("hold")
    with pytest.raises(Stale), open_work(house.platform, SYSTEM) as work:
        keep(work)
    with pytest.raises(Stale, match="list_outdated"):
        house.read_to_release(before)
    after = house.signed()
    keep = house.read_to_release(after)
    with open_work(house.platform, SYSTEM) as work:
        assert keep(work) == after
        told = {row.session_id: (row.hold, bool(row.grades)) for row in lists.rows_of(work, after)}
    assert told == {house.sessions[0]: (None, True), house.sessions[1]: ("held_back", False)}


def test_DC_22_a_first_result_is_looked_at_before_it_leaves_though_others_were_released_before(
    house: House, clock: FrozenClock
) -> None:
    with open_work(house.platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        early, late = (finished_session(work, sitting) for _ in range(2))
        grading.grade_session(work, early)
        work.db.add(Hold(session_id=late, reason="marks_awaited", facts={}, made_at=work.now))
        offices = Offices(replace(work, actor=house.first), replace(work, actor=house.second))
        released(work, sitting.id, offices)
    clock.advance(60)
    with open_work(house.platform, SYSTEM) as work:
        corrected(work, early, "91", "excellent")
    house.sitting = sitting.id
    house.read_to_release(house.signed())  # a correction of what was looked at
    clock.advance(60)
    with open_work(house.platform, SYSTEM) as work:
        grading.grade_session(work, late)
    list_id = house.signed()
    with pytest.raises(Refused, match="control_missing"):
        house.read_to_release(list_id)
    with open_work(house.platform, house.first) as work:
        controlled(work, sitting.id)
    keep = house.read_to_release(list_id)
    with open_work(house.platform, SYSTEM) as work:
        assert keep(work) == list_id


def test_who_holds_back_while_a_release_is_written_waits_for_it(house: House) -> None:
    list_id = house.signed()
    keep = house.read_to_release(list_id)
    begins, ends = Event(), Event()

    def hold() -> None:
        begins.set()
        house.decide("hold")
        ends.set()

    with open_work(house.platform, SYSTEM) as work:
        keep(work)
        other = Thread(target=hold)
        other.start()
        assert begins.wait(10)
        assert not ends.wait(0.5)
    assert ends.wait(10)
    other.join()
    with house.platform.database.reading() as db:
        acts = select(JournalEntry.act).where(JournalEntry.act.in_(("results:released", "control_decided")))
        assert list(db.scalars(acts.order_by(JournalEntry.seq)))[-2:] == [
            "results:released",
            "control_decided",
        ]


def test_of_two_who_decide_at_once_the_second_sees_the_first(house: House) -> None:
    told: list[str] = []

    def decide(actor: Actor, work: Work) -> None:
        (found,) = questions.findings(work, house.sitting)
        control.decide(replace(work, actor=actor), found.id, "hold", REASON)

    def second() -> None:
        try:
            with open_work(house.platform, house.second) as work:
                decide(house.second, work)
        except CatError as error:
            told.append(error.code)

    with open_work(house.platform, house.first) as work:
        decide(house.first, work)
        other = Thread(target=second)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(10)
    assert told == ["control_decided_so"]
