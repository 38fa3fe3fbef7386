"""The desk: a document is looked at, a candidate is let in, or given another seat or device."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import select

from proctor.irregularities.queries import was_removed
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.wire import CodeReply, DeviceAsk, IdentityAsk
from proctor.rooms.desk import announce_desk, announce_seat, latest_checks
from proctor.rooms.doubles import doubles_of, inside_elsewhere
from proctor.rooms.duty import on_duty, require_state, seated
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import Admission, IdentityCheck, RoomSitting, Seat, SeatAssignment
from proctor.rooms.pictures import CLAUSE as PICTURE
from proctor.rooms.pictures import digest_of, keep_picture, read_picture
from proctor.rooms.rules import DeskCase, DeskPictureRule, IdentityRule
from server import candidates, delivery
from server.candidates.documents import document_mac
from server.candidates.service import is_list_whole
from server.core.errors import Invalid, NotFound, Refused, Stale
from server.core.regulation import Edition, Ruling
from server.core.vault import digest
from server.core.work import Work
from server.delivery import service as sessions
from server.delivery.rules import LatenessRule
from server.delivery.service.claims import decide_claim

OVER = frozenset({"submitted", "removed", "absent"})


def check_identity(work: Work, room_sitting_id: int, session_id: int, ask: IdentityAsk) -> Ruling:
    """What was seen at the desk is on record with its ruling (DC-9), confirmed or not."""
    room, session = _at_desk(work, room_sitting_id, session_id)
    edition = delivery.sitting_ref(work, room.sitting_id).edition
    rule = edition.get("DC-9", IdentityRule)
    shown = (ask.document_kind, ask.document_number)
    is_same = candidates.document_matches(work, session.registration_id, *shown)
    is_sealed = is_list_whole(work, session.registration_id)
    ruling = rule.judge(  # who is registered stands on a list; whether it is what was certified is looked at now
        DeskCase(is_listed=True, is_list_sealed=is_sealed, document=ask.document_kind, seen=_seen(ask, is_same),
                 doubles=doubles_of(work, room, session_id, *shown))
    )  # fmt: skip
    picture = read_picture(edition.get(PICTURE, DeskPictureRule), ask.picture)
    verdict = "confirmed" if ruling.allowed else "refused"
    row = IdentityCheck(
        session_id=session_id,
        document_kind=ask.document_kind[:40],
        document_mac=document_mac(work.vault, *shown),
        is_photo_like=ask.is_photo_like,
        has_seal=ask.has_seal,
        has_signature=ask.has_signature,
        verdict=verdict,
        reason=ask.reason,
        ruling=ruling.to_json(),
        picture_digest=digest_of(picture),
        checked_by=work.actor.id,
        checked_at=work.now,
    )
    row.fingerprint = fingerprint(row, session.registration_no)
    work.db.add(row)
    keep_picture(work, row, session.registration_id, picture)
    work.record(f"identity:{verdict}", f"session:{session_id}", clause=ruling.clause, ruling=ruling.to_json(),
                fingerprint=row.fingerprint)
    announce_desk(work, room, session_id)
    return ruling


def admit(work: Work, room_sitting_id: int, session_id: int) -> Ruling:
    """The candidate is let in (DC-9, DC-16); where the room runs, the test begins in what time is left."""
    room, session = _at_desk(work, room_sitting_id, session_id)
    edition = delivery.sitting_ref(work, room.sitting_id).edition
    edition.get("DC-15", ViolationsRule).judge_entry(was_removed(work, session_id)).or_refuse()
    # Asked again: two rooms may have confirmed one person before either let them in.
    edition.get("DC-9", IdentityRule).judge_entry(inside_elsewhere(work, room, session)).or_refuse()
    check = _confirmed(work, edition, session_id)
    ruling = edition.get("DC-16", LatenessRule).judge(room.started_at or work.now, work.now).or_refuse()
    late_s = int(str(ruling.facts["late_s"]))
    work.db.add(
        Admission(
            session_id=session_id,
            identity_check_id=check.id,
            late_s=late_s,
            ruling=ruling.to_json(),
            admitted_by=work.actor.id,
            admitted_at=work.now,
        )
    )
    sessions.admit_session(work, session_id, ruling, _counted_from(room, ruling))
    work.record("candidate:admitted", f"session:{session_id}", clause=ruling.clause, late_s=late_s,
                ruling=ruling.to_json())
    announce_desk(work, room, session_id)
    return ruling


def move(work: Work, room_sitting_id: int, session_id: int, seat_id: int, reason: str) -> CodeReply:
    """The candidate sits there, or signs in again at this seat, under a new code; the old device is left."""
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    assignment = seated(work, room_sitting_id, session_id)
    session = delivery.session_ref(work, session_id)
    if session.state in OVER:
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    seat = _free_seat(work, room, assignment, seat_id)
    before = assignment.seat_id
    if seat_id != before:
        assignment.seat_id = seat_id
        sessions.seat_session(work, session_id, seat.number, room.topic)
        announce_seat(work, room, session_id, seat_id)
    code = sessions.renew_code(work, session_id, reason)
    work.record("candidate:moved", f"session:{session_id}", clause="DC-10", from_seat=before, to_seat=seat_id,
                reason=reason)
    return CodeReply(registration_no=session.registration_no, seat=seat.number, code=code)


def decide_device(work: Work, room_sitting_id: int, session_id: int, claim_id: int, ask: DeviceAsk) -> None:
    """Another computer that asked goes on with the test and the old one is left at once, or it does not (DC-10)."""
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    seated(work, room_sitting_id, session_id)
    decide_claim(work, session_id, claim_id, ask.reason, lets_in=ask.lets_in)


def fingerprint(check: IdentityCheck, registration_no: str) -> str:
    """The digest of a decision at the desk, over all that was seen and judged."""
    whole = [
        registration_no, check.document_kind, check.document_mac.hex(), check.is_photo_like, check.has_seal,
        check.has_signature, check.verdict, check.reason, check.ruling, check.picture_digest, check.checked_by,
        check.checked_at.isoformat(timespec="seconds"),
    ]  # fmt: skip
    return digest(json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def _at_desk(work: Work, room_sitting_id: int, session_id: int) -> tuple[RoomSitting, delivery.SessionRef]:
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    seated(work, room_sitting_id, session_id)
    session = delivery.session_ref(work, session_id)
    if session.state != "expected":
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    return room, session


def _seen(ask: IdentityAsk, is_same_number: bool) -> frozenset[str]:
    # Seal and signature stand on the photo reference: who saw one of them saw the reference.
    seen = {
        "number": is_same_number,
        "photo": ask.is_photo_like,
        "photo_reference": ask.has_seal or ask.has_signature,
        "school_seal": ask.has_seal,
        "head_signature": ask.has_signature,
    }
    return frozenset(name for name, is_seen in seen.items() if is_seen)


def _counted_from(room: RoomSitting, ruling: Ruling) -> datetime | None:
    # Where an edition gives latecomers their time back, it counts from when they came, else from the start.
    extra_s = int(str(ruling.facts.get("extra_s", 0)))
    return room.started_at and room.started_at + timedelta(seconds=extra_s)


def _confirmed(work: Work, edition: Edition, session_id: int) -> IdentityCheck:
    check = latest_checks(work, [session_id]).get(session_id)
    if check is None:
        raise Refused("identity_unchecked", edition.get("DC-9", IdentityRule).refuse("identity_unchecked"))
    if check.verdict != "confirmed":
        raise Refused("identity_refused", Ruling.from_json(check.ruling))
    return check


def _free_seat(work: Work, room: RoomSitting, assignment: SeatAssignment, seat_id: int) -> Seat:
    seat = work.db.get(Seat, seat_id)
    if seat is None or seat.room_id != room.room_id:
        raise NotFound("seat_unknown")
    taken = select(SeatAssignment.id).where(
        SeatAssignment.room_sitting_id == room.id,
        SeatAssignment.seat_id == seat_id,
        SeatAssignment.id != assignment.id,
    )
    if work.db.execute(taken).first() is not None:
        raise Invalid("seat_taken", seat=seat.number)
    return seat
