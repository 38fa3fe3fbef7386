"""`python -m server.jobs.serve`: the web process as it runs in production, under gunicorn."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from gunicorn.app.wsgiapp import run

from server.jobs import one_thread
from server.web.config import Config

REQUESTS = 32


def gunicorn_arguments(config: Config, env: Mapping[str, str]) -> list[str]:
    """One process with threads on SQLite; as many as SYNAK_WORKERS says on PostgreSQL with sockets elsewhere.

    A console's socket keeps a thread for as long as it is open: SYNAK_SOCKETS come on top of those for requests."""
    origin = urlsplit(config.public_origin)
    bind = env.get("SYNAK_BIND", f"127.0.0.1:{origin.port or 8000}")
    workers = env.get("SYNAK_WORKERS", "1")
    if workers != "1" and (config.database_url.startswith("sqlite") or not config.realtime_origin):
        raise SystemExit("SYNAK_WORKERS above 1 needs PostgreSQL and a realtime process (SYNAK_REALTIME_ORIGIN).")
    return [
        "gunicorn", "wsgi:app", "--bind", bind, "--worker-class", "gthread", "--workers", workers,
        "--threads", env.get("SYNAK_THREADS", str(config.sockets + REQUESTS)), "--keep-alive", "75",
        "--no-control-socket", "--timeout", "60", "--graceful-timeout", "10",
        "--log-level", env.get("SYNAK_LOG_LEVEL", "warning"),
    ]  # fmt: skip


def begin_worker() -> None:
    """A worker is kept beside this process and ends when it ends, unless SYNAK_TASKS=0."""
    if os.environ.get("SYNAK_TASKS", "1") == "1":
        subprocess.Popen([sys.executable, "-m", "server.jobs.keeper", "--beside", str(os.getpid())])


def main() -> None:
    """This process becomes gunicorn, whose workers import nothing twice; tasks have a process beside it."""
    arguments = gunicorn_arguments(Config.from_env(), os.environ)
    begin_worker()
    sys.argv = arguments
    run()


if __name__ == "__main__":
    one_thread.insist()
    main()
