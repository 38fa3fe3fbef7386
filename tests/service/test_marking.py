"""Written work on a real database: drawn for two, for a third on disagreement; nothing is overwritten (CS-14.2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from server import delivery, marking
from server.core.errors import Denied, Invalid, NotFound, Refused, Stale
from server.core.work import Work
from server.marking import drawing, giving, intake, opening
from server.marking.calls import Call
from server.marking.models import Allotment, Mark, MarkingDraw, UnmarkedSession
from tests.factories.grading import alter_response
from tests.factories.marking import SUBJECT, World, a_marker, a_world, as_marker, take_in


def only_task(world: World, session_id: int) -> marking.MarkedTask:
    (task,) = marking.marks_of(world.work, [session_id])[session_id].values()
    return task


def test_each_work_is_drawn_for_two_and_settles_when_they_agree(work: Work) -> None:
    world = a_world(work)
    first, other = world.works()
    assert set(world.turns(first)) == {1, 2}
    assert len(set(world.turns(first).values())) == 2
    world.mark(first, 1, 8)
    assert marking.marks_of(work, world.session_ids) == {}, "one mark settles nothing"
    world.mark(first, 2, 7)
    found = marking.marks_of(work, world.session_ids)
    assert list(found) == [first.session_id]
    task = found[first.session_id][first.section_id, first.seq]
    assert (task.points, task.maximum, task.is_settled, len(task.mark_ids)) == (Decimal("7.5"), 10, True, 2)
    assert set(world.turns(first)) == {1, 2}
    assert other.session_id not in found


def test_a_third_marks_where_two_are_too_far_apart(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    world.mark(written, 1, 9)
    world.mark(written, 2, 6)
    turns = world.turns(written)
    assert set(turns) == {1, 2, 3}
    assert len(set(turns.values())) == 3, "neither of the two is the third"
    assert marking.marks_of(work, world.session_ids) == {}
    world.mark(written, 3, 7)
    task = only_task(world, written.session_id)
    assert (task.points, len(task.mark_ids)) == (Decimal("6.5"), 2)
    assert world.work.db.scalar(select(func.count()).select_from(Mark)) == 3


def test_dc_14_what_is_unsealed_or_altered_is_refused_and_listed(work: Work) -> None:
    world = a_world(work, is_open=False)
    alter_response(work, world.session_ids[0], spent_ms=1)
    opening.open_marking(world.office, world.sitting.id, {})
    for marker in world.markers:
        opening.call_marker(world.office, world.sitting.id, marker, [SUBJECT], ["ky", "ru"])
    for _ in range(2):
        take_in(world)
    (row,) = work.db.scalars(select(UnmarkedSession))
    assert (row.session_id, row.code, row.ruling["clause"]) == (world.session_ids[0], "seal_broken", "DC-14")
    assert {each.session_id for each in world.works()} == {world.session_ids[1]}
    assert intake.pending(work, world.marking) == [world.session_ids[0]], "looked at again, marked once it is whole"


def test_work_is_taken_in_once_and_in_no_order_of_sessions(work: Work) -> None:
    world = a_world(work, n_sessions=5, n_written=2)
    assert len(world.works()) == 10
    refs = [each.ref for each in world.works()]
    assert refs == sorted(refs), "their ids follow names drawn by lot, not the sessions"
    take_in(world)
    assert len(world.works()) == 10


def test_the_draw_is_balanced_and_its_seed_kept(work: Work) -> None:
    world = a_world(work, n_sessions=4, n_written=2)
    loads = drawing.loads_of(work, world.marking.id)
    assert sum(loads.values()) == 16
    assert max(loads.values()) - min(loads.values()) <= 1
    draws = list(work.db.scalars(select(MarkingDraw)))
    assert sum(each.n_works for each in draws) == 16
    assert all(each.seed > 0 for each in draws)
    assert {row.draw_id for row in work.db.scalars(select(Allotment))} <= {each.id for each in draws}


@given(st.integers(0, 2**40), st.integers(1, 12), st.integers(2, 6))
def test_whatever_is_drawn_nobody_has_two_works_more_than_another(seed: int, n_works: int, n_markers: int) -> None:
    calls = {id_: Call(id_, frozenset({SUBJECT}), frozenset({"ky"})) for id_ in range(1, n_markers + 1)}
    needs = [drawing.Need(n, turn, SUBJECT, "ky", frozenset()) for n in range(n_works) for turn in (1, 2)]
    found = drawing.by_lot(seed, needs, calls, {})
    loads = Counter(dict.fromkeys(calls, 0)) + Counter(found.values())
    assert max(loads.values()) - min(loads[id_] for id_ in calls) <= 1
    assert len({(need.work_id, id_) for need, id_ in found.items()}) == len(found) == 2 * n_works


def test_a_draw_can_be_repeated_from_its_seed() -> None:
    calls = {id_: Call(id_, frozenset({"history"}), frozenset({"ky"})) for id_ in (3, 5, 8)}
    barred = {2: frozenset({3})}
    needs = [drawing.Need(n, turn, SUBJECT, "ky", barred.get(n, frozenset())) for n in range(9) for turn in (1, 2)]
    found = drawing.by_lot(17, needs, calls, {5: 2})
    assert found == drawing.by_lot(17, needs, calls, {5: 2})
    assert found != drawing.by_lot(18, needs, calls, {5: 2})
    assert len(found) == 18
    assert 3 not in {found[need] for need in needs if need.work_id == 2}
    pairs = Counter((need.work_id, staff_id) for need, staff_id in found.items())
    assert max(pairs.values()) == 1, "nobody has a work twice"
    assert drawing.by_lot(17, [replace(needs[0], language="ru")], calls, {}) == {}


def test_who_belongs_to_the_candidates_centre_or_its_department_marks_no_work_of_theirs(work: Work) -> None:
    world = a_world(work, n_sessions=1, n_markers=2)
    (written,) = world.works()
    centre_id = delivery.session_ref(work, written.session_id).centre_id
    near = a_marker(work, 7, centre_id)
    opening.call_marker(world.office, world.sitting.id, near, [SUBJECT], ["ky", "ru"])
    world.mark(written, 1, 10)
    world.mark(written, 2, 0)
    assert set(world.turns(written)) == {1, 2}, "the only one left is of the candidate's centre"
    far = a_marker(work, 8)
    opening.call_marker(world.office, world.sitting.id, far, [SUBJECT], ["ky", "ru"])
    assert world.turns(written)[3] == far, "a marker who is called later takes what waits"


def test_a_mark_sent_twice_counts_once(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    key = uuid4()
    assert world.mark(written, 1, 8, key=key) is True
    assert world.mark(written, 1, 8, key=key) is False
    with pytest.raises(Stale, match="work_marked_already"):
        world.mark(written, 1, 3)
    assert [row.points for row in work.db.scalars(select(Mark))] == ["8"]


def test_a_slip_is_corrected_soon_after_and_nothing_is_overwritten(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    world.mark(written, 1, 1, note="Менин катам")
    first = work.db.scalars(select(Mark)).one()
    world.mark(written, 1, 10, replaces=first.id)
    assert [(row.points, row.supersedes_id) for row in work.db.scalars(select(Mark).order_by(Mark.id))] == [
        ("1", None), ("10", first.id),
    ]  # fmt: skip
    world.mark(written, 2, 10)
    assert only_task(world, written.session_id).points == 10
    newest = work.db.scalars(select(Mark.id).where(Mark.supersedes_id == first.id)).one()
    late = replace(work, now=work.now + timedelta(minutes=31))
    me = as_marker(late, world.turns(written)[1])
    with pytest.raises(Refused, match="mark_stands"):
        giving.give_mark(me, written.ref, giving.Given(2, uuid4(), replaces=newest))


def test_a_mark_that_a_third_is_called_to_settle_stays(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    world.mark(written, 1, 10)
    mark_id = work.db.scalars(select(Mark.id)).one()
    world.mark(written, 2, 0)
    with pytest.raises(Refused, match="mark_is_being_settled"):
        world.mark(written, 1, 1, replaces=mark_id)


def test_notes_are_sealed(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    world.mark(written, 1, 8, note="Аягы жок")
    (row,) = work.db.scalars(select(Mark))
    assert row.note_sealed is not None
    assert "Аягы".encode() not in row.note_sealed


@pytest.mark.parametrize(
    ("points", "more", "code"),
    [(11, {}, "points_out_of_scale"), (-1, {}, "points_out_of_scale"), (3, {"note": "x" * 1001}, "note_too_long")],
)
def test_points_lie_on_the_scale(work: Work, points: int, more: dict[str, str], code: str) -> None:
    world = a_world(work, n_sessions=1)
    with pytest.raises(Invalid, match=code):
        world.mark(world.works()[0], 1, points, **more)


def test_a_work_is_another_markers_business(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    others = set(world.markers) - set(world.turns(written).values())
    for staff_id in others:
        with pytest.raises(NotFound, match="work_unknown"):
            giving.give_mark(as_marker(work, staff_id), written.ref, giving.Given(3, uuid4()))


def test_who_recognises_the_writer_gives_the_work_back_and_never_gets_it_again(work: Work) -> None:
    world = a_world(work, n_sessions=1, n_markers=3)
    (written,) = world.works()
    first = world.turns(written)[1]
    with pytest.raises(Refused, match="give_back_reason_unknown"):
        giving.give_back(as_marker(work, first), written.ref, "tired")
    giving.give_back(as_marker(work, first), written.ref, "knows_writer")
    assert first not in world.turns(written).values()
    assert set(world.turns(written)) == {1, 2}
    with pytest.raises(NotFound):
        giving.held(as_marker(work, first), written.ref)
    (row,) = [each for each in work.db.scalars(select(Allotment)) if each.supersedes_id]
    assert row.turn == 1


def test_a_marked_work_is_not_given_back(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    world.mark(written, 1, 5)
    with pytest.raises(Stale):
        giving.give_back(as_marker(work, world.turns(written)[1]), written.ref, "knows_writer")


def test_a_marker_who_is_released_leaves_marks_and_hands_over_the_rest(work: Work) -> None:
    world = a_world(work, n_sessions=3, n_markers=3)
    leaving = world.markers[0]
    theirs = [each for each in world.works() if leaving in world.turns(each).values()]
    kept = theirs[0]
    turn = next(turn for turn, staff_id in world.turns(kept).items() if staff_id == leaving)
    world.mark(kept, turn, 8)
    opening.release_marker(world.office, world.sitting.id, leaving)
    assert [each.id for each in world.works() if leaving in world.turns(each).values()] == [kept.id]
    assert all(set(world.turns(each)) == {1, 2} for each in world.works())


def test_a_decision_on_an_appeal_is_a_new_mark_that_stands(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    place = (written.session_id, written.section_id, written.seq)
    with pytest.raises(Stale, match="work_not_settled"):
        marking.remark(work, *place, Decimal(9), "appeal_decision:1")
    world.mark_all(6, 6)
    first = marking.remark(work, *place, Decimal("8.5"), "appeal_decision:1")
    task = only_task(world, written.session_id)
    assert (task.points, task.mark_ids) == (Decimal("8.5"), (first,))
    second = marking.remark(work, *place, Decimal(9), "appeal_decision:2")
    assert only_task(world, written.session_id).mark_ids == (second,)
    assert work.db.scalar(select(func.count()).select_from(Mark)) == 4
    for points in (Decimal(11), Decimal("-1"), Decimal("8.123")):
        with pytest.raises(Invalid, match="points_out_of_scale"):
            marking.remark(work, *place, points, "appeal_decision:3")
    with pytest.raises(NotFound):
        marking.remark(work, written.session_id, written.section_id, 999, Decimal(1), "appeal_decision:4")
    before = next(row for row in work.db.scalars(select(Mark).order_by(Mark.id)) if row.source == "marker")
    with pytest.raises(Refused, match="mark_is_being_settled"):
        world.mark(written, 1, 1, replaces=before.id)


def test_the_office_opens_a_marking_once_with_what_each_task_is_worth(work: Work) -> None:
    world = a_world(work, n_sessions=1, is_open=False)
    (task,) = opening.written_tasks(work, delivery.sitting_ref(work, world.sitting.id))
    with pytest.raises(Denied):
        opening.open_marking(as_marker(work, world.markers[0]), world.sitting.id, {})
    with pytest.raises(Refused, match="scale_unlawful"), work.db.begin_nested():
        opening.open_marking(world.office, world.sitting.id, {task.item_version_id: 21})
    opening.open_marking(world.office, world.sitting.id, {task.item_version_id: 4})
    with pytest.raises(Stale, match="marking_opened_already"):
        opening.open_marking(world.office, world.sitting.id, {})
    with pytest.raises(Invalid, match="marker_call_empty"):
        opening.call_marker(world.office, world.sitting.id, world.markers[0], ["physics"], ["ky"])
    with pytest.raises(Invalid, match="marker_unknown"):
        opening.call_marker(world.office, world.sitting.id, 999_999, [SUBJECT], ["ky"])


def test_a_sitting_without_written_tasks_has_nothing_to_mark(work: Work) -> None:
    world = a_world(work, n_sessions=0, n_markers=0, n_written=0, is_open=False)
    with pytest.raises(Invalid, match="marking_nothing_written"):
        opening.open_marking(world.office, world.sitting.id, {})


def test_blank_work_is_marked_by_people_too(work: Work) -> None:
    world = a_world(work, n_sessions=1, answers=lambda _subject, seq: seq <= 6 or "blank")
    world.mark_all(0, 0)
    assert only_task(world, world.session_ids[0]).points == 0


def test_each_act_is_journalled_without_points(work: Work) -> None:
    world = a_world(work, n_sessions=1)
    world.mark_all()
    acts = [each.act for each in work._acts]
    assert {"marking:opened", "marker:called", "marking:drawn", "work:marked"} <= set(acts)
    assert "points" not in {name for each in work._acts if each.act == "work:marked" for name in each.facts}
