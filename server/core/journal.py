"""The journal: who did what when, in a keyed hash chain that shows any line changed or taken out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.vault import Vault

GENESIS = b"\0" * 32


class JournalEntry(Base):
    """One act. `mac` covers the entry and the mac before it; its key is not in the database."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_act_seq", "act", "seq"), Index("ix_journal_actor_seq", "actor", "seq"), APPEND_ONLY,
    )  # fmt: skip

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    clause: Mapped[str | None] = mapped_column(String(20))
    facts: Mapped[str] = mapped_column(Text)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class JournalHead(Base):
    """The last entry; its one row is locked while an entry is added, so that the chain never forks."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class JournalCheckpoint(Base):
    """Up to this entry the chain was proved whole; `mac` covers the row, so that nobody else can say so."""

    __tablename__ = "journal_checkpoint"
    __table_args__ = (APPEND_ONLY,)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    proved_at: Mapped[datetime]
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


@dataclass(frozen=True)
class Act:
    """An act to be journalled: `act` is a verb, `subject` a reference such as `session:17`."""

    act: str
    subject: str
    clause: str | None
    facts: Mapping[str, Any]


def append(db: Session, vault: Vault, acts: list[Act], *, now: datetime, actor: str) -> None:
    """The acts stand at the end of the chain."""
    head = db.execute(select(JournalHead).where(JournalHead.id == 1).with_for_update()).scalar_one_or_none()
    if head is None:
        head = JournalHead(id=1, seq=0, mac=GENESIS)
        db.add(head)
    for act in acts:
        entry = JournalEntry(
            seq=head.seq + 1,
            at=now,
            actor=actor,
            act=act.act,
            subject=act.subject,
            clause=act.clause,
            facts=json.dumps(dict(act.facts), ensure_ascii=False, sort_keys=True, default=str),
            mac=b"",
        )
        entry.mac = _mac(vault, entry, head.mac)
        db.add(entry)
        head.seq, head.mac = entry.seq, entry.mac


def _mac(vault: Vault, entry: JournalEntry, before: bytes) -> bytes:
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [entry.seq, at, entry.actor, entry.act, entry.subject, entry.clause, entry.facts]
    return vault.mac("journal", before + json.dumps(fields, ensure_ascii=False).encode())


@dataclass(frozen=True)
class Known:
    """An act on record, as others may read it."""

    at: datetime
    actor: str
    act: str
    facts: Mapping[str, Any]


def entries_on(db: Session, subject: str) -> list[Known]:
    """Every act on a subject, oldest first."""
    rows = db.execute(select(JournalEntry).where(JournalEntry.subject == subject).order_by(JournalEntry.seq)).scalars()
    return [Known(row.at, row.actor, row.act, json.loads(row.facts)) for row in rows]


def verify(db: Session, vault: Vault) -> Iterator[str]:
    """Yields one sentence for each fault of the chain; nothing if it is whole."""
    before, expected = GENESIS, 1
    for entry in db.execute(select(JournalEntry).order_by(JournalEntry.seq)).scalars():
        if entry.seq != expected:
            yield f"journal: entries {expected} to {entry.seq - 1} are missing"
        elif entry.mac != _mac(vault, entry, before):
            yield f"journal: entry {entry.seq} ({entry.act} on {entry.subject}) was changed"
        before, expected = entry.mac, entry.seq + 1
    head = db.get(JournalHead, 1)
    if head is not None and (head.seq, head.mac) != (expected - 1, before):
        yield f"journal: it ends at entry {expected - 1}, but {head.seq} were written"
