"""How a candidate's device takes the session: a registration number and a one-time code, one device at a time."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from server.candidates.cases.queries import called_off
from server.core.errors import CatError, Denied, Refused
from server.core.machine import Transition
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery import codes, returning
from server.delivery.devices import Computer
from server.delivery.events import publish_changed
from server.delivery.machine import SESSION
from server.delivery.models import ExamSession
from server.delivery.service import browsers, claims


@dataclass(frozen=True)
class SignedIn:
    """Which session a device now holds, under which lease."""

    session_id: int
    lease: int


def sign_in(
    work: Work,
    registration_no: str,
    code: str,
    page: browsers.Page | None = None,
    key: UUID | None = None,
    *,
    computer: Computer | None = None,
) -> SignedIn | CatError:
    """The device holds the session; or the refusal, returned so that a failed try is counted and not rolled back.

    Under the same `key` it is the same sign-in once more; under another the computer waits for the proctor's word."""
    number = registration_no.strip().upper()
    query = select(ExamSession).where(ExamSession.registration_no == number).with_for_update()
    found = work.db.execute(query.order_by(ExamSession.id.desc())).scalars().all()
    over = next((s for s in found if returning.is_opened_by(work, s, code)), None)
    if over is not None:
        return _to_result(work, over)
    ready = (s for s in found if s.state not in ("absent", "removed"))
    session = next(ready, None) or next((s for s in found if s.state == "removed" or _is_called_off(work, s)), None)
    if session is None:
        return Denied("code_wrong")
    if not codes.matches(codes.code_for(work.vault, session.id, session.code_serial, session.seed), code):
        return _failed(work, session)
    if session.state == "removed":  # told to who has the code only: who was removed is nobody else's business
        return _for_good(work, session)
    if session.state == "absent":
        return Denied("place_taken_back", clause="DC-17.cases")
    if session.code_used_at is not None and session.state == returning.OPENS:
        return Denied("code_of_result")
    if session.code_used_at is not None:
        refusal = claims.come_again(work, session, None if key is None else str(key), page, computer)
        return refusal or SignedIn(session.id, session.lease)
    refusal = browsers.check_in(work, session, page)
    if refusal is not None:
        return refusal
    session.code_used_at = work.now
    session.code_failed = 0
    session.lease += 1
    session.sign_in_key = None if key is None else str(key)
    work.record("session:signed-in", f"session:{session.id}", seat=session.seat)
    publish_changed(work, session)
    return SignedIn(session.id, session.lease)


def _to_result(work: Work, session: ExamSession) -> SignedIn:
    """The device holds the result, beside others: nothing can be changed there that two would disagree about."""
    session.code_failed = 0
    work.record("session:result-opened", f"session:{session.id}", clause="CS-5")
    return SignedIn(session.id, session.lease)


def _is_called_off(work: Work, session: ExamSession) -> bool:
    return session.state == "absent" and session.registration_id in called_off(work)


def _for_good(work: Work, session: ExamSession) -> CatError:
    """The refusal under the clause by which the candidate was removed."""
    found = select(Transition.ruling).where(
        Transition.machine == SESSION.name, Transition.row_id == session.id, Transition.verb == "remove"
    )
    ruling = Ruling.from_json(work.db.execute(found).scalar_one())
    work.record("sign-in:removed", f"session:{session.id}", clause=ruling.clause)
    return Refused("removed_from_test", ruling)


def _failed(work: Work, session: ExamSession) -> CatError:
    wait_s = codes.failed(session, work.now)
    if wait_s:
        return Denied("code_locked", seconds=wait_s)
    work.record("sign-in:failed", f"session:{session.id}", failed=session.code_failed)
    return Denied("code_wrong")
