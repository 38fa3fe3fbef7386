"""The protocol of a case: drawn up once a motion is carried, signed by PIN; with the signatures the decision (DC-28).
It says the code of the work and nobody's name but those of the commission (CS-14.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from server.accounts import signing
from server.appeals import hearings, voting
from server.appeals.cases import OpenCase, code_of, hearing_of, keep_case, open_case, tasks_of
from server.appeals.commission import CLAUSE, Seat, able
from server.appeals.correcting import correct
from server.appeals.machine import APPEAL
from server.appeals.models import Appeal, AppealDecision, AppealProtocol
from server.appeals.rules import DecisionRule, Signature
from server.appeals.sealing import place, seal, unseal
from server.appeals.voting import Motion, Votes
from server.core.errors import CatError, Denied, NotFound, Stale
from server.core.ruling import Ruling, plain
from server.core.work import Work
from server.grading import grades_of

DECISION = "DC-28"
AS = "appeals_"  # before the role, among the signatures of all documents


def draw_up(work: Work, appeal_id: int) -> int:
    """The protocol stands for the members to sign; one drawn up before it stays on record and counts no more."""
    case = keep_case(work, appeal_id)
    if case.appeal.state != "heard":
        raise Stale("not_in_state", machine=APPEAL.name, verb="decide", state=case.appeal.state)
    motion = voting.motion_of(work, case.appeal)
    if motion is None:
        raise NotFound("not_found")
    came = hearings.present(work, motion.hearing_id, case.commission)
    votes = voting.counted(case, motion, came)
    ruling = voting.tally(case, votes).or_refuse()
    before = last_of(work, case.appeal)
    version = before.version + 1 if before else 1
    body = _content(work, case, motion, came, votes, ruling)
    row = AppealProtocol(
        appeal_id=appeal_id, motion_id=motion.id, version=version, drawn_at=work.now, drawn_by=case.seat.staff_id,
        body_sealed=seal(work, case.appeal, f"protocol:{version}", body), supersedes_id=before.id if before else None,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # the first signature names its document
    work.record("appeal:protocol", place(appeal_id), clause=DECISION, version=version,
                digest=document_of(work, case.appeal, row).digest)  # fmt: skip
    return row.id


def last_of(work: Work, appeal: Appeal) -> AppealProtocol | None:
    """The protocol that counts: the last one drawn up."""
    query = select(AppealProtocol).where(AppealProtocol.appeal_id == appeal.id)
    return work.db.scalars(query.order_by(AppealProtocol.version.desc()).limit(1)).first()


def document_of(work: Work, appeal: Appeal, row: AppealProtocol) -> signing.Document:
    """The protocol as its signers attest to it."""
    content = unseal(work, appeal, f"protocol:{row.version}", row.body_sealed)
    return signing.Document(f"appeal_protocol:{row.id}", content)


def sign(work: Work, appeal_id: int, shown: str, attempt: signing.PinAttempt) -> CatError | None:
    """A member has signed what was shown; with enough of them it is the decision. A refusal is returned."""
    case = open_case(work, appeal_id, to_change=True)
    if case.appeal.state != "heard":
        raise Stale("not_in_state", machine=APPEAL.name, verb="decide", state=case.appeal.state)
    row = last_of(work, case.appeal)
    if row is None:
        raise NotFound("not_found")
    document = document_of(work, case.appeal, row)
    if document.digest != shown or _is_overtaken(work, case, row, document):
        raise Stale("document_changed")
    role = _role_of(work, case, attempt.staff_id, document)
    refusal = signing.sign(work, document, AS + role, attempt)
    if refusal is None:
        work.db.flush()  # the signatures that are counted include this one
        _decide(work, case, row, document)
    return refusal


def signed_by(work: Work, case: OpenCase, document: signing.Document) -> list[Signature]:
    """The signatures that count: valid, of people who sit in the commission in that role, with no interest in it."""
    valid = [each for each in signing.signatures_under(work, document) if each.is_valid and each.staff_id]
    ids = [each.staff_id for each in valid if each.staff_id]
    fit = able(work, ids) - case.aside.keys()
    seats = {seat.staff_id: seat.role for seat in case.commission.seats}
    return [
        Signature(str(each.staff_id), seats[each.staff_id])
        for each in valid
        if each.staff_id in fit and AS + seats.get(each.staff_id, "") == each.role
    ]


def _role_of(work: Work, case: OpenCase, staff_id: int, document: signing.Document) -> str:
    """In which role that person signs; who was not there, has an interest or has no signature to give is refused."""
    content: Mapping[str, Any] = document.content
    seat = case.commission.seat_of(staff_id)
    if seat is None or not able(work, [staff_id]):
        raise Denied("appeal_not_member", clause=CLAUSE)
    case.judge_member(staff_id).or_refuse()
    if staff_id not in {each["staff_id"] for each in content["present"]}:
        raise Denied("appeal_not_present", clause=DECISION)
    rule = case.sitting.edition.get(DECISION, DecisionRule)
    if seat.role not in {*rule.signatures, *rule.substitutes.values()}:
        raise Denied("appeal_not_a_signer", clause=DECISION)
    return seat.role


def _is_overtaken(work: Work, case: OpenCase, row: AppealProtocol, document: signing.Document) -> bool:
    """Whether the vote it rests on is not what it was: another motion, another commission, a voter who stands aside."""
    content: Mapping[str, Any] = document.content
    motion = voting.motion_of(work, case.appeal)
    if motion is None or motion.id != row.motion_id or content["commission"]["id"] != case.commission.id:
        return True
    came = hearings.present(work, motion.hearing_id, case.commission)
    return bool(content["votes"] != _votes(voting.counted(case, motion, came)))


def _decide(work: Work, case: OpenCase, row: AppealProtocol, document: signing.Document) -> None:
    """With the signatures it needs the protocol is the decision, and what it changes is proposed to grading."""
    ruling = case.sitting.edition.get(DECISION, DecisionRule).judge(signed_by(work, case, document))
    if not ruling.allowed:
        return
    motion = voting.motion_of(work, case.appeal)
    assert motion is not None  # it was there when the signature was taken, in this same work
    work.move(case.appeal, APPEAL, "decide", ruling=ruling)
    decision = AppealDecision(
        appeal_id=case.appeal.id, protocol_id=row.id, digest=document.digest, is_unchanged=motion.is_unchanged,
        ruling=ruling.to_json(), decided_at=work.now,
    )  # fmt: skip
    work.db.add(decision)
    work.db.flush()  # what is proposed names it
    work.record("appeal:decided", place(case.appeal.id), clause=DECISION, digest=document.digest,
                is_unchanged=motion.is_unchanged)  # fmt: skip
    correct(work, case, decision, motion)


def _content(
    work: Work, case: OpenCase, motion: Motion, came: Collection[int], votes: Votes, ruling: Ruling
) -> Mapping[str, Any]:
    appeal, hearing, aside = case.appeal, hearing_of(work, case.appeal), case.aside
    grade = grades_of(work, [appeal.session_id]).get(appeal.session_id, {}).get(appeal.subject)
    return {
        "case": case.number, "code": code_of(work, appeal), "subject": appeal.subject, "grounds": appeal.grounds,
        "filed_by": appeal.filed_by, "filed_at": plain(appeal.filed_at), "received_at": plain(appeal.received_at),
        "edition": {"code": case.sitting.edition.code, "version": case.sitting.edition.version},
        "commission": {"id": case.commission.id, "order_no": case.commission.order_no,
                       "ordered_on": plain(case.commission.ordered_on)},
        "hearing": {"id": hearing.id, "held_at": plain(hearing.held_at), "place": hearing.place},
        "present": [_person(seat) for seat in case.commission.seats
                    if seat.staff_id in came and seat.staff_id not in aside],
        "aside": [_person(seat) | {"interests": sorted(aside[seat.staff_id])} for seat in case.commission.seats
                  if seat.staff_id in aside],
        "not_reviewed": [task.seq for task in tasks_of(work, appeal.id) if not task.ruling["allowed"]],
        "motion": motion.number, "votes": _votes(votes), "ruling": ruling.to_json(),
        "tasks": [{"seq": each.seq, "item_version_id": each.item_version_id, "outcome": each.outcome,
                   "points": each.points, "key_version_id": each.key_version_id} for each in motion.outcomes],
        "reason": motion.reason, "is_unchanged": motion.is_unchanged,
        "before": {"percent": plain(grade.percent), "grade": grade.grade} if grade else None,
    }  # fmt: skip


def _votes(votes: Votes) -> list[dict[str, Any]]:
    return [_person(seat) | {"choice": choice} for seat, choice in votes]


def _person(seat: Seat) -> dict[str, Any]:
    return {"staff_id": seat.staff_id, "name": seat.name, "role": seat.role, "body": seat.body}


