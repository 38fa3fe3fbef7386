"""The database: declarative base, column types and transactions, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, MetaData, create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import NullPool
from sqlalchemy.types import JSON, TypeDecorator

AT_ONCE = 500
Id = TypeVar("Id", int, bytes)
# Of one SQLite connection: as SQLite has it; and so that what a room wrote side by side is fetched once.
CACHE_KB, LARGE_CACHE_KB = 2_000, 32_000
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is refused, because nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime; use work.now")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; a table marked `info={"append_only": True}` is guarded by triggers (migrations)."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime(), dict[str, Any]: JSON(), list[Any]: JSON()}


def batches(ids: Collection[Id]) -> Iterator[list[Id]]:
    """Each id once, in order, as many at a time as a statement takes; SQLite takes no more than some thousands."""
    left = sorted(set(ids))
    for at in range(0, len(left), AT_ONCE):
        yield left[at : at + AT_ONCE]


class Database:
    """One database and its transactions. On SQLite writers queue in turn, so none waits in SQLite's own sleep."""

    def __init__(self, url: str, pool_size: int = 8, cache_kb: int = CACHE_KB) -> None:
        self._url, self._pool_size = url, pool_size
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url, pool_size, cache_kb) if self.is_sqlite else _server_engine(url, pool_size)
        # One consistent state for all queries of a reading: a transaction's own on SQLite, asked for on PostgreSQL.
        once = {"synak_reads": True} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(**once)
        self._gate = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in a write transaction; committed on leaving, rolled back on an error."""
        with self._gate, Session(self.engine, expire_on_commit=False) as db, db.begin():
            yield db

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one consistent state and is rolled back at the end."""
        with Session(self._reader, autoflush=False) as db:
            yield db

    def __reduce__(self) -> tuple[type[Database], tuple[str, int, int]]:
        """In another process it is opened there, to read much; no connection goes over."""
        return Database, (self._url, self._pool_size, LARGE_CACHE_KB)

    def close(self) -> None:
        """All pooled connections are closed."""
        self.engine.dispose()


def _server_engine(url: str, pool_size: int) -> Engine:
    return create_engine(url, hide_parameters=True, pool_size=pool_size, max_overflow=4, pool_pre_ping=True)


def _sqlite_engine(url: str, pool_size: int, cache_kb: int) -> Engine:
    options: dict[str, Any] = {"hide_parameters": True, "connect_args": {"timeout": 60, "check_same_thread": False}}
    if pool_size:
        # No overflow: a connection beyond the pool would be opened and closed, pragmas and all, for one request.
        options |= {"pool_size": pool_size, "max_overflow": 0, "pool_use_lifo": True}
    else:
        options |= {"poolclass": NullPool}
    engine = create_engine(url, **options)

    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # the driver must not open transactions behind our back
        cursor = raw.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # NORMAL can lose an acknowledged answer when the power goes
            "busy_timeout=60000",  # another process may write one short work after another, and SQLite keeps no queue
            "foreign_keys=ON",
            f"cache_size={-cache_kb}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("synak_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


APPEND_ONLY: dict[str, Any] = {"info": {"append_only": True}}


def append_only_ddl(
    table: str, dialect: str, but: str = "", columns: Iterable[str] = ()
) -> tuple[list[str], list[str]]:  # fmt: skip
    """Statements that make a table refuse UPDATE and DELETE, and those that lift it again.

    An UPDATE that changes of all `columns` only `but`, a wrapped key, passes: the same key is wrapped anew."""
    if dialect == "sqlite":
        same = " AND ".join(f"OLD.{name} IS NEW.{name}" for name in columns if name != but)
        when = {"update": f"WHEN OLD.{but} IS NEW.{but} OR NOT ({same}) " if but else "", "delete": ""}
        up = [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {when[verb]}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in when
        ]
        return up, [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in when]
    refuses = f"FUNCTION {table}_is_append_only()"
    up = [
        f"CREATE {refuses} RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {_passing(but) if but else ''}RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE {'' if but else 'UPDATE OR '}DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE {refuses}",
    ]
    if but:
        up.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE {refuses}")
    down = [f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for name in ("no_update", "append_only")]
    return up, [*down, f"DROP {refuses.replace('FUNCTION', 'FUNCTION IF EXISTS')}"]


def _passing(but: str) -> str:
    """PL/pgSQL: an UPDATE of that column alone passes."""
    others = " = ".join(f"to_jsonb({row}) - '{but}'" for row in ("OLD", "NEW"))
    is_rewrapped = f"OLD.{but} IS DISTINCT FROM NEW.{but} AND {others}"
    return f"IF TG_OP = 'UPDATE' THEN IF {is_rewrapped} THEN RETURN NEW; END IF; END IF; "
