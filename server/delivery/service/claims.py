"""The used code is typed at another computer: it waits until the proctor lets it go on in place of the old one."""

from __future__ import annotations

from server.core.errors import CatError, Denied, NotFound, Stale
from server.core.work import Work
from server.delivery.claims.models import DeviceClaim
from server.delivery.claims.queries import claim_of, claim_of_computer, untaken, waiting
from server.delivery.devices import ADDRESS_MAX, BROWSER_MAX, Computer, is_another, mac_of
from server.delivery.events import publish_changed
from server.delivery.models import ExamSession
from server.delivery.service import browsers

WAITING_MAX = 4
OPEN = frozenset({"expected", "admitted", "running", "paused"})


def come_again(
    work: Work, session: ExamSession, key: str | None, page: browsers.Page | None, computer: Computer | None
) -> CatError | None:
    """None if the computer holds the test, or takes it over as was decided; else what its page is told."""
    # A key that leaves its page must not bring the test to a computer that proves nothing and that nobody sees.
    if key is not None and session.sign_in_key == key and not is_another(work, session, computer):
        return _take_over(work, session, claim_of(work, session.id, key), page)
    if key is None or computer is None or session.state not in OPEN:
        return _used(work, session)
    claim = claim_of(work, session.id, key) or claim_of_computer(work, session.id, mac_of(work, computer))
    if claim is None:
        return _ask(work, session, key, page, computer)
    claim.key = key  # the page may have been loaded anew
    if claim.verdict == "let_in" and claim.taken_at is None:
        session.sign_in_key = key
        return _take_over(work, session, claim, page)
    if claim.verdict is None:
        return Denied("device_waits")
    return Denied("device_refused") if claim.verdict == "refused" else _used(work, session)


def decide_claim(work: Work, session_id: int, claim_id: int, reason: str, *, lets_in: bool) -> None:
    """The computer goes on with the test and the old one is left at once, or it does not. Said twice is said once."""
    session = work.db.get(ExamSession, session_id, with_for_update=True)
    claim = work.db.get(DeviceClaim, claim_id, populate_existing=True)
    if session is None or claim is None or claim.session_id != session_id:
        raise NotFound("not_found")
    verdict = "let_in" if lets_in else "refused"
    if claim.verdict == verdict:
        return
    if claim.verdict is not None:
        raise Stale("device_decided")
    if session.state not in OPEN:
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    if lets_in:
        set_aside(work, session, "another computer", but=claim)
        session.lease += 1
        session.sign_in_key = claim.key
    _close(work, claim, verdict, reason)
    session.claims = len(waiting(work, session_id))
    work.record(f"device:{verdict.replace('_', '-')}", f"session:{session_id}", clause="DC-10", reason=reason,
                address=claim.address, lease=session.lease)  # fmt: skip
    publish_changed(work, session)


def set_aside(work: Work, session: ExamSession, reason: str, *, but: DeviceClaim | None = None) -> None:
    """No computer waits any more, nor may one come that was let in: the test goes on elsewhere."""
    for claim in untaken(work, session.id):
        if claim is not but:
            _close(work, claim, "set_aside", reason)
    session.claims = 0


def _ask(work: Work, session: ExamSession, key: str, page: browsers.Page | None, computer: Computer) -> CatError:
    if session.claims >= WAITING_MAX:
        return _used(work, session)
    refusal = browsers.try_out(work, session, page)
    if refusal is not None:
        return refusal
    claim = DeviceClaim(
        session_id=session.id, key=key, token_mac=mac_of(work, computer), address=computer.address[:ADDRESS_MAX],
        browser=computer.browser[:BROWSER_MAX], asked_at=work.now,
    )  # fmt: skip
    work.db.add(claim)
    session.claims += 1
    work.record("sign-in:second-device", f"session:{session.id}", address=claim.address, waits=True)
    publish_changed(work, session)
    return Denied("device_waits")


def _take_over(
    work: Work, session: ExamSession, claim: DeviceClaim | None, page: browsers.Page | None
) -> CatError | None:
    if claim is None or claim.taken_at is not None:
        return None  # the same sign-in once more: its first reply was lost on the way
    refusal = browsers.check_in(work, session, page)
    if refusal is not None:
        return refusal
    claim.taken_at = work.now
    work.record("session:signed-in", f"session:{session.id}", seat=session.seat, address=claim.address)
    publish_changed(work, session)
    return None


def _used(work: Work, session: ExamSession) -> CatError:
    work.record("sign-in:second-device", f"session:{session.id}")
    return Denied("code_used")


def _close(work: Work, claim: DeviceClaim, verdict: str, reason: str) -> None:
    claim.verdict, claim.reason = verdict, reason
    claim.decided_by, claim.decided_at = work.actor.label, work.now
