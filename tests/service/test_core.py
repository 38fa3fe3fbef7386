"""The ground under all services: work, journal, outbox, append-only tables, vault."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from server.core import events, journal
from server.core.errors import Stale
from server.core.events import Event
from server.core.journal import JournalEntry
from server.core.machine import Machine, Transition
from server.core.roles import SYSTEM
from server.core.vault import Tampered, Vault
from server.core.work import Platform, open_work

LIGHT = Machine("light", {"go": (("red",), "green"), "halt": (("green",), "red")})


class Lamp:
    def __init__(self) -> None:
        self.id, self.state = 7, "red"


def test_a_move_leaves_a_transition(platform: Platform) -> None:
    lamp = Lamp()
    with open_work(platform, SYSTEM) as work:
        work.move(lamp, LIGHT, "go", reason="clear")
    with platform.database.reading() as db:
        row = db.execute(select(Transition)).scalar_one()
    assert (row.from_state, row.to_state, row.reason, row.actor) == ("red", "green", "clear", "system")


def test_a_move_from_elsewhere_is_stale(platform: Platform) -> None:
    with pytest.raises(Stale), open_work(platform, SYSTEM) as work:
        work.move(Lamp(), LIGHT, "halt")


def test_the_journal_chain_is_whole_and_names_what_was_changed(platform: Platform) -> None:
    for n in range(3):
        with open_work(platform, SYSTEM) as work:
            work.record("tested", f"thing:{n}", clause="DC-16", n=n)
    with platform.database.writing() as db:
        assert list(journal.verify(db, platform.vault)) == []
        if db.connection().dialect.name == "sqlite":
            db.execute(text("DROP TRIGGER journal_no_update"))
        else:
            db.execute(text("ALTER TABLE journal DISABLE TRIGGER journal_append_only"))
        db.execute(update(JournalEntry).where(JournalEntry.seq == 2).values(facts='{"n": 9}'))
        db.expire_all()
        assert list(journal.verify(db, platform.vault)) == ["journal: entry 2 (tested on thing:1) was changed"]


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'x'", "DELETE FROM journal"])
def test_append_only_tables_refuse(platform: Platform, statement: str) -> None:
    with open_work(platform, SYSTEM) as work:
        work.record("tested", "thing:1")
    with pytest.raises(DBAPIError, match="append-only"), platform.database.writing() as db:
        db.execute(text(statement))


def test_events_of_a_topic_are_numbered_without_gaps(platform: Platform) -> None:
    for topic in ("room:1", "room:2", "room:1"):
        with open_work(platform, SYSTEM) as work:
            work.publish(Event(topic, "a", {}))
            work.publish(Event(topic, "b", {}))
    with platform.database.reading() as db:
        frames = events.waiting(db)
        assert [(f.topic, f.v) for f in frames if f.topic == "room:1"] == [("room:1", v) for v in (1, 2, 3, 4)]
        assert events.version(db, "room:2") == 2
        assert events.version(db, "room:3") == 0


def test_what_fails_publishes_and_records_nothing(platform: Platform) -> None:
    def act() -> None:
        with open_work(platform, SYSTEM) as work:
            work.publish(Event("room:9", "a", {}))
            work.record("tested", "thing:9")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    with platform.database.reading() as db:
        assert events.version(db, "room:9") == 0
        assert db.execute(select(JournalEntry)).scalars().all() == []


def test_a_sealed_value_moved_or_changed_does_not_open() -> None:
    vault = Vault(bytes(32), bytes(32))
    key, wrapped = vault.new_key("item:1")
    sealed = vault.seal(key, b"stem", "item:1")
    assert vault.open(vault.unwrap(wrapped, "item:1"), sealed, "item:1") == b"stem"
    with pytest.raises(Tampered, match="item:2"):
        vault.open(key, sealed, "item:2")
    for bit in range(len(sealed) * 8):
        broken = bytearray(sealed)
        broken[bit // 8] ^= 1 << (bit % 8)
        with pytest.raises(Tampered):
            vault.open(key, bytes(broken), "item:1")
