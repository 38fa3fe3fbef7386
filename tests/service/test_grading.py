"""Grading on a real database: grades at their boundaries, once only, said in three languages."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from server import grading
from server.core import i18n
from server.core.errors import Stale
from server.core.regulation import Edition, load_edition
from server.core.work import Work
from server.grading import queries
from server.grading.lists.models import Release
from server.grading.models import Eligibility, Grade, Hold, Score
from tests.factories.delivery import (
    a_running_session,
    a_session,
    a_sitting,
    absent_session,
    every_second,
    finished_session,
    removed_session,
    right,
    stop_after,
    wrong,
)
from tests.factories.grading import everybody_gets

KG, ZZ = ("kg-distinction", "2013"), ("zz-trial", "2030")
BOTH = pytest.mark.parametrize("edition", [load_edition(*KG), load_edition(*ZZ)], ids=lambda each: each.code)


def count(work: Work, model: type[Any]) -> int:
    return work.db.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_finished_session_gets_a_score_and_a_grade_for_each_subject(work: Work) -> None:
    sitting = a_sitting(work)
    session_id = finished_session(work, sitting, every_second)
    assert grading.grade_session(work, session_id) == grading.Outcome("graded")
    refs = grading.grades_of(work, [session_id])[session_id]
    assert set(refs) == {"mathematics", "history", "kyrgyz", "russian"}
    for ref in refs.values():
        assert ref.n_items == 6
        assert 0 < ref.exact_percent < 100
        assert ref.ruling["clause"] == "DC-20"
        assert ref.percent == int(ref.exact_percent)
        assert list(ref.probabilities) == ["excellent", "good", "satisfactory", "unsatisfactory"]
        assert sum(ref.probabilities.values()) == pytest.approx(1.0)


def test_better_answers_never_get_a_lower_percent(work: Work) -> None:
    sitting = a_sitting(work, subjects=["mathematics"])
    ids = [finished_session(work, sitting, answers) for answers in (wrong, every_second, right)]
    for session_id in ids:
        grading.grade_session(work, session_id)
    percents = [grading.grades_of(work, [i])[i]["mathematics"].exact_percent for i in ids]
    assert percents == sorted(percents)
    assert len(set(percents)) == 3


@pytest.mark.parametrize(("edition", "percent", "compared", "grade"), [
    (KG, 75.0, "75", "excellent"), (KG, 74.99999999999997, "75", "excellent"), (KG, 74.999, "74", "good"),
    (KG, 60.0, "60", "good"), (KG, 59.999, "59", "satisfactory"), (KG, 50.0, "50", "satisfactory"),
    (KG, 49.999, "49", "unsatisfactory"), (KG, 49.0, "49", "unsatisfactory"), (KG, 0.0, "0", "unsatisfactory"),
    (ZZ, 84.5, "85", "excellent"), (ZZ, 84.499, "84", "good"), (ZZ, 69.5, "70", "good"),
    (ZZ, 54.5, "55", "satisfactory"), (ZZ, 54.499, "54", "unsatisfactory"), (ZZ, 100.0, "100", "excellent"),
])  # fmt: skip
def test_DC_20_boundaries_of_the_grades(
    work: Work, monkeypatch: pytest.MonkeyPatch, edition: tuple[str, str], percent: float, compared: str, grade: str
) -> None:
    sitting = a_sitting(work, edition=load_edition(*edition), subjects=["mathematics"])
    session_id = finished_session(work, sitting)
    everybody_gets(monkeypatch, percent)
    grading.grade_session(work, session_id)
    ref = grading.grades_of(work, [session_id])[session_id]["mathematics"]
    assert (str(ref.percent), ref.grade) == (compared, grade)
    assert ref.ruling["facts"]["compared"] == compared


def test_grading_again_adds_nothing(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    for _ in range(3):
        assert grading.grade_session(work, session_id).state == "graded"
    assert [count(work, model) for model in (Score, Grade, Eligibility)] == [1, 1, 1]


def test_two_processes_cannot_both_grade_for_the_first_time(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    grading.grade_session(work, session_id)
    work.db.flush()
    ruling = {"allowed": True, "clause": "DC-21", "facts": {"reasons": []}, "code": "distinction_earned"}
    second = {"session_id": session_id, "is_eligible": True, "ruling": ruling, "made_at": work.now}
    with pytest.raises(IntegrityError), work.db.begin_nested():
        work.db.execute(insert(Eligibility).values(second))


@pytest.mark.parametrize("model", [Score, Grade, Eligibility])
def test_what_was_graded_cannot_be_changed(work: Work, model: Any) -> None:
    grading.grade_session(work, finished_session(work, a_sitting(work, subjects=["history"])))
    with pytest.raises(DBAPIError, match="append-only"), work.db.begin_nested():
        work.db.execute(update(model).values(made_at=work.now))


@pytest.mark.parametrize("make", [a_session, a_running_session])
def test_a_session_that_goes_on_is_not_graded(work: Work, make: Any) -> None:
    with pytest.raises(Stale, match="session_not_finished"):
        grading.grade_session(work, make(work, a_sitting(work, subjects=["history"])))


@BOTH
def test_DC_12_not_reached_counts_as_the_edition_says(work: Work, edition: Edition) -> None:
    sitting = a_sitting(work, edition=edition, subjects=["history"])
    session_id = finished_session(work, sitting, stop_after(3))
    grading.grade_session(work, session_id)
    ref = grading.grades_of(work, [session_id])[session_id]["history"]
    all_right = finished_session(work, sitting, right)
    grading.grade_session(work, all_right)
    whole = grading.grades_of(work, [all_right])[all_right]["history"]
    if edition.code == "kg-distinction":  # wrong: three right of six
        assert ref.n_items == 6
        assert ref.theta < 0.3 < whole.theta
    else:  # omitted: three right of three
        assert ref.n_items == 3
        assert ref.theta > 0.3


@BOTH
def test_DC_15_a_removed_candidate_gets_no_grade(work: Work, edition: Edition) -> None:
    sitting = a_sitting(work, edition=edition, is_released_at_once=True)
    session_id = removed_session(work, sitting)
    assert grading.grade_session(work, session_id).state == "graded"
    assert grading.grades_of(work, [session_id]) == {}
    decided = queries.eligibility_of(work, session_id)
    assert decided is not None
    assert not decided.is_eligible
    reasons = [(each["reason"], each["clause"]) for each in decided.ruling["facts"]["reasons"]]
    assert (("removal", "DC-15") in reasons) == (edition.code == "kg-distinction")
    assert ("not_graded", "DC-21") in reasons


@BOTH
def test_DC_16_an_absent_candidate_gets_no_grade(work: Work, edition: Edition) -> None:
    session_id = absent_session(work, a_sitting(work, edition=edition))
    grading.grade_session(work, session_id)
    decided = queries.eligibility_of(work, session_id)
    assert decided is not None
    assert not decided.is_eligible
    reasons = [(each["reason"], each["clause"]) for each in decided.ruling["facts"]["reasons"]]
    assert (("absence", "DC-16") in reasons) == (edition.code == "kg-distinction")


def test_DC_21_the_right_is_kept_by_excellent_grades_in_every_registered_subject(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody_gets(monkeypatch, 80.0)
    full = finished_session(work, a_sitting(work))
    grading.grade_session(work, full)
    decided = queries.eligibility_of(work, full)
    assert decided is not None
    assert decided.is_eligible
    assert decided.ruling["facts"]["reasons"] == []
    partial = finished_session(work, a_sitting(work, subjects=["history", "kyrgyz"]))
    grading.grade_session(work, partial)
    decided = queries.eligibility_of(work, partial)
    assert decided is not None
    assert not decided.is_eligible
    missing = [each["subject"] for each in decided.ruling["facts"]["reasons"]]
    assert missing == ["mathematics", "russian"]


def test_a_sitting_released_at_once_shows_grades_as_soon_as_they_stand(work: Work) -> None:
    sitting = a_sitting(work, subjects=["history"], is_released_at_once=True)
    session_id = finished_session(work, sitting)
    assert grading.result_of(work, session_id) is None
    grading.grade_session(work, session_id)
    assert grading.result_of(work, session_id) is not None
    assert (count(work, Release), count(work, Hold)) == (0, 0)


@pytest.mark.parametrize(("language", "title", "grade", "clause"), [
    ("ky", "Кыргызстандын тарыхы", "Канааттандырарлык", "DC-20 · Баалоо"),
    ("ru", "История Кыргызстана", "Удовлетворительно", "DC-20 · Оценивание"),
    ("en", "History of Kyrgyzstan", "Satisfactory", "DC-20 · Grading"),
])  # fmt: skip
def test_a_result_speaks_the_readers_language(work: Work, language: str, title: str, grade: str, clause: str) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"], is_released_at_once=True))
    grading.grade_session(work, session_id)
    with i18n.speaking(language):
        shown = grading.result_of(work, session_id)
    assert shown is not None
    (view,) = shown.grades
    assert (view.title, view.grade_title, view.clause) == (title, grade, clause)
    assert view.percent_text == f"{view.percent} %"
    assert not view.is_right_kept
    assert shown.clause.startswith("DC-21 · ")
    assert title in " ".join(shown.reasons)
