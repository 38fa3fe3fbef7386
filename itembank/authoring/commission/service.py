"""A session while it is open: its members, its agenda, what is said and decided. Decisions wait for signatures."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Select, select

from itembank.authoring import access, presence
from itembank.authoring.beginning import subjects
from itembank.authoring.commission.board import VERDICTS, may_decide
from itembank.authoring.commission.machine import SESSION
from itembank.authoring.commission.minutes import board_of, place, seal, sealed_minutes
from itembank.authoring.models import CommissionDecision, CommissionNote, CommissionSession, Manuscript
from itembank.blueprints.drafts.commission import commission_of
from itembank.items.models import Item
from itembank.withdrawals.queries import refuse
from server.accounts.queries import still_hold
from server.core.errors import Denied, Invalid, NotFound, Stale
from server.core.roles import Role
from server.core.work import Work

CLAUSE = "CS-17"
LONGEST_NOTE = 4000
DAYS_AROUND = timedelta(days=60)


def open_session(work: Work, subject: str, held_on: date, order_no: str, member_ids: Collection[int]) -> int:
    """Members of the year's commission sit on a subject, its chair among them; the session's id."""
    commission = commission_of(work, held_on.year)
    if commission is None:
        raise Invalid("commission_not_named", year=held_on.year)
    chair = next(each.staff_id for each in commission.members if each.is_chair)
    known = still_hold(work, {each.staff_id for each in commission.members}, Role.COMMISSION)
    order_no = " ".join(order_no.split())
    if subject not in subjects(work) or not 1 <= len(order_no) <= 60 or abs(held_on - work.now.date()) > DAYS_AROUND:
        raise Invalid("session_incomplete")
    if not set(member_ids) <= known or chair not in member_ids:
        raise Invalid("session_members")
    row = CommissionSession(
        subject=subject, held_on=held_on, order_no=order_no, members=sorted(set(member_ids)), chair_id=chair,
        state="open", data_key=b"", opened_at=work.now, opened_by=work.actor.label,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is what its data key is bound to
    row.data_key = work.vault.new_key(place(row.id))[1]
    board = board_of(work, row)
    board.judge(board.members, [], held_on.year, "minutes").or_refuse()
    work.record("session_opened", place(row.id), clause=CLAUSE, subject_code=subject, members=row.members)
    if work.actor.id in row.members:
        presence.confirm(work, row)
    work.db.flush()  # the next command names its revision
    return row.id


def confirm_presence(work: Work, session_id: int) -> None:
    """The actor sits in the session, at their own sign-in; its items open once the chair and one more do so."""
    presence.confirm(work, _open(work, session_id))


def put_on_agenda(work: Work, session_id: int, manuscript_ids: Collection[int]) -> None:
    """The session has these items of its subject before it; they open once chair and another have confirmed after it.

    Who is there and puts them on knows of them and need not confirm again."""
    session = _open(work, session_id)
    busy = set(work.db.scalars(
        select(CommissionDecision.manuscript_id)
        .join(CommissionSession, CommissionSession.id == CommissionDecision.commission_session_id)
        .where(CommissionSession.state.in_(("open", "closed")))
    ))  # fmt: skip
    is_there = work.actor.id in presence.confirmed(work, session)
    for manuscript_id in sorted(set(manuscript_ids)):
        manuscript = access.find(work, manuscript_id)
        item = work.db.get_one(Item, manuscript.item_id)
        able = any(may_decide(verdict, manuscript.state, item.type) for verdict in VERDICTS)
        if item.subject != session.subject or not able or manuscript_id in busy:
            raise Invalid("session_agenda", item=item.code)
        row = CommissionDecision(commission_session_id=session.id, manuscript_id=manuscript_id, added_at=work.now)
        work.db.add(row)
        work.record("on_agenda", f"item:{item.code}", clause=CLAUSE, commission_session=session.id)
    if manuscript_ids and is_there:
        presence.confirm(work, session)
    work.db.flush()  # who may read them is asked of these rows


def put_item_on_agenda(work: Work, session_id: int, code: str) -> None:
    """The session has the item of that code before it, in the newest version that was frozen, wherever it stands."""
    query = (
        select(Manuscript.id).join(Item, Item.id == Manuscript.item_id)
        .where(Item.code == code.strip().upper(), Manuscript.item_version_id.is_not(None))
        .order_by(Manuscript.number.desc()).limit(1)
    )  # fmt: skip
    manuscript_id = work.db.scalars(query).first()
    if manuscript_id is None:
        raise Invalid("session_agenda", item=code.strip()[:40])
    put_on_agenda(work, session_id, [manuscript_id])


def add_note(work: Work, session_id: int, manuscript_id: int | None, body: str) -> None:
    """What was said stands in the session, sealed, and will stand in its minutes."""
    session = _open(work, session_id)
    if manuscript_id is not None:
        _check_there(work, session, _decision(work, session, manuscript_id))
    if not body.strip():
        raise Invalid("note_malformed", maximum=LONGEST_NOTE)
    _say(work, session, manuscript_id, body, None)


def decide(work: Work, session_id: int, manuscript_ids: Collection[int], verdict: str, reason: str) -> None:
    """The session decides so on each of these items; a later decision of the same session stands in its stead."""
    session = _open(work, session_id)
    known = next((each for each in VERDICTS if each == verdict), None)
    if known is None or not manuscript_ids:
        raise Invalid("session_choice")
    if known != "approve" and not reason.strip():
        raise Invalid("decision_reason")
    board, able = board_of(work, session), still_hold(work, session.members, Role.COMMISSION)
    for manuscript_id in sorted(set(manuscript_ids)):
        decision, manuscript = _decision(work, session, manuscript_id), access.find(work, manuscript_id)
        item = work.db.get_one(Item, manuscript.item_id)
        _check_there(work, session, decision)
        if manuscript.author_id == work.actor.id:
            raise Denied("decision_own", item=item.code, clause=CLAUSE)
        if known != "retire":
            refuse(work, [item.id])
        if not may_decide(known, manuscript.state, item.type):
            raise Invalid("decision_state", item=item.code)
        board.judge(able, [manuscript.author_id], session.held_on.year, "minutes").or_refuse()
        decision.verdict = known
        _say(work, session, manuscript_id, reason, known)
        work.record("decided", f"item:{item.code}", clause=CLAUSE, commission_session=session.id, verdict=known)


def close(work: Work, session_id: int, revision: int) -> None:
    """The minutes stand, sealed, for the members to sign; what was not decided is put off."""
    session = _open(work, session_id)
    if session.revision != revision:
        raise Stale("changed_meanwhile")
    work.db.flush()  # the minutes hold every note and verdict
    if not work.db.scalars(_of(session).where(CommissionDecision.verdict.is_not(None))).first():
        raise Invalid("session_undecided")
    session.minutes_sealed, session.closed_at = sealed_minutes(work, session), work.now
    work.move(session, SESSION, "close")
    work.record("session_closed", place(session.id), clause=CLAUSE)


def annul(work: Work, session_id: int, revision: int, reason: str) -> None:
    """Nothing of the session takes effect; all of it stays on record."""
    session = find(work, session_id)
    _check_member(work, session)
    if session.revision != revision:
        raise Stale("changed_meanwhile")
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise Invalid("decision_reason")
    work.move(session, SESSION, "annul", reason=reason)
    work.record("session_annulled", place(session.id), clause=CLAUSE)


def find(work: Work, session_id: int) -> CommissionSession:
    """The session; NotFound if there is none."""
    session = work.db.get(CommissionSession, session_id)
    if session is None:
        raise NotFound("not_found")
    return session


def _open(work: Work, session_id: int) -> CommissionSession:
    """The session, open, for one of its members."""
    session = find(work, session_id)
    _check_member(work, session)
    # Lock before reading: what is decided and the closing come one after the other.
    work.db.refresh(session, with_for_update=True)
    if session.state != "open":
        raise Stale("not_in_state", machine=SESSION.name, verb="close", state=session.state)
    return session


def _check_member(work: Work, session: CommissionSession) -> None:
    if work.actor.id not in session.members or not work.actor.may(Role.COMMISSION):
        raise Denied("session_not_member", clause=CLAUSE)


def _check_there(work: Work, session: CommissionSession, decision: CommissionDecision) -> None:
    """Nobody speaks on what they could not have read."""
    if work.actor.id not in presence.readers(work, session, decision.added_at):
        raise Invalid("session_not_there", clause=CLAUSE)


def _of(session: CommissionSession) -> Select[CommissionDecision]:
    return select(CommissionDecision).where(CommissionDecision.commission_session_id == session.id)


def _decision(work: Work, session: CommissionSession, manuscript_id: int) -> CommissionDecision:
    found = work.db.execute(_of(session).where(CommissionDecision.manuscript_id == manuscript_id)).scalar()
    if found is None:
        raise NotFound("not_found")
    return found


def _say(work: Work, session: CommissionSession, manuscript_id: int | None, body: str, verdict: str | None) -> None:
    body = body.strip()
    if len(body) > LONGEST_NOTE:
        raise Invalid("note_malformed", maximum=LONGEST_NOTE)
    what = f"note:{uuid.uuid4().hex}"
    work.db.add(
        CommissionNote(
            commission_session_id=session.id, manuscript_id=manuscript_id, verdict=verdict, place=what,
            body_sealed=seal(work, session, what, body.encode()), written_at=work.now, author_id=work.actor.id,
        )
    )  # fmt: skip
