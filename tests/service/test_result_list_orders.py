"""No order of commands changes a released list, releases an unsigned one or tells a candidate what no list says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import delivery, grading
from server.accounts.signing import PinAttempt, check_pin
from server.core.errors import CatError
from server.core.work import Work
from server.grading import lists
from server.grading.lists import service
from server.grading.lists.standing import Row
from tests.factories.accounts import PIN
from tests.factories.delivery import a_sitting, finished_session
from tests.factories.results import (
    Offices,
    a_department_over,
    controlled,
    corrected,
    two_of_the_office,
)

COMMANDS = ("freeze", "sign first", "sign second", "release", "release first", "correct", "correct back", "receive",
            "control", "all of it", "all of it")  # fmt: skip
GRADES = {"correct": ("91", "excellent"), "correct back": ("40", "unsatisfactory")}


@dataclass(frozen=True, repr=False)
class Ground:
    """A graded session, its department and two of the office, made once for all orders."""

    sitting: int
    session: int
    department: Work
    offices: Offices
    attempts: dict[int, PinAttempt]

    def attempt(self, office: Work) -> PinAttempt:
        """Their PIN, compared once: that is slow on purpose."""
        staff = office.actor.id or 0
        if staff not in self.attempts:
            self.attempts[staff] = check_pin(office, staff, PIN)
        return self.attempts[staff]


@pytest.fixture
def ground(work: Work) -> Ground:
    sitting = a_sitting(work, subjects=["history"])
    session_id = finished_session(work, sitting)
    grading.grade_session(work, session_id)
    department = a_department_over(work, delivery.session_ref(work, session_id).centre_id)
    work.db.flush()
    return Ground(sitting.id, session_id, department, two_of_the_office(work), {})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(st.sampled_from(COMMANDS), min_size=4, max_size=16))
def test_no_order_of_commands_changes_a_released_list(work: Work, ground: Ground, orders: list[str]) -> None:
    point = work.db.begin_nested()
    try:
        seen: dict[int, tuple[str, list[Row]]] = {}
        for n, command in enumerate(orders):
            _tried(replace(work, now=work.now + timedelta(minutes=n)), ground, command)
            _holds_true(work, ground, seen)
    finally:
        point.rollback()
        work.db.expire_all()


def _tried(work: Work, ground: Ground, command: str) -> None:
    inner = work.db.begin_nested()
    try:
        _done(work, ground, command)
    except CatError:
        inner.rollback()
    else:
        inner.commit()


def _done(work: Work, ground: Ground, command: str) -> None:
    first = replace(ground.offices.first, now=work.now)
    if command == "freeze":
        lists.freeze(first, ground.sitting, because="Asked for.")
    elif command == "control":
        controlled(first, ground.sitting)
    elif command == "all of it":
        for each in ("control", "freeze", "sign first", "sign second", "release"):
            _done(work, ground, each)
    elif command in GRADES:
        corrected(work, ground.session, *GRADES[command])
    else:
        _done_to_a_list(work, ground, command)


def _done_to_a_list(work: Work, ground: Ground, command: str) -> None:
    known = lists.lists_of(work, ground.sitting)
    first, second = (replace(each, now=work.now) for each in (ground.offices.first, ground.offices.second))
    for each in known if command == "receive" else known[:1]:
        if command == "receive":
            for delivered in lists.queries.deliveries_of(work, each.id):
                lists.receive(replace(ground.department, now=work.now), delivered.id, ground.attempt(ground.department))
        elif command.startswith("sign"):
            signer = first if command == "sign first" else second
            lists.sign_list(signer, each.id, ground.attempt(signer))
        elif command.startswith("release"):
            lists.release(first, (known[-1] if command == "release first" else each).id)


def _holds_true(work: Work, ground: Ground, seen: dict[int, tuple[str, list[Row]]]) -> None:
    known = lists.lists_of(work, ground.sitting)
    assert [each.version for each in reversed(known)] == list(range(1, len(known) + 1))
    assert [each.supersedes_id for each in known] == [*(each.id for each in known[1:]), *([None] if known else [])]
    for each in known:
        rows = lists.rows_of(work, each.id)
        assert service.is_whole(each, rows)
        assert seen.setdefault(each.id, (each.digest, rows)) == (each.digest, rows)
        if each.released_at is not None:
            assert len(service.signers_of(work, each)) >= 2
    told, newest = grading.result_of(work, ground.session), lists.newest_released(work, ground.sitting)
    assert (told is None) == (newest is None)
    if told is not None and newest is not None:
        (row,) = lists.rows_of(work, newest.id)
        assert [str(each.percent) for each in told.grades] == [each["percent"] for each in row.grades]
        at = grading.received_at(work, ground.session)
        assert at is None or at >= min(each.released_at for each in known if each.released_at)
