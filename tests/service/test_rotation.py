"""Another master key: every wrapped key goes over to it, wherever it lies, and the old one opens nothing any more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, select, text, update
from sqlalchemy.exc import DatabaseError

from itembank.authoring import service as authoring
from itembank.authoring.models import CommissionSession
from itembank.interchange.models import ItemImport
from itembank.items.models import ItemVersion
from itembank.recipes.service import keep
from itembank.recipes.starting import EMPTY
from server.accounts import second_factor
from server.accounts.models import SecondFactor
from server.candidates.cases import Facts, NewCase, file_case
from server.core.journal import JournalEntry
from server.core.masters import ID, Ring
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.core.wrapped import KeyColumn, key_columns
from server.delivery import session_ref
from server.delivery.models import ExamSession
from server.jobs import rotate_keys
from server.jobs.rotate_keys import rotate, verdict
from server.jobs.verify import verify
from server.marking.models import Marking
from server.statements.models import StatementBatch
from server.web.all_models import metadata
from tests.conftest import MASTER, SECRET
from tests.factories import itembank as factory
from tests.factories.accounts import a_staff_member
from tests.factories.appeals import a_chamber
from tests.factories.cases import offices_of
from tests.factories.delivery import a_sitting, finished_session
from tests.factories.statements import after_release

ROOT = Path(__file__).resolve().parents[2]
NEW = bytes(range(100, 132))
OLD_ID, NEW_ID = Ring(MASTER).ids()[0], Ring(NEW).ids()[0]
COLUMNS = {str(each): each for each in key_columns(metadata)}
# Each module that makes a key, and where it lies; those of `held` go to the browser and come back with its form.
MAKERS = {
    "server/accounts/service.py": {"organisation.sealing_private"},
    "server/accounts/second_factor/enrolment.py": {"second_factor.pending", "second_factor.secret"},
    "server/candidates/service.py": {"candidate.data_key"},
    "server/candidates/cases/service.py": {"candidate_case.data_key"},
    "server/candidates/held.py": set(),
    "server/delivery/service/planning.py": {"exam_session.data_key"},
    "server/marking/opening.py": {"marking.data_key"},
    "server/appeals/filing.py": {"appeal.data_key"},
    "server/statements/batch.py": {"statement_batch.data_key"},
    "itembank/items/service.py": {"item_version.data_key"},
    "itembank/authoring/safe.py": {"manuscript.data_key"},
    "itembank/authoring/commission/service.py": {"commission_session.data_key"},
    "itembank/interchange/service.py": {"item_import.data_key"},
    "itembank/recipes/service.py": {"item_recipe.data_key"},
}


def under(platform: Platform, *masters: bytes) -> Platform:
    """The platform of a server with that ring."""
    return replace(platform, vault=Vault(Ring(*masters), SECRET))


def silence(_what: str) -> None:
    """Nobody is told."""


@pytest.fixture
def filled(platform: Platform) -> Platform:
    """A database with a key in every column that holds any."""
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        for _ in range(3):
            session_id = finished_session(work, sitting)
        asked_for(work, session_id)
        after_the_test(work, sitting.id)
        careful = a_staff_member(work, Role.WRITER, login="careful")
        second_factor.begin(work, careful, "")
        writer = replace(work, actor=Actor(frozenset({Role.WRITER}), careful, "Writer", 1))
        authoring.begin(writer, factory.new_item("GEO-1"), "ky")
        writing(work, careful)
        bound = a_staff_member(work, Role.AUDITOR, login="bound")
        secret, codes = second_factor.begin(work, bound, "").raw, second_factor.codes
        code = codes.code_of(secret, codes.step_at(work.now))
        second_factor.confirm(work, bound, "", code)
    return platform


def asked_for(work: Work, session_id: int) -> None:
    """A case of a candidate."""
    who, by = session_ref(work, session_id).registration_id, offices_of(work, session_id)
    file_case(replace(work, actor=by.department), NewCase("exemption", who, "exchange"), Facts(None, None))


def after_the_test(work: Work, sitting_id: int) -> None:
    """What is marked, appealed and printed: notes of markers, an appeal, an archive of statements."""
    chamber = a_chamber(work)
    chamber.filed(chamber.sessions[0])
    work.db.add(Marking(sitting_id=sitting_id, due_at=work.now, opened_at=work.now,
                        opened_by_id=chamber.office.actor.id or 0,
                        data_key=work.vault.new_key(f"marking:{sitting_id}")[1]))  # fmt: skip
    approval = after_release(work, is_as_answered=True).later().approved()
    work.db.add(StatementBatch(id=1, approval_id=approval.id, asked_by="staff:1", language="ky", n=0, digest="",
                               made_at=work.now, archive_sealed=b"",
                               data_key=work.vault.new_key("statement_batch:1")[1]))  # fmt: skip


def writing(work: Work, staff_id: int) -> None:
    """What is being written in the bank: a session's minutes, a recipe, a file that waits to be taken in."""
    geography: dict[str, Any] = {"subject": "geography"}
    work.db.add(CommissionSession(
        **geography, id=1, held_on=work.now.date(), order_no="1", members=[], chair_id=staff_id, state="open",
        data_key=work.vault.new_key("commission_session:1")[1], opened_at=work.now, opened_by="system",
    ))  # fmt: skip
    keep(replace(work, actor=replace(work.actor, id=staff_id)), replace(EMPTY, **geography))
    work.db.add(ItemImport(
        **geography, id=1, staff_id=staff_id, area="asia", tier="basic", language="ky", upload_sealed=b"",
        received_at=work.now, data_key=work.vault.new_key("item_import:1")[1],
    ))  # fmt: skip


def wrapped_by(platform: Platform, master: bytes) -> dict[str, int]:
    with platform.database.reading() as db:
        return {name: each.count(db, master) for name, each in COLUMNS.items()}


def test_every_maker_of_keys_says_where_they_lie() -> None:
    made = {path.relative_to(ROOT).as_posix() for top in ("server", "itembank", "proctor")
            for path in (ROOT / top).rglob("*.py")
            if any(f"vault.{call}(" in path.read_text("utf-8") for call in ("new_key", "new_signing_key"))}  # fmt: skip
    assert made == set(MAKERS)
    assert set().union(*MAKERS.values()) == set(COLUMNS)


def test_every_key_goes_over_and_everything_opens_without_the_old_one(filled: Platform) -> None:
    before = wrapped_by(filled, OLD_ID)
    assert all(before.values()), "a column of keys without a row in this test"
    told: list[str] = []
    done = rotate(under(filled, NEW, MASTER), told.append)
    assert done.is_whole
    assert done.rewrapped == sum(before.values())
    assert wrapped_by(filled, NEW_ID) == before
    assert not any(wrapped_by(filled, OLD_ID).values())
    assert {line.split(":")[0] for line in told} == set(COLUMNS)
    assert "wraps nothing here any more" in verdict(done)[1]
    report = verify(under(filled, NEW), replays=True)
    assert report.faults == []
    assert report.counts["keys"] == done.rewrapped
    again = rotate(under(filled, NEW), silence)
    assert (again.rewrapped, again.is_whole, len(verdict(again))) == (0, True, 1)
    with filled.database.reading() as db:
        facts = db.execute(select(JournalEntry.facts).where(JournalEntry.act == "master_key_rotated")).scalars().first()
    assert NEW_ID.hex() in str(facts)
    assert NEW.hex() not in str(facts)


def test_a_server_without_the_new_key_opens_nothing_that_went_over(filled: Platform) -> None:
    rotate(under(filled, NEW, MASTER), silence)
    faults = verify(filled).faults
    assert any(f"master key {NEW_ID.hex()} is not at hand" in fault for fault in faults)


def test_what_a_server_wraps_under_the_old_key_meanwhile_is_reached_by_the_next_run(filled: Platform) -> None:
    both = under(filled, NEW, MASTER)
    rotate(both, silence)
    with open_work(filled, SYSTEM) as work:
        second_factor.begin(work, a_staff_member(work, Role.AUDITOR, login="late"), "")
    late = sum(wrapped_by(filled, OLD_ID).values())
    assert late > 0
    done = rotate(both, silence)
    assert (done.rewrapped, done.is_whole) == (late, True)


def test_a_run_that_ended_in_the_middle_is_gone_on_with(filled: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate_keys, "BATCH", 2)
    both, batches = under(filled, NEW, MASTER), 0

    def interrupt(_what: str) -> None:
        nonlocal batches
        batches += 1
        if batches == 5:
            raise KeyboardInterrupt

    whole = sum(wrapped_by(filled, OLD_ID).values())
    with pytest.raises(KeyboardInterrupt):
        rotate(both, interrupt)
    went, stayed = sum(wrapped_by(filled, NEW_ID).values()), sum(wrapped_by(filled, OLD_ID).values())
    assert (went > 0, stayed > 0, went + stayed) == (True, True, whole)
    assert verify(both).faults == []  # half and half, everything opens
    assert rotate(both, silence).rewrapped == stayed
    assert verify(under(filled, NEW)).faults == []


@pytest.mark.parametrize("at", [0, ID, -1], ids=["the id", "the nonce", "the tag"])
def test_a_flipped_bit_is_named_and_keeps_the_old_key(filled: Platform, at: int) -> None:
    named = {flip(filled, column, at) for column in COLUMNS.values()}
    found = {": ".join(fault.split(": ")[:2]) for fault in verify(filled).faults}
    assert named <= found
    done = rotate(under(filled, NEW, MASTER), silence)
    assert not done.is_whole
    assert {": ".join(fault.split(": ")[:2]) for fault in done.faults} == named


def flip(platform: Platform, column: KeyColumn, at: int) -> str:
    """A bit of one key of the column is another; what a fault calls it."""
    cell, row_id = column.table.c[column.name], next(iter(column.table.primary_key))
    with platform.database.writing() as db:
        row, wrapped = db.execute(select(row_id, cell).where(cell.is_not(None)).limit(1)).one()
        flipped = bytearray(wrapped)
        flipped[at] ^= 1
        db.execute(update(column.table).where(row_id == row).values({column.name: bytes(flipped)}))
    return f"{column.table.name}:{row}: {column.name}"


def test_a_key_moved_to_another_row_is_named(filled: Platform) -> None:
    with filled.database.writing() as db:
        one, other = db.execute(select(ExamSession.id).order_by(ExamSession.id).limit(2)).scalars()
        key = select(ExamSession.data_key).where(ExamSession.id == one).scalar_subquery()
        db.execute(update(ExamSession).where(ExamSession.id == other).values(data_key=key))
    assert any(fault.startswith(f"exam_session:{other}: data_key: ") for fault in verify(filled).faults)


def test_a_wrapped_key_where_none_is_known_to_lie_keeps_all_master_keys(
    filled: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SecondFactor.__table__.c.secret.info, "wrapped_at", "")
    both = under(filled, NEW, MASTER)
    done = rotate(both, silence)
    assert not done.is_whole
    assert "KEEP all master keys" in verdict(done)[-1]
    assert any(fault.startswith("second_factor.secret: ") for fault in verify(both).faults)


def test_of_an_item_version_nothing_but_its_wrapped_key_changes(work: Work) -> None:
    factory.published_pool(work)
    row = work.db.execute(select(ItemVersion.__table__).limit(1)).mappings().one()
    others = {"id": 999_999, "item_id": 999_999, "version": 99, "languages": "[]", "place": "x", "made_by": "x",
              "made_at": "2026-01-01 00:00:00"}  # fmt: skip
    others |= {name: b"x" for name in row if isinstance(ItemVersion.__table__.c[name].type, LargeBinary)}
    assert set(row) == set(others)
    for name in set(row) - {"data_key"}:
        for change in (f"{name} = :value", f"{name} = :value, data_key = :key"):
            refuses(work, f"UPDATE item_version SET {change} WHERE id = :id", row["id"], others[name])
    refuses(work, "UPDATE item_version SET data_key = data_key WHERE id = :id", row["id"], None)
    refuses(work, "DELETE FROM item_version WHERE id = :id", row["id"], None)
    if work.db.get_bind().dialect.name == "sqlite":
        refuses(work, "UPDATE item_version SET rowid = :value WHERE id = :id", row["id"], 999_999)
    anew = update(ItemVersion.__table__).where(ItemVersion.__table__.c.id == row["id"])
    work.db.execute(anew.values(data_key=b"another"))
    assert work.db.execute(select(ItemVersion.data_key).where(ItemVersion.id == row["id"])).scalar_one() == b"another"


def refuses(work: Work, statement: str, row_id: int, value: object) -> None:
    given = {"id": row_id, "value": value, "key": b"another"}
    wanted = {name: each for name, each in given.items() if f":{name}" in statement}
    with pytest.raises(DatabaseError, match="append-only"), work.db.begin_nested():
        work.db.execute(text(statement), wanted)
