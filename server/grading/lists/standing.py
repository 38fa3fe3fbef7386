"""How the results of a sitting stand now, as rows of a list would have them; and the digests over such rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select

from server.candidates.schools import school_names
from server.core.db import batches
from server.core.ruling import Json
from server.core.vault import digest
from server.core.work import Work
from server.delivery.rolls import RollEntry, ids_of, roll_of
from server.grading import control
from server.grading.models import Eligibility, Grade, Hold

HELD_BACK = "held_back"  # by people who look at unusual results before they leave


class Row(NamedTuple):
    """One candidate with what is known of the result; columns and names as `ResultRow` has them."""

    session_id: int
    registration_id: int
    centre_id: int
    registration_no: str
    name: str
    school: str
    state: str
    grades: Sequence[dict[str, Any]]
    is_eligible: bool | None
    reasons: Sequence[dict[str, Any]]
    hold: str | None
    fingerprint: str

    @property
    def is_settled(self) -> bool:
        """Whether there is a decision, or a reason why there is none."""
        return self.is_eligible is not None or self.hold is not None


@dataclass(frozen=True)
class Basis:
    """What the rows of a sitting's list follow from: whose, who is held back and why, and how much is on record.

    Grades, decisions and holds are only added, so that as many as then are the same ones."""

    roll: Sequence[RollEntry]
    held: Mapping[int, str]
    n_recorded: int


def basis_of(work: Work, sitting_id: int) -> Basis:
    """What a list of the sitting would follow from now; two that are alike make the same list."""
    return Basis(roll_of(work, sitting_id), control.held(work, sitting_id), _n_recorded(work, sitting_id))


def standing_rows(work: Work, roll: Sequence[RollEntry], held: Collection[int] = ()) -> list[Row]:
    """The rows of these sessions as they stand, in the order of the roll; of those held back no grade, no decision.

    Why somebody is held back is for the testing centre to know: a list says only that it is so."""
    ids = [each.session_id for each in roll if each.session_id not in held]
    grades, decisions, holds = _grades(work, ids), _decisions(work, ids), _holds(work, ids)
    holds |= dict.fromkeys(held, HELD_BACK)
    schools = school_names(work, [each.registration_id for each in roll])
    rows = []
    for each in roll:
        is_eligible, reasons = decisions.get(each.session_id, (None, []))
        hold = holds.get(each.session_id) if is_eligible is None else None
        given = grades.get(each.session_id, [])
        told = _fingerprint(each.state, given, is_eligible, reasons, hold)
        rows.append(
            Row(each.session_id, each.registration_id, each.centre_id, each.registration_no, each.name,
                schools[each.registration_id], each.state, given, is_eligible, reasons, hold, told)
        )  # fmt: skip
    return rows


def digest_of_rows(sitting_id: int, rows: Iterable[Row]) -> str:
    """SHA-256 over every row, in the order of registration numbers; of each no more is kept than its line."""
    lines = sorted((row.registration_no, row.session_id, _canonical(_line(row))) for row in rows)
    whole = b",".join(line for _number, _session_id, line in lines)
    return digest(b'["synak result list 1",%d,[%s]]' % (sitting_id, whole))


def fingerprint_of(row: Row) -> str:
    """The fingerprint as it must be, of what the candidate is told."""
    return _fingerprint(row.state, row.grades, row.is_eligible, row.reasons, row.hold)


def _line(row: Row) -> list[Any]:
    return [
        row.session_id, row.registration_id, row.centre_id, row.registration_no, row.name, row.school,
        [each["id"] for each in row.grades], row.fingerprint,
    ]  # fmt: skip


def _fingerprint(
    state: str, grades: Sequence[dict[str, Any]], is_eligible: bool | None, reasons: Sequence[dict[str, Any]],
    hold: str | None,
) -> str:  # fmt: skip
    # Not the ids: a grade that was given anew and is the same tells the candidate nothing new.
    told: list[Json] = [[each["subject"], each["percent"], each["grade"]] for each in grades]
    return digest(_canonical([state, told, is_eligible, list(reasons), hold]))


def _n_recorded(work: Work, sitting_id: int) -> int:
    counts = (
        select(func.count()).select_from(model).where(model.session_id.in_(ids_of(sitting_id))).scalar_subquery()
        for model in (Grade, Eligibility, Hold)
    )
    return sum(work.db.execute(select(*counts)).one())


def _grades(work: Work, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    newest: dict[int, dict[str, dict[str, Any]]] = {}
    for some in batches(ids):
        query = select(Grade.session_id, Grade.subject, Grade.percent, Grade.grade, Grade.id)
        # In order of id, so that a correction comes after what it supersedes.
        for session_id, subject, percent, grade, id_ in work.db.execute(
            query.where(Grade.session_id.in_(some)).order_by(Grade.id)
        ):
            row = {"subject": subject, "percent": percent, "grade": grade, "id": id_}
            newest.setdefault(session_id, {})[subject] = row
    return {session_id: [found[each] for each in sorted(found)] for session_id, found in newest.items()}


def _decisions(work: Work, ids: Sequence[int]) -> dict[int, tuple[bool, list[dict[str, Any]]]]:
    found: dict[int, tuple[bool, list[dict[str, Any]]]] = {}
    for some in batches(ids):
        query = select(Eligibility.session_id, Eligibility.is_eligible, Eligibility.ruling)
        for session_id, is_eligible, ruling in work.db.execute(
            query.where(Eligibility.session_id.in_(some)).order_by(Eligibility.id)
        ):
            found[session_id] = (is_eligible, ruling["facts"]["reasons"])
    return found


def _holds(work: Work, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in batches(ids):
        query = select(Hold.session_id, Hold.reason).where(Hold.session_id.in_(some)).order_by(Hold.id)
        for session_id, reason in work.db.execute(query):
            found[session_id] = reason
    return found


def _canonical(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
