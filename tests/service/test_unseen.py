"""An additional test and a repeat give nothing the candidate met before; the replay proves it (DC-18, CS-18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from server import delivery
from server.core.errors import Refused, Stale
from server.core.regulation import Edition, load_edition
from server.core.work import Work
from server.delivery import service, unseen
from server.delivery.additional.planning import assign
from server.delivery.bench import BENCHES, Begun
from server.delivery.models import ExamSession, Section, Step
from server.delivery.rules import LatenessRule
from server.grading.replaying import replay
from tests.factories import delivery as make
from tests.factories.cases import Offices, a_granted_case, a_next_sitting, offices_of

SUBJECTS = ("history",)
POOLS: dict[str, int] = {}  # one for all examples


@pytest.fixture(scope="module")
def law() -> Edition:
    return load_edition("kg-distinction", "2013")


def begin(work: Work, law: Edition, session_id: int) -> Work:
    """The session begins at its hour."""
    row = work.db.get_one(ExamSession, session_id)
    then = replace(work, now=row.sitting.starts_at)
    service.admit_session(then, session_id, law.get("DC-16", LatenessRule).judge(then.now, then.now), None)
    service.begin_sessions(then, [session_id], then.now)
    return then


def items_of(work: Work, session_id: int) -> list[int]:
    found = select(Step.item_version_id).where(Step.session_id == session_id).order_by(Step.id)
    return list(work.db.execute(found).scalars())


def repeated(work: Work, first: int, by: Offices, answers: make.Answers = make.right) -> tuple[int, Work]:
    """A repeat of that session, sat to its end; and when."""
    sitting = work.db.get_one(ExamSession, first).sitting_id
    case_id = a_granted_case(work, "repeat", first, by)
    ntc = replace(work, actor=by.ntc)
    session_id = assign(ntc, a_next_sitting(ntc, "repeat", sitting), case_id)
    then = begin(work, delivery.sitting_ref(work, sitting).edition, session_id)
    make.answer_all(then, session_id, answers)
    return session_id, then


def test_CS_18_a_repeat_gives_nothing_that_was_met_and_replays(work: Work, law: Edition) -> None:
    sitting = make.a_sitting(work, subjects=SUBJECTS)
    first = make.finished_session(work, sitting, make.wrong)
    again, then = repeated(work, first, offices_of(work, first))
    assert not set(items_of(work, first)) & set(items_of(work, again))
    (section,) = delivery.evidence(work, again)
    assert all(len(step.trace["met"]) == 6 for step in section.steps)
    assert replay(then, again) == [] == replay(then, first)
    assert all("met" not in step.trace for step in delivery.evidence(work, first)[0].steps)


def test_CS_18_who_tampers_with_what_was_withheld_is_found_by_the_replay(work: Work, law: Edition) -> None:
    sitting = make.a_sitting(work, subjects=SUBJECTS)
    first = make.finished_session(work, sitting, make.wrong)
    by = offices_of(work, first)
    case_id = a_granted_case(work, "repeat", first, by)
    ntc = replace(work, actor=by.ntc)
    again = assign(ntc, a_next_sitting(ntc, "repeat", sitting.id), case_id)
    row = work.db.get_one(ExamSession, again)
    then = replace(work, now=row.sitting.starts_at)
    service.admit_session(then, again, law.get("DC-16", LatenessRule).judge(then.now, then.now), None)
    work.db.execute(update(Section).where(Section.session_id == again).values(met=None))
    service.begin_sessions(then, [again], then.now)
    make.answer_all(then, again, make.right)
    assert {each.what for each in replay(then, again)} >= {"met"}


def test_CS_18_a_pool_with_too_little_left_is_refused_when_the_place_is_given(work: Work) -> None:
    sitting = make.a_sitting(work, subjects=SUBJECTS)
    first = make.finished_session(work, sitting, make.right)
    by = offices_of(work, first)
    session_id, then = repeated(work, first, by, make.wrong)
    other, then = repeated(then, session_id, by, make.wrong)
    met = {*items_of(work, first), *items_of(work, session_id)}
    assert not met & set(items_of(work, other)), "18 items: three tests of six"
    bench = BENCHES.of(work, work.db.get_one(ExamSession, other).sections[0])
    everything = unseen.met_of(then, 0, work.db.get_one(ExamSession, other).registration_id)
    assert not bench.has_test_without(everything.on(bench))


def test_DC_18_written_tasks_are_met_like_any_other(work: Work, law: Edition) -> None:
    pool_id = make.a_pool(work, law, "history", n_written=1)
    sitting = make.a_sitting(work, pools={"history": pool_id})
    first = make.finished_session(work, sitting, make.wrong)
    by = offices_of(work, first)
    case_id = a_granted_case(work, "repeat", first, by)
    ntc = replace(work, actor=by.ntc)
    same = a_next_sitting(ntc, "repeat", sitting.id)
    with pytest.raises(Refused) as caught:
        assign(ntc, same, case_id)
    assert (caught.value.code, caught.value.ruling.clause) == ("unseen_items_too_few", "CS-18")


def test_a_passage_is_met_as_a_whole(work: Work, law: Edition) -> None:
    bench = BENCHES.get(work, make.a_pool(work, law, "history", has_passages=True))
    passages = bench.pool.attributes.passages
    met = unseen.Met(frozenset(unseen.marks_of(bench, 0)))
    together = [at for at, each in enumerate(passages) if each == passages[0]]
    assert list(met.on(bench)) == together
    assert len(together) == 3


def test_nobody_gets_a_place_while_another_test_of_theirs_is_open(work: Work) -> None:
    sitting = make.a_sitting(work, subjects=SUBJECTS)
    first = make.finished_session(work, sitting, make.wrong)
    by = offices_of(work, first)
    case_id = a_granted_case(work, "repeat", first, by)
    row = work.db.get_one(ExamSession, first)
    other = make.a_sitting(work, subjects=SUBJECTS)
    service.prepare_session(work, other.id, row.registration_id, row.centre_id)
    ntc = replace(work, actor=by.ntc)
    with pytest.raises(Stale, match="other_test_open"):
        assign(ntc, a_next_sitting(ntc, "repeat", sitting.id), case_id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answers_and_no_withdrawals_bring_back_what_was_met(work: Work, law: Edition, data: st.DataObject) -> None:
    bench = BENCHES.get(work, POOLS.get("history") or POOLS.setdefault("history", make.a_pool(work, law, "history")))
    n = len(bench.pool.items)
    met = tuple(sorted(data.draw(st.sets(st.integers(0, n - 1), max_size=8))))
    if not bench.has_test_without(met):
        return
    withdrawn = tuple(sorted(data.draw(st.sets(st.integers(0, n - 1), max_size=10))))
    begun = Begun(data.draw(st.integers(0, 2**31)), 1, withdrawn=withdrawn, met=met)
    indices: list[int] = []
    scores: list[int | None] = []
    while not hasattr(chosen := bench.select(begun, indices, scores), "reason"):
        assert chosen.item_index not in met
        assert chosen.trace.get("met", []) == list(met)
        indices.append(chosen.item_index)
        scores.append(data.draw(st.integers(0, 1)))
    assert len(indices) == bench.pool.length


def test_time_is_no_way_round(work: Work, law: Edition) -> None:
    """Places left when time runs out are filled without what was met, too."""
    sitting = make.a_sitting(work, subjects=SUBJECTS)
    first = make.finished_session(work, sitting, make.wrong)
    by = offices_of(work, first)
    case_id = a_granted_case(work, "repeat", first, by)
    ntc = replace(work, actor=by.ntc)
    again = assign(ntc, a_next_sitting(ntc, "repeat", sitting.id), case_id)
    then = begin(work, law, again)
    make.answer_all(then, again, make.stop_after(2))
    assert len(items_of(work, again)) == 6
    assert not set(items_of(work, first)) & set(items_of(work, again))
    assert replay(replace(then, now=then.now + timedelta(hours=5)), again) == []
