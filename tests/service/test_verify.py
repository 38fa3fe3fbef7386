"""The command that proves a database: silent where all is whole, and naming what somebody changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update

from itembank.blueprints.models import PoolItem
from server.accounts.models import Organisation
from server.candidates.models import Candidate
from server.core.db import append_only_ddl
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.delivery.models import ExamSession, Seal
from server.delivery.service import sealing
from server.jobs import verify as job
from server.jobs.verify import verify
from tests.factories.delivery import (
    a_running_session,
    a_session,
    a_sitting,
    finished_session,
    removed_session,
)
from tests.factories.grading import alter_response, alter_seed, alter_step, take_seal_away


@pytest.fixture
def session_id(platform: Platform) -> int:
    """A finished session in a database that also has one of every other state."""
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        a_session(work, sitting)
        a_running_session(work, sitting)
        removed_session(work, sitting)
        return finished_session(work, sitting)


def spoil(work: Work, model: type, **values: object) -> None:
    """Every row of the table is changed by somebody who holds the database."""
    if model.__table__.info.get("append_only"):  # type: ignore[attr-defined]
        for statement in append_only_ddl(model.__tablename__, work.db.get_bind().dialect.name)[1]:  # type: ignore[attr-defined]
            work.db.execute(text(statement))
    work.db.execute(update(model).values(**values).execution_options(synchronize_session=False))
    work.db.expire_all()


def forge_seal(work: Work, session_id: int) -> None:
    """An answer is changed and the session sealed again, with a key that somebody made for it."""
    alter_response(work, session_id, spent_ms=1)
    take_seal_away(work, session_id)
    vault = Vault(bytes(32), bytes(32))
    public, private = vault.new_signing_key("forger")
    value = sealing.evidence_digests(work, [session_id])[session_id]
    signature = vault.sign(private, "forger", sealing._message(value))
    work.db.add(
        Seal(session_id=session_id, digest=value, signature=signature, public_key=public, sealed_at=work.now)
    )
    work.db.flush()


def forget_session(work: Work, _session_id: int) -> None:
    """The journal tells of a sealed session that is not there."""
    work.record("session:sealed", "session:99999", digest="0" * 64)


def test_a_whole_database_has_no_fault_and_that_it_was_looked_at_is_journalled(
    platform: Platform, session_id: int
) -> None:
    report = verify(platform, replays=True)
    assert report.faults == []
    assert report.counts["sessions"] == report.counts["replays"] == 4
    assert report.counts["pools"] == 1
    number, _, mac = report.journal_end.partition(":")
    with platform.database.reading() as db:
        last = db.get_one(JournalEntry, int(number))
        assert last.mac.hex() == mac
        last = db.execute(select(JournalEntry).order_by(JournalEntry.seq.desc())).scalars().first()
        assert last is not None
        assert last.act == "verified"


DAMAGES: dict[str, tuple[Callable[[Work, int], object], str]] = {
    "an answer": (lambda w, s: alter_response(w, s, spent_ms=1), "session:{}: its seal does not fit"),
    "a task": (lambda w, s: alter_step(w, s, option_order="ABCD"), "session:{}: its seal does not fit"),
    "the seal": (take_seal_away, "session:{}: it is submitted and its seal is missing"),
    "another seal": (forge_seal, "session:{}: its seal was not made with its centre's key"),
    "another seal, by its digest": (forge_seal, "session:{}: its seal is not the one the journal knows"),
    "a session": (forget_session, "session:99999: it was sealed, the journal says, and is not there"),
    "a name": (lambda w, _: spoil(w, Candidate, given_name="X"), "who is registered is not who was certified"),
    "a pool": (lambda w, _: spoil(w, PoolItem, b=0.0), "is not as it was published"),
    "a line": (lambda w, _: spoil(w, JournalEntry, facts="{}"), "journal: entry 1 "),
    "a key": (lambda w, _: spoil(w, Organisation, sealing_public=bytes(32)), "its public key is not the one"),
    "half a key": (lambda w, _: spoil(w, Organisation, sealing_public=None), "half of its sealing key"),
    "a state": (lambda w, s: spoil_state(w, s), "session:{}: it is sealed and yet running"),
}


def spoil_state(work: Work, session_id: int) -> None:
    """A finished session says that it still runs."""
    table = ExamSession.__table__
    work.db.execute(update(table).where(table.c.id == session_id).values(state="running"))  # type: ignore[arg-type]
    work.db.expire_all()


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_changed_is_named(platform: Platform, session_id: int, damage: str) -> None:
    act, wanted = DAMAGES[damage]
    with open_work(platform, SYSTEM) as work:
        act(work, session_id)
    report = verify(platform)
    assert any(wanted.format(session_id) in fault for fault in report.faults), report.faults


def test_a_replay_names_what_a_seal_cannot_know(platform: Platform, session_id: int) -> None:
    with open_work(platform, SYSTEM) as work:
        alter_seed(work, session_id)
    assert any("a replay gives" in fault for fault in verify(platform, replays=True).faults)


def test_rows_that_make_no_sense_stop_nothing(platform: Platform, session_id: int) -> None:
    with open_work(platform, SYSTEM) as work:
        take_seal_away(work, session_id)
        row = work.db.execute(select(Organisation).order_by(Organisation.id)).scalars().first()
        assert row is not None
        row.sealing_private = b"nonsense"
    faults = verify(platform).faults
    assert any(fault.startswith(f"organisation:{row.id}: organisation:{row.code} does not open") for fault in faults)
    assert any("its seal is missing" in fault for fault in faults)


@pytest.mark.parametrize(("faults", "code"), [([], 0), (["journal: entry 3 was changed"], 1)])
def test_the_exit_code_tells(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], faults: list[str],
    code: int,
) -> None:  # fmt: skip
    class Configured:
        @staticmethod
        def from_env() -> Configured:
            return Configured()

        def make_platform(self) -> Platform:
            return platform

    monkeypatch.setattr("sys.argv", ["verify"])
    monkeypatch.setattr(job, "Config", Configured)
    monkeypatch.setattr(job, "verify", lambda _platform, replays: job.Report({"pools": 2}, faults))
    monkeypatch.setattr(type(platform.database), "close", lambda _self: None)
    assert job.main() == code
    printed = capsys.readouterr()
    assert printed.out.splitlines() == faults
    assert f"2 pools: {len(faults)} faults" in printed.err
