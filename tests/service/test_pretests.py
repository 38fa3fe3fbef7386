"""Items tried out in real sessions: nobody is scored by them, a replay finds them, and answers are spread (DC-8)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update

from itembank.authoring import states
from itembank.blueprints.limits import EarlyEnd, PassageUse
from itembank.pretests.models import PretestPlan
from itembank.pretests.service import stop_pretest
from server import delivery, grading
from server.core.errors import Invalid
from server.core.regulation import Edition, load_edition
from server.core.roles import Actor, Role
from server.core.vault import Tampered
from server.core.work import Work
from server.delivery.bench import BENCHES, Benches
from server.delivery.models import ExamSession, Response, Section, Step
from server.delivery.pretests.models import PretestCount
from server.delivery.queries import GivenSection
from server.delivery.service import answering, conduct, planning, seeding
from server.grading.models import Score
from server.reports.candidate import session_page
from tests.factories import delivery as make
from tests.factories import itembank as bank
from tests.factories.grading import alter_plan

LENGTH, TRIED = 12, 3
LONG = {"length": LENGTH, "tiers": dict.fromkeys(bank.PLACES, (4, 4)), "areas": dict.fromkeys(bank.AREAS, (1, 12))}


@pytest.fixture
def law() -> Edition:
    return load_edition("kg-distinction", "2013")


def a_pool(work: Work, law: Edition, **more: Any) -> int:
    return make.a_pool(work, law, "history", **{"plan": LONG, **more})


def a_sitting(work: Work, law: Edition, pool_id: int, plan_id: int | None) -> make.Planned:
    sitting = make.a_sitting(work, edition=law, pools={"history": pool_id})
    if plan_id is not None:
        seeding.take_plan(work, sitting.id, plan_id, is_taken=True)
    return sitting


def trying(work: Work, law: Edition, **plan: Any) -> make.Planned:
    pool_id = a_pool(work, law)
    return a_sitting(work, law, pool_id, make.a_plan(work, pool_id, **{"per_candidate": TRIED, **plan}))


def section_of(work: Work, session_id: int) -> Section:
    work.db.flush()
    work.db.expire_all()
    return work.db.get_one(ExamSession, session_id).sections[0]


def given(work: Work, session_id: int) -> GivenSection:
    work.db.expire_all()
    return delivery.evidence(work, session_id)[0]


def counts(work: Work, language: str = "ky") -> list[int]:
    work.db.expire_all()
    (plan_id,) = work.db.execute(select(PretestPlan.id).order_by(PretestPlan.id.desc()).limit(1)).scalars()
    row = work.db.get(PretestCount, (plan_id, language))
    return [] if row is None else row.expected


def answer_by_item(work: Work, session_id: int) -> None:
    """Every task right whose version has an even id: the same item is answered alike wherever it stands."""
    me = replace(work, actor=Actor(frozenset({Role.CANDIDATE}), session_id))
    while (section := section_of(work, session_id)).state != "done":
        seq = section.answered + 1
        at = select(Step.item_version_id).where(Step.section_id == section.id, Step.seq == seq)
        is_right = work.db.execute(at).scalar_one() % 2 == 0
        outcome = answering.submit_response(me, make._answer(work, section, seq, is_right))
        assert isinstance(outcome, answering.Accepted), outcome


def test_dc_8_what_is_tried_out_counts_for_nothing(work: Work, law: Edition) -> None:
    """Beside it the test is to the bit the one that the candidate would have had without it."""
    pool_id = a_pool(work, law)
    plan_id = make.a_plan(work, pool_id, per_candidate=TRIED)
    ids = []
    for plan in (plan_id, None):
        session_id = make.a_session(work, sitting := a_sitting(work, law, pool_id, plan))
        work.db.get_one(ExamSession, session_id).seed = 20_260_512
        begin(work, sitting, session_id)
        answer_by_item(work, session_id)
        ids.append(session_id)
    with_it, without = (given(work, session_id) for session_id in ids)
    assert (with_it.length, without.length) == (LENGTH + TRIED, LENGTH)
    assert [step.seq for step in with_it.steps] == list(range(1, LENGTH + TRIED + 1))
    scored = [step for step in with_it.steps if not step.is_pretest]
    assert [(s.item_index, s.option_order, s.trace, s.given, s.score) for s in scored] == [
        (s.item_index, s.option_order, s.trace, s.given, s.score) for s in without.steps
    ]
    for session_id in ids:
        assert grading.grade_session(work, session_id) == grading.Outcome("graded")
        assert grading.replay(work, session_id) == []
        assert delivery.verify_seal(work, session_id)
    scores = [work.db.execute(select(Score).where(Score.session_id == each)).scalar_one() for each in ids]
    for figure in ("theta", "se", "percent", "percent_sd", "probabilities", "n_items"):
        assert getattr(scores[0], figure) == getattr(scores[1], figure), figure


def begin(work: Work, sitting: make.Planned, *session_ids: int) -> None:
    rule = sitting.edition.get("DC-16", make.LatenessRule)
    for session_id in session_ids:
        conduct.admit_session(work, session_id, rule.judge(work.now, work.now), None)
    conduct.begin_sessions(work, session_ids, work.now)
    work.db.flush()


def test_they_stand_apart_and_are_spread_over_all_who_begin_together(work: Work, law: Edition) -> None:
    sitting = trying(work, law, n_items=7)
    sessions = [make.a_session(work, sitting) for _ in range(14)]
    begin(work, sitting, *sessions)
    assert counts(work) == [6_000] * 7, "14 candidates, 3 items each, of 7"
    places = Counter[int]()
    for session_id in sessions:
        make.answer_all(work, session_id, make.every_second)
        steps = given(work, session_id).steps
        tried = [step.seq for step in steps if step.is_pretest]
        places.update(tried)
        assert len(tried) == TRIED
        assert min(tried) > 3
        assert max(tried) <= LENGTH + TRIED - 2
        assert all(b - a > 1 for a, b in pairwise(tried))
    assert counts(work) == [6_000] * 7
    assert len(places) > 5, "not always at the same places"


def test_who_is_near_in_difficulty_is_chosen_where_the_plan_says_so(work: Work, law: Edition) -> None:
    sitting = trying(work, law, n_items=9, is_near=True)
    weak, able = make.finished_session(work, sitting, make.wrong), make.finished_session(work, sitting, make.right)
    for session_id in (weak, able):
        section = given(work, session_id)
        tryout = BENCHES.of(work, section).tryout
        assert tryout is not None
        for step in (step for step in section.steps if step.is_pretest):
            far = {at: abs(tryout.plan.guesses[at] - step.trace["theta"]) for at in step.trace["offered"]}
            assert far[step.item_index - tryout.start] == min(far.values())
        assert grading.replay(work, session_id) == []
    assert sum(counts(work)) == pytest.approx(2_000 * TRIED), "of those offered each is counted once it is known"


def test_an_item_with_answers_enough_is_given_no_more(work: Work, law: Edition) -> None:
    sitting = trying(work, law, n_items=4, needed=2)
    lengths = [len(given(work, make.finished_session(work, sitting)).steps) - LENGTH for _ in range(4)]
    assert lengths == [3, 3, 2, 0], "eight answers are needed in all"
    assert counts(work) == [2_000] * 4
    russian = make.finished_session(work, sitting, language="ru")
    assert len(given(work, russian).steps) == LENGTH + TRIED, "each language has its own need"


def test_what_was_offered_and_not_answered_is_free_again(work: Work, law: Edition) -> None:
    sitting = trying(work, law)
    removed = make.removed_session(work, sitting, 5)
    answered = [step for step in given(work, removed).steps if step.is_pretest and step.received_at]
    assert sum(counts(work)) == 1_000 * len(answered)
    timed_out = make.finished_session(work, sitting, make.stop_after(6))
    steps = given(work, timed_out).steps
    assert [step.is_reached for step in steps if step.is_pretest].count(False) == 0, "none is written as not reached"
    assert sum(not step.is_pretest for step in steps) == LENGTH, "every quota is kept (DC-8)"
    assert grading.replay(work, timed_out) == []
    assert grading.grade_session(work, timed_out).state == "graded"
    assert grading.replay(work, timed_out) == []


def test_time_for_them_is_added_and_extra_time_with_it(work: Work, law: Edition) -> None:
    sitting = trying(work, law)
    limit_s = section_of(work, make.a_session(work, sitting)).limit_s
    assert limit_s == 2700 + TRIED * 2700 // LENGTH


def test_who_dawdles_sheds_none_of_them_and_gains_no_time(work: Work, law: Edition) -> None:
    """Their time is part of everybody's: who could be rid of them by being slow would keep it for what counts."""
    sitting = trying(work, law)
    slow, quick = make.a_running_session(work, sitting), make.a_running_session(work, sitting)
    ends_at = section_of(work, slow).ends_at
    assert ends_at is not None
    assert ends_at == section_of(work, quick).ends_at
    lengths: dict[int, set[int]] = {slow: set(), quick: set()}
    for session_id, now in ((slow, ends_at - timedelta(seconds=40)), (quick, work.now)):
        me = replace(work, now=now, actor=Actor(frozenset({Role.CANDIDATE}), session_id))
        while (section := section_of(work, session_id)).state != "done":
            outcome = answering.submit_response(me, make._answer(work, section, section.answered + 1, True))
            assert isinstance(outcome, answering.Accepted)
            lengths[session_id].add(outcome.length)
        assert sum(step.is_pretest for step in given(work, session_id).steps) == TRIED
        assert section.ends_at == ends_at
        assert grading.replay(work, session_id) == []
    assert lengths == {slow: {LENGTH + TRIED}, quick: {LENGTH + TRIED}}


def test_an_answer_sent_twice_and_another_computer_change_nothing(work: Work, law: Edition) -> None:
    session_id = make.a_running_session(work, trying(work, law))
    me = replace(work, actor=Actor(frozenset({Role.CANDIDATE}), session_id))
    while not (last := given(work, session_id).steps[-1]).is_pretest:
        answering.submit_response(me, make._answer(work, section_of(work, session_id), last.seq, True))
    view = delivery.queries.runner_state(me, work.db.get_one(ExamSession, session_id)).step
    again = delivery.queries.runner_state(me, work.db.get_one(ExamSession, session_id)).step
    assert view == again, "a reload, or another computer, shows the same"
    ask = make._answer(work, section_of(work, session_id), last.seq, False)
    first, second = (answering.submit_response(me, ask) for _ in range(2))
    assert isinstance(first, answering.Accepted)
    assert isinstance(second, answering.Accepted)
    assert second.is_repeat
    rows = select(Response).where(Response.session_id == session_id, Response.seq == last.seq)
    (row,) = work.db.execute(rows).scalars()
    assert (row.score, row.is_written) == (0, False)


@pytest.mark.parametrize(
    ("pool", "spec"),
    [
        ({"n_written": 2}, {}),
        ({}, {"early_end": EarlyEnd(minimum=7, se=5.0), "tiers": dict.fromkeys(bank.PLACES, (1, 6))}),
        ({"has_passages": True}, {"passages": PassageUse((1, 3)), "method": "shadow"}),
    ],
    ids=["written", "early", "passages"],
)
def test_written_tasks_early_ends_and_passages(work: Work, law: Edition, pool: Any, spec: Any) -> None:
    pool_id = a_pool(work, law, **pool, plan={**LONG, **spec})
    sitting = a_sitting(work, law, pool_id, make.a_plan(work, pool_id, per_candidate=2))
    for answers in (make.every_second, make.right, make.stop_after(8)):
        session_id = make.finished_session(work, sitting, answers)
        section = given(work, session_id)
        bench = BENCHES.of(work, section)
        assert len(section.steps) == section.length
        assert 0 < sum(step.is_pretest for step in section.steps) <= 2
        assert grading.replay(work, session_id) == []
        for at, step in enumerate(section.steps):
            if step.is_pretest:
                passages = [bench.pool.attributes.passages[section.steps[at + d].item_index] for d in (-1, 1)]
                assert passages[0] is None or passages[0] != passages[1], "never within a passage"


def test_two_subjects_have_plans_of_their_own(work: Work, law: Edition) -> None:
    pools = {subject: make.a_pool(work, law, subject, plan=LONG) for subject in ("history", "kyrgyz")}
    sitting = make.a_sitting(work, edition=law, pools=pools)
    seeding.take_plan(work, sitting.id, make.a_plan(work, pools["kyrgyz"], per_candidate=2), is_taken=True)
    session_id = make.finished_session(work, sitting)
    assert [len(section.steps) for section in delivery.evidence(work, session_id)] == [LENGTH, LENGTH + 2]
    assert grading.replay(work, session_id) == []


def test_a_plan_is_taken_before_anybody_signs_in_and_may_be_left_again(work: Work, law: Edition) -> None:
    pool_id = a_pool(work, law)
    plan_id = make.a_plan(work, pool_id, per_candidate=TRIED)
    sitting = a_sitting(work, law, pool_id, None)
    session_id = make.a_session(work, sitting)
    for is_taken, length in ((True, LENGTH + TRIED), (False, LENGTH), (True, LENGTH + TRIED)):
        seeding.take_plan(work, sitting.id, plan_id, is_taken=is_taken)
        assert section_of(work, session_id).length == length
    work.db.execute(update(ExamSession).where(ExamSession.id == session_id).values(lease=1))
    with pytest.raises(Invalid) as refused:
        seeding.take_plan(work, sitting.id, plan_id, is_taken=False)
    assert refused.value.code == "pretest_fixed"
    begun = a_sitting(work, law, pool_id, None)
    make.a_running_session(work, begun)
    with pytest.raises(Invalid) as refused:
        seeding.take_plan(work, begun.id, plan_id, is_taken=True)
    assert refused.value.code == "pretest_fixed", "it runs, though nobody has signed in yet"


def test_what_is_stopped_or_rests_is_offered_to_nobody_who_begins(work: Work, law: Edition) -> None:
    pool_id = a_pool(work, law)
    plan_id = make.a_plan(work, pool_id, n_items=4)
    sitting = a_sitting(work, law, pool_id, plan_id)
    bench = BENCHES.get(work, pool_id, plan_id)
    assert bench.tryout is not None
    stop_pretest(work, plan_id, "the picture is not clear", 1)
    states.rest(work, [bench.tryout.plan.item_version_ids[2]], "leaked")
    for _ in range(4):
        make.finished_session(work, sitting)
    assert counts(work) == [2_000, 0, 0, 2_000]
    stop_pretest(work, plan_id, "enough")
    session_id = make.a_running_session(work, sitting)
    assert section_of(work, session_id).length == LENGTH


def test_nobody_meets_an_item_a_second_time(work: Work, law: Edition) -> None:
    pool_id = a_pool(work, law)
    plan_id = make.a_plan(work, pool_id, n_items=2)
    first = a_sitting(work, law, pool_id, plan_id)
    session_id = make.finished_session(work, first)
    row = work.db.get_one(ExamSession, session_id)
    other = make.a_sitting(work, edition=law, pools={"history": pool_id})
    seeding.take_plan(work, other.id, plan_id, is_taken=True)
    (met,) = [step for step in given(work, session_id).steps if step.is_pretest]
    fewest = [int(at != met.item_index - 18) * 5_000 for at in range(2)]
    work.db.execute(update(PretestCount).values(expected=fewest))
    again = planning.prepare_session(work, other.id, row.registration_id, row.centre_id)
    begin(work, other, again)
    make.answer_all(work, again, make.right)
    (step,) = [step for step in given(work, again).steps if step.is_pretest]
    assert step.item_version_id != met.item_version_id, "though it has the fewest answers"


def test_an_altered_plan_is_found_and_the_office_sees_what_was_tried_out(work: Work, law: Edition) -> None:
    pool_id = a_pool(work, law)
    plan_id = make.a_plan(work, pool_id)
    session_id = make.finished_session(work, a_sitting(work, law, pool_id, plan_id))
    steps = session_page(work, delivery.session_ref(work, session_id)).sections[0].steps
    (tried,) = [step for step in steps if step.is_pretest]
    assert tried.theta == steps[tried.seq - 2].theta
    alter_plan(work, plan_id, per_candidate=2)
    with pytest.raises(Tampered, match=f"pretest_plan:{plan_id}"):
        Benches().get(work, pool_id, plan_id)
