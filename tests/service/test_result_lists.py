"""Lists of results: frozen, signed by two, released, delivered; what one says never changes (DC-22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from server import delivery, grading
from server.core.errors import Denied, Invalid, NotFound, Refused, Stale
from server.core.roles import SYSTEM
from server.core.vault import verify_signature
from server.core.work import Work
from server.grading import lists
from server.grading.control import service as control
from server.grading.lists import proving, queries, queued, service
from server.grading.lists.models import DepartmentDelivery, Release, ResultList, ResultRow
from tests.factories.delivery import (
    Planned,
    a_session,
    a_sitting,
    absent_session,
    every_second,
    finished_session,
    wrong,
)
from tests.factories.grading import a_finding, take_seal_away
from tests.factories.results import (
    BECAUSE,
    Offices,
    a_department_over,
    an_office,
    controlled,
    corrected,
    received,
    released,
    sign,
    two_of_the_office,
)


@pytest.fixture
def sitting(work: Work) -> Planned:
    return a_sitting(work, subjects=["history"])


@pytest.fixture
def offices(work: Work) -> Offices:
    return two_of_the_office(work)


def graded(work: Work, sitting: Planned, answers: object = every_second) -> int:
    session_id = finished_session(work, sitting, answers)  # type: ignore[arg-type]
    grading.grade_session(work, session_id)
    return session_id


def missing(work: Work, sitting: Planned) -> int:
    session_id = absent_session(work, sitting)
    grading.grade_session(work, session_id)
    return session_id


def centre_of(work: Work, session_id: int) -> int:
    return delivery.session_ref(work, session_id).centre_id


def test_a_list_says_what_stands(work: Work, sitting: Planned) -> None:
    present, absent, held = graded(work, sitting), missing(work, sitting), finished_session(work, sitting)
    take_seal_away(work, held)
    grading.grade_session(work, held)
    list_id = lists.freeze(work, sitting.id, because=f"  {BECAUSE} ")
    made = lists.list_ref(work, list_id)
    assert (made.version, made.supersedes_id, made.because) == (1, None, BECAUSE)
    assert (made.n_rows, made.n_graded, made.n_held) == (3, 2, 1)
    rows = {row.session_id: row for row in lists.rows_of(work, list_id)}
    grade = grading.grades_of(work, [present])[present]["history"]
    (told,) = rows[present].grades
    assert (told["percent"], told["grade"]) == (str(grade.percent), grade.grade)
    assert (rows[absent].grades, rows[absent].is_eligible, rows[absent].state) == ([], False, "absent")
    assert rows[absent].reasons[0]["reason"] == "absence"
    assert (rows[held].is_eligible, rows[held].hold) == (None, "seal_missing")
    assert rows[present].school == "№ 61 мектеп"


@pytest.mark.parametrize("because", ["", " a ", "x" * 301])
def test_a_list_needs_a_reason(work: Work, sitting: Planned, because: str) -> None:
    missing(work, sitting)
    with pytest.raises(Invalid, match="list_without_reason"):
        lists.freeze(work, sitting.id, because=because)


def test_nothing_is_frozen_while_somebody_is_expected_or_waits_for_a_grade(work: Work, sitting: Planned) -> None:
    with pytest.raises(Stale, match="sitting_not_over"):
        lists.freeze(work, sitting.id, because=BECAUSE)
    finished_session(work, sitting)
    with pytest.raises(Stale, match="grades_missing"):
        lists.freeze(work, sitting.id, because=BECAUSE)
    a_session(work, sitting)
    with pytest.raises(Stale, match="sitting_not_over"):
        lists.freeze(work, sitting.id, because=BECAUSE)


def test_what_has_not_changed_is_not_frozen_again(work: Work, sitting: Planned) -> None:
    session_id = graded(work, sitting)
    first = lists.freeze(work, sitting.id, because=BECAUSE)
    assert lists.freeze(work, sitting.id, because="Once more.") == first
    corrected(work, session_id, "90", "excellent")
    second = lists.freeze(work, sitting.id, because="Key corrected.")
    assert [(each.id, each.version, each.supersedes_id) for each in lists.lists_of(work, sitting.id)] == [
        (second, 2, first), (first, 1, None)]  # fmt: skip
    before, after = (lists.rows_of(work, each)[0].grades[0]["percent"] for each in (first, second))
    assert (before != after, after) == (True, "90")


def test_two_signatures_of_two_persons_release(work: Work, sitting: Planned, offices: Offices) -> None:
    missing(work, sitting)
    list_id = lists.freeze(offices.first, sitting.id, because=BECAUSE)
    with pytest.raises(Refused, match="list_unsigned"):
        lists.release(offices.first, list_id)
    assert sign(offices.first, list_id) is None
    assert getattr(sign(offices.first, list_id), "code", None) == "signed_already"
    with pytest.raises(Refused, match="list_unsigned") as refused:
        lists.release(offices.first, list_id)
    assert refused.value.facts["signed"] == 1
    assert sign(offices.second, list_id) is None
    with pytest.raises(Refused, match="control_missing"):
        lists.release(offices.first, list_id)
    controlled(offices.first, sitting.id)
    for _ in range(2):
        lists.release(offices.first, list_id)
    made = lists.newest_released(work, sitting.id)
    assert made is not None
    assert (made.id, made.released_at) == (list_id, work.now)


def test_a_wrong_pin_signs_nothing(work: Work, sitting: Planned, offices: Offices) -> None:
    missing(work, sitting)
    list_id = lists.freeze(work, sitting.id, because=BECAUSE)
    assert getattr(sign(offices.first, list_id, "111222"), "code", None) == "pin_wrong"
    assert service.signers_of(work, lists.list_ref(work, list_id)) == set()


def test_nobody_signs_for_another_and_others_do_not_sign_at_all(work: Work, sitting: Planned, offices: Offices) -> None:
    missing(work, sitting)
    list_id = lists.freeze(work, sitting.id, because=BECAUSE)
    lent = replace(offices.first, actor=replace(offices.first.actor, id=offices.second.actor.id))
    attempt = lists.service.PinAttempt(offices.first.actor.id or 0, is_right=True, checked=None)
    with pytest.raises(Denied, match="not_allowed"):
        lists.sign_list(lent, list_id, attempt)
    for kind in ("department", "ministry", "school"):
        with pytest.raises(Refused, match="no_list_signer"):
            sign(an_office(work, kind), list_id)


def test_a_list_that_was_followed_is_neither_signed_nor_released(
    work: Work, sitting: Planned, offices: Offices
) -> None:
    session_id = graded(work, sitting)
    first = lists.freeze(work, sitting.id, because=BECAUSE)
    for office in (offices.first, offices.second):
        sign(office, first)
    corrected(work, session_id, "90", "excellent")
    controlled(offices.first, sitting.id)
    with pytest.raises(Stale, match="list_outdated"):
        lists.release(offices.first, first)
    second = lists.freeze(work, sitting.id, because="Key corrected.")
    with pytest.raises(Stale, match="list_superseded"):
        lists.release(offices.first, first)
    with pytest.raises(Stale, match="list_superseded"):
        sign(offices.first, first)
    with pytest.raises(Refused, match="list_unsigned"):
        lists.release(offices.first, second)


def test_the_candidate_is_told_what_the_newest_released_list_says(
    work: Work, sitting: Planned, offices: Offices
) -> None:
    session_id = graded(work, sitting, wrong)
    assert grading.result_of(work, session_id) is None
    released(work, sitting.id, offices)
    first = grading.result_of(work, session_id)
    assert first is not None
    corrected(work, session_id, "90", "excellent")
    unmoved = grading.result_of(work, session_id)
    assert unmoved is not None
    assert (unmoved.grades, unmoved.is_eligible) == (first.grades, False)
    released(work, sitting.id, offices, "Key corrected.")
    moved = grading.result_of(work, session_id)
    assert moved is not None
    assert (moved.grades[0].percent, moved.is_eligible, moved.reasons) == (90, True, [])


def test_a_release_bears_the_seal_of_the_testing_centre(work: Work, sitting: Planned, offices: Offices) -> None:
    missing(work, sitting)
    made = lists.list_ref(work, released(work, sitting.id, offices))
    (row,) = work.db.query(Release).all()
    key = lists.service.accounts.organisation_of(work, row.organisation_id).seal_key
    assert key is not None
    assert row.organisation_id == offices.first.actor.organisation_id
    assert verify_signature(key, row.seal, service.sealed_message(made))
    assert not verify_signature(key, row.seal, service.sealed_message(replace(made, digest="0" * 64)))


@pytest.mark.parametrize("model", [ResultList, ResultRow, Release, DepartmentDelivery])
def test_no_row_of_a_list_is_changed_or_taken_away(
    work: Work, sitting: Planned, model: type[ResultList | ResultRow | Release | DepartmentDelivery]
) -> None:
    session_id = missing(work, sitting)
    a_department_over(work, centre_of(work, session_id))
    released(work, sitting.id)
    for change in (update(model).values(id=model.id + 1000), delete(model)):
        with pytest.raises(DBAPIError, match="append-only"), work.db.begin_nested():
            work.db.execute(change)


def test_a_row_put_in_beside_is_found_out(work: Work, sitting: Planned, offices: Offices) -> None:
    session_id = missing(work, sitting)
    other = a_sitting(work, subjects=["history"])
    stranger = missing(work, other)
    list_id = lists.freeze(work, sitting.id, because=BECAUSE)
    (row,) = lists.rows_of(work, list_id)
    values = {**row._asdict(), "session_id": stranger, "is_eligible": True, "list_id": list_id}
    work.db.execute(insert(ResultRow).values(values))
    with pytest.raises(Stale, match="list_altered"):
        sign(offices.first, list_id)
    assert session_id != stranger


def test_DC_22_each_department_has_its_own_rows(work: Work, sitting: Planned, offices: Offices) -> None:
    north, south, nowhere = (missing(work, sitting) for _ in range(3))
    departments = {each: a_department_over(work, centre_of(work, each)) for each in (north, south)}
    list_id = released(work, sitting.id, offices)
    given = {each.department_id: each for each in queries.deliveries_of(work, list_id)}
    assert set(given) == {each.actor.organisation_id for each in departments.values()}
    for session_id, office in departments.items():
        circle = grading.access.circle_of(office, sitting.edition)
        assert [row.session_id for row in lists.rows_of(work, list_id, circle)] == [session_id]
        one = given[office.actor.organisation_id or 0]
        assert (one.n_rows, one.delivered_at, one.received_at) == (1, work.now, None)
        assert (one.ruling["clause"], one.ruling["code"]) == ("DC-22", "delivered_in_time")
    assert nowhere in {row.session_id for row in lists.rows_of(work, list_id)}


def test_DC_22_what_is_delivered_after_five_days_is_late(work: Work, sitting: Planned) -> None:
    session_id = missing(work, sitting)
    a_department_over(work, centre_of(work, session_id))
    late = replace(work, now=sitting.starts_at + timedelta(days=6))
    (given,) = queries.deliveries_of(work, released(late, sitting.id))
    assert (given.ruling["allowed"], given.ruling["code"]) == (False, "delivered_late")


def test_a_department_signs_for_what_it_got(work: Work, sitting: Planned) -> None:
    session_id, other = missing(work, sitting), missing(work, sitting)
    own, abroad = (a_department_over(work, centre_of(work, each)) for each in (session_id, other))
    list_id = released(work, sitting.id)
    assert grading.received_at(work, session_id) is None
    assert getattr(received(own, list_id, "111222"), "code", None) == "pin_wrong"
    assert grading.received_at(work, session_id) is None
    later = work.now + timedelta(hours=3)
    for hours in (3, 4):
        assert received(replace(own, now=work.now + timedelta(hours=hours)), list_id) is None
    assert grading.received_at(work, session_id) == later
    assert grading.received_at(work, other) is None
    (given,) = queries.deliveries_to(work, own.actor.organisation_id or 0, [list_id])
    for stranger in (abroad, an_office(work), an_office(work, "school")):
        with pytest.raises(NotFound, match="not_found"):
            lists.receive(stranger, given.id, lists.service.PinAttempt(stranger.actor.id or 0, True, None))


def test_a_correction_goes_to_those_it_concerns_and_begins_their_time_anew(work: Work, sitting: Planned) -> None:
    moved, unmoved = graded(work, sitting), graded(work, sitting)
    offices = two_of_the_office(work)
    touched, untouched = (a_department_over(work, centre_of(work, each)) for each in (moved, unmoved))
    first = released(work, sitting.id, offices)
    for office in (touched, untouched):
        received(replace(office, now=work.now + timedelta(days=1)), first)
    corrected(work, moved, "90", "excellent")
    second = released(work, sitting.id, offices, "Key corrected.")
    (given,) = queries.deliveries_of(work, second)
    assert given.department_id == touched.actor.organisation_id
    assert given.ruling["code"] == "correction_delivered"
    assert grading.received_at(work, moved) is None
    received(replace(touched, now=work.now + timedelta(days=9)), second)
    assert grading.received_at(work, moved) == work.now + timedelta(days=9)
    assert grading.received_at(work, unmoved) == work.now + timedelta(days=1)


def test_DC_22_what_was_held_back_is_late_when_it_comes_after_the_five_days(work: Work, sitting: Planned) -> None:
    held, other = graded(work, sitting), graded(work, sitting)
    offices = two_of_the_office(work)
    a_department_over(work, centre_of(work, held), centre_of(work, other))
    finding = a_finding(work, sitting.id, [held])
    control.decide(offices.first, finding, "hold", "The camera shows another person.")
    (first,) = queries.deliveries_of(work, released(work, sitting.id, offices))
    assert first.ruling["code"] == "delivered_in_time"
    control.decide(offices.second, finding, "clear", "It was the same person after all.")
    late = replace(work, now=work.now + timedelta(days=9))
    (then,) = queries.deliveries_of(work, released(late, sitting.id, offices, "A hold was lifted."))
    assert (then.ruling["code"], then.ruling["allowed"]) == ("delivered_late", False)
    corrected(work, held, "90", "excellent")
    (again,) = queries.deliveries_of(work, released(late, sitting.id, offices, "Key corrected."))
    assert again.ruling["code"] == "correction_delivered"


def test_a_correction_of_somebody_else_leaves_ones_own_time_as_it_was(work: Work, sitting: Planned) -> None:
    moved, unmoved = graded(work, sitting), graded(work, sitting)
    offices = two_of_the_office(work)
    office = a_department_over(work, centre_of(work, moved), centre_of(work, unmoved))
    received(office, released(work, sitting.id, offices))
    corrected(work, moved, "90", "excellent")
    second = released(work, sitting.id, offices, "Key corrected.")
    assert grading.received_at(work, unmoved) == work.now
    received(replace(office, now=work.now + timedelta(days=2)), second)
    assert grading.received_at(work, unmoved) == work.now
    assert grading.received_at(work, moved) == work.now + timedelta(days=2)


def test_where_no_department_stands_between_the_release_counts(work: Work, sitting: Planned) -> None:
    session_id = missing(work, sitting)
    assert grading.received_at(work, session_id) is None
    released(work, sitting.id)
    assert grading.received_at(work, session_id) == work.now


def test_a_held_result_was_received_by_nobody(work: Work, sitting: Planned) -> None:
    session_id = finished_session(work, sitting)
    take_seal_away(work, session_id)
    grading.grade_session(work, session_id)
    released(work, sitting.id)
    assert grading.received_at(work, session_id) is None
    assert grading.result_of(work, session_id) is None


def test_where_results_are_shown_at_once_their_giving_counts(work: Work) -> None:
    sitting = a_sitting(work, subjects=["history"], is_released_at_once=True)
    session_id = finished_session(work, sitting)
    assert grading.received_at(work, session_id) is None
    grading.grade_session(work, session_id)
    assert grading.received_at(work, session_id) == work.now
    corrected(replace(work, now=work.now + timedelta(days=1)), session_id, "90", "excellent")
    assert grading.received_at(work, session_id) == work.now + timedelta(days=1)


def test_the_office_looks_at_first_results_before_it_freezes_them(
    work: Work, sitting: Planned, offices: Offices
) -> None:
    session_id = graded(work, sitting)
    with pytest.raises(Refused, match="control_missing"):
        queued.ask_to_freeze(work, sitting.id, BECAUSE)
    controlled(offices.first, sitting.id)
    assert queued.ask_to_freeze(work, sitting.id, f" {BECAUSE}") == queued.ask_to_freeze(work, sitting.id, BECAUSE)
    released(work, sitting.id, offices)
    later = replace(work, now=work.now + timedelta(days=1))
    corrected(later, session_id, "90", "excellent")
    assert queued.ask_to_freeze(later, sitting.id, "Key corrected.")


def test_a_result_that_people_hold_back_stands_on_the_list_without_its_grade(
    work: Work, sitting: Planned, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubted, other = graded(work, sitting), graded(work, sitting)
    monkeypatch.setattr(service.control, "held", lambda *_: {doubted: "similar"})
    rows = {row.session_id: row for row in lists.rows_of(work, released(work, sitting.id, offices))}
    held_row = rows[doubted]
    assert (held_row.grades, held_row.is_eligible, held_row.reasons, held_row.hold) == ([], None, [], "held_back")
    assert rows[other].is_eligible is not None
    assert grading.result_of(work, doubted) is None


def test_the_system_freezes_and_does_not_release(work: Work, sitting: Planned) -> None:
    missing(work, sitting)
    system = replace(work, actor=SYSTEM)
    list_id = lists.freeze(system, sitting.id, because=BECAUSE)
    assert lists.list_ref(work, list_id).frozen_by == "system"
    with pytest.raises(Refused, match="list_unsigned"):
        lists.release(system, list_id)


def test_verify_finds_nothing_in_a_released_list_and_names_what_was_put_in(
    work: Work, sitting: Planned, offices: Offices
) -> None:
    missing(work, sitting)
    list_id = released(work, sitting.id, offices)
    assert list(proving.faults(work, list_id)) == []
    (row,) = lists.rows_of(work, list_id)
    stranger = missing(work, a_sitting(work, subjects=["history"]))
    work.db.execute(insert(ResultRow).values({**row._asdict(), "session_id": stranger, "list_id": list_id}))
    assert list(proving.faults(work, list_id)) == [f"result_list:{list_id}: its rows are not those that were frozen"]


def test_verify_names_a_list_that_was_released_without_its_signatures(
    work: Work, sitting: Planned, offices: Offices
) -> None:
    missing(work, sitting)
    list_id = lists.freeze(work, sitting.id, because=BECAUSE)
    work.db.add(Release(sitting_id=sitting.id, list_id=list_id, organisation_id=offices.first.actor.organisation_id,
                        seal=bytes(64), released_by="system", released_at=work.now))  # fmt: skip
    work.db.flush()
    assert [each.partition(": ")[2] for each in proving.faults(work, list_id)] == [
        "it was released, and bears too few signatures that fit", "the seal of its release does not fit"]  # fmt: skip
