"""A bit turned over in any sealed column of the bank, or a row taken out, is found in the file, and the item named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import LargeBinary, delete, func, select, text, update

from itembank import add_item
from itembank.authoring import reviewing, service, states
from itembank.authoring.commission import minutes
from itembank.authoring.commission.machine import SESSION
from itembank.authoring.models import (
    CommissionNote,
    CommissionSession,
    ItemSketch,
    Manuscript,
    ManuscriptMedia,
    ManuscriptText,
    Review,
    ReviewComment,
)
from itembank.interchange.models import ImportedTest, ImportOutcome, ItemImport
from itembank.items.models import Item, ItemMedia, ItemVersion, KeyVersion
from itembank.recipes.models import ItemRecipe
from itembank.recipes.service import keep
from itembank.recipes.starting import EXAMPLES
from itembank.withdrawals import service as withdrawals
from itembank.withdrawals.models import Withdrawal
from itembank.withdrawals.service import Decision
from server.core.clock import FrozenClock
from server.core.db import Database, append_only_ddl
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.jobs import verify as job
from server.jobs.proving import prove_bank
from server.jobs.verify import verify
from server.jobs.worker import work_off
from server.web.all_models import metadata
from tests.conftest import MASTER, SECRET, START
from tests.factories import accounts
from tests.factories import itembank as factory
from tests.factories.outlines import an_imported_test
from tests.service.test_itembank_media import figure_item
from tests.service.test_itembank_tampering import flip

OPEN, FROZEN = "GEO-2", "GEO-1"
# What is sealed, and the item whose name a flipped bit is reported under.
SEALED: dict[tuple[Any, str], str] = {
    (ItemVersion, "content_sealed"): FROZEN, (ItemVersion, "source_sealed"): FROZEN,
    (ItemVersion, "data_key"): FROZEN, (KeyVersion, "key_sealed"): FROZEN, (ItemMedia, "sealed"): FROZEN,
    (Manuscript, "source_sealed"): OPEN, (Manuscript, "data_key"): OPEN, (ManuscriptText, "source_sealed"): OPEN,
    (ManuscriptMedia, "sealed"): OPEN, (ReviewComment, "body_sealed"): OPEN,
}  # fmt: skip
# What belongs to no one item is reported under its own place.
BESIDE: dict[tuple[Any, str], str] = {
    (CommissionSession, "data_key"): "commission_session:",
    (CommissionSession, "minutes_sealed"): "commission_session:",
    (CommissionNote, "body_sealed"): "commission_session:", (ItemImport, "data_key"): "item_import:",
    (ImportedTest, "outline_sealed"): "item_import:",
    (ItemImport, "upload_sealed"): "item_import:", (ItemImport, "report_sealed"): "item_import:",
    (ImportOutcome, "report_sealed"): "item_import:", (ItemRecipe, "data_key"): "item_recipe:",
    (ItemRecipe, "source_sealed"): "item_recipe:",
}  # fmt: skip
NAMED = {**{each: f"item:{code}" for each, code in SEALED.items()}, **BESIDE}
# Sketches are no secret and are made again from the texts.
NOT_SEALED = {"item_sketch.least"}


@pytest.fixture(scope="module")
def bank(own_database: Database) -> Platform:
    """A frozen item with a picture, and another one that is being read, with a comment."""
    platform = Platform(own_database, FrozenClock(START), Vault(MASTER, SECRET))
    with open_work(platform, SYSTEM) as work:
        add_item(work, figure_item())
        place = accounts.an_organisation(work, "ntc").id
        roles = (Role.WRITER, Role.REVIEWER)
        ids = [accounts.a_staff_member(work, role, organisation_id=place) for role in roles]
    writer, reviewer = (Actor(frozenset({role}), id_, "x", place) for role, id_ in zip(roles, ids, strict=True))
    with open_work(platform, writer) as work:
        id_ = service.begin(work, replace(figure_item(), code=OPEN), "ky")
        service.submit(work, id_, work.db.get_one(Manuscript, id_).revision)
    with open_work(platform, reviewer) as work:
        review = work.db.execute(select(Review)).scalar_one()
        reviewing.comment(work, id_, "ky.options.1", "Мындай эмес")
        reviewing.pass_review(work, review.id, review.revision)
    beside(platform, writer)
    return platform


def beside(platform: Platform, writer: Actor) -> None:
    """A session of the commission with its minutes, a file that was read and one that waits, and a recipe."""
    with open_work(platform, SYSTEM) as work:
        row = CommissionSession(
            subject="geography", held_on=START.date(), order_no="7", members=[writer.id], chair_id=writer.id,
            state="open", data_key=b"", opened_at=work.now, opened_by="system",
        )  # fmt: skip
        work.db.add(row)
        work.db.flush()
        row.data_key = work.vault.new_key(minutes.place(row.id))[1]
        work.db.add(CommissionNote(
            commission_session_id=row.id, place="note:1", body_sealed=minutes.seal(work, row, "note:1", b"x"),
            written_at=work.now, author_id=writer.id or 0,
        ))  # fmt: skip
        work.db.flush()
        row.minutes_sealed, row.closed_at = minutes.sealed_minutes(work, row), work.now
        work.move(row, SESSION, "close")
    with open_work(platform, writer) as work:
        factory.an_import(work)
    assert work_off(platform)
    with open_work(platform, writer) as work:
        factory.an_import(work)
        keep(work, EXAMPLES["equation"])
    an_imported_test(platform, writer)


def lift_triggers(work: Work, model: Any) -> None:
    """Somebody with the file in their hands is stopped by no trigger."""
    if model.__table__.info.get("append_only"):
        for statement in append_only_ddl(model.__tablename__, work.db.get_bind().dialect.name)[1]:
            work.db.execute(text(statement))


def a_row(work: Work, model: Any, column: str) -> tuple[int, bytes]:
    """The first row that has something there."""
    name = getattr(model, column)
    found = work.db.execute(select(model.id, name).where(name.is_not(None)).order_by(model.id)).first()
    assert found is not None
    return found[0], found[1]


def put(work: Work, model: Any, column: str, id_: int, value: bytes) -> None:
    lift_triggers(work, model)
    work.db.execute(update(model).where(model.id == id_).values({column: value}))


def test_every_binary_column_of_the_bank_is_proved() -> None:
    there = {
        f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns
        if isinstance(column.type, LargeBinary) and table.name in BANK
    }  # fmt: skip
    proved = {f"{model.__tablename__}.{column}" for model, column in NAMED}
    assert proved | NOT_SEALED == there


BANK = {
    mapper.local_table.name for mapper in Item.registry.mappers if mapper.class_.__module__.startswith("itembank.")
}  # fmt: skip


def test_a_whole_bank_has_no_fault(bank: Platform) -> None:
    counts, faults = prove_bank(bank)
    assert faults == []
    assert counts == {"item versions": 1, "manuscripts": 5, "commission sessions": 1, "imports": 3, "recipes": 1,
                      "withdrawals": 0}  # fmt: skip


@pytest.mark.parametrize(("model", "column"), NAMED, ids=lambda each: getattr(each, "__tablename__", each))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_is_found_and_its_item_named(
    bank: Platform, model: Any, column: str, data: st.DataObject
) -> None:
    named = NAMED[model, column]
    with open_work(bank, SYSTEM) as work:
        id_, before = a_row(work, model, column)
        put(work, model, column, id_, flip(before, data.draw(st.integers(0, len(before) - 1))))
    try:
        faults = prove_bank(bank)[1]
    finally:
        with open_work(bank, SYSTEM) as work:
            put(work, model, column, id_, before)
    assert faults
    assert all(fault.startswith(named) for fault in faults), faults


def test_what_was_put_at_another_place_is_found(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        one = add_item(work, replace(figure_item(), code="GEO-7"))
        other = add_item(work, replace(figure_item(), code="GEO-8"))
        row = work.db.get_one(ItemVersion, other)
        lift_triggers(work, ItemVersion)
        stolen = {"content_sealed": row.content_sealed, "data_key": row.data_key}
        work.db.execute(update(ItemVersion).where(ItemVersion.id == one).values(stolen))
        work.db.expire_all()
    faults = prove_bank(platform)[1]
    assert faults
    assert all(fault.startswith("item:GEO-7 version 1") for fault in faults)


@pytest.mark.parametrize(
    ("model", "said"), [(KeyVersion, "its key is gone"), (ItemMedia, "is gone"), (ManuscriptMedia, "is gone")]
)
def test_a_row_that_was_taken_out_is_missed(platform: Platform, model: Any, said: str) -> None:
    with open_work(platform, SYSTEM) as work:
        add_item(work, figure_item())
        place = accounts.an_organisation(work, "ntc").id
        author = Actor(frozenset({Role.WRITER}), accounts.a_staff_member(work, Role.WRITER), "x", place)
        service.begin(replace(work, actor=author), replace(figure_item(), code=OPEN), "ky")
        lift_triggers(work, model)
        work.db.execute(delete(model))
        work.db.expire_all()
    assert any(said in fault and fault.startswith("item:GEO-") for fault in prove_bank(platform)[1])


def test_a_version_that_was_taken_out_is_missed(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        add_item(work, figure_item())
    with open_work(platform, SYSTEM) as work:
        for model in (ItemSketch, KeyVersion, ItemMedia, Manuscript, ItemVersion):
            lift_triggers(work, model)
            work.db.execute(delete(model))
    assert prove_bank(platform)[1] == [
        "item:GEO-1 version 1: it was added, the journal says, and is not there"
    ]  # fmt: skip


@pytest.mark.parametrize(("change", "named"), [
    (delete(Withdrawal).where(Withdrawal.lifts_id.is_not(None)), "item:GEO-1: withdrawal_lifted stands in the journal"),
    (delete(Withdrawal).where(Withdrawal.cause == "lost"), "item:GEO-2: item_withdrawn stands in the journal"),
    (update(Withdrawal).values(reason="another"), "the withdrawal of GEO-1 otherwise"),
    (update(Withdrawal).values(cause="told"), "the withdrawal of GEO-2 otherwise"),
    (update(Withdrawal).values(is_in_running=False), "the withdrawal of GEO-2 otherwise"),
    (update(Withdrawal).values(withdrawn_by="staff:999"), "the withdrawal of GEO-1 otherwise"),
    (update(Withdrawal).values(item_id=select(func.min(Item.id)).scalar_subquery()), "of GEO-1 otherwise"),
])  # fmt: skip
def test_a_withdrawal_that_was_taken_out_or_changed_is_named(platform: Platform, change: Any, named: str) -> None:
    with open_work(platform, SYSTEM) as work:
        for code in ("GEO-1", "GEO-2"):
            add_item(work, factory.new_item(code))
        act = withdrawals.withdraw(work, ["GEO-1"], Decision(cause="published", reason="a picture"))
        withdrawals.withdraw(work, ["GEO-2"], Decision(cause="lost", reason="a bag", leaked_at=work.now))
        withdrawals.lift(work, act, "another text")
    assert prove_bank(platform)[1] == []
    with open_work(platform, SYSTEM) as work:
        lift_triggers(work, Withdrawal)
        work.db.execute(change)
    assert any(named in fault for fault in prove_bank(platform)[1])


def test_a_state_that_no_move_led_to_is_named(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        version_id = add_item(work, figure_item())
        manuscript = work.db.execute(select(Manuscript).where(Manuscript.item_version_id == version_id)).scalar_one()
        states.rest(work, [version_id], "шек")
        work.db.flush()
        work.db.execute(update(Manuscript).where(Manuscript.id == manuscript.id).values(state="in_use"))
        work.db.expire_all()
    [fault] = prove_bank(platform)[1]
    assert fault.startswith("item:GEO-1: manuscript:")
    assert "is in_use, its last move led elsewhere" in fault


def test_a_journal_line_that_was_taken_out_is_named(bank: Platform) -> None:
    with bank.database.reading() as db:
        row = db.execute(select(JournalEntry).order_by(JournalEntry.seq)).scalars().first()
        assert row is not None
        kept = {column.name: getattr(row, column.name) for column in JournalEntry.__table__.columns}
    with open_work(bank, SYSTEM) as work:
        lift_triggers(work, JournalEntry)
        work.db.execute(delete(JournalEntry).where(JournalEntry.seq == kept["seq"]))
    try:
        faults = verify(bank).faults
    finally:
        with open_work(bank, SYSTEM) as work:
            work.db.add(JournalEntry(**kept))
    assert "journal: entries 1 to 1 are missing" in faults
    assert verify(bank).faults == []


def test_without_settings_the_command_says_which_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["verify"])
    for name in ("SYNAK_DATABASE_URL", "SYNAK_MASTER_KEY", "SYNAK_MASTER_KEY_FILE", "SYNAK_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert job.main() == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Set SYNAK_")
    assert len(printed.err.splitlines()) == 1
