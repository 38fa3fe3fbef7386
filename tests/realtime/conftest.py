"""Fixtures: a Redis, and a platform whose commits are real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from server.core.clock import SystemClock
from server.core.db import Database
from server.core.events import Outbox, Topic
from server.core.vault import Vault
from server.core.work import Platform
from tests.conftest import MASTER, SECRET
from tests.realtime.ground import Redis


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    yield server
    server.end()


@pytest.fixture
def committing(database: Database) -> Iterator[Platform]:
    """A platform on the database under test whose commits are real; its topics are gone afterwards."""
    yield Platform(database, SystemClock(), Vault(MASTER, SECRET))
    with database.writing() as db:
        db.execute(delete(Outbox))
        db.execute(delete(Topic))
