"""The protocol after the act (DC-15): written, signed by who wrote it and each witness, corrected by a new version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from proctor.irregularities.models import Irregularity, Protocol
from proctor.irregularities.protocols import document_of, plain_name, protocol_of, removal_of
from proctor.irregularities.rules import Protocol as Written
from proctor.irregularities.rules import ViolationsRule
from proctor.rooms.desk import announce_desk
from proctor.rooms.duty import on_duty, require_state, seated
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import Room, RoomSitting, Seat
from server import accounts, delivery
from server.accounts import signing
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.regulation import Ruling
from server.core.work import Work

NARRATIVE_MIN, TEXT_MAX, LINE_MAX = 10, 4000, 120
WITNESSES_MAX = 10
REASON_MIN, REASON_MAX = 3, 500


@dataclass(frozen=True)
class Witness:
    """Who saw it: a staff member of the centre, or somebody by name and position."""

    name: str
    position: str = ""
    staff_id: int | None = None


@dataclass(frozen=True)
class Draft:
    """What is written; `after` is the version it corrects, 0 for the first, and `reason` why."""

    narrative: str
    witnesses: Sequence[Witness]
    is_statement_asked: bool
    statement: str
    after: int = 0
    reason: str = ""


def write_protocol(work: Work, room_sitting_id: int, session_id: int, draft: Draft) -> Ruling:
    """The protocol stands as written, complete and not yet signed; a correction must be signed anew."""
    room, act = _in_room(work, room_sitting_id, session_id)
    before = protocol_of(work, act.id)
    if draft.after != (before.version if before else 0):
        raise Stale("changed_meanwhile")
    _require_sizes(draft)
    rule = delivery.sitting_ref(work, room.sitting_id).edition.get("DC-15", ViolationsRule)
    witnesses = _named(work, room, draft.witnesses)
    ruling = rule.judge_protocol(_written(work, act, draft, witnesses)).or_refuse()
    row = Protocol(
        irregularity_id=act.id, version=draft.after + 1, supersedes_id=before and before.id,
        reason=draft.reason.strip(), facts=_facts(work, room, session_id), narrative=draft.narrative.strip(),
        witnesses=[asdict(each) for each in witnesses],
        is_statement_asked=draft.is_statement_asked or bool(draft.statement.strip()),
        statement=draft.statement.strip(), ruling=ruling.to_json(), written_by=work.actor.id, written_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.record("protocol:written", f"session:{session_id}", clause=ruling.clause, version=row.version,
                reason=row.reason, ruling=ruling.to_json())  # fmt: skip
    announce_desk(work, room, session_id)
    return ruling


def sign_protocol(
    work: Work, room_sitting_id: int, session_id: int, attempt: signing.PinAttempt, *, shown: str
) -> CatError | None:
    """Who wrote it, or a witness with an account, has signed; or the refusal, so that a wrong PIN is counted.

    `shown` is the digest of the text they had before them: nobody signs what another corrected meanwhile."""
    room, document, row = _to_sign(work, room_sitting_id, session_id, shown)
    if attempt.staff_id == row.written_by:
        role = "reporter"
    elif attempt.staff_id in [each["staff_id"] for each in row.witnesses]:
        role = "witness"
    else:
        raise Denied("not_a_signer")
    refusal = signing.sign(work, document, role, attempt)
    if refusal is None:
        announce_desk(work, room, session_id)
    return refusal


def sign_protocol_by_hand(
    work: Work, room_sitting_id: int, session_id: int, n: int, name: str, *, shown: str
) -> None:
    """The nth witness, who has no account, has typed their name under the text, before the proctor's eyes."""
    room, document, row = _to_sign(work, room_sitting_id, session_id, shown)
    if not 0 <= n < len(row.witnesses) or row.witnesses[n]["staff_id"] is not None:
        raise Denied("not_a_signer")
    witness = row.witnesses[n]
    if plain_name(name) != plain_name(witness["name"]):
        raise Invalid("hand_differs", name=witness["name"])
    known = [plain_name(each.name) for each in signing.signatures_under(work, document) if not each.is_by_pin]
    if plain_name(name) in known:
        raise Invalid("signed_already")
    signing.sign_by_hand(work, document, "witness", witness["name"], witness["position"])
    announce_desk(work, room, session_id)


def _in_room(work: Work, room_sitting_id: int, session_id: int) -> tuple[RoomSitting, Irregularity]:
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    seated(work, room_sitting_id, session_id)
    act = removal_of(work, session_id)
    if act is None:
        raise NotFound("not_found")
    return room, act


def _to_sign(
    work: Work, room_sitting_id: int, session_id: int, shown: str
) -> tuple[RoomSitting, signing.Document, Protocol]:
    room, act = _in_room(work, room_sitting_id, session_id)
    last = protocol_of(work, act.id)
    if last is None:
        raise Stale("protocol_not_written")
    row = work.db.get_one(Protocol, last.id)
    document = document_of(row, act)
    if document.digest != shown:
        raise Stale("changed_meanwhile")
    return room, document, row


def _require_sizes(draft: Draft) -> None:
    if not NARRATIVE_MIN <= len(draft.narrative.strip()) <= TEXT_MAX or len(draft.statement) > TEXT_MAX:
        raise Invalid("protocol_text_malformed", minimum=NARRATIVE_MIN, maximum=TEXT_MAX)
    if draft.after and not REASON_MIN <= len(draft.reason.strip()) <= REASON_MAX:
        raise Invalid("correction_without_reason", maximum=REASON_MAX)
    if len(draft.witnesses) > WITNESSES_MAX or any(
        len(each.name) > LINE_MAX or len(each.position) > LINE_MAX for each in draft.witnesses
    ):
        raise Invalid("signer_malformed", maximum=LINE_MAX)


def _named(work: Work, room: RoomSitting, witnesses: Sequence[Witness]) -> list[Witness]:
    """Each once: staff under the name of their account, others as written."""
    centre_id = work.db.get_one(Room, room.room_id).centre_id
    staff = accounts.staff_names(work, {each.staff_id for each in witnesses if each.staff_id})
    named: dict[str, Witness] = {}
    for each in witnesses:
        if each.staff_id is not None:
            if each.staff_id not in signing.colleagues(work, centre_id):
                raise Invalid("witness_unknown")
            named[f"staff:{each.staff_id}"] = Witness(staff[each.staff_id], "", each.staff_id)
        elif each.name.strip():
            one = Witness(" ".join(each.name.split()), " ".join(each.position.split()))
            if len(one.name) < REASON_MIN:
                raise Invalid("signer_malformed", maximum=LINE_MAX)
            named[plain_name(one.name)] = one
    return list(named.values())


def _written(work: Work, act: Irregularity, draft: Draft, witnesses: Sequence[Witness]) -> Written:
    # Neither who reported nor who writes is a witness, chosen by account or written by hand, however spelt.
    authors = {act.reported_by, work.actor.id or 0}
    names = {plain_name(name) for name in (*accounts.staff_names(work, authors).values(), work.actor.name)}
    keys = [
        "author" if each.staff_id in authors or (each.staff_id is None and plain_name(each.name) in names)
        else f"staff:{each.staff_id}" if each.staff_id else plain_name(each.name)
        for each in witnesses
    ]  # fmt: skip
    return Written(
        what=draft.narrative, happened_at=act.reported_at, reported_by="author", witnesses=keys,
        statement_asked=draft.is_statement_asked or bool(draft.statement.strip()),
    )  # fmt: skip


def _facts(work: Work, room: RoomSitting, session_id: int) -> dict[str, str]:
    session = delivery.session_ref(work, session_id)
    seat = work.db.get_one(Seat, seated(work, room.id, session_id).seat_id)
    return {
        "candidate": session.name, "registration_no": session.registration_no, "seat": seat.number,
        "room": work.db.get_one(Room, room.room_id).name,
        "order": delivery.sitting_ref(work, room.sitting_id).order_no,
    }  # fmt: skip
