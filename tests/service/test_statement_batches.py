"""Many statements at once: printed by the worker, taken by whoever asked within a day, by nobody else."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.signing import check_pin
from server.core import readers, tasks
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import Invalid, NotFound, Stale
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor
from server.core.tasks import TaskRef
from server.core.vault import Vault
from server.core.work import Platform, open_work
from server.delivery import session_ref
from server.jobs.worker import work_off
from server.statements import batch, issuing, queries, service
from server.statements.models import Statement, StatementBatch
from server.web.tasks import EVERY
from tests.conftest import MASTER, SECRET
from tests.factories.accounts import PIN
from tests.factories.results import a_department_over, corrected
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
            issuing.issue(self.after.office, made.sitting.id)
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


def test_two_of_one_office_who_ask_for_the_same_have_an_archive_each(house: House) -> None:
    both = (house.after.office.actor, house.after.office2.actor)
    assert both[0].organisation_id == both[1].organisation_id
    asked = [house.asked(each) for each in both]
    assert asked[0] != asked[1]
    assert [house.asked(each) for each in both] == asked
    assert [work_off(house.platform), work_off(house.platform)] == asked
    made = [house.newest(each) or 0 for each in both]
    assert house.take(both[0], made[0]) == house.take(both[1], made[1])
    with pytest.raises(NotFound):
        house.take(both[1], made[0])
    with house.platform.database.reading() as db:
        lines = db.scalars(select(JournalEntry).order_by(JournalEntry.seq)).all()
    printed = [json.loads(each.facts)["asked_by"] for each in lines if each.act == "statements:printed"]
    taken = [(each.actor, each.subject) for each in lines if each.act == "statements:taken"]
    assert printed == [each.label for each in both]
    assert taken == [(each.label, f"statement_batch:{id_}") for each, id_ in zip(both, made, strict=True)]


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


def printed_three_times(house: House, monkeypatch: pytest.MonkeyPatch) -> tuple[list[tuple[int, int]], bytes]:
    """What is told meanwhile, and the archive with the one statement under three names."""
    office = house.after.office.actor
    with open_work(house.platform, SYSTEM) as work:
        (made,) = queries.in_force(work, [house.after.confirmed]).values()
        given = queries.approval_of(work, house.after.sitting.id)
    assert given is not None
    monkeypatch.setattr(batch, "_wanted", lambda *_: [(made.id, name) for name in "abc"])
    monkeypatch.setattr(batch, "AT_ONCE", 1)
    told: list[tuple[int, int]] = []
    asked = {"approval_id": given.id, "organisation_id": office.organisation_id, "language": "ky", "origin": ORIGIN}
    task = TaskRef(1, batch.KIND, asked, office.label)
    keep = batch.print_all(house.platform, task, lambda done, total, _stage=None: told.append((done, total)))
    with open_work(house.platform, SYSTEM) as work:
        batch_id = keep(work)
    return told, house.take(office, batch_id)


def test_progress_is_told_while_they_are_printed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told, archive = printed_three_times(house, monkeypatch)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert file.namelist() == ["a.pdf", "b.pdf", "c.pdf"]
        assert len({file.read(name) for name in file.namelist()}) == 1


def test_readers_print_the_same_bytes(
    tmp_database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(Platform(tmp_database, clock, Vault(MASTER, SECRET)), clock)
    here = printed_three_times(house, monkeypatch)
    monkeypatch.setattr(readers, "FEW", 0)
    monkeypatch.setattr(readers, "READERS", 2)
    assert printed_three_times(house, monkeypatch) == here


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


def test_statements_are_issued_by_the_worker_once_and_not_beside_another_issue(house: House) -> None:
    def statements() -> list[Statement]:
        with open_work(house.platform, SYSTEM) as work:
            return list(work.db.scalars(select(Statement).order_by(Statement.id)))

    mine, sitting_id, (old,) = house.after.office.actor, house.after.sitting.id, statements()
    with open_work(house.platform, mine) as work:
        corrected(work, house.after.confirmed, "95", "excellent")
        again = replace(house.after, work=work, office=replace(house.after.office, db=work.db, now=work.now),
                        office2=replace(house.after.office2, db=work.db, now=work.now),
                        department=replace(house.after.department, db=work.db, now=work.now))  # fmt: skip
        list_id = again.anew().list_id
    house.clock.advance(timedelta(days=9).total_seconds())
    with open_work(house.platform, house.after.ministry.actor) as work:
        attempt = check_pin(work, work.actor.id or 0, PIN)
        assert service.approve(work, sitting_id, list_id, "713/2", attempt) is None
    with open_work(house.platform, mine) as work:
        task = issuing.ask(work, sitting_id)
        assert issuing.ask(work, sitting_id) == task
    asked = TaskRef(task, issuing.KIND, {"sitting_id": sitting_id, "organisation_id": mine.organisation_id}, mine.label)
    slower = issuing.issue_all(house.platform, asked, lambda *_: None)
    assert work_off(house.platform) == task
    before, new = statements()
    assert (before.id, new.supersedes_id, new.issued_by) == (old.id, old.id, mine.label)
    with pytest.raises(Stale, match="changed_meanwhile"), open_work(house.platform, mine) as work:
        slower(work)
    assert len(statements()) == 2
    with open_work(house.platform, SYSTEM) as work:
        assert queries.statement(work, old.id).end == "revised"
        assert EVERY[issuing.KIND].place(tasks.task_view(work, task))[1]["done"] == "issued"
