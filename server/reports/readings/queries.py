"""Who read which results, from the journal: shown to auditors without a result or a candidate's name (CS-5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from server.accounts.models import Organisation, Staff
from server.accounts.queries import staff_id_of
from server.core import journal
from server.core.i18n import language
from server.core.journal import JournalEntry
from server.core.work import Work
from server.delivery.models import ExamSession

ACTS = ("result:read", "results:read", "result:exported", "work:decoded")
NUMBERS_SHOWN = 12
SCANNED = 5000  # lines that are looked through for one candidate, at one time


@dataclass(frozen=True)
class Reading:
    """One reading: when, who of which organisation, by which act on what, and of how many candidates."""

    seq: int
    at: datetime
    who: str
    organisation: str
    actor: str
    act: str
    subject: str
    n: int
    numbers: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True)
class Found:
    """A page of readings, newest first, and from where on to read earlier ones."""

    readings: Sequence[Reading]
    before: int | None


def readings(work: Work, *, actor: str, number: str, before: int | None, size: int) -> Found:
    """The newest readings by that actor, of the candidate with that registration number, where they are asked for."""
    wanted: list[ColumnElement[bool]] = [JournalEntry.act.in_(ACTS)]
    if actor:
        wanted.append(JournalEntry.actor == actor)
    if before is not None:
        wanted.append(JournalEntry.seq < before)
    of = _sessions_numbered(work, number) if number else None
    if of is not None:
        wanted.append(or_(*(JournalEntry.subject == f"session:{each}" for each in of),
                          *(JournalEntry.facts.contains(str(each)) for each in of)) if of else JournalEntry.seq < 0)
    query = select(JournalEntry).where(*wanted).order_by(JournalEntry.seq.desc()).limit(SCANNED)
    lines = [line for line in work.db.execute(query).scalars() if of is None or of & _sessions_of(line)]
    shown = lines[:size]
    return Found(_readings(work, shown), shown[-1].seq if len(lines) > size else None)


def _readings(work: Work, lines: Sequence[JournalEntry]) -> list[Reading]:
    sessions = {line.seq: _sessions_of(line) for line in lines}
    shown = {seq: sorted(ids)[:NUMBERS_SHOWN] for seq, ids in sessions.items()}
    numbers = _numbers(work, {each for ids in shown.values() for each in ids})
    staff = _staff(work, {id_ for line in lines if (id_ := staff_id_of(line.actor)) is not None})
    whole = journal.whole(work.db, work.vault, lines)
    return [
        Reading(
            line.seq, line.at, *staff.get(staff_id_of(line.actor) or 0, ("", "")), line.actor, line.act, line.subject,
            len(sessions[line.seq]), tuple(numbers[each] for each in shown[line.seq] if each in numbers),
            whole[line.seq],
        )
        for line in lines
    ]  # fmt: skip


def _sessions_of(line: JournalEntry) -> set[int]:
    """Whose results a line says were read."""
    facts: dict[str, Any] = json.loads(line.facts)
    listed = facts.get("sessions") or ([facts["session"]] if isinstance(facts.get("session"), int) else [])
    kind, _, number = line.subject.partition(":")
    own = {int(number)} if kind == "session" and number.isdecimal() else set()
    return own | {each for each in listed if isinstance(each, int)}


def _sessions_numbered(work: Work, number: str) -> set[int]:
    query = select(ExamSession.id).where(ExamSession.registration_no == number)
    return set(work.db.execute(query).scalars())


def _numbers(work: Work, session_ids: Iterable[int]) -> dict[int, str]:
    query = select(ExamSession.id, ExamSession.registration_no).where(ExamSession.id.in_(list(session_ids)))
    return {row.id: row.registration_no for row in work.db.execute(query)}


def _staff(work: Work, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    query = select(Staff.id, Staff.name, Organisation.names)
    query = query.join(Organisation, Organisation.id == Staff.organisation_id)
    return {
        id_: (name, names.get(language()) or next(iter(names.values())))
        for id_, name, names in work.db.execute(query.where(Staff.id.in_(list(ids))))
    }
