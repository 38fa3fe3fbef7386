"""What service tests share beyond the fixtures of all tests: a database of their own where they must commit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.core.db import Database
from server.jobs.migrate import migrate
from tests.databases import empty_database


@pytest.fixture(scope="module")
def own_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of a module's own, for tests that commit."""
    with empty_database(tmp_path_factory.mktemp("own")) as url:
        database = Database(url)
        migrate(database)
        yield database
        database.close()
