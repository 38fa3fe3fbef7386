"""How an authenticator is bound to a staff member, and unbound. The secret is a data key, wrapped like all others."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import case, delete, func, insert, select, update

from server.accounts.logins import token_digest
from server.accounts.models import PaperCode, SecondFactor, Staff, StaffLogin
from server.accounts.second_factor import codes
from server.core.errors import Invalid
from server.core.work import Work


@dataclass(frozen=True)
class Enrolment:
    """What the authenticator must be told, once."""

    login: str
    raw: bytes = field(repr=False)

    @property
    def secret(self) -> str:
        """The secret as it is typed."""
        return codes.shown_secret(self.raw)

    @property
    def address(self) -> str:
        """The secret as it is scanned."""
        return codes.address(self.raw, self.login)


@dataclass(frozen=True)
class Standing:
    """Whether an authenticator is bound, and how many codes of paper are left."""

    is_set: bool
    paper_left: int


def standing(work: Work, staff_id: int) -> Standing:
    """How the second factor of a staff member stands."""
    row = work.db.get(SecondFactor, staff_id)
    left = select(func.count()).where(PaperCode.staff_id == staff_id, PaperCode.used_at.is_(None))
    return Standing(row is not None and row.secret is not None, work.db.execute(left).scalar_one())


def begin(work: Work, staff_id: int, token: str) -> Enrolment:
    """A secret waits to be confirmed by this sign-in; a reload shows the same one, another sign-in makes another."""
    row = work.db.get(SecondFactor, staff_id, with_for_update=True)
    if row is None:
        row = SecondFactor(staff_id=staff_id)
        work.db.add(row)
    if row.pending is None or row.pending_for != token_digest(token):
        row.pending, row.pending_for = work.vault.new_key(place_of(staff_id))[1], token_digest(token)
    login = work.db.execute(select(Staff.login).where(Staff.id == staff_id)).scalar_one()
    return Enrolment(login, secret_of(work, staff_id, row.pending))


def confirm(work: Work, staff_id: int, token: str, code: str) -> tuple[str, ...]:
    """The authenticator that waits is the one from now on; its codes of paper, which are shown this once.

    This login has proved it; every other one must prove itself anew. Invalid if the code is not the authenticator's."""
    row = work.db.get(SecondFactor, staff_id, with_for_update=True)
    if row is None or row.pending is None or row.pending_for != token_digest(token):
        raise Invalid("second_not_begun")
    step = codes.matching_step(secret_of(work, staff_id, row.pending), codes.plain(code), work.now)
    if step is None:
        raise Invalid("second_unlike")
    row.secret, row.pending, row.pending_for = row.pending, None, None
    row.last_step, row.set_at, row.failed, row.locked_until = step, work.now, 0, None
    is_this = StaffLogin.token_digest == token_digest(token)
    proved = update(StaffLogin).where(StaffLogin.staff_id == staff_id)
    work.db.execute(proved.values(proved_at=case((is_this, work.now), else_=None)))
    work.db.execute(delete(PaperCode).where(PaperCode.staff_id == staff_id))
    paper = codes.new_paper_codes()
    rows = [{"staff_id": staff_id, "mac": paper_mac(work, staff_id, each)} for each in paper]
    work.db.execute(insert(PaperCode), rows)
    work.record("second_factor_set", f"staff:{staff_id}")
    return tuple(paper)


def shown_now(work: Work, staff_id: int) -> str:
    """The next code that opens: for the demonstration, whose people have no telephone at hand. "" if none does now."""
    row = work.db.get(SecondFactor, staff_id)
    here = codes.step_at(work.now)
    if row is None or row.secret is None or row.last_step >= here + codes.AROUND:
        return ""
    return codes.code_of(secret_of(work, staff_id, row.secret), max(here, row.last_step + 1))


def remove(work: Work, staff_id: int, reason: str) -> bool:
    """No authenticator is bound any more, for one who lost theirs; True if one was. The next sign-in binds another."""
    row = work.db.get(SecondFactor, staff_id, with_for_update=True)
    if row is None:
        return False
    work.db.delete(row)
    work.db.execute(delete(PaperCode).where(PaperCode.staff_id == staff_id))
    work.db.execute(update(StaffLogin).where(StaffLogin.staff_id == staff_id).values(proved_at=None))
    work.record("second_factor_removed", f"staff:{staff_id}", reason=reason)
    return True


def place_of(staff_id: int) -> str:
    """What the wrapped secret is bound to."""
    return f"staff:{staff_id}/second_factor"


def secret_of(work: Work, staff_id: int, wrapped: bytes) -> bytes:
    """The secret in clear."""
    return work.vault.unwrap(wrapped, place_of(staff_id))[: codes.SECRET_BYTES]


def paper_mac(work: Work, staff_id: int, code: str) -> bytes:
    """What is kept of a code of paper."""
    return work.vault.mac("paper_code", f"{staff_id}:{codes.plain(code)}".encode())
