"""In whatever order it is pressed: what signed minutes decided nobody undoes alone; a withdrawal stands above both."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from itembank.authoring.commission.board import VERDICTS
from itembank.authoring.commission.standing import binds
from itembank.authoring.models import CommissionDecision, CommissionSession
from itembank.inventory import service
from itembank.withdrawals import service as withdrawals
from itembank.withdrawals.queries import in_force
from server.core.errors import CatError
from server.core.roles import Actor, Role
from server.core.work import Work
from tests.service.test_commission import Hall, hall

__all__ = ["hall"]
ALONE = ("rest", "wake", "retire")
PRESSES = st.lists(
    st.one_of(
        st.tuples(st.just("alone"), st.sampled_from(ALONE)), st.tuples(st.just("session"), st.sampled_from(VERDICTS)),
        st.tuples(st.just("security"), st.sampled_from(("rest", "withdraw", "lift"))),
    ),
    max_size=9,
)  # fmt: skip


def press(hall: Hall, officer: Work, id_: int, who: str, what: str) -> None:
    if who == "session":
        hall.decided(id_, what)
    elif what == "withdraw":
        withdraw(officer, "GEO-1")
    elif what == "lift":
        for each in in_force(officer):
            withdrawals.lift(officer, each.act, "It was another one")
    else:
        work = officer if who == "security" else hall.members[1]
        service.act_on(work, [id_], service.Ask.read(work, what, "because I say so", ""))


def withdraw(officer: Work, code: str) -> None:
    withdrawals.withdraw(officer, [code], withdrawals.Decision(cause="suspected", reason="a photograph"))


def decided(hall: Hall, id_: int) -> str | None:
    """What the last minutes in force say of the item."""
    query = (
        select(CommissionDecision.verdict)
        .join(CommissionSession, CommissionSession.id == CommissionDecision.commission_session_id)
        .where(CommissionDecision.manuscript_id == id_, CommissionSession.state == "in_force")
        .order_by(CommissionDecision.id.desc())
    )
    return hall.work.db.execute(query).scalars().first()


@pytest.fixture
def officer(hall: Hall) -> Work:
    place = hall.writer.actor.organisation_id
    return replace(hall.work, actor=Actor(frozenset({Role.SECURITY}), hall.reader.actor.id, "officer", place))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pressed=PRESSES)
def test_no_order_of_acts_undoes_alone_what_minutes_decided(
    hall: Hall, officer: Work, pressed: list[tuple[str, str]]
) -> None:
    undone = hall.work.db.begin_nested()
    id_ = hall.calibrated()
    for who, what in pressed:
        before, standing = hall.row(id_).state, decided(hall, id_)
        savepoint = hall.work.db.begin_nested()
        with suppress(CatError):
            press(hall, officer, id_, who, what)
            hall.flush()
            savepoint.commit()
        if savepoint.is_active:
            savepoint.rollback()
        after = hall.row(id_).state
        if who == "alone" and standing in ("rest", "retire", "rework"):
            assert after == before
        if who == "alone" and standing in ("approve", "wake"):  # what another person put to rest may be taken up
            assert after == before or before == "resting"
        if before == "retired" or in_force(hall.work, [hall.row(id_).item_id]):
            assert after in ("resting", "retired")
    undone.rollback()
    hall.work.db.expire_all()


def test_a_rest_by_minutes_is_lifted_by_minutes_alone(hall: Hall) -> None:
    id_ = hall.calibrated()
    hall.decided(id_, "rest")
    alone = hall.members[2]
    outcome = service.act_on(alone, [id_], service.Ask.read(alone, "wake", "I disagree", ""))
    assert [each.fault for each in outcome.left] == ["decided"]
    assert hall.row(id_).state == "resting"
    hall.decided(id_, "wake")
    assert hall.row(id_).state == "calibrated"


def test_security_puts_to_rest_what_minutes_approved_and_one_member_takes_it_up(hall: Hall, officer: Work) -> None:
    id_ = hall.calibrated()
    hall.decided(id_, "approve")
    for act in ("rest", "retire"):
        assert service.act_on(hall.members[1], [id_], service.Ask.read(hall.members[1], act, "so it is", "")).left
    service.act_on(officer, [id_], service.Ask.read(officer, "rest", "it was seen", ""))
    hall.flush()
    assert hall.row(id_).state == "resting"
    service.act_on(hall.members[1], [id_], service.Ask.read(hall.members[1], "wake", "nothing was seen", ""))
    assert hall.row(id_).state == "approved"


def test_what_is_before_a_session_waits_for_it(hall: Hall) -> None:
    id_ = hall.calibrated()
    hall.opened(id_)
    assert service.act_on(hall.members[1], [id_], service.Ask.read(hall.members[1], "retire", "so it is", "")).left
    assert hall.row(id_).state == "calibrated"


@pytest.mark.parametrize("act", ALONE)
def test_what_no_minutes_decided_binds_nobody(act: str) -> None:
    assert not binds("in_force", None, act)
    assert binds("closed", "approve", act)
