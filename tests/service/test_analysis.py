"""The analysis of a sitting: means by school, district and language, small groups left out; and its tables."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from server import delivery, grading
from server.core.i18n import speaking
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from server.delivery.models import ExamSession
from server.grading.access import Circle
from server.grading.policy import Policy
from server.grading.queries import eligibility_of
from server.reports.analysis import page
from server.reports.analysis.groups import Breakdown, breakdowns
from server.reports.analysis.told import told_rows
from tests.factories.delivery import Planned, a_sitting, absent_session, finished_session, right, wrong
from tests.factories.results import a_department_over, an_office, released

HTML = {"Accept": "text/html"}
BIG, SMALL, TINY = "№ 5 гимназия", "№ 13 мектеп", "=1+1"
WHOLE = Circle("country", 1)


@pytest.fixture
def sitting(platform: Platform) -> tuple[Planned, list[int]]:
    """Six of one school with all right, five of another with all wrong, one of a third."""
    with open_work(platform, SYSTEM) as work:
        planned = a_sitting(work, subjects=["history"])
        ids = [finished_session(work, planned, right, school=BIG) for _ in range(6)]
        ids += [finished_session(work, planned, wrong, school=SMALL) for _ in range(5)]
        ids += [absent_session(work, planned, school=TINY)]
        for each in ids:
            grading.grade_session(work, each)
        centre = delivery.session_ref(work, ids[0]).centre_id  # each candidate of the factory has a centre of their own
        work.db.execute(update(ExamSession).where(ExamSession.id.in_(ids)).values(centre_id=centre))
        work.db.expire_all()
    return planned, ids


def of(work: Work, sitting: Planned, code: str, circle: Circle = WHOLE) -> Breakdown:
    ref = delivery.sitting_ref(work, sitting.id)
    told = told_rows(work, ref, circle)
    assert told is not None
    policy = Policy.of(ref.edition)
    found = breakdowns(work, ref, told.rows, [band.code for band in policy.cuts.grades])
    return next(each for each in found if each.code == code)


def test_dc_2_a_school_has_its_mean_with_a_range_and_its_shares(
    platform: Platform, sitting: tuple[Planned, list[int]]
) -> None:
    with open_work(platform, SYSTEM) as work, speaking("en"):
        planned, ids = sitting
        found = of(work, planned, "language").groups
        assert [each.n for each in found] == [12]
        (group,) = found
        percents = [float(grading.grades_of(work, [id_])[id_]["history"].percent) for id_ in ids[:-1]]
        figures = group.subjects["history"]
        assert figures.n == 11
        assert figures.mean == pytest.approx(sum(percents) / 11)
        assert sum(figures.shares) == pytest.approx(1)
        decisions = [eligibility_of(work, each) for each in ids]
        assert group.kept == sum(each is not None and each.is_eligible for each in decisions)


def test_dc_2_a_small_group_is_not_shown_nor_what_a_subtraction_would_tell(
    platform: Platform, sitting: tuple[Planned, list[int]]
) -> None:
    with open_work(platform, SYSTEM) as work, speaking("en"):
        schools = {each.title: each for each in of(work, sitting[0], "school").groups}
        assert [schools[name].is_shown for name in (BIG, SMALL, TINY)] == [True, False, False]
        assert (schools[SMALL].subjects, schools[SMALL].kept) == ({}, None)
        assert schools[BIG].subjects["history"].mean is not None


def test_a_department_analyses_its_own_after_the_release_alone(
    platform: Platform, sitting: tuple[Planned, list[int]]
) -> None:
    planned, ids = sitting
    with open_work(platform, SYSTEM) as work:
        ref = delivery.sitting_ref(work, planned.id)
        centre = delivery.session_ref(work, ids[0]).centre_id
        own = Circle("department", 2, centres=frozenset({centre}))
        assert told_rows(work, ref, own) is None
        assert told_rows(work, ref, WHOLE) is not None
        released(work, planned.id)
        told = told_rows(work, ref, own)
        assert told is not None
        assert told.sessions == sorted(ids, key=lambda each: delivery.session_ref(work, each).registration_no)
        elsewhere = told_rows(work, ref, Circle("department", 3, centres=frozenset({centre + 100})))
        assert elsewhere is not None
        assert elsewhere.rows == []
        school = told_rows(work, ref, Circle("school", 4, registrations=frozenset({told.rows[0].registration_id})))
        assert school is not None
        assert len(school.rows) == 1


def test_beside_a_few_others_the_mean_of_all_is_not_told(
    platform: Platform, sitting: tuple[Planned, list[int]]
) -> None:
    planned, _ids = sitting
    with open_work(platform, SYSTEM) as work, speaking("en"):
        ref = delivery.sitting_ref(work, planned.id)
        policy = Policy.of(ref.edition)
        everybody = told_rows(work, ref, WHOLE)
        assert everybody is not None
        for n_own, seen in ((len(everybody.everybody) - 2, 10), (6, 12)):
            own = frozenset(row.registration_id for row in everybody.rows[:n_own])
            released_to = told_rows(work, ref, WHOLE)
            assert released_to is not None
            part = type(released_to)(
                [row for row in everybody.rows if row.registration_id in own], None, everybody.everybody
            )
            assert page.analysis(work, ref, policy, part, "history").everybody.n == seen


def as_office(client: FlaskClient, path: str, status: int = 200) -> bytes:
    client.set_cookie("synak_lang", "en")
    reply = client.get(path, headers=HTML)
    assert reply.status_code == status, reply.text
    return reply.get_data()


def test_the_page_has_plots_and_tables_and_its_reading_is_noted(
    platform: Platform, sitting: tuple[Planned, list[int]], client_as: Any
) -> None:
    planned, ids = sitting
    with open_work(platform, SYSTEM) as work:
        ntc = an_office(work).actor.organisation_id
    office = client_as(Role.OFFICE, id=9, organisation_id=ntc)
    text = as_office(office, f"/office/sittings/{planned.id}/analysis").decode()
    assert len(re.findall(r"<svg", text)) == 4
    assert "too few to show" in text
    assert "Nothing is released yet" in text
    with platform.database.reading() as db:
        (row,) = db.execute(select(JournalEntry).where(JournalEntry.actor == "staff:9")).scalars()
    assert (row.act, json.loads(row.facts)["sessions"]) == ("result:read", ids)


def test_tables_hold_the_circle_alone_and_no_formula(
    platform: Platform, sitting: tuple[Planned, list[int]], client_as: Any
) -> None:
    planned, ids = sitting
    with open_work(platform, SYSTEM) as work:
        released(work, planned.id)
        own = a_department_over(work, delivery.session_ref(work, ids[0]).centre_id).actor.organisation_id
        other = an_office(work, "department").actor.organisation_id
    office = client_as(Role.OFFICE, id=9, organisation_id=own)
    path = f"/office/sittings/{planned.id}/results"
    rows = list(csv.DictReader(io.StringIO(as_office(office, path + ".csv").decode("utf-8-sig"), newline="")))
    assert [row["School"] for row in rows].count(BIG) == 6
    assert "'=1+1" in [row["School"] for row in rows]
    assert as_office(office, path + ".xlsx")[:2] == b"PK"
    as_office(office, path + ".pdf", 404)
    stranger = client_as(Role.OFFICE, id=10, organisation_id=other)
    as_office(stranger, path + ".csv", 409)
    with platform.database.reading() as db:
        acts = db.execute(select(JournalEntry.act).where(JournalEntry.actor.in_(("staff:9", "staff:10")))).scalars()
        assert list(acts) == ["result:exported", "result:exported"]


def test_the_table_is_filtered_and_sorted_alike_as_it_stands_and_as_it_was_told(
    platform: Platform, sitting: tuple[Planned, list[int]], client_as: Any
) -> None:
    planned, ids = sitting
    with open_work(platform, SYSTEM) as work:
        grades = {id_: found["history"] for id_, found in grading.grades_of(work, ids).items()}
        own = a_department_over(work, delivery.session_ref(work, ids[0]).centre_id).actor.organisation_id
    path = f"/office/sittings/{planned.id}?"

    def shown(client: FlaskClient, query: str) -> list[int]:
        found = re.findall(r'sessions/(\d+)"', as_office(client, path + query).decode())
        return [int(each) for each in found]

    department = client_as(Role.OFFICE, id=9, organisation_id=own)
    assert sorted(shown(department, "")) == ids
    assert shown(department, f"grade={grades[ids[0]].grade}") == []  # nothing is told yet
    assert shown(department, "decision=kept") == []
    with open_work(platform, SYSTEM) as work:
        released(work, planned.id)
        ntc = an_office(work).actor.organisation_id
    for office in (department, client_as(Role.OFFICE, id=10, organisation_id=ntc)):
        for grade in {each.grade for each in grades.values()}:
            same = [id_ for id_, each in grades.items() if each.grade == grade]
            assert sorted(shown(office, f"grade={grade}")) == same
        up, down = shown(office, "sort=history"), shown(office, "sort=history&order=desc")
        assert [grades[each].percent for each in up[:-1]] == sorted(each.percent for each in grades.values())
        assert [grades[each].percent for each in down[:-1]] == sorted(
            (each.percent for each in grades.values()), reverse=True
        )
        assert up[-1] == down[-1] == ids[-1]  # the absent has no percent
        assert sorted(shown(office, "decision=kept") + shown(office, "decision=lost")) == ids


def test_before_the_release_a_department_is_told_to_wait(
    platform: Platform, sitting: tuple[Planned, list[int]], client_as: Any
) -> None:
    planned, ids = sitting
    with open_work(platform, SYSTEM) as work:
        own = a_department_over(work, delivery.session_ref(work, ids[0]).centre_id).actor.organisation_id
    office = client_as(Role.OFFICE, id=9, organisation_id=own)
    text = as_office(office, f"/office/sittings/{planned.id}/analysis").decode()
    assert "The analysis stands here once they are" in text
    as_office(office, f"/office/sittings/{planned.id}/results.csv", 409)
