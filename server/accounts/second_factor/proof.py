"""A signed-in browser proves the second factor: once a code, and whoever guesses must wait."""

from __future__ import annotations

from sqlalchemy import select, update

from server.accounts.logins import lock_until, token_digest
from server.accounts.models import PaperCode, SecondFactor, StaffLogin
from server.accounts.second_factor import codes
from server.accounts.second_factor.enrolment import paper_mac, secret_of
from server.core.errors import CatError, Denied
from server.core.terms import whole_seconds
from server.core.work import Work


def prove(work: Work, staff_id: int, token: str, typed: str) -> CatError | None:
    """None if the code was right, and the login holds all its roles; a refusal is returned so that it is counted."""
    # Lock before reading: tries sent side by side are counted one after another, and one code opens once.
    row = work.db.get(SecondFactor, staff_id, with_for_update=True, populate_existing=True)
    if row is None or row.secret is None:
        return Denied("second_not_set")
    if row.locked_until is not None and work.now < row.locked_until:
        work.record("second_factor_refused", f"staff:{staff_id}", locked_until=row.locked_until.isoformat())
        return Denied("second_locked", seconds=whole_seconds(work.now, row.locked_until) + 1)
    way = _way(work, row, codes.plain(typed))
    if way is None:
        row.failed += 1
        row.locked_until = lock_until(row.failed, work.now)
        work.record("second_factor_failed", f"staff:{staff_id}", failed=row.failed)
        return Denied("second_wrong")
    row.failed, row.locked_until = 0, None
    own = (StaffLogin.token_digest == token_digest(token), StaffLogin.staff_id == staff_id)
    work.db.execute(update(StaffLogin).where(*own).values(proved_at=work.now))
    work.record("second_factor_proved", f"staff:{staff_id}", way=way)
    return None


def _way(work: Work, row: SecondFactor, code: str) -> str | None:
    """How the code proves it: by the authenticator, by paper, or not at all. What proved once proves no more."""
    if codes.OF_THE_MOMENT.fullmatch(code) and row.secret is not None:
        step = codes.matching_step(secret_of(work, row.staff_id, row.secret), code, work.now)
        if step is None or step <= row.last_step:
            return None
        row.last_step = step
        return "authenticator"
    if not codes.OF_PAPER.fullmatch(code):
        return None
    found = select(PaperCode).where(
        PaperCode.staff_id == row.staff_id, PaperCode.mac == paper_mac(work, row.staff_id, code),
        PaperCode.used_at.is_(None),
    )  # fmt: skip
    paper = work.db.execute(found.with_for_update()).scalar_one_or_none()
    if paper is None:
        return None
    paper.used_at = work.now
    return "paper"
