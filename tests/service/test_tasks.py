"""Tasks: asked for on a page, worked off elsewhere, told of while they run, cancelled, begun again, failed."""

from __future__ import annotations

import pytest

from server.core.clock import FrozenClock
from server.core.errors import Invalid, Stale
from server.core.machine import moves_of
from server.core.roles import SYSTEM
from server.core.tasks import (
    Keep,
    Progress,
    TaskRef,
    TaskView,
    ask,
    ask_once,
    cancel,
    latest,
    service,
    task_view,
)
from server.core.work import Platform, Work, open_work
from server.jobs import worker
from server.jobs.worker import work_off, work_on
from tests.conftest import START


def asked(platform: Platform, kind: str = "count", of: str = "pool:7", n: int = 10) -> int:
    with open_work(platform, SYSTEM) as work:
        return ask(work, kind, of, {"n": n})


def view(platform: Platform, task_id: int) -> TaskView:
    with open_work(platform, SYSTEM) as work:
        return task_view(work, task_id)


def counting(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    for n in range(1, task.arguments["n"] + 1):
        tell(n, task.arguments["n"])
    return lambda _work: 41 + int(task.arguments["n"])


def test_the_oldest_is_done_first_and_its_result_is_known(platform: Platform) -> None:
    first, second = asked(platform, n=1), asked(platform, n=2)
    assert (view(platform, first).before, view(platform, second).before) == (0, 1)
    assert work_off(platform, {"count": counting})
    done, waits = view(platform, first), view(platform, second)
    assert (done.state, done.done, done.total, done.result_id, done.is_open) == ("done", 1, 1, 42, False)
    assert (waits.state, waits.before, waits.is_open) == ("queued", 0, True)
    assert work_off(platform, {"count": counting})
    assert not work_off(platform, {"count": counting})


def test_a_worker_leaves_kinds_it_does_not_know(platform: Platform) -> None:
    task = asked(platform, "bake")
    assert not work_off(platform, {"count": counting})
    assert view(platform, task).state == "queued"


def test_progress_is_seen_while_it_runs(platform: Platform, clock: FrozenClock) -> None:
    seen = []

    def slow(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
        for n in range(1, 11):
            clock.advance(0.2)
            tell(n, 10)
            seen.append(view(platform, task.id).done)
        return lambda _work: 1

    asked(platform)
    assert work_off(platform, {"count": slow})
    # Written at once, then after every half second, and at the end.
    assert seen == [1, 1, 1, 4, 4, 4, 7, 7, 7, 10]


def test_what_is_cancelled_is_not_begun_and_what_runs_ends(platform: Platform, clock: FrozenClock) -> None:
    waits, runs = asked(platform), asked(platform)
    with open_work(platform, SYSTEM) as work:
        cancel(work, waits)
    told = []

    def stubborn(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
        with open_work(platform, SYSTEM) as work:
            cancel(work, task.id)
        tell(1, 2)
        told.append(task.id)
        return lambda _work: 1

    assert work_off(platform, {"count": stubborn})
    assert told == []
    assert [view(platform, each).state for each in (waits, runs)] == ["cancelled", "cancelled"]
    with pytest.raises(Stale), open_work(platform, SYSTEM) as work:
        cancel(work, runs)


def test_a_result_that_comes_after_the_cancelling_does_not_count(platform: Platform) -> None:
    task = asked(platform)

    def deaf(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
        with open_work(platform, SYSTEM) as work:
            cancel(work, task.id)
        return lambda _work: 1

    assert work_off(platform, {"count": deaf})
    assert (view(platform, task).state, view(platform, task).result_id) == ("cancelled", None)


@pytest.mark.parametrize(
    ("error", "code", "facts"),
    [(Invalid("pool_short", n=3, of=(1, START)), "pool_short", {"n": 3, "of": [1, str(START)]}),
     (ZeroDivisionError("a secret word"), "task_failed", {})],
)  # fmt: skip
def test_a_failure_has_a_code_with_its_facts_and_leaves_the_worker_alive(
    platform: Platform, error: Exception, code: str, facts: dict[str, object]
) -> None:
    def bad(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
        raise error

    task = asked(platform)
    assert work_off(platform, {"count": bad})
    found = view(platform, task)
    assert (found.state, found.failure, found.failure_facts) == ("failed", code, facts)


def test_a_stage_is_told_at_once_and_a_stage_without_an_end_now_and_then(platform: Platform) -> None:
    seen = []

    def staged(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
        for stage in ("gathering", "estimating"):
            for n in (1, 2):
                tell(n, 0, stage)
                seen.append((view(platform, task.id).stage, view(platform, task.id).done))
        return lambda _work: 1

    asked(platform)
    assert work_off(platform, {"count": staged})
    assert seen == [("gathering", 1), ("gathering", 1), ("estimating", 1), ("estimating", 1)]


def test_what_cannot_be_kept_is_a_failure_and_nothing_of_it_stays(platform: Platform) -> None:
    def unkept(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
        def keep(work: Work) -> int:
            ask(work, "left_over", "pool:7", {})
            raise Invalid("pool_short")

        return keep

    task = asked(platform)
    assert work_off(platform, {"count": unkept})
    assert view(platform, task).failure == "pool_short"
    with open_work(platform, SYSTEM) as work:
        assert latest(work, "left_over") == []


def test_a_silent_workers_task_begins_again_but_not_for_ever(platform: Platform, clock: FrozenClock) -> None:
    task = asked(platform)

    def take() -> int | None:
        with open_work(platform, SYSTEM) as work:
            row = service.take_up(work, ["count"])
            return row.id if row else None

    assert take() == task
    assert take() is None
    for _ in range(service.MOST_TRIES - 1):
        clock.advance(service.SILENCE.total_seconds() + 1)
        assert take() == task
    clock.advance(service.SILENCE.total_seconds() + 1)
    assert take() is None
    assert (view(platform, task).state, view(platform, task).failure) == ("failed", service.LOST)
    with open_work(platform, SYSTEM) as work:
        verbs = [move.verb for move in moves_of(work.db, "task", [task])]
    assert verbs == ["begin", *["begin_again", "begin"] * (service.MOST_TRIES - 1), "fail"]


def test_the_same_is_not_asked_for_twice_while_it_has_not_ended(platform: Platform) -> None:
    def press(n: int) -> int:
        with open_work(platform, SYSTEM) as work:
            return ask_once(work, "count", "pool:7", {"n": n})

    first = press(3)
    assert press(3) == first
    assert press(4) != first
    assert work_off(platform, {"count": counting})
    assert press(3) != first


def test_pages_find_tasks_by_what_they_are_about(platform: Platform) -> None:
    mine = [asked(platform), asked(platform)]
    asked(platform, of="pool:8")
    with open_work(platform, SYSTEM) as work:
        assert [task.id for task in latest(work, "count", "pool:7")] == mine[::-1]


def test_a_worker_waits_when_there_is_nothing_to_do(platform: Platform) -> None:
    waited: list[float] = []
    work_on(platform, lambda: len(waited) == 2, waited.append)
    assert len(waited) == 2


def test_a_database_that_is_away_does_not_end_the_worker(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    calls = iter([OSError("away"), None])

    def away(platform: Platform) -> None:
        if (error := next(calls)) is not None:
            raise error

    monkeypatch.setattr(worker, "work_off", away)
    work_on(platform, lambda: len(waited) == 2, waited.append)
    assert len(waited) == 2
