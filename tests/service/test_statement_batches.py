"""Many statements at once: printed by the worker, taken by whoever asked within a day, by nobody else."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.core.clock import FrozenClock
from server.core.errors import Invalid, NotFound, Stale
from server.core.roles import SYSTEM, Actor
from server.core.work import Platform, open_work
from server.delivery import session_ref
from server.jobs.worker import work_off
from server.statements import batch, queries, service
from server.statements.models import StatementBatch
from tests.factories.results import a_department_over
from tests.factories.statements import After, after_release

ORIGIN = "https://synak.test"


class House:
    """A sitting with one statement in force, the platform's clock a week after its release."""

    def __init__(self, platform: Platform, clock: FrozenClock) -> None:
        self.platform, self.clock = platform, clock
        with open_work(platform, SYSTEM) as work:
            made = after_release(work)
            self.after: After = made.later()
            self.after.approved()
            service.issue(self.after.office, made.sitting.id)
            self.stranger = a_department_over(work).actor
            self.number = session_ref(work, made.confirmed).registration_no
        clock.advance(timedelta(days=9).total_seconds())

    def asked(self, actor: Actor, tongue: str = "ky") -> int:
        with open_work(self.platform, actor) as work:
            return batch.ask(work, self.after.sitting.id, tongue, ORIGIN)

    def take(self, actor: Actor, batch_id: int) -> bytes:
        with open_work(self.platform, actor) as work:
            return batch.take(work, batch_id)

    def newest(self, actor: Actor) -> int | None:
        with open_work(self.platform, actor) as work:
            return batch.newest(work, self.after.approved().id)


@pytest.fixture
def house(platform: Platform, clock: FrozenClock) -> House:
    return House(platform, clock)


def test_a_department_prints_its_own_and_takes_them_for_a_day(house: House) -> None:
    mine = house.after.department.actor
    task = house.asked(mine)
    assert house.asked(mine) == task
    assert work_off(house.platform) == task
    made = house.newest(mine)
    assert made is not None
    content = house.take(mine, made)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.namelist() == [f"{house.number}.pdf"]
        assert file.read(f"{house.number}.pdf").startswith(b"%PDF")
    assert house.take(mine, made) == content
    for other in (house.after.office.actor, house.stranger):
        assert house.newest(other) is None
        with pytest.raises(NotFound):
            house.take(other, made)
    house.clock.advance(timedelta(days=1).total_seconds())
    assert house.newest(mine) is None
    with pytest.raises(NotFound):
        house.take(mine, made)


def test_what_is_old_holds_nothing_any_more(house: House) -> None:
    mine = house.after.department.actor
    house.asked(mine)
    work_off(house.platform)
    house.clock.advance(timedelta(days=2).total_seconds())
    house.asked(mine, "ru")
    work_off(house.platform)
    with open_work(house.platform, SYSTEM) as work:
        first, second = work.db.scalars(select(StatementBatch).order_by(StatementBatch.id)).all()
        assert (first.archive_sealed, first.data_key) == (None, None)
        assert second.archive_sealed is not None
        assert house.number.encode() not in second.archive_sealed


def test_the_same_statements_give_the_same_archive(house: House) -> None:
    digests = []
    for actor in (house.after.department.actor, house.after.office.actor):
        house.asked(actor)
        work_off(house.platform)
        with open_work(house.platform, SYSTEM) as work:
            digests.append(work.db.scalars(select(StatementBatch.digest).order_by(StatementBatch.id.desc())).first())
    assert digests[0] == digests[1]


def test_there_must_be_something_to_print_in_a_language_there_is(house: House) -> None:
    with pytest.raises(Invalid, match="statement_language"):
        house.asked(house.after.office.actor, "tlh")
    with pytest.raises(Stale, match="no_statements"):
        house.asked(house.stranger)
    with open_work(house.platform, SYSTEM) as work:
        (made,) = queries.in_force(work, [house.after.confirmed]).values()
    house.after.revoke(made.id)
    with pytest.raises(Stale, match="no_statements"):
        house.asked(house.after.office.actor)
