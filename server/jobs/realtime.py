"""`python -m server.jobs.realtime`: sockets in a process of their own, fed through Redis; it touches no database.

The mode (SYNAK_ASYNC_MODE) is threading, gevent or eventlet; each serves with what fits it."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from server.web.config import Config, Misconfigured


def main() -> None:
    """Sockets are served until the process is told to end."""
    config = Config.from_env()
    if not (config.redis_url and config.realtime_origin):
        raise Misconfigured("Set SYNAK_REDIS_URL and SYNAK_REALTIME_ORIGIN for a realtime process.")
    if config.async_mode == "eventlet":
        import eventlet

        eventlet.monkey_patch()
    elif config.async_mode == "gevent":
        from gevent import monkey

        monkey.patch_all()
    from server.web.realtime import create_realtime  # after the patching: it imports sockets and threads

    app, socketio = create_realtime(config)
    host, _, port = os.environ.get("SYNAK_BIND", "").rpartition(":")
    socketio.run(
        app,
        host=host or "127.0.0.1",
        port=int(port or urlsplit(config.realtime_origin).port or 8001),
        **({"allow_unsafe_werkzeug": True} if config.async_mode == "threading" else {}),
    )


if __name__ == "__main__":
    main()
