"""Portions of a task, read and calculated by processes beside this one while it writes: threads would share one core.
A reader that dies fails the task, and none outlives whoever began it."""

from __future__ import annotations

import copyreg
import gc
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from multiprocessing.connection import wait
from threading import Thread
from typing import TypeVar

from server.core.clock import Clock
from server.core.db import Database
from server.core.vault import Vault
from server.core.work import Platform

READERS = min(2, os.cpu_count() or 1)
AHEAD = 2  # portions for each of them: more would only lie in memory
FEW = 6  # portions that are read before processes have begun

A = TypeVar("A")
R = TypeVar("R")
_here: list[Platform] = []  # of a reader: the one it reads from


def read_ahead(
    platform: Platform, read: Callable[[Platform, A], R], portions: Sequence[A]
) -> closing[Generator[tuple[A, R], None, None]]:  # fmt: skip
    """Each portion with what `read` finds in it, in their order, a few ahead of whoever takes them; few are read here.

    `read` is a function of a module and what it finds can be pickled. To be used in a `with`: then nothing is left."""
    if len(portions) <= FEW or READERS < 2:
        return closing(_one_by_one(platform, read, portions))
    return closing(_beside(platform, read, portions))


def _one_by_one(
    platform: Platform, read: Callable[[Platform, A], R], portions: Sequence[A]
) -> Generator[tuple[A, R], None, None]:  # fmt: skip
    for each in portions:
        yield each, read(platform, each)


def _beside(
    platform: Platform, read: Callable[[Platform, A], R], portions: Sequence[A]
) -> Generator[tuple[A, R], None, None]:  # fmt: skip
    # Begun anew, not forked: this process has threads and connections. What opens secrets goes through a pipe.
    pool = ProcessPoolExecutor(
        READERS, multiprocessing.get_context("spawn"), _begin, (platform.database, platform.clock, platform.vault)
    )  # fmt: skip
    waiting: deque[tuple[A, Future[R]]] = deque()
    try:
        for each in portions:
            waiting.append((each, pool.submit(_read, read, each)))
            if len(waiting) > READERS * AHEAD:
                first, found = waiting.popleft()
                yield first, found.result()
        while waiting:
            first, found = waiting.popleft()
            yield first, found.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(database: Database, clock: Clock, vault: Vault) -> None:
    """This process reads from that database, and ends with the one that began it."""
    _here[:] = [Platform(database, clock, vault)]
    Thread(target=_end_with_parent, name="synak-parent", daemon=True).start()
    gc.freeze()  # what was imported stays


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _read(read: Callable[[Platform, A], R], portion: A) -> R:
    try:
        return read(_here[0], portion)
    finally:
        if (error := sys.exception()) is not None:
            # Pickle would call its class with the message alone, which those with facts of their own refuse.
            copyreg.pickle(type(error), _parts)


def _parts(error: BaseException) -> tuple[Callable[..., BaseException], tuple[object, ...], dict[str, object]]:
    return type(error).__new__, (type(error), *error.args), vars(error)
