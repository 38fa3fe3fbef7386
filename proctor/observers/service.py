"""Commands on observers: invited by the centre, signed in by a one-time code, heard in their remarks (CS-3)."""

from __future__ import annotations

from dataclasses import dataclass

from proctor.observers.models import Observer, ObserverRemark
from proctor.observers.queries import own_observer, watched
from proctor.rooms.duty import own_room_sitting
from proctor.rooms.rules import ObserversRule
from server import delivery
from server.core.errors import CatError, Denied, Invalid
from server.core.vault import Vault
from server.core.work import Work
from server.delivery import codes

NAME_MAX, BODY_MAX, MANDATE_MAX, REMARK_MAX = 120, 200, 60, 1000
REMARKS_MAX = 100
PREFIX = "O-"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Who is to observe: for whom they speak, and the paper by which they come. `is_whole`: all rooms here."""

    name: str
    kind: str
    body: str
    mandate: str
    is_whole: bool = False


def invite(work: Work, room_sitting_id: int, asked: Invitation) -> int:
    """The person may observe this room, or every room of the sitting at this centre; refused to other kinds."""
    room, where = own_room_sitting(work, room_sitting_id)
    typed = {"name": (asked.name, NAME_MAX), "body": (asked.body, BODY_MAX), "mandate": (asked.mandate, MANDATE_MAX)}
    fields = {name: " ".join(text.split()) for name, (text, _most) in typed.items()}
    if not all(0 < len(fields[name]) <= most for name, (_text, most) in typed.items()):
        raise Invalid("observer_malformed", name_max=NAME_MAX, mandate_max=MANDATE_MAX)
    rule = delivery.sitting_ref(work, room.sitting_id).edition.get("CS-3", ObserversRule)
    ruling = rule.judge(asked.kind, "room").or_refuse()
    row = Observer(
        sitting_id=room.sitting_id, centre_id=where.centre_id, room_sitting_id=None if asked.is_whole else room.id,
        kind=asked.kind, **fields, ruling=ruling.to_json(), invited_by=work.actor.id, invited_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record("observer:invited", f"observer:{row.id}", clause=ruling.clause, room_sitting=room.id,
                kind=asked.kind, mandate=fields["mandate"], is_whole=asked.is_whole)
    return row.id


def renew(work: Work, observer_id: int) -> None:
    """The observer has a new code; a device that was signed in is left at once."""
    row = own_observer(work, observer_id, to_change=True)
    row.code_serial += 1
    row.lease += 1
    row.code_used_at = row.code_locked_until = None
    row.code_failed = 0
    work.record("observer:code-renewed", f"observer:{row.id}", clause="CS-3", serial=row.code_serial)


def withdraw(work: Work, observer_id: int) -> None:
    """The observer sees nothing any more; what they remarked stays."""
    row = own_observer(work, observer_id, to_change=True)
    if row.withdrawn_at is None:
        row.withdrawn_at = work.now
        row.lease += 1
        work.record("observer:withdrawn", f"observer:{row.id}", clause="CS-3")


def sign_in(work: Work, number: str, code: str) -> tuple[int, int] | CatError:
    """The observer and the lease of the device; or the refusal, returned so that a failed try is counted."""
    row = _by_number(work, number)
    if row is None or row.withdrawn_at is not None:
        return Denied("observer_code_wrong")
    if not codes.matches(code_of(work.vault, row), code):
        wait_s = codes.failed(row, work.now)
        if wait_s:
            return Denied("code_locked", seconds=wait_s)
        work.record("observer:sign-in-failed", f"observer:{row.id}", failed=row.code_failed)
        return Denied("observer_code_wrong")
    if row.code_used_at is not None:
        work.record("observer:second-device", f"observer:{row.id}")
        return Denied("observer_code_used")
    row.code_used_at, row.code_failed = work.now, 0
    row.lease += 1
    work.record("observer:signed-in", f"observer:{row.id}", clause="CS-3", lease=row.lease)
    return row.id, row.lease


def remark(work: Work, room_sitting_id: int, text: str) -> None:
    """The remark stands under the observer's name, for the centre, the office and the report of the room."""
    row, room = watched(work, room_sitting_id)
    text = text.strip()
    if not 0 < len(text) <= REMARK_MAX:
        raise Invalid("remark_malformed", maximum=REMARK_MAX)
    if work.db.query(ObserverRemark).filter_by(observer_id=row.id).count() >= REMARKS_MAX:
        raise Invalid("remarks_too_many", maximum=REMARKS_MAX)
    work.db.add(ObserverRemark(observer_id=row.id, room_sitting_id=room.id, text=text, made_at=work.now))
    work.record("observer:remarked", f"room_sitting:{room.id}", clause="CS-3", observer=row.id)


def number_of(observer_id: int) -> str:
    """How the slip names the observer: not their name, so that no list of names is of any use."""
    return f"{PREFIX}{observer_id}"


def code_of(vault: Vault, row: Observer) -> str:
    """The observer's one-time code at its present serial: derived, never stored."""
    return codes.written(vault.mac("observer-code", f"{row.id}/{row.code_serial}".encode()))


def _by_number(work: Work, number: str) -> Observer | None:
    # The letter O of the slip may be read as a nought, the dash be left out.
    digits = number.strip().upper().removeprefix("O").removeprefix("О").removeprefix("-").strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        return None
    return work.db.get(Observer, int(digits), with_for_update=True)
