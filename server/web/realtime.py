"""Socket.IO: inside the web process, or in a realtime process of its own that is fed through Redis."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from server.core import events
from server.core.clock import Clock, SystemClock
from server.core.roles import Role
from server.core.vault import Vault
from server.core.work import Platform
from server.edge.sockets import Namespace
from server.web.config import Config
from server.web.doorkeeper import Doorkeeper, topics_of
from server.web.redis_line import LineDown, RedisLine

Emit = Callable[[str, str, dict[str, Any]], None]
PULSE_S = 5.0


class ConsoleNamespace(Namespace):
    """Namespace /console: a proctor hears the room that the ticket names.

    It stands here and not with the console, so that a realtime process loads no feature."""

    PATH = "/console"
    roles = frozenset({Role.PROCTOR})


class ObserverNamespace(Namespace):
    """Namespace /observe: an observer hears that the room of the ticket has changed, and nothing of what changed."""

    PATH = "/observe"
    roles = frozenset({Role.OBSERVER})


NAMESPACES: tuple[type[Namespace], ...] = (ConsoleNamespace, ObserverNamespace)
WATCHED = "watch:"


def path_of(topic: str) -> str:
    """The namespace in which a topic is spoken of."""
    return ObserverNamespace.PATH if topic.startswith(WATCHED) else ConsoleNamespace.PATH


@dataclass(frozen=True)
class Line:
    """What the relay speaks into: `emit(message, topic, body)`, and the topics somebody listens to.

    Both raise LineDown if the line is broken. `listened` may leave out topics another process sees to."""

    emit: Emit
    listened: Callable[[], Collection[str]]


def attach(app: Flask, config: Config, platform: Platform) -> Line:
    """The web process's line: its own socket server, or a sender to the realtime process."""
    if config.redis_url and config.realtime_origin:
        redis = RedisLine(config.redis_url, events.epoch(platform.vault), is_sender=True)
        clock = SystemClock()
        return Line(
            lambda message, topic, body: redis.emit(message, body, to=topic, namespace=path_of(topic)),
            lambda: redis.listened(clock.now().timestamp(), PULSE_S * 0.8),
        )
    sockets, namespaces = _serving(app, config, platform.vault, "threading", None)
    Doorkeeper(sockets, namespaces, config.sockets, lambda _topics: None)
    return Line(
        lambda message, topic, body: sockets.emit(message, body, to=topic, namespace=path_of(topic)),
        lambda: topics_of(namespaces),
    )


def create_realtime(config: Config) -> Flask:
    """A process that holds sockets and nothing else: no database, no pages; tickets say who may listen to what."""
    assert config.redis_url is not None
    app = Flask("synak-realtime", static_folder=None)
    app.add_url_rule("/health", view_func=lambda: {"status": "ok"}, endpoint="health")
    vault, clock = Vault(config.masters, config.secret_key), SystemClock()
    redis = RedisLine(config.redis_url, events.epoch(vault), is_sender=False)
    sockets, namespaces = _serving(app, config, vault, config.async_mode, redis)
    Doorkeeper(sockets, namespaces, config.sockets, _telling(redis, clock))
    return app


def _telling(redis: RedisLine, clock: Clock) -> Callable[[set[str]], None]:
    def tell(topics: set[str]) -> None:
        with suppress(LineDown):  # the subscription's own thread notices too, and says so
            redis.listen_for(topics, clock.now().timestamp())

    return tell


def _serving(
    app: Flask, config: Config, vault: Vault, mode: str, redis: RedisLine | None
) -> tuple[SocketIO, list[Namespace]]:
    sockets = SocketIO(
        app,
        async_mode=mode,  # always said: the library would take eventlet wherever it is installed
        async_handlers=False,  # no thread for what a client says: it is not heard
        client_manager=redis,
        namespaces=[each.PATH for each in NAMESPACES],  # not the root, which would let in anybody
        cors_allowed_origins=[config.public_origin],
        cors_credentials=False,
        transports=["websocket"],
        ping_interval=10,
        ping_timeout=10,
        max_http_buffer_size=4096,
    )
    namespaces = [each(vault, SystemClock()) for each in NAMESPACES]
    for namespace in namespaces:
        sockets.server.register_namespace(namespace)
    return sockets, namespaces
