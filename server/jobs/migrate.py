"""`python -m server.jobs.migrate [revision]`: the database is at the newest schema, or at `revision`."""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from sqlalchemy.engine import Connection

from server.core.db import Database
from server.web.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def migrate(database: Database, revision: str = "head") -> None:
    """The schema is at `revision`; going down is for tests and for taking back a failed release."""
    with database.engine.connect() as connection, connection.begin():
        settings = _settings(connection)
        if revision == "base" or revision.startswith("-"):
            command.downgrade(settings, revision)
        else:
            command.upgrade(settings, revision)


def _settings(connection: Connection) -> Alembic:
    settings = Alembic()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


if __name__ == "__main__":
    migrate(Database(Config.from_env().database_url), *sys.argv[1:2])
