"""A proxy between browsers and the server: it passes everything on, until a test tells it what the weather is."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from tests.live import free_port


class Fault(Enum):
    """What happens to one request."""

    DROPPED = "it never arrives"
    SLOW = "it arrives late"
    LOST_REPLY = "it arrives, its reply does not"
    TORN_REPLY = "half of its reply arrives"
    TWICE = "it arrives twice"
    HALF_OPEN = "nobody answers, and nobody hangs up"


Weather = Callable[[str, str], Fault | None]
SLOW_S = 0.3
LINGER_S = 0.5  # so long a half-open line is kept from those who would wait for ever


def fair(method: str, path: str) -> None:
    """Nothing happens to any request."""


@dataclass
class Proxy:
    """`weather` is asked of each request; `cut` closes every line and takes no other until `heal`."""

    upstream: int
    weather: Weather = fair
    half_open_s: float = LINGER_S
    port: int = field(default_factory=free_port)
    met: list[tuple[Fault, str]] = field(default_factory=list)
    _lines: set[socket.socket] = field(default_factory=set)
    _tunnels: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _door: socket.socket | None = None
    _is_cut: bool = False

    @property
    def origin(self) -> str:
        """Where browsers find the server."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """It listens."""
        self._door = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self._listen, args=(self._door,), daemon=True).start()

    def close(self) -> None:
        """Nothing of it is left."""
        if self._door is not None:
            self._door.close()
        self.cut()

    def cut(self) -> None:
        """The network is gone: every line breaks, and no new one comes about."""
        self._is_cut = True
        self._break(self._lines)

    def cut_sockets(self) -> None:
        """Every web socket that is open breaks; a new one may come about, and requests pass."""
        self._break(self._tunnels)

    def heal(self) -> None:
        """The network is back."""
        self._is_cut = False

    def _break(self, lines: set[socket.socket]) -> None:
        with self._lock:
            broken = list(lines)
        for line in broken:
            hang_up(line)

    def _listen(self, door: socket.socket) -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            if self._is_cut:
                hang_up(line)
            else:
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        """One request of a line, and its reply; or whatever follows, once it is a socket's."""
        with self._lock:
            self._lines.add(line)
        try:
            head, rest = read_head(line)
            if b"\r\nupgrade: websocket" in head.lower():
                self._tunnel(line, head + rest)
            elif head:
                self._exchange(line, head, rest)
        except OSError:
            pass  # either side has gone, as sides do
        finally:
            with self._lock:
                self._lines.discard(line)
            hang_up(line, is_rude=False)

    def _exchange(self, line: socket.socket, head: bytes, rest: bytes) -> None:
        request = one_of_its_kind(head) + read_body(line, head, rest)
        method, path = head.split(b" ", 2)[:2]
        fault = self.weather(method.decode(), path.decode())
        if fault is not None:
            self.met.append((fault, path.decode()))
        if fault is Fault.DROPPED:
            return hang_up(line)
        if fault is Fault.HALF_OPEN:
            time.sleep(self.half_open_s)
            return hang_up(line)
        if fault is Fault.SLOW:
            time.sleep(SLOW_S)
        if fault is Fault.TWICE:
            self._ask(request)
        reply = self._ask(request)
        if fault is Fault.LOST_REPLY:
            return hang_up(line)
        line.sendall(reply[: len(reply) // 2] if fault is Fault.TORN_REPLY else reply)
        return None

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.upstream), timeout=30) as server:
            server.sendall(request)
            parts = []
            while part := server.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def _tunnel(self, line: socket.socket, start: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self.upstream)) as server:
            with self._lock:
                self._lines.add(server)
                self._tunnels |= {line, server}
            server.sendall(start)
            back = threading.Thread(target=pump, args=(server, line), daemon=True)
            back.start()
            pump(line, server)
            back.join(5)
            with self._lock:
                self._lines.discard(server)
                self._tunnels -= {line, server}


def read_head(line: socket.socket) -> tuple[bytes, bytes]:
    """The head of a request with its empty line, and what came after it; empty if nobody asked."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = line.recv(65536)
        if not part:
            return b"", b""
        got += part
    head, end, rest = got.partition(b"\r\n\r\n")
    return head + end, rest


def read_body(line: socket.socket, head: bytes, rest: bytes) -> bytes:
    """The body that the head promises."""
    length = next((int(n) for n in _field(head, b"content-length:")), 0)
    while len(rest) < length:
        part = line.recv(65536)
        if not part:
            raise ConnectionError("cut short")
        rest += part
    return rest


def one_of_its_kind(head: bytes) -> bytes:
    """The head of a request that is the only one of its line."""
    kept = [
        each for each in head.split(b"\r\n") if not each.lower().startswith((b"connection:", b"keep-alive:"))
    ]
    return b"\r\n".join([kept[0], b"Connection: close", *kept[1:]])


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Whatever comes from one goes to the other, until one has had enough."""
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    for each in (source, sink):
        hang_up(each, is_rude=False)


def hang_up(line: socket.socket, *, is_rude: bool = True) -> None:
    """The line is closed; rudely, with a reset, as a cable that is pulled or a process that is killed."""
    with contextlib.suppress(OSError):
        if is_rude:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
    line.close()


def _field(head: bytes, name: bytes) -> list[bytes]:
    return [each[len(name) :].strip() for each in head.split(b"\r\n") if each.lower().startswith(name)]
