"""Another master key in the middle of an exam: the rotation is killed and started again, and no candidate waits."""

from __future__ import annotations

import base64
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from server.core.masters import Ring
from server.core.wrapped import key_columns
from server.jobs.robot import Candidate, any_answer
from server.jobs.verify import verify
from server.web.all_models import metadata
from tests.fault.conftest import Room, send
from tests.live import ROOT

pytestmark = pytest.mark.xdist_group("robots")
NEW = bytes(range(100, 132))
# Ends as in a power cut, in its fifth transaction: behind it lie the journal's line and three small ones.
KILLED = """
import os, signal
from sqlalchemy import event
from sqlalchemy.engine import Engine
from server.jobs import rotate_keys
commits = 0
@event.listens_for(Engine, "commit")
def count(_connection):
    global commits
    commits += 1
    if commits == 5:
        os.kill(os.getpid(), signal.SIGKILL)
rotate_keys.BATCH = 2
rotate_keys.main()
"""


def test_a_rotation_killed_half_way_is_gone_on_with_while_an_exam_runs(room: Room) -> None:
    candidate = room.candidates(1)[0]
    path = Path(room.live.env["SYNAK_MASTER_KEY_FILE"])
    old, new = path.read_text().strip(), base64.b64encode(NEW).decode()
    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(_answers, candidate, 3)
        _replace(path, f"{new}\n{old}\n")
        assert _run(room, "-c", KILLED).returncode == -signal.SIGKILL
        went, stayed = _wrapped(room)
        assert went > 0
        assert stayed > 0
        second = beside.submit(_answers, candidate, 3)
        told = _run(room, "-m", "server.jobs.rotate_keys")
        assert told.returncode == 0, told.stdout
        assert "wraps nothing here any more" in told.stdout
        acknowledged = [*first.result(), *second.result()]
    _replace(path, f"{new}\n")  # the old one is destroyed; no server was restarted
    acknowledged += _answers(candidate, 2)
    assert _wrapped(room)[1] == 0
    assert set(acknowledged) == set(room.counted(candidate))
    assert verify(room.live.platform).faults == []


def _run(room: Room, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=room.live.env, cwd=ROOT, capture_output=True, text=True, check=False)


def _replace(path: Path, text: str) -> None:
    """At once, as `mv` does."""
    aside = path.with_suffix(".new")
    aside.touch(mode=0o600)
    aside.write_text(text)
    aside.replace(path)


def _wrapped(room: Room) -> tuple[int, int]:
    """How many keys the new master key wraps, and how many another."""
    first = Ring(NEW).ids()[0]
    with room.live.platform.database.reading() as db:
        new, whole = (sum(each.count(db, master) for each in key_columns(metadata)) for master in (first, None))
    return new, whole - new


def _answers(candidate: Candidate, count: int) -> list[str]:
    """So many answers, one after another; the keys under which they were acknowledged."""
    chance, keys = random.Random(1), []
    for _ in range(count):
        step = candidate.state["step"]
        keys.append(str(uuid4()))
        candidate.state["step"] = send(candidate, step, any_answer(step["item"], chance), keys[-1])["step"]
        time.sleep(0.5)  # some fall in the middle of the rotation
    return keys
