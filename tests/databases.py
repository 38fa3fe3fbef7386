"""Databases that tests make for themselves: on the server of the run (SYNAK_TEST_DATABASE), else SQLite files; and what
is asked of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, event, make_url, text

from server.core.work import Platform


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The address of an empty database that is gone afterwards; no other process of the run uses it."""
    server = os.environ.get("SYNAK_TEST_DATABASE")
    if not server:
        yield f"sqlite:///{folder / 'synak.db'}"
        return
    name = f"synak_{uuid4().hex[:8]}"
    _on_server(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def counted(platform: Platform) -> Iterator[list[str]]:
    """The SELECTs that were sent inside the block."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(platform.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(platform.database.engine, "before_cursor_execute", note)
