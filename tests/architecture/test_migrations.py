"""The migrations make what the models say, take it all back, and guard what is append-only. SQLite and PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Connection, Table, inspect, text
from sqlalchemy.exc import DatabaseError

from server.core.db import Database, UTCDateTime, append_only_ddl
from server.core.wrapped import key_columns
from server.jobs.migrate import MIGRATIONS, migrate
from server.web.all_models import metadata
from tests.databases import empty_database

APPEND_ONLY = sorted(table.name for table in metadata.tables.values() if table.info.get("append_only"))
TABLES = sorted(metadata.tables)
# Of these an UPDATE of the wrapped key alone passes (tests/service/test_rotation.py, with rows).
REWRAPPED = {each.table.name: each.name for each in key_columns(metadata) if each.table.name in APPEND_ONLY}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty database of this module's own, beside the one the other tests use."""
    with empty_database(tmp_path_factory.mktemp("migrations")) as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture
def migrated(empty: Database) -> Iterator[Connection]:
    """A connection to the newest schema; what the test does is taken back."""
    migrate(empty)
    with empty.engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A connection to a schema that the models made, without a migration."""
    with empty_database(tmp_path_factory.mktemp("models")) as url:
        database = Database(url)
        metadata.create_all(database.engine)
        with database.engine.connect() as connection:
            yield connection
        database.close()


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_head_is_what_the_models_say(migrated: Connection) -> None:
    options = {"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
    context = MigrationContext.configure(migrated, opts=options)
    assert compare_metadata(context, metadata) == []
    assert sorted(set(inspect(migrated).get_table_names()) - {"alembic_version"}) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_the_checks_of_a_table_are_those_of_its_model(migrated: Connection, modelled: Connection, name: str) -> None:
    assert checks(migrated, name) == checks(modelled, name)


@pytest.mark.parametrize("name", TABLES)
def test_the_indexes_of_a_table_are_those_of_its_model(migrated: Connection, modelled: Connection, name: str) -> None:
    assert indexes(migrated, name) == indexes(modelled, name)


def checks(connection: Connection, table: str) -> dict[str, str]:
    """The conditions on the rows of a table, as its database words them."""
    return {str(each["name"]): plain(each["sqltext"]) for each in inspect(connection).get_check_constraints(table)}


def indexes(connection: Connection, table: str) -> dict[str, tuple[tuple[str | None, ...], bool, str]]:
    """The columns of each index, whether it is unique, and for which rows it is."""
    where = f"{connection.dialect.name}_where"
    return {
        str(each["name"]): (
            tuple(each["column_names"]), bool(each["unique"]),
            plain(str(each.get("dialect_options", {}).get(where, ""))),
        )
        for each in inspect(connection).get_indexes(table)
    }  # fmt: skip


def plain(sql: str) -> str:
    """A condition without what only its writing makes different."""
    return re.sub(r'[\s()"]+', " ", sql).strip().lower()


def test_down_leaves_nothing_and_up_again_is_the_same(empty: Database) -> None:
    migrate(empty)
    before = everything(empty)
    assert len(before) > len(TABLES)
    migrate(empty, "base")
    assert everything(empty) == []
    migrate(empty)
    assert everything(empty) == before
    migrate(empty)  # harmless twice
    assert everything(empty) == before


def everything(database: Database) -> list[str]:
    """Every table, index, trigger and function, but for Alembic's own table."""
    query = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"
    if not database.is_sqlite:
        query = (
            "SELECT relkind::text || ' ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal "
            "UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "UNION ALL SELECT 'enum ' || typname FROM pg_type "
            "WHERE typnamespace = 'public'::regnamespace AND typtype = 'e' "
            "UNION ALL SELECT 'check ' || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        )
    with database.engine.connect() as connection:
        return sorted(each for each in connection.execute(text(query)).scalars() if "alembic_version" not in each)


def test_what_is_marked_and_nothing_else_has_triggers(migrated: Connection) -> None:
    query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    if migrated.dialect.name != "sqlite":
        query = "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid WHERE NOT tgisinternal"
    found = dict(migrated.execute(text(query)).all())
    assert sorted(set(found.values())) == APPEND_ONLY
    wanted = [statement for table in APPEND_ONLY
              for statement in append_only_ddl(table, migrated.dialect.name, REWRAPPED.get(table, ""))[0]]  # fmt: skip
    assert sorted(found) == sorted(name for each in wanted for name in re.findall(r"CREATE TRIGGER (\w+)", each))


def test_what_has_legal_weight_is_append_only() -> None:
    assert {"item_version", "step", "response", "score", "grade", "transition", "journal", "seal"} <= set(APPEND_ONLY)


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_append_only_tables_refuse_changes(empty: Database, name: str) -> None:
    migrate(empty)
    table = metadata.tables[name]
    column = next(each.name for each in table.columns if not each.primary_key)
    statements = [f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"]
    if not empty.is_sqlite:
        # Whose wrapped key may change is guarded row by row, and here is none.
        statements = [*statements[name in REWRAPPED :], f"TRUNCATE {name} CASCADE"]
    for statement in statements:
        with empty.engine.connect() as connection:
            a_row_in(connection, table)
            with pytest.raises(DatabaseError, match="append-only"):
                connection.execute(text(statement))
            connection.rollback()


def a_row_in(connection: Connection, table: Table) -> None:
    """A row in the table, whatever it refers to: a trigger of SQLite fires for rows alone."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # until the rollback
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    connection.execute(table.insert().values({each.name: a_value(each) for each in table.columns}))
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
    assert connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar() == 1


def a_value(column: Column[Any]) -> Any:
    """Some value of a column's type."""
    if isinstance(column.type, UTCDateTime):
        return datetime(2026, 5, 12, tzinfo=UTC)
    if isinstance(column.type, JSON):
        return {}
    values: dict[type[Any], Any] = {date: date(2026, 5, 12), int: 1, str: "x", bytes: b"x", bool: True, float: 1.0}
    return values[column.type.python_type]
