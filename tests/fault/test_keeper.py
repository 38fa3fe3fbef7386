"""The worker beside the web process is killed: another one takes up what waits, and none outlives whom it serves."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.core.clock import SystemClock
from server.core.db import Database
from server.core.roles import SYSTEM
from server.core.tasks import ask, task_view
from server.core.vault import Vault
from server.core.work import Platform, open_reading, open_work
from server.grading import sitting
from tests.conftest import MASTER, SECRET
from tests.live import ROOT

PATIENCE_S = 60.0
# Stands for the web process: it has a keeper and does nothing else.
WEB = """
import os, subprocess, sys, time
kept = subprocess.Popen([sys.executable, "-m", "server.jobs.keeper", "--beside", str(os.getpid())])
print(kept.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def platform(tmp_database: Database) -> Platform:
    return Platform(tmp_database, SystemClock(), Vault(MASTER, SECRET))


@pytest.fixture
def web(tmp_database: Database) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process with a keeper beside it, and the keeper's id."""
    env = {
        **os.environ, "PYTHONPATH": str(ROOT), "SYNAK_DATABASE_URL": str(tmp_database.engine.url),
        "SYNAK_MASTER_KEY": base64.b64encode(MASTER).decode(), "SYNAK_SECRET_KEY": base64.b64encode(SECRET).decode(),
    }  # fmt: skip
    command = [sys.executable, "-c", WEB]
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
        process.kill()


def test_a_killed_worker_has_a_successor_and_none_outlives_the_web_process(
    platform: Platform, web: tuple[subprocess.Popen[str], int]
) -> None:
    process, keeper = web
    first = wait_for(lambda: workers(keeper))
    os.kill(first, signal.SIGKILL)
    with open_work(platform, SYSTEM) as work:
        task_id = ask(work, sitting.KIND, "sitting:1", {"sitting_id": 1})

    def is_over() -> bool:
        with open_reading(platform, SYSTEM) as work:
            return not task_view(work, task_id).is_open

    wait_for(is_over)
    second = workers(keeper)
    assert second not in (None, first)
    process.kill()
    wait_for(lambda: not is_alive(keeper) and second is not None and not is_alive(second))


def wait_for(look: Callable[[], Any]) -> Any:
    """What is there at last."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.1)
    pytest.fail("It never came.")


def workers(keeper: int) -> int | None:
    """The process that the keeper keeps, if it has one now."""
    children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    return int(children[0]) if children else None


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
