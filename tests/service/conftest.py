"""What service tests share beyond the fixtures of all tests: a database of their own where they must commit."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url, text

from server.core.db import Database
from server.jobs.migrate import migrate


@pytest.fixture(scope="module")
def own_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of a module's own, for tests that commit: on the server of the run, else a SQLite file."""
    server, name = os.environ.get("SYNAK_TEST_DATABASE"), f"synak_{request.module.__name__.rpartition('.')[2]}"
    url = f"sqlite:///{tmp_path_factory.mktemp('own') / 'own.db'}"
    if server:
        _on_server(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
    database = Database(url)
    migrate(database)
    yield database
    database.close()
    if server:
        _on_server(server, f"DROP DATABASE {name}")


def _on_server(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
