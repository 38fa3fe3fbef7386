"""A real server process on a demonstration database of its own, to be driven, killed and started again."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest import mock

from itembank.demonstration.sources import Source, source_of
from server.core.work import Platform
from server.jobs.demonstration.__main__ import Past, load, prepare_environment
from server.jobs.one_thread import ONE_THREAD
from server.jobs.simulate import Seated, proctor_acts, seated
from server.web.config import Config

SourceOf = Callable[[str], Source]
ROOT = Path(__file__).resolve().parent.parent
LATER = ROOT / "tests" / "e2e" / "later"


class LiveServer:
    """The demonstration with `count` seats in `home`; `start` and `kill` as often as a test likes.

    Browsers come to `behind`, the origin of a proxy, if there is one; `source` gives the items of each subject. Where
    its past is sealed and not graded, the caretaker rests, so that grading is for the office to ask for."""

    def __init__(
        self, home: Path, count: int = 4, columns: int = 2, behind: str | None = None, source: SourceOf = source_of,
        past_is: Past = "none",
    ) -> None:  # fmt: skip
        self.port = free_port()
        settings = {
            "SYNAK_HOME": str(home),
            "SYNAK_PORT": str(self.port),
            "SYNAK_BIND": f"127.0.0.1:{self.port}",
        }
        if past_is == "sealed":
            settings["SYNAK_BACKGROUND"] = "0"
        if behind is not None:
            settings["SYNAK_PUBLIC_ORIGIN"] = behind
        outside = {k: v for k, v in os.environ.items() if not k.startswith("SYNAK_")}
        bank = mock.patch("itembank.demonstration.load.source_of", source)
        with mock.patch.dict(os.environ, {**outside, **settings}, clear=True), bank:
            prepare_environment(home)
            self.config = Config.from_env()
            self._ahead = home / "ahead"
            self.env = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
            if past_is != "none":
                self.env |= {"PYTHONPATH": f"{LATER}{os.pathsep}{ROOT}", "SYNAK_TEST_AHEAD": str(self._ahead)}
            with contextlib.redirect_stdout(io.StringIO()):
                self.room_sitting_id = load(
                    self.config, is_new=True, count=count, rows=-(-count // columns), columns=columns,
                    past_is=past_is,
                )  # fmt: skip
        self.origin = self.config.public_origin
        self.platform: Platform = self.config.make_platform()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """The server answers."""
        command = [sys.executable, "-m", "server.jobs.serve"]
        self._process = subprocess.Popen(command, env=self.env, cwd=ROOT, start_new_session=True)
        self._wait_until(is_open=True)

    def kill(self) -> None:
        """Master and worker are gone at once, as in a power cut."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """The server has ended in good order."""
        self._end(signal.SIGTERM)

    def close(self) -> None:
        """Nothing of this server is left."""
        self.stop()
        self.platform.database.close()

    def later(self, ahead: timedelta) -> None:
        """Where there is a past, the server's clock is so much ahead of the machine's from now on."""
        draft = self._ahead.with_suffix(".new")
        draft.write_text(str(ahead.total_seconds()))
        draft.replace(self._ahead)  # whole at any moment: the server may read it just now

    def seats(self) -> list[Seated]:
        """All seats whose codes are unused."""
        return seated(self.platform, self.room_sitting_id, 0, 1000)

    def admit(self, seats: list[Seated], *, starts: bool = True) -> None:
        """A proctor has admitted them and, if asked, started the room."""
        proctor_acts(self.origin, self.room_sitting_id, seats, starts=starts)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, how)
            self._process.wait(20)
            self._process = None
            self._wait_until(is_open=False)  # a worker outlives its master by a moment, and holds the port

    def _wait_until(self, *, is_open: bool) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if (probe.connect_ex(("127.0.0.1", self.port)) == 0) == is_open:
                    return
            time.sleep(0.05)
        raise TimeoutError("the server did not start" if is_open else "the server did not end")


def free_port() -> int:
    """A port nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
