"""Results after their appeals, for tests: a list that was received, a window that is over, an approval, statements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from server import delivery, grading
from server.accounts import signing
from server.core.errors import CatError
from server.core.work import Work
from server.grading import lists
from server.statements import issuing, queries, service
from server.statements.queries import ApprovalRef
from tests.factories.accounts import PIN
from tests.factories.delivery import Planned, a_sitting, every_second, finished_session
from tests.factories.results import (
    a_department_over,
    an_office,
    corrected,
    received,
    released,
    two_of_the_office,
)

SUBJECT, ORDER = "history", "712/1"
WEEK = timedelta(days=8)


@dataclass(frozen=True)
class After:
    """A sitting whose results a department has: one candidate confirmed, one not, and the offices around them."""

    work: Work
    sitting: Planned
    confirmed: int
    other: int
    office: Work
    office2: Work
    department: Work
    ministry: Work
    list_id: int

    def later(self, by: timedelta = WEEK) -> After:
        """The same, at a later instant."""
        moved = {
            name: replace(getattr(self, name), now=self.work.now + by)
            for name in ("work", "office", "office2", "department", "ministry")
        }
        return replace(self, **moved)

    def anew_in(self, work: Work) -> After:
        """The same, in a unit of work of its own."""
        names = ("work", "office", "office2", "department", "ministry")
        same = {name: replace(work, now=getattr(self, name).now, actor=getattr(self, name).actor) for name in names}
        return replace(self, **same)

    def approve(self, order: str = ORDER, pin: str = PIN, by: Work | None = None) -> CatError | None:
        """The ministry approves the list."""
        who = by or self.ministry
        attempt = signing.check_pin(who, who.actor.id or 0, pin)
        return service.approve(who, self.sitting.id, self.list_id, order, attempt)

    def approved(self) -> ApprovalRef:
        """The approval, made if there is none."""
        if queries.approval_of(self.work, self.sitting.id) is None:
            assert self.approve() is None
        found = queries.approval_of(self.work, self.sitting.id)
        assert found is not None
        return found

    def revoke(self, statement_id: int, reason: str = "Obtained by somebody else's document") -> CatError | None:
        """The office revokes a statement."""
        attempt = signing.check_pin(self.office, self.office.actor.id or 0, PIN)
        return service.revoke(self.office, statement_id, reason, attempt)

    def anew(self) -> After:
        """The results as they stand are another released and received list."""
        again = lists.freeze(self.office, self.sitting.id, because="A correction was applied.")
        for office in (self.office, self.office2):
            lists.sign_list(office, again, signing.check_pin(office, office.actor.id or 0, PIN))
        lists.release(self.office, again)
        if lists.queries.deliveries_to(self.department, self.department.actor.organisation_id or 0, [again]):
            received(self.department, again)
        return replace(self, list_id=again)


def after_release(work: Work, *, is_as_answered: bool = False) -> After:
    """The results are released and the department has signed for them; the time to appeal has begun.

    One candidate is confirmed by a grade that was put in; not so if all stands `is_as_answered`."""
    sitting = a_sitting(work, subjects=[SUBJECT])
    confirmed, other = (finished_session(work, sitting, every_second) for _ in range(2))
    for each in (confirmed, other):
        grading.grade_session(work, each)
    if not is_as_answered:
        corrected(work, confirmed, "90", "excellent")
    department = a_department_over(work, *(delivery.session_ref(work, each).centre_id for each in (confirmed, other)))
    offices = two_of_the_office(work)
    list_id = released(work, sitting.id, offices)
    assert received(department, list_id) is None
    return After(work, sitting, confirmed, other, offices.first, offices.second, department,
                 an_office(work, "ministry"), list_id)  # fmt: skip


def a_statement(work: Work) -> int:
    """A statement in force, of a sitting and offices of its own."""
    after = after_release(work).later()
    after.approved()
    issuing.issue(after.office, after.sitting.id)
    (made,) = queries.in_force(work, [after.confirmed]).values()
    return made.id
