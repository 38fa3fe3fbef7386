"""No order of a marking's commands loses a mark, gives anybody a work twice, or settles what the rule does not."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from server import marking
from server.core.errors import CatError
from server.core.work import Work
from server.marking import giving, opening
from server.marking.models import Allotment, Mark
from tests.factories.marking import SUBJECT, World, a_world, as_marker

# Which work, which marker, what they do, with how many points.
ACTS = st.lists(
    st.tuples(
        st.integers(0, 1), st.integers(0, 3), st.sampled_from(["mark", "mark", "again", "correct", "back", "out", "in",
                                                               "appeal"]), st.sampled_from([0, 3, 5, 6, 10]),
    ),
    min_size=4, max_size=24,
)  # fmt: skip


@pytest.fixture
def world(work: Work) -> World:
    """One world for all orders; each order is undone."""
    return a_world(work)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_no_order_of_commands_loses_or_repeats_a_mark(
    world: World, acts: list[tuple[int, int, str, int]]
) -> None:
    work = world.work
    nested = work.db.begin_nested()
    kept: dict[int, tuple[str, str | None]] = {}
    for n, (at, who, act, points) in enumerate(acts):
        try:
            with work.db.begin_nested():
                _act(world, at, world.markers[who], act, points, n)
        except CatError:
            pass
        rows = {row.id: (row.points, row.because) for row in work.db.scalars(select(Mark))}
        assert kept.items() <= rows.items(), "a mark is gone or changed"
        kept = rows
        _hold(world)
    nested.rollback()
    work.db.expire_all()


def _act(world: World, at: int, staff_id: int, act: str, points: int, n: int) -> None:
    written, work = world.works()[at], world.work
    me = as_marker(work, staff_id)
    if act == "mark":
        giving.give_mark(me, written.ref, giving.Given(points, UUID(int=n)))
    elif act == "again":
        giving.give_mark(me, written.ref, giving.Given(points, UUID(int=max(0, n - 1))))
    elif act == "correct":
        mine = giving.newest_mark(work, giving.held(me, written.ref).allotment.id)
        giving.give_mark(me, written.ref, giving.Given(points, UUID(int=n), replaces=mine.id if mine else 0))
    elif act == "back":
        giving.give_back(me, written.ref, "knows_writer")
    elif act == "out":
        opening.release_marker(world.office, world.sitting.id, staff_id)
    elif act == "in":
        opening.call_marker(world.office, world.sitting.id, staff_id, [SUBJECT], ["ky", "ru"])
    else:
        place = (written.session_id, written.section_id, written.seq)
        marking.remark(work, *place, Decimal(points), "appeal_decision:1")


def _hold(world: World) -> None:
    """What is true whatever was done."""
    work = world.work
    pairs = work.db.execute(select(Allotment.work_id, Allotment.staff_id, func.count()).group_by(
        Allotment.work_id, Allotment.staff_id))  # fmt: skip
    assert {n for _work, _staff, n in pairs} == {1}, "nobody gets a work twice"
    marks = list(work.db.scalars(select(Mark).order_by(Mark.id)))
    later = {row.supersedes_id for row in marks}
    found = marking.marks_of(work, world.session_ids)
    for written in world.works():
        live = [row for row in marks if row.work_id == written.id and row.id not in later]
        turns = world.turns(written)
        assert len(set(turns.values())) == len(turns)
        task = found.get(written.session_id, {}).get((written.section_id, written.seq))
        of_appeal = [row for row in live if row.source == "appeal"]
        if of_appeal:
            assert task is not None
            assert task.points == Decimal(of_appeal[-1].points)
        elif task is not None:
            assert len(live) >= 2
            given = sorted(Decimal(row.points) for row in live)
            assert given[0] <= task.points <= given[-1]
            assert len(live) > 2 or given[-1] - given[0] <= 2, (
                "two that differ by more than a fifth settle nothing"
            )
