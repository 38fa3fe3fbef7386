"""The minutes of a session: sealed when it is closed, signed by PIN, and with enough signatures in force (CS-17).
Only then do its decisions move an item."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from itembank.authoring import access, states
from itembank.authoring.commission.board import VERDICTS, Board, may_decide
from itembank.authoring.commission.machine import SESSION
from itembank.authoring.four_eyes import least_busy
from itembank.authoring.models import (
    OPEN_STATES,
    CommissionDecision,
    CommissionNote,
    CommissionSession,
    Manuscript,
)
from itembank.authoring.reviewing import say
from itembank.authoring.service import revise
from itembank.blueprints.drafts.law import in_force
from itembank.blueprints.rules import ContentApprovalRule, ReviewBoardRule
from itembank.items.content import canonical
from itembank.items.models import Item, ItemVersion
from itembank.withdrawals.queries import in_force as withdrawn
from server.accounts import holders, signing, staff_names
from server.accounts.queries import still_hold
from server.core.errors import CatError, Denied, NotFound, Stale
from server.core.roles import Role
from server.core.terms import local_day
from server.core.vault import digest
from server.core.work import Work

APPROVAL, BOARD = "DC-5", "CS-17"
CHAIR, MEMBER = "commission_chair", "commission_member"


def place(session_id: int) -> str:
    """What the data key of a session is bound to, and the subject its members sign under."""
    return f"commission_session:{session_id}"


def seal(work: Work, session: CommissionSession, what: str, value: bytes) -> bytes:
    """The value sealed for one place of the session."""
    key = work.vault.unwrap(session.data_key, place(session.id))
    return work.vault.seal(key, value, f"{place(session.id)}/{what}")


def unseal(work: Work, session: CommissionSession, what: str, sealed: bytes) -> bytes:
    """What was sealed there; Tampered otherwise."""
    key = work.vault.unwrap(session.data_key, place(session.id))
    return work.vault.open(key, sealed, f"{place(session.id)}/{what}")


def board_of(work: Work, session: CommissionSession) -> Board:
    """Who sits, under the edition in force."""
    edition = in_force()
    return Board(
        staff_names(work, session.members), session.chair_id, session.held_on.year,
        edition.get(APPROVAL, ContentApprovalRule), edition.get(BOARD, ReviewBoardRule),
    )  # fmt: skip


def sealed_minutes(work: Work, session: CommissionSession) -> bytes:
    """All that was decided and said."""
    return seal(work, session, "minutes", canonical(content_of(work, session)))


def document_of(work: Work, session: CommissionSession) -> signing.Document:
    """The minutes as their signers attest to them; NotFound before the session is closed."""
    if session.minutes_sealed is None:
        raise NotFound("not_found")
    content = json.loads(unseal(work, session, "minutes", session.minutes_sealed))
    return signing.Document(place(session.id), content)


def sign(work: Work, session_id: int, shown: str, attempt: signing.PinAttempt) -> CatError | None:
    """A member has signed what was shown; with enough of them the decisions take effect. A refusal is returned."""
    # Lock before counting: of two last signers at once, one sees the other's signature.
    session = work.db.get(CommissionSession, session_id, with_for_update=True, populate_existing=True)
    if session is None:
        raise NotFound("not_found")
    if session.state not in ("closed", "in_force"):
        raise Stale("not_in_state", machine=SESSION.name, verb="enter_into_force", state=session.state)
    if attempt.staff_id not in session.members:
        raise Denied("session_not_member", clause=BOARD)
    if not still_hold(work, [attempt.staff_id], Role.COMMISSION):
        raise Denied("signer_left", clause=BOARD)  # what they signed while they held the role stays signed
    document = document_of(work, session)
    if document.digest != shown:
        raise Stale("document_changed")
    refusal = signing.sign(work, document, CHAIR if attempt.staff_id == session.chair_id else MEMBER, attempt)
    if refusal is None and session.state == "closed":
        work.db.flush()  # the signatures that are counted include this one
        _enter_into_force(work, session, document)
    return refusal


def _enter_into_force(work: Work, session: CommissionSession, document: signing.Document) -> None:
    """What the minutes say takes effect, if those who signed are enough for each item; the rows are not asked again."""
    signed = {each.staff_id for each in signing.signatures_under(work, document) if each.is_valid and each.staff_id}
    items: Any = document.content["items"]
    decided = [(each, access.find(work, each["manuscript"])) for each in items if each["verdict"] in VERDICTS]
    year = local_day(work.now, in_force().zone).year
    authors = [manuscript.author_id for _each, manuscript in decided]
    ruling = board_of(work, session).judge(signed, authors, year, document.digest)
    if not ruling.allowed:
        return
    work.move(session, SESSION, "enter_into_force", ruling=ruling)
    work.record("session_in_force", place(session.id), clause=BOARD, digest=document.digest)
    for each, manuscript in decided:
        _take_effect(work, session, each, manuscript)


def _take_effect(
    work: Work, session: CommissionSession, decision: Mapping[str, Any], manuscript: Manuscript
) -> None:
    """The item is where the decision sends it, unless something else moved it meanwhile; the journal tells which."""
    item, because = work.db.get_one(Item, manuscript.item_id), place(session.id)
    verdict = decision["verdict"]
    is_withdrawn = bool(withdrawn(work, [item.id]))
    able = any(each == verdict and may_decide(each, manuscript.state, item.type, is_withdrawn) for each in VERDICTS)
    work.record("decision_in_force" if able else "decision_overtaken", f"item:{item.code}", clause=BOARD,
                commission_session=session.id, verdict=verdict)  # fmt: skip
    if not able:
        return
    if verdict == "approve":
        states.approve(work, manuscript, because)
    elif verdict == "rest":
        assert manuscript.item_version_id is not None
        states.rest(work, [manuscript.item_version_id], because)
    elif verdict == "wake":
        states.wake(work, manuscript, because)
    elif verdict == "retire":
        states.retire(work, manuscript, because)
    else:
        _rework(work, session, manuscript, decision["reason"])


def _rework(work: Work, session: CommissionSession, manuscript: Manuscript, reason: str) -> None:
    """A draft of the next version waits for its author with the reason; the version itself stays where it is."""
    is_open = select(Manuscript.id).where(Manuscript.item_id == manuscript.item_id, Manuscript.state.in_(OPEN_STATES))
    draft_id = work.db.scalars(is_open).first()
    if draft_id is None:
        assert manuscript.item_version_id is not None
        draft_id = revise(work, manuscript.item_version_id, _author(work, manuscript))
    say(work, access.find(work, draft_id), "", reason, session.chair_id)


def _author(work: Work, manuscript: Manuscript) -> int | None:
    """Who writes on: its author while they hold the role, else the writer with the fewest drafts."""
    able = holders(work, work.actor.organisation_id or 0, Role.WRITER)
    if manuscript.author_id in able:
        return manuscript.author_id
    drafts = work.db.scalars(select(Manuscript.author_id).where(Manuscript.state.in_(OPEN_STATES))).all()
    return least_busy(list(able), {id_: drafts.count(id_) for id_ in able})


def _decisions(work: Work, session: CommissionSession) -> list[CommissionDecision]:
    query = select(CommissionDecision).where(CommissionDecision.commission_session_id == session.id)
    return list(work.db.scalars(query.order_by(CommissionDecision.id)))


def content_of(work: Work, session: CommissionSession) -> Mapping[str, Any]:
    """What the minutes say: who sat, each item with its version's digest, decision and reason, and what was said."""
    board = board_of(work, session)
    notes = work.db.scalars(
        select(CommissionNote).where(CommissionNote.commission_session_id == session.id).order_by(CommissionNote.id)
    ).all()
    said = {row.id: unseal(work, session, row.place, row.body_sealed).decode() for row in notes}
    reasons = {row.manuscript_id: said[row.id] for row in notes if row.verdict}
    speakers = staff_names(work, {row.author_id for row in notes})
    return {
        "subject": session.subject, "held_on": session.held_on.isoformat(), "order_no": session.order_no,
        "members": [{"staff_id": id_, "name": name, "is_chair": id_ == session.chair_id}
                    for id_, name in board.members.items()],
        "items": [_item(work, row, board, reasons.get(row.manuscript_id, "")) for row in _decisions(work, session)],
        "notes": [
            {"manuscript": row.manuscript_id, "by": speakers.get(row.author_id, ""),
             "at": row.written_at.isoformat(timespec="seconds"), "said": said[row.id]}
            for row in notes if not row.verdict
        ],
    }  # fmt: skip


def _item(work: Work, row: CommissionDecision, board: Board, reason: str) -> Mapping[str, Any]:
    manuscript = access.find(work, row.manuscript_id)
    version = work.db.get_one(ItemVersion, manuscript.item_version_id)
    return {
        "manuscript": manuscript.id, "code": work.db.get_one(Item, manuscript.item_id).code,
        "version": version.version, "sealed": digest(version.content_sealed), "verdict": row.verdict or "put_off",
        "reason": reason if row.verdict else "", "abstained": board.members.get(manuscript.author_id or 0, ""),
    }  # fmt: skip
