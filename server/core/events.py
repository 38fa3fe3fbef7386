"""Facts published after a commit: a versioned topic each, kept in an outbox table so that a crash loses none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.core.db import Base
from server.core.vault import Vault

RELAY_LOCK = 7_305_001


class Topic(Base):
    """A stream of events; `v` counts them and is read together with a snapshot."""

    __tablename__ = "topic"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    v: Mapped[int]


class Outbox(Base):
    """An event that was committed; `relayed_at` says that it has been handed on."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("topic", "v"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    v: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    relayed_at: Mapped[datetime | None] = mapped_column(index=True)


@dataclass(frozen=True)
class Event:
    """A fact in the past tense on one topic; `body` is what the wire carries."""

    topic: str
    name: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """An event as it is relayed, with its version on the topic."""

    id: int
    topic: str
    v: int
    name: str
    body: dict[str, Any]


def _raise_topic(dialect: Any) -> Any:
    added = dialect.insert(Topic).values(name=bindparam("name"), v=bindparam("v"))
    more = {"v": Topic.v + added.excluded.v}
    return added.on_conflict_do_update(index_elements=["name"], set_=more).returning(Topic.v)


# Built once: these run with every answer.
RAISE_TOPIC = {"sqlite": _raise_topic(sqlite), "postgresql": _raise_topic(postgresql)}
ADD_EVENTS = insert(Outbox)
OUTBOX = Outbox.__table__
WAITING = (
    select(OUTBOX.c.id, OUTBOX.c.topic, OUTBOX.c.v, OUTBOX.c.name, OUTBOX.c.body)
    .where(OUTBOX.c.relayed_at.is_(None))
    .order_by(OUTBOX.c.id)
    .limit(bindparam("most"))
)
MARK_RELAYED = update(Outbox).where(OUTBOX.c.id == bindparam("of")).values(relayed_at=bindparam("done_at"))


def append(db: Session, events: list[Event], now: datetime) -> None:
    """The events stand in the outbox, each one version on from the last of its topic."""
    by_topic: dict[str, list[Event]] = {}
    for event in events:
        by_topic.setdefault(event.topic, []).append(event)
    connection = db.connection()
    raise_topic = RAISE_TOPIC[connection.dialect.name]
    for name in sorted(by_topic):  # a fixed order: two transactions never wait for each other in a ring
        batch = by_topic[name]
        last = connection.execute(raise_topic, {"name": name, "v": len(batch)}).scalar_one()
        connection.execute(
            ADD_EVENTS,
            [
                {"topic": name, "v": last - len(batch) + 1 + i, "name": e.name, "body": e.body, "at": now}
                for i, e in enumerate(batch)
            ],
        )


def version(db: Session, topic: str) -> int:
    """The version a snapshot read in this transaction stands at."""
    return db.execute(select(Topic.v).where(Topic.name == topic)).scalar_one_or_none() or 0


def epoch(vault: Vault) -> str:
    """A name for this history of topics; a console that knows another one starts from a snapshot."""
    return vault.mac("epoch", b"1").hex()[:12]


def may_relay(db: Session) -> bool:
    """True for the one PostgreSQL session that may relay just now; the lock ends with the transaction."""
    return bool(db.execute(text("SELECT pg_try_advisory_xact_lock(:k)"), {"k": RELAY_LOCK}).scalar_one())


def waiting(db: Session, limit: int = 500) -> list[Frame]:
    """Committed events not yet relayed, oldest first."""
    return [Frame(*row) for row in db.connection().execute(WAITING, {"most": limit})]


def relayed_versions(db: Session, topics: list[str]) -> dict[str, int]:
    """How far each topic has been relayed; one that never had an event is left out."""
    waits = select(func.count()).where(Outbox.topic == Topic.name, Outbox.relayed_at.is_(None))
    relayed = Topic.v - waits.correlate(Topic).scalar_subquery()
    return {row[0]: row[1] for row in db.execute(select(Topic.name, relayed).where(Topic.name.in_(topics)))}


def mark_relayed(db: Session, frames: list[Frame], now: datetime) -> None:
    """The frames will not be relayed again."""
    db.connection().execute(MARK_RELAYED, [{"of": f.id, "done_at": now} for f in frames])


def prune(db: Session, before: datetime) -> int:
    """Relayed events older than `before` are gone; consoles that need them take a snapshot."""
    result = db.execute(delete(Outbox).where(Outbox.relayed_at < before))
    return int(getattr(result, "rowcount", 0))
