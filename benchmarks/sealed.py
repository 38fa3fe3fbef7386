"""A sealed sitting of as many candidates as a benchmark asks for, in a fresh SQLite file.

Some forty tests are sat by simulated candidates through the services; the others repeat them under names, keys and
seals of their own, row by row, so that every seal, sheet and answer is what the product would have written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from server import accounts
from server.core.clock import SystemClock
from server.core.db import Database
from server.core.roles import SYSTEM
from server.core.vault import Vault
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery.models import ExamSession, Seal, Sitting, answer_place, session_place, working_place
from server.delivery.service.sealing import _message, evidence_digests
from server.jobs.demonstration.past import ensure_past
from server.jobs.migrate import migrate

AT_ONCE = 500
Row = dict[str, Any]


def platform_of(path: str) -> Platform:
    """The product on this file."""
    return Platform(Database(f"sqlite:///{path}"), SystemClock(), Vault(b"m" * 32, b"s" * 32))


def a_sealed_sitting(path: str, count: int, say: Any = print) -> int:
    """The sitting: `count` candidates who have finished all four subjects, under their seals."""
    platform = platform_of(path)
    migrate(platform.database)
    ensure_past(platform, SYSTEM, lambda _text: None, 2, 3, 4)
    with open_reading(platform, SYSTEM) as work:
        models = _models(work)
        past = work.db.execute(select(Sitting.id)).scalars().one()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.row_factory = sqlite3.Row
    raw.execute("PRAGMA synchronous=OFF")
    sitting_id = _copied_sitting(raw, past)
    for done in range(0, count, AT_ONCE):
        numbers = range(done, min(done + AT_ONCE, count))
        _copy(raw, platform.vault, sitting_id, [(n, models[n % len(models)]) for n in numbers])
        say(f"sat {numbers[-1] + 1} of {count}")
    raw.close()
    _seal(platform, sitting_id, say)
    platform.database.close()
    return sitting_id


@dataclass
class _Model:
    """A test that was sat: its rows, its answers and workings opened."""

    candidate: Row
    registration: Row
    subjects: list[Row]
    session: Row
    sections: list[Row]
    rows: dict[str, list[Row]]


def _models(work: Work) -> list[_Model]:
    ids = work.db.execute(select(ExamSession.id).where(ExamSession.state == "submitted").order_by(ExamSession.id))
    return [_model(work, id_) for id_ in ids.scalars().all()]


def _model(work: Work, session_id: int) -> _Model:
    raw: Any = work.db.connection().connection.driver_connection

    def rows(table: str, column: str, value: int) -> list[Row]:
        cursor = raw.execute(f"SELECT * FROM {table} WHERE {column} = ? ORDER BY 1", (value,))
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    (session,) = rows("exam_session", "id", session_id)
    (registration,) = rows("registration", "id", session["registration_id"])
    (candidate,) = rows("candidate", "id", registration["candidate_id"])
    subjects = rows("registration_subject", "registration_id", registration["id"])
    sections = rows("section", "session_id", session_id)
    every = {
        table: [row for section in sections for row in rows(table, "section_id", section["id"])]
        for table in ("step", "response", "working", "answer_sheet")
    }
    key = work.vault.unwrap(session["data_key"], session_place(session["sitting_id"], session["registration_id"]))
    for table, name, place in SEALED:
        for row in every[table]:
            row[name] = work.vault.open(key, row[name], place(session_id, row["section_id"], row["seq"]))
    return _Model(candidate, registration, subjects, session, sections, every)


SEALED = (("response", "answer_sealed", answer_place), ("working", "content_sealed", working_place))


def _copied_sitting(raw: sqlite3.Connection, past: int) -> int:
    (row,) = (dict(each) for each in raw.execute("SELECT * FROM sitting WHERE id = ?", (past,)))
    parts = [dict(each) for each in raw.execute("SELECT * FROM sitting_section WHERE sitting_id = ?", (past,))]
    sitting_id = past + 1
    _insert(raw, "sitting", [{**row, "id": sitting_id}])
    _insert(raw, "sitting_section", [{**each, "id": None, "sitting_id": sitting_id} for each in parts])
    return sitting_id


def _copy(raw: sqlite3.Connection, vault: Vault, sitting_id: int, numbered: Sequence[tuple[int, _Model]]) -> None:
    """Rows of a room at a time, in the order in which they came: by the clock, not candidate by candidate."""
    base = {table: _last(raw, table) + 1 for table in ("candidate", "registration", "exam_session", "section")}
    made: dict[str, list[Row]] = {}
    for at, (n, model) in enumerate(numbered):
        person, registered, session = (base[table] + at for table in ("candidate", "registration", "exam_session"))
        key, wrapped = vault.new_key(session_place(sitting_id, registered))
        number = f"B{n:07d}"
        add = made.setdefault
        add("candidate", []).append({**model.candidate, "id": person, "document_mac": os.urandom(32)})
        add("registration", []).append(
            {**model.registration, "id": registered, "candidate_id": person, "registration_no": number}
        )
        add("registration_subject", []).extend(
            {**each, "id": None, "registration_id": registered} for each in model.subjects
        )
        add("exam_session", []).append({
            **model.session, "id": session, "sitting_id": sitting_id, "registration_id": registered,
            "registration_no": number, "data_key": wrapped, "seat": None, "topic": None,
        })  # fmt: skip
        first = base["section"] + len(made.get("section", ()))
        sections = {each["id"]: first + i for i, each in enumerate(model.sections)}
        add("section", []).extend(
            {**each, "id": sections[each["id"]], "session_id": session} for each in model.sections
        )
        for table, rows in model.rows.items():
            add(table, []).extend(_moved(vault, key, table, rows, session, sections))
    raw.execute("BEGIN")
    for table, rows in made.items():
        if table in ("step", "response"):
            rows.sort(key=lambda row: (row["made_at" if table == "step" else "received_at"]))
        _insert(raw, table, rows)
    raw.execute("COMMIT")


def _moved(
    vault: Vault, key: bytes, table: str, rows: Iterable[Row], session: int, sections: dict[int, int]
) -> Iterator[Row]:  # fmt: skip
    sealed = {name: (column, place) for name, column, place in SEALED}.get(table)
    for row in rows:
        moved = {**row, "session_id": session, "section_id": sections[row["section_id"]]}
        if "id" in row:
            moved["id"] = None
        if sealed is not None:
            column, place = sealed
            moved[column] = vault.seal(key, row[column], place(session, moved["section_id"], row["seq"]))
        yield moved


def _insert(raw: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        names = ", ".join(rows[0])
        places = ", ".join("?" * len(rows[0]))
        raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", [tuple(row.values()) for row in rows])


def _last(raw: sqlite3.Connection, table: str) -> int:
    return int(raw.execute(f"SELECT max(id) FROM {table}").fetchone()[0])


def _seal(platform: Platform, sitting_id: int, say: Any) -> None:
    with open_reading(platform, SYSTEM) as work:
        sessions = select(ExamSession.id, ExamSession.centre_id).where(ExamSession.sitting_id == sitting_id)
        every = work.db.execute(sessions).all()
    for some in (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE)):
        with open_work(platform, SYSTEM) as work:
            digests = evidence_digests(work, [row.id for row in some])
            rows = []
            for row in some:
                value = digests[row.id]
                signature, public_key = accounts.sealing(work, row.centre_id, _message(value))
                rows.append({"session_id": row.id, "digest": value, "signature": signature, "public_key": public_key,
                             "sealed_at": work.now})  # fmt: skip
            work.db.execute(insert(Seal), rows)
        say(f"sealed up to session {some[-1].id}")
