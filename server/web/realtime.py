"""Socket.IO: inside the web process, or in a realtime process of its own that is fed through Redis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

from proctor.monitoring.sockets import ConsoleNamespace
from server.core.clock import SystemClock
from server.core.vault import Vault
from server.core.work import Platform
from server.web.config import Config

Emit = Callable[[str, str, dict[str, Any]], None]
CHANNEL = "synak"


def attach(app: Flask, config: Config, platform: Platform) -> SocketIO:
    """The web process's socket server; a mere sender when sockets live in a realtime process."""
    if config.redis_url and config.realtime_origin:
        return SocketIO(message_queue=config.redis_url, channel=CHANNEL, async_mode="threading")
    return _serving(app, config, platform.vault, "threading")


def create_realtime(config: Config) -> tuple[Flask, SocketIO]:
    """A process that holds sockets and nothing else: no database, no pages; tickets say who may listen to what."""
    app = Flask("synak-realtime", static_folder=None)
    return app, _serving(app, config, Vault(config.master_key, config.secret_key), config.async_mode)


def emitter(socketio: SocketIO) -> Emit:
    """A function that sends one message to the listeners of a topic."""

    def emit(message: str, topic: str, body: dict[str, Any]) -> None:
        socketio.emit(message, body, to=topic, namespace=ConsoleNamespace.PATH)

    return emit


def _serving(app: Flask, config: Config, vault: Vault, mode: str) -> SocketIO:
    socketio = SocketIO(
        app,
        async_mode=mode,
        message_queue=config.redis_url if config.realtime_origin else None,
        channel=CHANNEL,
        cors_allowed_origins=[config.public_origin],
        transports=["websocket"],
        ping_interval=10,
        ping_timeout=10,
        max_http_buffer_size=4096,
    )
    socketio.server.register_namespace(ConsoleNamespace(vault, SystemClock()))
    return socketio
