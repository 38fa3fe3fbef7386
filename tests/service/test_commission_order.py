"""Whatever is pressed in whatever order: no item is approved without both readings, its calibration and the minutes."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from itembank.authoring import commission, judging, reviewing, service, states
from itembank.authoring.commission.board import VERDICTS
from itembank.authoring.four_eyes import CHECKS
from itembank.authoring.models import CommissionSession, Review
from server.accounts import signing
from server.accounts.models import StaffPin
from server.core.errors import CatError
from server.core.machine import moves_of
from tests.factories import itembank as factory
from tests.service.test_commission import Hall, hall

__all__ = ["hall"]
ACTS = ("submit", "withdraw", "pass", "pass", "pass", "return", "calibrate", "open", "decide", "close", "sign", "sign",
        "sign", "annul")  # fmt: skip
Presses = list[tuple[str, int]]


def press(hall: Hall, id_: int, act: str, n: int) -> None:
    """One command by somebody; what is refused changes nothing."""
    db, row = hall.work.db, hall.row(id_)
    session = db.scalars(select(CommissionSession).order_by(CommissionSession.id.desc())).first()
    review = db.scalars(select(Review).where(Review.verdict.is_(None)).order_by(Review.id)).first()
    member = hall.members[n % len(hall.members)]
    if act == "submit":
        service.submit(hall.writer, id_, row.revision)
    elif act == "withdraw":
        service.withdraw(hall.writer, id_, row.revision)
    elif act == "pass" and review:
        judging.judge(hall.asked(review), review.id, review.revision, judging.Judgement("pass", CHECKS[review.kind]))
    elif act == "return" and review:
        reviewing.return_review(hall.asked(review), review.id, review.revision, "Mend it")
    elif act == "calibrate" and row.item_version_id:
        states.calibrate(hall.work, [row.item_version_id])
    elif act == "open":
        hall.opened(id_)
    elif session:
        _in_session(hall, id_, session, act, n, member.actor.id or 0)


def _in_session(hall: Hall, id_: int, session: CommissionSession, act: str, n: int, member_id: int) -> None:
    if act == "decide":
        commission.decide(hall.members[1], session.id, [id_], VERDICTS[n % 2], "So it is")
    elif act == "close":
        commission.close(hall.members[1], session.id, session.revision)
    elif act == "annul":
        commission.annul(hall.members[1], session.id, session.revision, "Anew")
    elif act == "sign" and session.minutes_sealed:
        shown = commission.document_of(hall.work, session).digest
        commission.sign(hall.members[1], session.id, shown, signing.PinAttempt(member_id, True, _hash(hall, member_id)))


def _hash(hall: Hall, member_id: int) -> str | None:
    return hall.work.db.get_one(StaffPin, member_id).pin_hash


def is_earned(hall: Hall, id_: int) -> bool:
    """Whether everything that an approval rests on is on record for the text that was frozen."""
    db = hall.work.db
    verbs = [move.verb for move in moves_of(db, "manuscript", [id_])]
    reviews = db.scalars(select(Review).where(Review.manuscript_id == id_, Review.verdict == "pass")).all()
    sessions = db.scalars(select(CommissionSession).where(CommissionSession.state == "in_force")).all()
    signed = [
        {each.staff_id for each in signing.signatures_under(hall.work, commission.document_of(hall.work, session))}
        for session in sessions
    ]
    chair = hall.members[0].actor.id
    return (
        any(each.kind == "content" for each in reviews)
        and {"ky", "ru"} <= {each.language for each in reviews}
        and "calibrate" in verbs
        and any(chair in each and len(each) >= 3 for each in signed)
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pressed=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7)), max_size=40), start=st.integers(0, 3))
def test_no_order_of_commands_approves_what_was_not_earned(hall: Hall, pressed: Presses, start: int) -> None:
    hall.work.db.flush()
    undone = hall.work.db.begin_nested()
    id_ = service.begin(hall.writer, factory.new_item(), "ky")
    for act, n in [*LED[: 3 * start], *pressed]:
        savepoint = hall.work.db.begin_nested()
        with suppress(CatError):
            press(hall, id_, act, n)
            hall.flush()
            savepoint.commit()
        if savepoint.is_active:
            savepoint.rollback()
        assert hall.row(id_).state not in ("approved", "in_use") or is_earned(hall, id_)
    undone.rollback()
    hall.work.db.expire_all()


# The straight way, of which a part is gone before anything is pressed at will.
LED: Presses = [
    ("submit", 0), ("pass", 0), ("pass", 0), ("pass", 0), ("calibrate", 0), ("open", 0), ("decide", 0), ("close", 0),
    ("sign", 0),
]  # fmt: skip


def test_the_straight_way_does_approve(hall: Hall) -> None:
    id_ = service.begin(hall.writer, factory.new_item(), "ky")
    for act, n in [*LED, ("sign", 1), ("sign", 2)]:
        press(hall, id_, act, n)
        hall.flush()
    assert hall.row(id_).state == "approved"
    assert is_earned(hall, id_)
