"""Keeps a socket server from being held up by its clients: how many there are, how long, how slow, how large.

The library leaves these open: a silent, frozen or endless client would keep a thread of the web process for good."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask_socketio import SocketIO

from server.edge.sockets import Namespace

ADMITTED_WITHIN_S = 10.0
LIFE_S = 3600.0
ROUND_S = 1.0
SAY_AGAIN_S = 60.0
log = logging.getLogger("synak")


class Doorkeeper:
    """Refuses more than `limit` sockets, closes those that show no ticket soon, and each after an hour.

    The hour bounds how long somebody hears a topic who is no longer on duty: a console that was closed out
    asks for a snapshot, which is judged anew. `on_round` is told each second which topics have listeners."""

    def __init__(
        self, sockets: SocketIO, namespaces: Sequence[Namespace], limit: int,
        on_round: Callable[[set[str]], None],
    ) -> None:  # fmt: skip
        self._sockets, self._namespaces = sockets, namespaces
        self._limit, self._on_round = limit, on_round
        self._opened: dict[str, float] = {}
        self._is_walking = False
        self._said_full = -SAY_AGAIN_S
        engine = sockets.server.eio
        self._let_in = engine.handlers["connect"]
        engine.on("connect", self._connect)
        bound_sizes(engine)

    def _connect(self, id_: str, environ: dict[str, Any]) -> Any:
        # The library forgets a closed socket only seconds later; the new one is among those it knows.
        known = self._sockets.server.eio.sockets.copy().values()
        if sum(not each.closed for each in known) > self._limit:
            self._say_full()
            return "full"
        self._opened[id_] = time.monotonic()
        if not self._is_walking:
            self._is_walking = True
            self._sockets.start_background_task(self._walk)
        return self._let_in(id_, environ)

    def _say_full(self) -> None:
        if time.monotonic() - self._said_full > SAY_AGAIN_S:
            self._said_full = time.monotonic()
            log.warning("sockets: no more than %d; others are refused (SYNAK_SOCKETS)", self._limit)

    def _walk(self) -> None:
        while True:
            try:
                self.look()
                self._on_round(topics_of(self._namespaces))
            except Exception:
                log.exception("sockets: the doorkeeper failed; it goes on")
            self._sockets.sleep(ROUND_S)

    def look(self) -> None:
        """Sockets without a ticket and those of an hour ago are closed."""
        server, now = self._sockets.server, time.monotonic()
        for id_, since in list(self._opened.items()):
            engine_socket = server.eio.sockets.get(id_)
            if engine_socket is None:
                del self._opened[id_]
                continue
            of = server.manager.sid_from_eio_sid
            is_admitted = any(of(id_, each.namespace) is not None for each in self._namespaces)
            if now - since > (LIFE_S if is_admitted else ADMITTED_WITHIN_S):
                engine_socket.close(wait=False)


def topics_of(namespaces: Sequence[Namespace]) -> set[str]:
    """The topics that somebody listens to here, in whichever namespace."""
    return {topic for each in namespaces for topic in each.topics()}


def bound_sizes(engine: Any) -> None:
    """Websockets of `engine` take no message above its limit, write whole messages, and end with their socket.

    On eventlet's own websockets the library sees to all three; on simple-websocket's to none."""
    plain = engine._async["websocket"]
    if engine.async_mode == "eventlet":
        return

    class Bounded(plain):  # type: ignore[misc, valid-type]
        def __init__(self, handler: Any, server: Any) -> None:
            super().__init__(handler, server)
            self.server_args["max_message_size"] = server.max_http_buffer_size

        @property
        def socket(self) -> Whole:
            """The library sets its time limit on what it finds here, before it writes."""
            if not isinstance(self.ws.sock, Whole):
                self.ws.sock = Whole(self.ws.sock)
            whole: Whole = self.ws.sock
            return whole

        def close(self) -> None:
            try:
                super().close()
            finally:  # wakes the reader of a client that does not answer
                with contextlib.suppress(OSError):
                    self.ws.sock.shutdown(socket.SHUT_RDWR)

    engine._async = {**engine._async, "websocket": Bounded}


class Whole:
    """A socket whose `send` sends all: simple-websocket would take half a frame for sent, and spoil the stream."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain

    def send(self, data: bytes) -> int:
        self._plain.sendall(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)
