"""The journal page by page: filters, lines proved one by one, and checkpoints that only the product can write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text, update

from server.core import journal
from server.core.clock import FrozenClock
from server.core.db import append_only_ddl
from server.core.journal import JournalCheckpoint, JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from server.jobs.verify import verify
from server.web import routes
from tests.factories import accounts

ClientAs = Callable[..., FlaskClient]


@pytest.fixture
def pages(client_as: ClientAs) -> FlaskClient:
    client = client_as(Role.SECURITY, id=1)
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    client.set_cookie("synak_lang", "en")
    return client


def note(platform: Platform, n: int, act: str = "tested", actor: Actor = SYSTEM) -> None:
    with open_work(platform, actor) as work:
        for k in range(n):
            work.record(act, f"thing:{k}")


def spoil(platform: Platform, model: Any, which: Any, **values: Any) -> None:
    """What somebody with the database does: rows changed, or taken out where nothing is said."""
    with open_work(platform, SYSTEM) as work:
        for statement in append_only_ddl(model.__tablename__, work.db.get_bind().dialect.name)[1]:
            work.db.execute(text(statement))
        work.db.execute(update(model).where(which).values(**values) if values else delete(model).where(which))
        work.db.expire_all()


def proof(platform: Platform, most: int = 1000) -> journal.Proof:
    with platform.database.reading() as db:
        return journal.prove_on(db, platform.vault, most)[0]


def checkpoint(platform: Platform, most: int) -> None:
    with open_work(platform, SYSTEM) as work:
        found, mac = journal.prove_on(work.db, work.vault, most)
        journal.keep_proof(work.db, work.vault, found.upto, mac, work.now)


def test_a_proof_goes_on_where_the_last_one_ended(platform: Platform) -> None:
    note(platform, 10)
    assert proof(platform, 4) == journal.Proof(0, 4, 10, ())
    checkpoint(platform, 4)
    assert proof(platform) == journal.Proof(4, 10, 10, ())
    checkpoint(platform, 100)
    checkpoint(platform, 100)  # two look at once
    assert proof(platform) == journal.Proof(10, 10, 10, ())


def test_what_was_changed_after_a_checkpoint_is_named_at_once_and_before_it_by_the_command(platform: Platform) -> None:
    note(platform, 10)
    checkpoint(platform, 5)
    spoil(platform, JournalEntry, JournalEntry.seq == 8, facts='{"n": 1}')
    assert proof(platform).faults == ("journal: entry 8 (tested on thing:7) was changed",)
    spoil(platform, JournalEntry, JournalEntry.seq == 2, facts='{"n": 1}')
    assert proof(platform).faults == ("journal: entry 8 (tested on thing:7) was changed",)
    assert "journal: entry 2 (tested on thing:1) was changed" in verify(platform).faults


def test_a_line_taken_out_or_cut_off_is_named(platform: Platform) -> None:
    note(platform, 10)
    checkpoint(platform, 5)
    spoil(platform, JournalEntry, JournalEntry.seq == 7)
    assert proof(platform).faults == ("journal: entries 7 to 7 are missing",)
    spoil(platform, JournalEntry, JournalEntry.seq > 4)
    assert "journal: entry 5 is not what it was when it was proved" in proof(platform).faults
    assert "journal: entry 5 was proved once and is gone" in verify(platform).faults


def test_a_forged_checkpoint_hides_nothing(platform: Platform) -> None:
    note(platform, 10)
    checkpoint(platform, 5)
    spoil(platform, JournalEntry, JournalEntry.seq == 2, facts='{"n": 1}')
    spoil(platform, JournalCheckpoint, JournalCheckpoint.seq == 5, entry_mac=b"x" * 32)
    found = proof(platform).faults
    assert found[0] == "journal_checkpoint:5 was changed"
    assert "journal: entry 2 (tested on thing:1) was changed" in found


def test_the_command_notes_how_far_it_proved_unless_something_is_wrong(platform: Platform) -> None:
    note(platform, 3)
    assert verify(platform).faults == []
    assert proof(platform).since == 3
    spoil(platform, JournalEntry, JournalEntry.seq == 1, facts='{"n": 1}')
    assert verify(platform).faults
    assert proof(platform).since == 3


def test_the_page_proves_a_stretch_at_a_time_and_goes_on(
    platform: Platform, pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "AT_ONCE", 4)
    monkeypatch.setattr(routes, "CHECKPOINT_EVERY", 2)
    note(platform, 7)
    assert "Proved so far: entries up to 4 of 7." in pages.get("/journal").text
    assert "Entries up to 4 were proved earlier" in pages.get("/journal").text
    with platform.database.reading() as db:
        assert list(db.execute(select(JournalCheckpoint.seq)).scalars()) == [4, 7]


def test_a_page_shows_what_was_asked_for(platform: Platform, clock: FrozenClock, pages: FlaskClient) -> None:
    with open_work(platform, SYSTEM) as work:
        staff_id = accounts.a_staff_member(work, login="aida")
    note(platform, 3)
    clock.advance(2 * 86_400)
    note(platform, 2, "item_opened", Actor(frozenset({Role.REVIEWER}), staff_id))

    def shown(**wish: str) -> int:
        return pages.get("/journal", query_string=wish).text.count('<tr class="govuk-table__row">\n    <td')

    assert shown(act="item_opened") == 2
    assert shown(act="tested") == 3
    assert shown(person="aida") == shown(person=f"staff:{staff_id}") == 2
    assert shown(person="nobody") == 0
    assert shown(person="aida", subject="thing:1") == 1
    assert shown(since="2026-05-14") == 2
    assert shown(until="2026-05-13", act="tested") == 3
    assert shown(since="2027-01-01") == 0
    assert shown(until="2020-01-01") == 0
    assert "Асанова Гүлнара" in pages.get("/journal?act=item_opened").text


def test_earlier_entries_keep_the_filter(
    platform: Platform, pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "PAGE", 2)
    note(platform, 5)
    first = pages.get("/journal?act=tested").text
    assert "act=tested" in first
    assert "before=4" in first
    assert "thing:2" in pages.get("/journal?act=tested&before=4").text


def test_a_line_that_was_changed_is_marked_where_it_stands(platform: Platform, pages: FlaskClient) -> None:
    note(platform, 3)
    assert "changed</strong>" not in pages.get("/journal").text
    spoil(platform, JournalEntry, JournalEntry.seq == 2, facts='{"n": 1}')
    assert pages.get("/journal").text.count("changed</strong>") == 1

