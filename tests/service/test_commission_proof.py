"""`verify` holds signed minutes against their rows and against what followed, and names what differs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from itembank.authoring import commission, states
from itembank.authoring.commission.proof import session_faults
from itembank.authoring.models import CommissionDecision, CommissionNote, CommissionSession
from itembank.items.models import ItemVersion
from server.accounts.models import Signature
from server.core.machine import Transition
from tests.service.test_commission import Hall, hall
from tests.service.test_verify_bank import lift_triggers

__all__ = ["hall"]


def faults(hall: Hall, session_id: int) -> list[str]:
    hall.flush()
    hall.work.db.expire_all()
    return [each.removeprefix(f"commission_session:{session_id}: ") for each in session_faults(hall.work, [session_id])]


def behind(hall: Hall, model: Any, **values: object) -> None:
    """Somebody with the file in their hands writes into every row of the model."""
    lift_triggers(hall.work, model)
    hall.work.db.execute(update(model).values(values))


@pytest.mark.parametrize("verdict", ["approve", "rework", "rest", "retire"])
def test_what_was_decided_and_signed_has_no_fault(hall: Hall, verdict: str) -> None:
    assert faults(hall, hall.decided(hall.calibrated(), verdict)) == []


def test_what_was_taken_up_again_or_overtaken_has_no_fault(hall: Hall) -> None:
    id_ = hall.calibrated()
    hall.decided(id_, "rest")
    assert faults(hall, hall.decided(id_, "wake")) == []
    session_id = hall.opened(id_)
    commission.decide(hall.members[1], session_id, [id_], "approve", "")
    shown = hall.close(session_id)
    states.rest(hall.work, [hall.row(id_).item_version_id or 0], "a leak")
    assert faults(hall, session_id) == []
    for member in hall.members:
        hall.sign(session_id, member, shown)
    assert faults(hall, session_id) == ["item GEO-1: the minutes say verdict approve, and nothing followed"]
    hall.work.close()  # the journal says that something came between
    assert faults(hall, session_id) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda h: behind(h, CommissionDecision, verdict="retire"),
         "item GEO-1: the minutes say verdict approve, the row retire"),
        (lambda h: behind(h, CommissionDecision, verdict=None),
         "item GEO-1: the minutes say verdict approve, the row put_off"),
        (lambda h: h.work.db.execute(delete(CommissionDecision)), "item GEO-1 is in the minutes, and gone"),
        (lambda h: behind(h, CommissionSession, order_no="8"), "the minutes say order_no 7, the row 8"),
        (lambda h: behind(h, CommissionSession, chair_id=h.members[1].actor.id),
         "the members of the minutes are not those of the row"),
        (lambda h: behind(h, CommissionNote, written_at=h.work.now + timedelta(hours=1), verdict=None),
         "the notes of the minutes are not those that were written"),
        (lambda h: behind(h, ItemVersion, content_sealed=b"another"),
         "item GEO-1: the content that was decided on is not what the minutes say"),
        (lambda h: behind(h, Signature, name="Somebody else"), "the signature of Somebody else does not fit"),
        (lambda h: behind(h, CommissionSession, state="annulled"), "it is annulled, its last move led elsewhere"),
        (lambda h: behind(h, Transition, reason="of my own"),
         "item GEO-1: the minutes say verdict approve, and nothing followed"),
    ],
)  # fmt: skip
def test_a_row_that_was_changed_behind_the_minutes_is_named(
    hall: Hall, change: Callable[[Hall], object], named: str
) -> None:
    session_id = hall.decided(hall.calibrated(), "approve")
    change(hall)
    assert named in faults(hall, session_id)


def test_an_item_nobody_decided_on_or_moved_in_the_name_of_a_session_is_named(hall: Hall) -> None:
    id_, other = hall.calibrated(), hall.calibrated("GEO-2")
    session_id = hall.decided(id_, "approve")
    hall.work.db.add(CommissionDecision(
        commission_session_id=session_id, manuscript_id=other, added_at=hall.work.now, verdict="approve",
    ))  # fmt: skip
    states.approve(hall.work, hall.row(other), f"commission_session:{session_id}")
    found = faults(hall, session_id)
    assert "item GEO-2 is not in the minutes, and on the agenda" in found
    assert f"manuscript:{other}: approve in its name, which its minutes did not decide" in found
    assert all("Sound" not in each for each in found)  # no word of what was said
