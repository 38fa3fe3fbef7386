"""Parents are told and orders recorded, each within the circle of the office that says so (CS-13, CS-16)."""

from __future__ import annotations

from sqlalchemy import select

from server import delivery
from server.core.errors import Invalid
from server.core.work import Work
from server.grading import access
from server.grading.outcomes.models import OutcomeOrder, ParentsTold
from server.grading.outcomes.queries import order_of
from server.grading.queries import told_of

HOW_MIN, HOW_MAX, ORDER_MAX, TEXT_MAX = 3, 200, 60, 4000


def record_telling(work: Work, session_id: int, list_name: str, shown_to: str, how: str) -> int:
    """They were shown the list, as somebody of an office or school in whose circle the candidate is says; once.

    The sitting of the session; refused while nothing was told of its results."""
    session = delivery.session_ref(work, session_id)
    access.require_session(work, delivery.sitting_ref(work, session.sitting_id).edition, session)
    how = " ".join(how.split())
    if not HOW_MIN <= len(how) <= HOW_MAX:
        raise Invalid("telling_malformed", minimum=HOW_MIN, maximum=HOW_MAX)
    if told_of(work, session) is None:
        raise Invalid("results_not_told")
    known = select(ParentsTold.id).where(
        ParentsTold.session_id == session_id, ParentsTold.list_name == list_name, ParentsTold.shown_to == shown_to
    )
    if work.db.execute(known).first() is None:
        work.db.add(ParentsTold(session_id=session_id, list_name=list_name, shown_to=shown_to, how=how,
                                recorded_by=work.actor.label, recorded_at=work.now))  # fmt: skip
        work.record("parents:told", f"session:{session_id}", clause="CS-16", list=list_name, shown_to=shown_to)
    return session.sitting_id


def record_order(work: Work, sitting_id: int, order_no: str, shortcomings: str, measures: str) -> None:
    """The order of the actor's office on the outcome stands; an earlier one is superseded, and stays on record."""
    sitting = delivery.sitting_ref(work, sitting_id)
    own = access.acting_office_of(work, sitting.edition)
    order_no, texts = " ".join(order_no.split()), [shortcomings.strip(), measures.strip()]
    if not 0 < len(order_no) <= ORDER_MAX or not all(0 < len(text) <= TEXT_MAX for text in texts):
        raise Invalid("order_malformed", maximum=ORDER_MAX, most=TEXT_MAX)
    before = order_of(work, sitting_id, own.id)
    work.db.add(
        OutcomeOrder(
            sitting_id=sitting_id, organisation_id=own.id, order_no=order_no, shortcomings=texts[0],
            measures=texts[1], supersedes_id=before.id if before else None, recorded_by=work.actor.label,
            recorded_at=work.now,
        )
    )  # fmt: skip
    work.record("outcome:ordered", f"sitting:{sitting_id}", clause="CS-13", order=order_no, organisation=own.id)
