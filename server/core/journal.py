"""The journal: who did what when, in a keyed hash chain that shows any line changed or taken out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, Text, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.vault import Vault

GENESIS = b"\0" * 32
AT_ONCE = 1000

Link = tuple[int, bytes]  # an entry's number and its mac


class JournalEntry(Base):
    """One act. `mac` covers the entry and the mac before it; its key is not in the database."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_act_seq", "act", "seq"), Index("ix_journal_actor_seq", "actor", "seq"),
        Index("ix_journal_subject_actor_at", "subject", "actor", "at"), APPEND_ONLY,
    )  # fmt: skip

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
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


def _mac(vault: Vault, entry: Any, before: bytes) -> bytes:
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


def acts_on(db: Session, subject: str, act: str) -> list[Mapping[str, Any]]:
    """With which facts that was ever done to the subject, the oldest first."""
    return [each.facts for each in entries_on(db, subject) if each.act == act]


def last_acts(
    db: Session, subject: str, act: str, actor: str, since: datetime | None, most: int
) -> list[Known]:
    """The last acts of that kind by that actor on a subject, newest first; only so many lines are read."""
    query = (
        select(JournalEntry)
        .where(JournalEntry.subject == subject, JournalEntry.actor == actor, JournalEntry.act == act)
        .order_by(JournalEntry.at.desc(), JournalEntry.seq.desc())
        .limit(most)
    )
    if since is not None:
        query = query.where(JournalEntry.at > since)
    return [Known(row.at, row.actor, row.act, json.loads(row.facts)) for row in db.execute(query).scalars()]


@dataclass(frozen=True)
class Proof:
    """The entries after `since` were looked at now, up to `upto` of `of`; what came before was proved earlier."""

    since: int
    upto: int
    of: int
    faults: tuple[str, ...]


def verify(db: Session, vault: Vault) -> Iterator[str]:
    """Yields one sentence for each fault of the whole chain; nothing if it is whole."""
    start = last = 0, GENESIS
    proved = {row.seq: row for row in db.execute(select(JournalCheckpoint)).scalars()}
    for row in proved.values():
        if row.mac != _checkpoint_mac(vault, row):
            yield f"journal_checkpoint:{row.seq} was changed"
    for last, faults in _walk(db, vault, start):
        yield from faults
        seq, mac = last
        if seq in proved and proved[seq].entry_mac != mac:
            yield f"journal: entry {seq} is not what it was when it was proved"
    yield from (f"journal: entry {seq} was proved once and is gone" for seq in sorted(proved) if seq > last[0])
    yield from _end(db, last)


def prove_on(db: Session, vault: Vault, most: int) -> tuple[Proof, bytes]:
    """The entries after the last checkpoint, `most` of them, and the mac of the last one that was looked at."""
    found: list[str] = []
    start = last = _last_proved(db, vault, found)
    for last, faults in _walk(db, vault, start, most):  # noqa: B007 # the last one is looked at after the loop
        found += faults
    head = db.get(JournalHead, 1)
    if last[0] - start[0] < most:
        found += _end(db, last)
    return Proof(start[0], last[0], head.seq if head is not None else 0, tuple(found)), last[1]


def keep_proof(db: Session, vault: Vault, seq: int, entry_mac: bytes, now: datetime) -> None:
    """From here on the chain up to this entry counts as proved."""
    row = JournalCheckpoint(seq=seq, entry_mac=entry_mac, proved_at=now)
    insert = sqlite.insert if db.connection().dialect.name == "sqlite" else postgresql.insert
    # One statement: two auditors look at once.
    db.execute(
        insert(JournalCheckpoint)
        .values(seq=seq, entry_mac=entry_mac, proved_at=now, mac=_checkpoint_mac(vault, row))
        .on_conflict_do_nothing(index_elements=["seq"])
    )


def whole(db: Session, vault: Vault, entries: Sequence[JournalEntry]) -> dict[int, bool]:
    """Of each of these entries, whether it stands as it was written, right after the one before it."""
    befores = select(JournalEntry.seq, JournalEntry.mac).where(JournalEntry.seq.in_([each.seq - 1 for each in entries]))
    macs = {0: GENESIS} | {row.seq: row.mac for row in db.execute(befores)}
    return {each.seq: each.seq - 1 in macs and each.mac == _mac(vault, each, macs[each.seq - 1]) for each in entries}


def _walk(
    db: Session, vault: Vault, start: Link, most: int | None = None
) -> Iterator[tuple[Link, list[str]]]:
    """Each entry after `start`, with what is wrong with it."""
    seq, before = start
    query = select(*JournalEntry.__table__.columns).order_by(JournalEntry.seq)
    if seq:
        query = query.where(JournalEntry.seq > seq)
    for entry in db.execute(query.limit(most)).yield_per(AT_ONCE):
        fault = []
        if entry.seq != seq + 1:
            fault.append(f"journal: entries {seq + 1} to {entry.seq - 1} are missing")
        elif entry.mac != _mac(vault, entry, before):
            fault.append(f"journal: entry {entry.seq} ({entry.act} on {entry.subject}) was changed")
        seq, before = entry.seq, entry.mac
        yield (seq, before), fault


def _end(db: Session, last: Link) -> Iterator[str]:
    head = db.get(JournalHead, 1)
    if head is not None and (head.seq, head.mac) != last:
        yield f"journal: it ends at entry {last[0]}, but {head.seq} were written"


def _last_proved(db: Session, vault: Vault, faults: list[str]) -> Link:
    """Where the last proof ended; the beginning if there is none, or if it does not hold."""
    row = db.execute(select(JournalCheckpoint).order_by(JournalCheckpoint.seq.desc()).limit(1)).scalar_one_or_none()
    if row is None:
        return 0, GENESIS
    if row.mac != _checkpoint_mac(vault, row):
        faults.append(f"journal_checkpoint:{row.seq} was changed")
        return 0, GENESIS
    entry = db.get(JournalEntry, row.seq)
    if entry is None or entry.mac != row.entry_mac:
        faults.append(f"journal: entry {row.seq} is not what it was when it was proved")
        return 0, GENESIS
    return row.seq, row.entry_mac


def _checkpoint_mac(vault: Vault, row: JournalCheckpoint) -> bytes:
    at = row.proved_at.astimezone(UTC).isoformat(timespec="microseconds")
    return vault.mac("journal-checkpoint", json.dumps([row.seq, row.entry_mac.hex(), at]).encode())
