"""What all tests share: a frozen clock, a migrated database per process, and a work that is rolled back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from server.core import i18n
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.masters import Ring
from server.core.roles import STAFF_ROLES, SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.jobs.migrate import migrate
from server.web.config import Config
from tests.databases import empty_database

# How long a draw takes says how busy the machine is, nothing else. The same commit draws the same examples, so that
# who changed nothing is not told of a fault; `make properties` looks for new ones.
settings.register_profile("synak", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("search", settings.get_profile("synak"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("SYNAK_TEST_PROPERTIES", "synak"))

MASTER, SECRET = bytes(range(32)), bytes(range(32, 64))
START = datetime(2026, 5, 12, 3, 0, tzinfo=UTC)  # 09:00 in Bishkek


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """SQLite by default; a database on the server that SYNAK_TEST_DATABASE names, if set."""
    with empty_database(tmp_path_factory.mktemp("db")) as url:
        yield url


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    """A database at the newest schema, for the whole run."""
    database = Database(database_url)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def clock() -> FrozenClock:
    """Nine in the morning in Bishkek on a day in May."""
    return FrozenClock(START)


class RolledBack(Database):
    """A database whose every transaction is a savepoint in one that the test takes back."""

    def __init__(self, real: Database, db: Session) -> None:
        self.is_sqlite, self.engine, self._db = real.is_sqlite, real.engine, db

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._db.begin_nested():
            yield self._db
        self._db.expire_all()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._db.no_autoflush:
            yield self._db

    def close(self) -> None:
        """The engine is the whole run's: closed here, a connection now in use would never be."""


@pytest.fixture
def platform(database: Database, clock: FrozenClock) -> Iterator[Platform]:
    """A platform whose writes are gone after the test."""
    connection = database.engine.connect()
    transaction = connection.begin()
    db = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    yield Platform(RolledBack(database, db), clock, Vault(MASTER, SECRET))
    db.close()
    transaction.rollback()
    connection.close()


@pytest.fixture
def work(platform: Platform) -> Iterator[Work]:
    """A unit of work of the system itself."""
    with open_work(platform, SYSTEM) as work:
        yield work


Acting = Callable[..., AbstractContextManager[Work]]


@pytest.fixture
def acting(platform: Platform) -> Acting:
    """`with acting(Role.PROCTOR, id=3) as work:` a unit of work of somebody."""

    def act(*roles: Role, id: int | None = None, organisation_id: int | None = None, lease: int = 0) -> Any:
        return open_work(platform, Actor(frozenset(roles), id, "Tester", organisation_id, lease))

    return act


@pytest.fixture
def config(database_url: str) -> Config:
    """A configuration without background threads."""
    return Config(database_url, Ring(MASTER), SECRET, public_origin="http://localhost", is_background=False)


@pytest.fixture
def app(config: Config, platform: Platform) -> Flask:
    """The whole application on the rolled-back platform."""
    from server.web.app import create_app

    app = create_app(config, platform)
    app.testing = True
    return app


@pytest.fixture
def client_as(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FlaskClient]:
    """`client_as(Role.PROCTOR, id=3)`: a test client whose requests are made by that actor, with a CSRF token."""
    from server.edge import csrf
    from server.web import identity

    def make(*roles: Role, id: int | None = None, organisation_id: int | None = None, lease: int = 0) -> FlaskClient:
        held = {*roles, Role.STAFF} if STAFF_ROLES & {*roles} else {*roles} or {Role.PUBLIC}
        actor = Actor(frozenset(held), id, "Tester", organisation_id, lease)
        monkeypatch.setattr(identity, "actor_of", lambda _request: actor)
        client = app.test_client()
        client.set_cookie(csrf.COOKIE, "test-browser")
        with app.app_context():
            token = csrf._token_for("test-browser")
        client.environ_base["HTTP_X_CSRF_TOKEN"] = token
        client.environ_base["HTTP_ACCEPT"] = "application/json"
        return client

    return make


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with i18n.speaking("en"):
        yield


@pytest.fixture
def tmp_database(tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite file of the test's own, for tests that need real commits."""
    database = Database(f"sqlite:///{tmp_path / 'own.db'}")
    migrate(database)
    yield database
    database.close()
