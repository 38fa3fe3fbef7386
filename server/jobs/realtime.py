"""`python -m server.jobs.realtime`: sockets in a process of their own, fed through Redis; it touches no database.

The mode (SYNAK_ASYNC_MODE) is threading, gevent or eventlet; each serves with what fits it."""

from __future__ import annotations

import base64
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from server.web.config import Config

# Nothing of ours or of others is imported above: gevent and eventlet must patch before anybody takes
# a lock, a socket or a thread from the standard library.
THREADS_BESIDE = 8
SOCKETS = "500"


def patch(mode: str) -> None:
    """The standard library waits as `mode` does."""
    if mode == "eventlet":
        import eventlet

        eventlet.monkey_patch()
    elif mode == "gevent":
        from gevent import monkey

        monkey.patch_all()


def realtime_config() -> Config:
    """The configuration without what this process must not have: the database and the master key."""
    from server.web.config import Config, Misconfigured

    no_key = base64.b64encode(os.urandom(32)).decode()
    withheld = {"SYNAK_DATABASE_URL": "sqlite://", "SYNAK_MASTER_KEY": no_key}
    config = Config.from_env({"SYNAK_SOCKETS": SOCKETS, **os.environ, **withheld})
    if not config.realtime_origin:
        raise Misconfigured("Set SYNAK_REDIS_URL and SYNAK_REALTIME_ORIGIN for a realtime process.")
    return config


def application() -> Flask:
    """What a WSGI server serves."""
    from server.web.realtime import create_realtime

    return create_realtime(realtime_config())


def address(config: Config) -> tuple[str, int]:
    """Where to listen: SYNAK_REALTIME_BIND, or loopback at the port of the realtime origin."""
    from urllib.parse import urlsplit

    host, _, port = os.environ.get("SYNAK_REALTIME_BIND", "").rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port or urlsplit(config.realtime_origin or "").port or 8001)


def gunicorn_arguments(config: Config) -> list[str]:
    """One process: a socket keeps a thread. Sockets never end by themselves, so an end waits for none."""
    host, port = address(config)
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        "gunicorn", "server.jobs.realtime:application()", "--bind", bind,
        "--worker-class", "gthread", "--workers", "1", "--threads", str(config.sockets + THREADS_BESIDE),
        "--worker-connections", str(config.sockets + 100), "--timeout", "60", "--graceful-timeout", "1",
        "--log-level", os.environ.get("SYNAK_LOG_LEVEL", "warning"),
    ]  # fmt: skip


def serve_gevent(config: Config) -> None:
    """gevent's own server."""
    import logging

    from gevent.pywsgi import WSGIServer

    WSGIServer(address(config), application(), log=None, error_log=logging.getLogger("synak")).serve_forever()


def serve_eventlet(config: Config) -> None:
    """eventlet's own server: gunicorn has no worker for it any more."""
    import socket

    import eventlet
    import eventlet.wsgi

    host, port = address(config)
    listener = eventlet.listen((host, port), socket.AF_INET6 if ":" in host else socket.AF_INET)
    most = config.sockets + THREADS_BESIDE
    eventlet.wsgi.server(listener, application(), max_size=most, log_output=False, debug=False)


def main() -> None:
    """Sockets are served until the process is told to end."""
    patch(os.environ.get("SYNAK_ASYNC_MODE", "threading"))
    config = realtime_config()
    if config.async_mode == "gevent":
        serve_gevent(config)
    elif config.async_mode == "eventlet":
        serve_eventlet(config)
    else:
        command = [sys.executable, "-m", *gunicorn_arguments(config)]
        os.execv(sys.executable, command)  # noqa: S606  no shell, our own arguments


if __name__ == "__main__":
    main()
