"""Written tasks on a real database: they follow the adaptive part, have no score, and wait for people (CS-14.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from irt.exposure import Control
from itembank import NewPool, add_item, publish_pool
from itembank.blueprints.limits import EarlyEnd
from itembank.calibrations.service import Parameters
from itembank.items.models import Item, ItemVersion
from server import delivery, grading
from server.core.errors import Invalid, Refused
from server.core.regulation import Edition, load_edition
from server.core.roles import Actor, Role
from server.core.work import Work
from server.delivery import queries
from server.delivery.bench import BENCHES, Begun
from server.delivery.given import ExtendedGiven
from server.delivery.models import ExamSession, PoolExposure, Response, Section, Working
from server.delivery.service import answering, exposing
from server.delivery.service.working import save_working
from server.delivery.wire import Answer
from server.delivery.wire import Working as Ask
from server.grading.models import Grade, Hold, Score
from server.grading.policy import policy_of
from server.grading.queries import result_of
from server.grading.scoring import score_section
from server.reports.candidate import session_page
from tests.factories import delivery as make
from tests.factories import itembank as bank
from tests.factories.grading import alter_response

LENGTH, N_WRITTEN = 6, 2


@pytest.fixture
def law() -> Edition:
    return load_edition("kg-distinction", "2013")


def a_sitting(work: Work, law: Edition, **pool: Any) -> make.Planned:
    pool_id = make.a_pool(work, law, "history", **{"n_written": N_WRITTEN, **pool})
    return make.a_sitting(work, edition=law, pools={"history": pool_id})


def section_of(work: Work, session_id: int) -> Section:
    return work.db.get_one(ExamSession, session_id).sections[0]


def as_candidate(work: Work, session_id: int, after_s: float = 0) -> Work:
    lease = work.db.get_one(ExamSession, session_id).lease
    actor = Actor(frozenset({Role.CANDIDATE}), session_id, lease=lease)
    return replace(work, actor=actor, now=work.now + timedelta(seconds=after_s))


def at_the_written_part(work: Work, sitting: make.Planned) -> tuple[int, Section]:
    """A session whose adaptive part is answered, its first written task open."""
    session_id = make.a_running_session(work, sitting)
    me = as_candidate(work, session_id)
    for seq in range(1, LENGTH + 1):
        answering.submit_response(me, make._answer(work, section_of(work, session_id), seq, seq % 2 == 1))
    work.db.expire_all()
    return session_id, section_of(work, session_id)


def typed(section: Section, seq: int, text: str, version: int = 1, **more: Any) -> Ask:
    known = {"section_id": section.id, "seq": seq, "key": uuid4(), "version": version, "text": text, "strokes": []}
    return Ask(**{**known, **more})


def given_text(section: Section, seq: int, text: str | None) -> Answer:
    said = None if text is None else ExtendedGiven(kind="extended", extended=text)
    return Answer(section_id=section.id, seq=seq, key=uuid4(), given=said, spent_ms=90_000)


def test_they_follow_the_adaptive_part_in_their_order(work: Work, law: Edition) -> None:
    sitting = a_sitting(work, law)
    session_id = make.finished_session(work, sitting)
    (section,) = delivery.evidence(work, session_id)
    bench = BENCHES.get(work, section.pool_id)
    assert (section.length, section.stop_reason, len(section.steps)) == (LENGTH + N_WRITTEN, "length", 8)
    assert [step.item_index for step in section.steps[LENGTH:]] == list(bench.pool.written) == [18, 19]
    assert [step.score is None for step in section.steps] == [False] * LENGTH + [True] * N_WRITTEN
    assert [step.trace["written"] for step in section.steps[LENGTH:]] == [1, 2]
    assert {step.trace["adaptive_end"] for step in section.steps[LENGTH:]} == {"length"}
    assert section.steps[-1].given == {"kind": "extended", "extended": make.TEXT}


def test_theta_hears_nothing_of_them(work: Work, law: Edition) -> None:
    """The adaptive part runs and is scored as if no task followed, and no text changes what follows."""
    session_id = make.finished_session(work, a_sitting(work, law))
    (section,) = delivery.evidence(work, session_id)
    bench = BENCHES.get(work, section.pool_id)
    begun = Begun(delivery.seed_of(work, session_id), section.position)
    indices = [step.item_index for step in section.steps]
    scores = [step.score for step in section.steps]
    policy = policy_of(work, delivery.session_ref(work, session_id).sitting_id)
    for other in (0, 1):
        spoilt = [*scores[:LENGTH], other]
        assert bench.select(begun, indices[: LENGTH + 1], spoilt) == bench.select(
            begun, indices[: LENGTH + 1], scores[: LENGTH + 1]
        )
    adaptive = replace(section, steps=section.steps[:LENGTH], length=LENGTH)
    assert score_section(bench, section, policy.times, policy.cuts) == score_section(
        bench, adaptive, policy.times, policy.cuts
    )
    last, written = section.steps[LENGTH - 1].trace, section.steps[LENGTH].trace
    assert written["theta"] != last["theta"], "the answer to the last adaptive item moved it"
    assert written["theta"] == section.steps[LENGTH + 1].trace["theta"], "the text did not"
    with pytest.raises(ValueError, match="before the end"):
        bench.select(begun, [18], [None])
    with pytest.raises(ValueError, match="order"):
        bench.select(begun, [*indices[:LENGTH], 19], [*scores[:LENGTH], None])


def test_they_follow_an_early_end_too(work: Work, law: Edition) -> None:
    sitting = a_sitting(work, law, plan={"early_end": EarlyEnd(minimum=3, se=5.0),
                                         "tiers": dict.fromkeys(bank.PLACES, (1, 4))})  # fmt: skip
    session_id = make.finished_session(work, sitting)
    (section,) = delivery.evidence(work, session_id)
    assert (section.stop_reason, section.length) == ("precision", len(section.steps))
    assert len(section.steps) < LENGTH + N_WRITTEN
    assert [step.score is None for step in section.steps][-3:] == [False, True, True]
    assert {step.trace["adaptive_end"] for step in section.steps[-2:]} == {"precision"}
    assert grading.replay(work, session_id) == []


@pytest.mark.parametrize("n_answered", [2, 6, 7])
def test_dc_12_what_time_left_out_stands_not_reached_and_a_replay_agrees(
    work: Work, law: Edition, n_answered: int
) -> None:
    session_id = make.finished_session(work, a_sitting(work, law), make.stop_after(n_answered))
    (section,) = delivery.evidence(work, session_id)
    assert [step.item_index >= 18 for step in section.steps] == [False] * LENGTH + [True] * N_WRITTEN
    assert [step.is_reached for step in section.steps] == [n <= n_answered for n in range(8)]
    assert delivery.verify_seal(work, session_id)
    assert grading.replay(work, session_id) == []


def test_dc_14_the_seal_stands_over_the_text_and_a_replay_finds_a_score_that_was_slipped_in(
    work: Work, law: Edition
) -> None:
    sitting = a_sitting(work, law, n_written=1)
    altered = make.finished_session(work, sitting)
    assert delivery.verify_seal(work, altered)
    alter_response(work, altered, is_written=True, score=None)
    assert delivery.verify_seal(work, altered) is False
    assert {each.what for each in grading.replay(work, altered)} >= {"answer_score"}
    assert grading.grade_session(work, altered) == grading.Outcome("held", "seal_broken")


@pytest.mark.parametrize("values", [{"is_written": True, "score": 0}, {"is_written": False, "score": None}], ids=str)
def test_a_response_has_a_score_or_is_written_never_both(work: Work, law: Edition, values: dict[str, Any]) -> None:
    session_id, section = at_the_written_part(work, a_sitting(work, law))
    known = {"session_id": session_id, "section_id": section.id, "seq": 7, "key": "k", "answer_sealed": b"x",
             "spent_ms": 1, "received_at": work.now}  # fmt: skip
    with pytest.raises(IntegrityError), work.db.begin_nested():
        work.db.execute(insert(Response).values(**known, **values))


def test_dc_13_a_text_is_saved_while_it_is_typed_and_restored(work: Work, law: Edition) -> None:
    """History has no working area; its written tasks use the channel all the same, for their text alone."""
    session_id, section = at_the_written_part(work, a_sitting(work, law))
    me = as_candidate(work, session_id)
    seq = LENGTH + 1
    for version, text in enumerate(("Менин", "Менин айылым", "Менин айылым тоодо."), start=1):
        assert save_working(me, typed(section, seq, text, version)) == version
    me.db.flush()
    state = queries.runner_state(me, work.db.get_one(ExamSession, session_id))
    assert state.step is not None
    assert state.working is not None
    assert (state.step.item.type, state.step.length, state.working.text) == (
        "extended_text", LENGTH + N_WRITTEN, "Менин айылым тоодо.",
    )  # fmt: skip
    assert state.step.item.words is not None
    assert (state.step.item.words.least, state.step.item.words.most) == (40, 60)
    assert "Secret" not in state.model_dump_json()
    with pytest.raises(Refused) as refused:
        save_working(me, typed(section, seq, "x", 4, strokes=[[1, 1, 2, 2]]))
    assert refused.value.ruling.clause == "DC-13"
    outcome = answering.submit_response(me, given_text(section, seq, "Менин айылым тоодо, көл жанында."))
    assert isinstance(outcome, answering.Accepted)
    row = work.db.execute(select(Working).where(Working.section_id == section.id)).scalar_one()
    assert row.version == 3
    for sealed in (row.content_sealed, *work.db.scalars(select(Response.answer_sealed))):
        assert "айылым".encode() not in sealed


def test_an_ordinary_task_of_the_same_subject_still_takes_no_text(work: Work, law: Edition) -> None:
    session_id = make.a_running_session(work, a_sitting(work, law))
    with pytest.raises(Refused):
        save_working(as_candidate(work, session_id), typed(section_of(work, session_id), 1, "x"))


def test_an_answer_sent_twice_counts_once_and_the_console_counts_the_step(work: Work, law: Edition) -> None:
    session_id, section = at_the_written_part(work, a_sitting(work, law))
    me, ask = as_candidate(work, session_id), given_text(section, LENGTH + 1, make.TEXT)
    before = delivery.progress(work, [session_id])[session_id]
    first, again = (answering.submit_response(me, ask) for _ in range(2))
    assert isinstance(first, answering.Accepted)
    assert isinstance(again, answering.Accepted)
    assert (first.is_repeat, again.is_repeat, first.next_step) == (False, True, (19, ""))
    work.db.expire_all()
    after = delivery.progress(work, [session_id])[session_id]
    assert (before.answered, after.answered, after.length) == (LENGTH, LENGTH + 1, LENGTH + N_WRITTEN)


@pytest.mark.parametrize("answers", [make.right, lambda _subject, seq: seq <= LENGTH or "blank"], ids=["text", "blank"])
def test_cs_14_2_no_grade_stands_before_people_have_marked(work: Work, law: Edition, answers: make.Answers) -> None:
    """Neither what was written nor what was left blank is scored 0 by us; the candidate sees no result."""
    session_id = make.finished_session(work, a_sitting(work, law), answers)
    for _ in range(2):
        assert grading.grade_session(work, session_id) == grading.Outcome("held", "marks_awaited")
    (hold,) = work.db.scalars(select(Hold).where(Hold.session_id == session_id))
    assert (hold.facts["clause"], hold.facts["tasks"]) == ("CS-14.2", {"history": [7, 8]})
    counts = [work.db.scalar(select(func.count()).select_from(model)) for model in (Score, Grade)]
    assert counts == [0, 0]
    assert result_of(work, session_id) is None


def test_the_office_reads_the_text_under_its_step(work: Work, law: Edition) -> None:
    session_id, section = at_the_written_part(work, a_sitting(work, law))
    me = as_candidate(work, session_id)
    save_working(me, typed(section, 7, make.TEXT))
    answering.submit_response(me, given_text(section, 7, make.TEXT))
    work.db.expire_all()
    save_working(me, typed(section, 8, "Аягына чейин эмес"))
    make._run_out(work, work.db.get_one(ExamSession, session_id), section)
    work.db.flush()
    grading.grade_session(work, session_id)
    page = session_page(work, delivery.session_ref(work, session_id))
    done, left = page.sections[0].steps[LENGTH:]
    assert (done.outcome, done.answer, done.working, done.theta) == (
        "written", ("Менин айылым тоодо.", "Ал жерде көл бар."), None, None,
    )  # fmt: skip
    assert (left.outcome, left.answer, left.tier) == ("unanswered", (), "raised")
    assert left.working is not None
    assert left.working.text == "Аягына чейин эмес", "what was typed and not given is there for the marker"
    assert page.sections[0].fault is None
    assert page.sections[0].steps[LENGTH - 1].theta is not None
    assert [hold.reason for hold in page.holds] == ["marks_awaited"]


def test_exposure_counts_the_adaptive_items_alone(work: Work, law: Edition) -> None:
    sitting = a_sitting(work, law, plan={"exposure": Control("restricted", r_max=0.9)})
    session_id = make.finished_session(work, sitting)
    pool_id = section_of(work, session_id).pool_id
    row = work.db.get_one(PoolExposure, pool_id)
    assert (row.n_candidates, len(row.administered), sum(row.administered)) == (1, 18, LENGTH)
    assert exposing.counters(work, pool_id).n_administered.shape == (18,)


@pytest.mark.parametrize(
    ("written", "plan", "code"),
    [
        (("GEO-W1",), {}, "pool_written_number"),
        (("GEO-W1", "GEO-W1"), {"written": 2}, "pool_written_number"),
        ((), {"written": 1}, "pool_written_number"),
        (("GEO-basic-north-0",), {"written": 1}, "pool_written_unknown"),
        (("GEO-W9",), {"written": 1}, "pool_written_unknown"),
        (("GEO-W2",), {"written": 1}, "pool_language"),
        (("GEO-W3",), {"written": 1}, "pool_area"),
    ],
)
def test_a_pool_has_the_written_tasks_of_its_blueprint(
    work: Work, written: tuple[str, ...], plan: dict[str, Any], code: str
) -> None:
    run_id = bank.calibrated_items(work)
    for item in (bank.written_item("GEO-W1"), bank.written_item("GEO-W2", ("ky",)),
                 bank.written_item("GEO-W3", area="elsewhere")):  # fmt: skip
        add_item(work, item)
    new = NewPool(
        blueprint_id=bank.blueprint(work, **plan), calibration_run_id=run_id, languages=("ky", "ru"), written=written
    )
    with pytest.raises(Invalid) as refused:
        publish_pool(work, new, bank.edition())
    assert refused.value.code == code


def test_nothing_of_a_rubric_lies_in_the_clear(work: Work) -> None:
    version_id = add_item(work, bank.written_item("GEO-W1"))
    version = work.db.get_one(ItemVersion, version_id)
    assert work.db.get_one(Item, version.item_id).type == "extended_text"
    assert b"Secret" not in version.content_sealed


def test_a_calibrated_written_task_is_refused(work: Work) -> None:
    version_id = add_item(work, bank.written_item("GEO-W1"))
    run_id = bank.calibration(work, [Parameters(version_id, 1.0, 0.0, 0.2)])
    new = NewPool(blueprint_id=bank.blueprint(work), calibration_run_id=run_id, languages=("ky", "ru"))
    with pytest.raises(Invalid) as refused:
        publish_pool(work, new, bank.edition())
    assert refused.value.code == "pool_written_calibrated"
