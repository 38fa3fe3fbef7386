"""Two workers and one task: who is stopped, killed or slow loses it, and what came of it is written once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef, ask, cancel, service, task_view
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.jobs import worker
from server.jobs.migrate import migrate
from server.jobs.worker import work_off
from tests.conftest import MASTER, SECRET, START
from tests.databases import empty_database

KIND = "bake"
# Another process, which says that it has begun and goes on when it is told to.
SLOW = """
import sys
from server.core.db import Database
from tests.service.test_two_workers import at_start, baking
from server.jobs.worker import work_off

def slow(platform, task, tell):
    print("begun", flush=True)
    sys.stdin.readline()
    tell(1, 2)
    return baking("first", 1)

def deaf(platform, task, tell):
    print("begun", flush=True)
    sys.stdin.readline()
    return baking("first", 1)

work_off(at_start(Database(sys.argv[1])), {"bake": {"slow": slow, "deaf": deaf}[sys.argv[2]]})
print("over", flush=True)
"""


def at_start(database: Database) -> Platform:
    """A platform of its own; its clock stands at the start."""
    return Platform(database, FrozenClock(START), Vault(MASTER, SECRET))


def baking(by: str, result_id: int) -> Keep:
    """Leaves a line in the journal, so that one sees who wrote."""

    def keep(work: Work) -> int:
        work.record("baked", by)
        return result_id

    return keep


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that processes share."""
    with empty_database(tmp_path_factory.mktemp("two")) as url:
        database = Database(url)
        migrate(database)
        database.close()
        yield url


@pytest.fixture
def shared(address: str) -> Iterator[Platform]:
    """The test's own platform on it, with nothing left to do by who came before."""
    database = Database(address)
    platform = at_start(database)
    yield platform
    database.close()


def asked(platform: Platform) -> int:
    with open_work(platform, SYSTEM) as work:
        return ask(work, KIND, "cake:1", {})


def bakers(platform: Platform, task_id: int) -> tuple[list[str], int | None]:
    """Who wrote since the task was asked for, and what it says came of it."""
    with open_work(platform, SYSTEM) as work:
        lines = work.db.query(JournalEntry).order_by(JournalEntry.seq).all()
        begun = max(at for at, each in enumerate(lines) if each.subject == f"task:{task_id}")
        return ([each.subject for each in lines[begun:] if each.act == "baked"], task_view(work, task_id).result_id)


def quick(_platform: Platform, _task: TaskRef, _tell: Progress) -> Keep:
    return baking("second", 2)


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL])
@pytest.mark.parametrize("handler", ["slow", "deaf"])
def test_a_stopped_or_killed_workers_task_is_done_by_another_and_once(
    shared: Platform, address: str, handler: str, how: signal.Signals
) -> None:
    task_id = asked(shared)
    command = [sys.executable, "-c", SLOW, address, handler]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "begun\n"
        first.send_signal(how)
        assert work_off(shared, {KIND: quick}) is None  # it may yet be alive
        assert isinstance(shared.clock, FrozenClock)
        shared.clock.advance(service.SILENCE.total_seconds() + 1)
        assert work_off(shared, {KIND: quick}) == task_id
        first.send_signal(signal.SIGCONT)
        said, _ = first.communicate("go on\n" if how is signal.SIGSTOP else None)
        assert said == ("over\n" if how is signal.SIGSTOP else "")
    assert bakers(shared, task_id) == (["second"], 2)


def test_a_silent_handler_keeps_its_task_for_its_worker_beats(
    shared: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = asked(shared)
    has_beaten = threading.Event()
    true_beat = service.beat

    def beat(work: Work, task_id: int, claim: int) -> bool:
        answer = true_beat(work, task_id, claim)
        if work.now > START:
            has_beaten.set()
        return answer

    monkeypatch.setattr(worker, "BEAT_S", 0.01)
    monkeypatch.setattr(service, "beat", beat)

    def silent(platform: Platform, _task: TaskRef, _tell: Progress) -> Keep:
        assert isinstance(platform.clock, FrozenClock)
        platform.clock.advance(service.SILENCE.total_seconds() + 1)
        assert has_beaten.wait(30)
        with open_work(platform, SYSTEM):
            pass  # the beat that was noticed has been written
        assert work_off(platform, {KIND: quick}) is None
        return baking("first", 1)

    assert work_off(shared, {KIND: silent}) == task_id
    assert bakers(shared, task_id) == (["first"], 1)


def test_what_was_taken_by_another_is_neither_told_of_nor_failed_by_its_former_worker(shared: Platform) -> None:
    task_id = asked(shared)
    with open_work(shared, SYSTEM) as work:
        taken = service.take_up(work, [KIND])
        assert taken is not None
        former = taken.tries
    assert isinstance(shared.clock, FrozenClock)
    shared.clock.advance(service.SILENCE.total_seconds() + 1)
    with open_work(shared, SYSTEM) as work:
        assert service.take_up(work, [KIND]) is not None
    with open_work(shared, SYSTEM) as work:
        assert not service.beat(work, task_id, former)
        assert not service.tell(work, task_id, former, 1, 2)
        assert not service.finish(work, task_id, former, baking("first", 1))
        service.fail(work, task_id, former, "task_failed")
        found = task_view(work, task_id)
        assert (found.state, found.done, found.total) == ("running", 0, 0)
    with open_work(shared, SYSTEM) as work:
        cancel(work, task_id)
    assert bakers(shared, task_id) == ([], None)
