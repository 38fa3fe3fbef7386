"""The case file of an appeal (DC-26, DC-27): played again to the bit, and where something was changed it says where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from irt.exposure import Control
from itembank.blueprints.limits import PassageUse
from itembank.demonstration.sources import SUBJECTS, source_of
from itembank.items.content import ItemContent, content_of, key_of
from itembank.items.keys import right_answer
from server import grading
from server.appeals.casefile import CaseFile, case_file
from server.appeals.casefile.opening import Opened
from server.appeals.casefile.page import task_page
from server.appeals.casefile.plots import percent_plot
from server.appeals.casefile.reasons import Chosen, TriedOut, Written, reason_of
from server.appeals.casefile.shown import shown
from server.appeals.casefile.telling import Titles, told
from server.appeals.cases import Case
from server.appeals.rules import AppealMaterialRule
from server.core.errors import NotFound
from server.core.i18n import speaking
from server.core.regulation import load_edition
from server.core.roles import Actor, Role
from server.core.work import Work
from server.delivery.masking import masked
from server.delivery.models import ExamSession, Response
from server.delivery.models import Working as WorkingRow
from server.delivery.service import seeding
from server.delivery.service.working import save_working
from server.delivery.wire import Working
from server.grading import rescoring
from tests.factories.delivery import (
    a_plan,
    a_pool,
    a_running_session,
    a_sitting,
    answer_all,
    every_second,
    finished_session,
    stop_after,
    wrong,
)
from tests.factories.grading import (
    alter_order,
    alter_response,
    alter_seed,
    alter_step,
    alter_version,
    take_seal_away,
)
from tests.factories.rescoring import SUBJECT, a_scene, compute_now, right_of

TITLES = Titles(
    {"basic": "Basic", "medium": "Medium", "raised": "Raised"}, {"north": "North", "south": "South"}
)


def a_case(work: Work, subject: str = "mathematics", answers: Any = every_second) -> tuple[int, CaseFile]:
    """A graded session with one subject, and its file."""
    session_id = finished_session(work, a_sitting(work, subjects=[subject]), answers)
    grading.grade_session(work, session_id)
    return session_id, case_file(work, session_id, subject)


def places(file: CaseFile) -> set[tuple[int | None, str]]:
    return {(each.seq, each.what) for each in file.all_differences}


def test_a_whole_attempt_comes_out_equal_to_the_bit_and_ends_at_its_score(work: Work) -> None:
    session_id, file = a_case(work)
    assert (file.is_equal, file.fault, len(file.tasks)) == (True, None, 6)
    ref = grading.grades_of(work, [session_id])[session_id]["mathematics"]
    last = file.tasks[-1].change
    assert last is not None
    after = last.after
    assert (after.theta, after.se, after.percent, after.percent_sd) == (
        ref.theta, ref.se, ref.exact_percent, ref.percent_sd
    )  # fmt: skip


def test_each_task_begins_where_the_one_before_it_ended(work: Work) -> None:
    _, file = a_case(work)
    changes = [task.change for task in file.tasks]
    for one, next_one in pairwise(changes):
        assert one is not None
        assert next_one is not None
        assert one.after == next_one.before
    rises = [task.change.after.percent > task.change.before.percent for task in file.tasks if task.change]
    assert rises == [task.outcome == "right" for task in file.tasks]


def test_what_stands_stored_as_theta_is_what_stood_before_the_task(work: Work) -> None:
    _, file = a_case(work)
    assert [task.step.trace["theta"] for task in file.tasks] == [
        task.change.before.theta for task in file.tasks if task.change
    ]


def test_a_subject_that_was_not_sat_has_no_file(work: Work) -> None:
    session_id, _ = a_case(work)
    with pytest.raises(NotFound):
        case_file(work, session_id, "history")


SPOILT: dict[str, tuple[Callable[[Work, int], None], set[tuple[int | None, str]]]] = {
    "another score": (lambda work, at: alter_response(work, at, score=0), {(3, "answer_score")}),
    "another item version": (alter_version, {(3, "item_version")}),
    "another item": (lambda work, at: alter_step(work, at, item_index=17), {(3, "item")}),
    "no such item": (lambda work, at: alter_step(work, at, item_index=999), {(3, "item")}),
    "another order of options": (alter_order, {(3, "option_order")}),
    "another reason": (lambda work, at: alter_step(work, at, trace={"theta": 9.0}), {(3, "trace")}),
    "an answer under another seal": (
        lambda work, at: alter_response(work, at, answer_sealed=b"0" * 60), {(3, "answer_sealed")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_evidence_that_was_changed_is_named_with_its_place_and_the_rest_is_still_shown(
    work: Work, name: str
) -> None:
    spoil, named = SPOILT[name]
    session_id, _ = a_case(work)
    spoil(work, session_id)
    file = case_file(work, session_id, "mathematics")
    assert file.seal is False
    assert not file.is_equal
    assert named <= places(file)
    assert {each.seq for each in file.all_differences} - {None} >= {3}
    assert not {1, 2} & {each.seq for each in file.all_differences}
    for task in file.tasks:
        reason = reason_of(file.bench, file.section, task.step)
        assert all(told(reason, TITLES, task.change))


def test_an_answer_that_does_not_open_is_said_once_and_is_no_unanswered_task(work: Work) -> None:
    session_id, _ = a_case(work, "history")
    alter_response(work, session_id, answer_sealed=b"0" * 60)
    task = case_file(work, session_id, "history").task(3)
    assert task.is_unreadable
    assert [each.what for each in task.differences] == ["answer_sealed"]
    assert task.reviewed.allowed


def test_another_seed_is_found(work: Work) -> None:
    session_id, _ = a_case(work)
    alter_seed(work, session_id)
    assert not case_file(work, session_id, "mathematics").is_equal


def test_times_that_were_changed_break_the_seal_though_every_decision_comes_out(work: Work) -> None:
    session_id, _ = a_case(work)
    alter_response(work, session_id, spent_ms=1)
    file = case_file(work, session_id, "mathematics")
    assert (file.seal, file.all_differences, file.is_equal) == (False, (), False)


def test_a_seal_that_is_gone_is_not_equality(work: Work) -> None:
    session_id, _ = a_case(work)
    take_seal_away(work, session_id)
    file = case_file(work, session_id, "mathematics")
    assert (file.seal, file.is_equal) == (None, False)


def blank_third(_subject: str, seq: int) -> bool | str:
    return "blank" if seq == 3 else True


@pytest.mark.parametrize(
    ("subject", "is_reviewed"), [("mathematics", True), ("history", False), ("russian", False)]
)
def test_DC_27_unanswered_tasks_are_not_reviewed_in_languages_and_humanities(
    work: Work, subject: str, is_reviewed: bool
) -> None:
    _, file = a_case(work, subject, blank_third)
    assert [task.seq for task in file.tasks if not task.reviewed.allowed] == ([] if is_reviewed else [3])
    assert file.task(3).reviewed.clause == "DC-27"
    _, cut_off = a_case(work, subject, stop_after(4))
    late = {task.outcome: task.reviewed.allowed for task in cut_off.tasks if task.seq > 4}
    assert late == {"unanswered": is_reviewed, "not_reached": is_reviewed}


@pytest.mark.parametrize(("subject", "counts"), [("mathematics", True), ("kyrgyz", False)])
def test_DC_26_working_and_drawings_count_in_mathematics_alone(
    work: Work, subject: str, counts: bool
) -> None:
    _, file = a_case(work, subject)
    assert {kind: ruling.allowed for kind, ruling in file.material.items()} == {
        "answers": True, "working": counts, "drawings": counts
    }  # fmt: skip


def test_the_first_reason_counts_the_pool_the_blueprint_and_the_draw(work: Work) -> None:
    _, file = a_case(work)
    reasons = [reason_of(file.bench, file.section, task.step) for task in file.tasks]
    first = reasons[0]
    assert isinstance(first, Chosen)
    assert (first.number, first.length, first.places_left, first.n_drawn) == (1, 6, 6, 2)
    assert (first.funnel.pool, first.funnel.open, first.funnel.fresh) == (18, 18, 18)
    assert first.is_forced  # two of each of three tiers fill all six places
    assert first.se_after < first.se
    assert 0.2 < first.chance < 1
    assert [(each.kind, each.given) for each in first.own] == [("tier", 0), ("area", 0)]


def test_the_quotas_count_up_as_the_test_goes_on(work: Work) -> None:
    _, file = a_case(work)
    for task in file.tasks:
        reason = reason_of(file.bench, file.section, task.step)
        assert isinstance(reason, Chosen)
        before = [each for each in file.tasks if each.seq < task.seq]
        for quota in reason.quotas:
            if quota.kind == "tier":
                assert quota.given == sum(each.tier == quota.code for each in before)
        assert reason.funnel.fresh == 18 - len(before)
        assert 1 <= reason.rank <= reason.n_drawn <= reason.funnel.eligible <= reason.funnel.fresh


@pytest.mark.parametrize("method", ["shadow", "eligible"])
def test_what_exposure_control_closed_is_counted(work: Work, method: str) -> None:
    edition = load_edition("kg-distinction", "2013")
    plan = {"exposure": Control("restricted", 0.4), "method": method}
    sitting = a_sitting(
        work, subjects=["history"], pools={"history": a_pool(work, edition, "history", plan=plan)}
    )
    closed = set()
    for _ in range(4):
        session_id = finished_session(work, sitting)
        file = case_file(work, session_id, "history")
        for task in file.tasks:
            reason = reason_of(file.bench, file.section, task.step)
            assert isinstance(reason, Chosen)
            closed.add(reason.funnel.pool - reason.funnel.open)
            with speaking("en"):
                said = " ".join(told(reason, TITLES, task.change))
            assert ("Exposure control had closed" in said) == (reason.funnel.pool > reason.funnel.open)
    assert max(closed) > 0


def test_a_written_task_and_one_that_is_tried_out_say_that_the_engine_did_not_choose_them(work: Work) -> None:
    edition = load_edition("kg-distinction", "2013")
    pool_id = a_pool(work, edition, "kyrgyz", n_written=1)
    sitting = a_sitting(work, subjects=["kyrgyz"], pools={"kyrgyz": pool_id})
    seeding.take_plan(work, sitting.id, a_plan(work, pool_id), is_taken=True)
    file = case_file(work, finished_session(work, sitting), "kyrgyz")
    reasons = {task.seq: reason_of(file.bench, file.section, task.step) for task in file.tasks}
    assert [type(each) for each in reasons.values()].count(Chosen) == 6
    assert isinstance(reasons[8], Written)
    (tried,) = [seq for seq, reason in reasons.items() if isinstance(reason, TriedOut)]
    for seq in (8, tried):
        change = file.task(seq).change
        assert change is not None
        assert change.before == change.after
    with speaking("en"):
        assert "counts for nothing" in told(reasons[tried], TITLES, None)[0]
        assert "it had its full length" in " ".join(told(reasons[8], TITLES, None)).replace("the test", "it")


def test_a_task_is_shown_in_the_language_and_the_order_of_its_candidate(work: Work) -> None:
    _, file = a_case(work, "history", wrong)
    for task in file.tasks:
        page = shown(file.bench, file.section, task.step)
        assert page.language == file.section.language == "ky"
        letters = [option.letter for option in page.options]
        assert letters == ["A", "B", "C", "D"]
        given = task.step.given
        assert given is not None
        (chosen,) = [at for at, option in enumerate(page.options) if option.is_given]
        assert task.step.option_order[chosen] == given["option"]
        (right,) = [at for at, option in enumerate(page.options) if option.is_right]
        assert page.key[0].startswith(f"{letters[right]}. key ")
        assert page.answer[0].startswith(f"{letters[chosen]}. wrong")
        assert right != chosen


def test_tasks_on_one_text_name_each_other(work: Work) -> None:
    edition = load_edition("kg-distinction", "2013")
    plan = {"passages": PassageUse((2, 2))}
    pool_id = a_pool(work, edition, "russian", has_passages=True, plan=plan)
    session_id = finished_session(work, a_sitting(work, subjects=["russian"], pools={"russian": pool_id}))
    file = case_file(work, session_id, "russian")
    names = [file.bench.pool.attributes.passages[task.step.item_index] for task in file.tasks]
    for at, task in enumerate(file.tasks):
        reason = reason_of(file.bench, file.section, task.step)
        assert isinstance(reason, Chosen)
        assert reason.passage_seqs == tuple(n + 1 for n in range(at) if names[n] == names[at])
    assert len(set(names)) < len(names)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_reason_and_the_plot_speak_the_readers_language(work: Work, language: str) -> None:
    _, file = a_case(work)
    with speaking(language):
        said = told(reason_of(file.bench, file.section, file.tasks[1].step), TITLES, file.tasks[1].change)
        plot = percent_plot(file)
    assert plot is not None
    assert len(said) >= 6
    assert all("%(" not in each for each in said)
    series = plot.series[0]
    assert list(series.y) == [task.change.after.percent for task in file.tasks if task.change]
    assert len(series.spread) == len(series.shapes) == 6


def test_CS_14_2_the_file_names_its_candidate_nowhere(work: Work) -> None:
    session_id, file = a_case(work)
    row = work.db.get_one(ExamSession, session_id)
    said = repr(file)
    assert file.code.startswith("W-")
    assert row.registration_no not in said
    assert not [word for word in row.name.split() if word in said]


def test_the_file_changes_nothing(work: Work) -> None:
    session_id, _ = a_case(work)
    work.db.flush()
    before = work.db.execute(select(Response.id, Response.score)).all()
    case_file(work, session_id, "mathematics")
    assert not work.db.dirty
    assert work.db.execute(select(Response.id, Response.score)).all() == before


LINE = (100, 100, 400, 300)


def opened(work: Work, text: str) -> Opened:
    """A file whose first task has a working beside it, written and drawn while it was open."""
    sitting = a_sitting(work, subjects=["mathematics"])
    session_id = a_running_session(work, sitting)
    section = work.db.get_one(ExamSession, session_id).sections[0]
    candidate = replace(work, actor=Actor(frozenset({Role.CANDIDATE}), session_id))
    ask = Working(section_id=section.id, seq=1, key=uuid4(), version=1, text=text, strokes=[list(LINE)])
    save_working(candidate, ask)
    answer_all(work, session_id, every_second)
    file = case_file(work, session_id, "mathematics")
    return Opened(cast(Case, None), file, "2345-679A", lambda said: masked(said, ["Асанова Гүлнара"], []))


def test_DC_26_the_working_and_the_drawing_of_a_task_in_mathematics_are_shown(work: Work) -> None:
    found = opened(work, "x = 8")
    page = task_page(found, found.file.task(1))
    assert (page.writing, page.drawing, page.kept_back) == ("x = 8", ("M100 100L400 300",), ())
    assert found.file.seal is True
    other = task_page(found, found.file.task(2))
    assert (other.writing, other.drawing) == ("", ())


def test_CS_14_2_a_name_in_the_working_is_covered(work: Work) -> None:
    found = opened(work, "Асанова Гүлнара: x = 8")
    page = task_page(found, found.file.task(1))
    assert "x = 8" in page.writing
    assert "Асан" not in page.writing
    assert "Гүлн" not in page.writing


def test_what_does_not_count_in_a_subject_is_kept_back_and_named(work: Work) -> None:
    found = opened(work, "x = 8")
    rule = found.file.edition.get("DC-26", AppealMaterialRule)
    material = {kind: rule.judge("kyrgyz", kind) for kind in found.file.material}
    page = task_page(replace(found, file=replace(found.file, material=material)), found.file.task(1))
    assert (page.writing, page.drawing) == ("", ())
    assert page.kept_back == ("the written working", "the drawings")


def test_a_working_that_was_changed_is_named_with_its_task(work: Work) -> None:
    opened(work, "x = 8")
    work.db.execute(update(WorkingRow).values(content_sealed=b"0" * 60))
    work.db.expire_all()
    file = case_file(work, work.db.execute(select(ExamSession.id)).scalar_one(), "mathematics")
    assert places(file) == {(1, "working_sealed")}
    assert file.seal is False


def test_every_type_of_item_is_shown_with_its_answer_and_key(work: Work) -> None:
    items = {each.type: each for subject in SUBJECTS for each in source_of(subject).items}
    assert len(items) >= 8
    for kind, item in items.items():
        content, key = ItemContent(content_of(item, b"seed")), key_of(item, b"seed")
        language = content.languages[0]
        given = None if key["kind"] == "rubric" else right_answer(key, language)
        page = shown(*(cast(Any, each) for each in one_item(content, key, language, given)))
        assert page.type == kind
        assert [option.tree for option in page.options] == [
            each["content"] for each in reversed(content.view(language)["options"])
        ]  # fmt: skip
        if given is not None:
            assert page.answer
            assert kind == "text_entry" or page.answer == page.key
        assert (page.rubric is not None) == (kind == "extended_text")
        for slot in page.slots:
            assert bool(slot.words) == (kind == "inline_choice")


def one_item(content: ItemContent, key: Any, language: str, given: Any) -> tuple[Any, Any, Any]:
    """A bench of one item, and a step in which its options stood the other way round."""
    bench = SimpleNamespace(content=lambda _at: content, key=lambda _at: key)
    step = SimpleNamespace(item_index=0, option_order="".join(reversed(content.option_ids)), given=given)
    return bench, SimpleNamespace(language=language), step


def test_an_item_that_was_struck_leaves_the_way_of_the_score_and_the_file_ends_at_the_new_one(work: Work) -> None:
    scene = a_scene(work)
    (met,) = [each for each in scene.sessions if right_of(work, each, scene.item_version_id)][:1]
    before = case_file(work, met, SUBJECT)
    run_id = scene.strike()
    compute_now(work, run_id)
    scene.sign(run_id, 0, 1)
    rescoring.apply(work, run_id)
    after = case_file(work, met, SUBJECT)
    struck = [task for task in after.tasks if task.correction == "struck"]
    assert [task.step.item_version_id for task in struck] == [scene.item_version_id]
    change = struck[0].change
    assert change is not None
    assert change.before == change.after
    assert [before.tasks[-1].change == after.tasks[-1].change, after.is_equal] == [False, True]
    assert after.grade is not None
    last = after.tasks[-1].change
    assert last is not None
    assert (last.after.theta, last.after.percent) == (after.grade.theta, after.grade.exact_percent)
