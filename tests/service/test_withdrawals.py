"""An item that was leaked is given to nobody any more, whatever pool holds it; replays stay equal to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from irt.exposure import Control
from itembank import load_pool
from itembank.authoring import states
from itembank.authoring.models import Manuscript
from itembank.blueprints.limits import PassageUse
from itembank.items.models import Item, ItemVersion
from itembank.withdrawals import service as withdrawals
from itembank.withdrawals.queries import in_force
from itembank.withdrawals.service import Decision
from server import delivery, grading
from server.core.errors import CatError, Invalid, NotFound
from server.core.journal import entries_on
from server.core.regulation import load_edition
from server.core.work import Work
from server.delivery.models import ExamSession, Section, Step
from server.delivery.service import seeding
from tests.factories import delivery as make
from tests.factories.grading import alter_step

PLANS: dict[str, dict[str, Any]] = {
    "eligible": {},
    "exposure": {"plan": {"exposure": Control("eligibility", 0.4)}},
    "shadow": {"plan": {"method": "shadow"}},
    "passages": {
        "has_passages": True, "plan": {"method": "shadow", "passages": PassageUse((1, 2), (3, 6))},
    },
}  # fmt: skip


def a_sitting(work: Work, **pool: Any) -> make.Planned:
    pool_id = make.a_pool(work, load_edition("kg-distinction", "2013"), "history", **pool)
    return make.a_sitting(work, subjects=["history"], pools={"history": pool_id})


def steps_of(work: Work, session_id: int) -> list[Step]:
    work.db.expire_all()
    return list(work.db.execute(select(Step).where(Step.session_id == session_id).order_by(Step.seq)).scalars())


def code_of(work: Work, version_id: int) -> str:
    query = select(Item.code).join(ItemVersion, ItemVersion.item_id == Item.id).where(ItemVersion.id == version_id)
    return work.db.execute(query).scalar_one()


def withdraw(work: Work, *version_ids: int, is_in_running: bool = True) -> str:
    codes = [code_of(work, id_) for id_ in version_ids]
    act = withdrawals.withdraw(
        work, codes, Decision(cause="published", reason="сүрөтү тармакта", is_in_running=is_in_running)
    )
    work.db.flush()
    return act


def twin(work: Work, sitting: make.Planned, seed: int = 7) -> int:
    """A session that meets the same items as every other of that seed, answered alike."""
    session_id = make.a_session(work, sitting)
    work.db.get_one(ExamSession, session_id).seed = seed
    lateness = sitting.edition.get("DC-16", make.LatenessRule).judge(work.now, work.now)
    make.service.admit_session(work, session_id, lateness, None)
    make.service.begin_sessions(work, [session_id], work.now)
    return session_id


def finish(work: Work, session_id: int) -> list[Step]:
    section = work.db.get_one(ExamSession, session_id).sections[0]
    me = replace(work, actor=make.Actor(frozenset({make.Role.CANDIDATE}), session_id))
    while section.state != "done":
        done = make.answering.submit_response(me, make._answer(work, section, section.answered + 1, True))
        assert isinstance(done, make.answering.Accepted)
        work.db.expire_all()
    return steps_of(work, session_id)


def is_sound(work: Work, session_id: int) -> bool:
    """Sealed, gradable, and equal to the bit when it is played again."""
    assert grading.grade_session(work, session_id) == grading.Outcome("graded")
    return delivery.verify_seal(work, session_id) and grading.replay(work, session_id) == []


@pytest.mark.parametrize("pool", PLANS.values(), ids=PLANS.keys())
def test_a_running_test_goes_on_without_it_and_can_be_played_again(work: Work, pool: Mapping[str, Any]) -> None:
    sitting = a_sitting(work, **pool)
    expected = finish(work, twin(work, sitting))
    session_id = twin(work, sitting)
    digest = load_pool(work, _pool_of(work, session_id)).digest
    [first] = steps_of(work, session_id)
    leaked = [step.item_version_id for step in expected[1:] if step.item_version_id != first.item_version_id][:2]
    withdraw(work, *leaked)
    steps = finish(work, session_id)
    assert not set(leaked) & {step.item_version_id for step in steps}
    assert len(steps) == len(expected)
    assert is_sound(work, session_id)
    assert load_pool(work, _pool_of(work, session_id)).digest == digest
    assert "withdrawn" not in steps[0].trace
    assert all(len(step.trace["withdrawn"]) == 2 for step in steps[1:])


def _pool_of(work: Work, session_id: int) -> int:
    return work.db.execute(select(Section.pool_id).where(Section.session_id == session_id)).scalars().one()


def test_what_a_candidate_has_before_them_stays(work: Work) -> None:
    sitting = a_sitting(work)
    session_id = twin(work, sitting)
    [first] = steps_of(work, session_id)
    withdraw(work, first.item_version_id)
    steps = finish(work, session_id)
    assert steps[0].item_version_id == first.item_version_id
    assert is_sound(work, session_id)


def test_it_may_be_left_to_tests_that_run_and_is_kept_from_those_that_begin(work: Work) -> None:
    sitting = a_sitting(work)
    expected = finish(work, twin(work, sitting))
    running = twin(work, sitting)
    later = replace(work, now=work.now + timedelta(minutes=1))
    withdraw(later, expected[2].item_version_id, is_in_running=False)
    assert [step.item_version_id for step in finish(work, running)] == [step.item_version_id for step in expected]
    begun = twin(replace(work, now=later.now + timedelta(minutes=1)), sitting)
    assert expected[2].item_version_id not in {step.item_version_id for step in finish(later, begun)}
    assert is_sound(work, running)
    assert is_sound(work, begun)


def test_where_no_lawful_test_does_without_it_the_blueprint_is_kept_and_the_step_says_so(work: Work) -> None:
    sitting = a_sitting(work)
    session_id = twin(work, sitting)
    pool = load_pool(work, _pool_of(work, session_id))
    raised = [v for v, tier in zip(pool.item_version_ids, pool.tiers, strict=False) if tier == "raised"]
    withdraw(work, *raised)
    steps = finish(work, session_id)
    given = [step for step in steps if step.item_version_id in raised]
    assert len(given) == 2  # the blueprint wants two of that tier
    assert all(step.trace.get("withdrawn_given") for step in given if step.seq > 1)
    assert is_sound(work, session_id)


def test_a_test_that_ran_out_is_filled_up_without_it(work: Work) -> None:
    sitting = a_sitting(work)
    expected = finish(work, twin(work, sitting))
    session_id = twin(work, sitting)
    withdraw(work, expected[2].item_version_id)
    row = work.db.get_one(ExamSession, session_id)
    make._run_out(work, row, row.sections[0])
    steps = steps_of(work, session_id)
    assert len(steps) == len(expected)
    assert expected[2].item_version_id not in {step.item_version_id for step in steps}
    assert is_sound(work, session_id)


def test_what_is_tried_out_is_withdrawn_too(work: Work) -> None:
    law = load_edition("kg-distinction", "2013")
    pool_id = make.a_pool(work, law, "history")
    plan_id = make.a_plan(work, pool_id, n_items=6, per_candidate=1)
    sitting = make.a_sitting(work, subjects=["history"], pools={"history": pool_id})
    seeding.take_plan(work, sitting.id, plan_id, is_taken=True)
    tried = [step.item_version_id for step in finish(work, twin(work, sitting)) if step.is_pretest]
    assert len(tried) == 1
    session_id = twin(work, sitting)
    offered = {
        make.BENCHES.get(work, pool_id, plan_id).tryout.plan.item_version_ids[at]  # type: ignore[union-attr]
        for at in work.db.get_one(ExamSession, session_id).sections[0].pretest["offered"]  # type: ignore[index]
    }
    withdraw(work, *offered)
    steps = finish(work, session_id)
    assert [step for step in steps if step.is_pretest] == []
    assert len(steps) == 6
    assert is_sound(work, session_id)
    late = twin(work, sitting)
    begun = work.db.get_one(ExamSession, late).sections[0]
    versions = make.BENCHES.get(work, pool_id, plan_id).tryout.plan.item_version_ids  # type: ignore[union-attr]
    assert not {versions[at] for at in begun.pretest["offered"]} & offered  # type: ignore[index]


def test_a_step_that_names_what_nobody_withdrew_is_found(work: Work) -> None:
    sitting = a_sitting(work)
    session_id = make.finished_session(work, sitting)
    trace = steps_of(work, session_id)[2].trace
    alter_step(work, session_id, trace={**trace, "withdrawn": [17]})
    assert "withdrawn" in {difference.what for difference in grading.replay(work, session_id)}


def test_every_version_rests_until_the_withdrawal_is_lifted(work: Work) -> None:
    sitting = a_sitting(work)
    version_id = finish(work, twin(work, sitting))[1].item_version_id
    code = code_of(work, version_id)
    act = withdraw(work, version_id)
    manuscript = work.db.execute(select(Manuscript).where(Manuscript.item_version_id == version_id)).scalar_one()
    assert manuscript.state == "resting"
    [standing] = in_force(work)
    assert (standing.item_id, standing.act, standing.is_in_running) == (manuscript.item_id, act, True)
    with refused(Invalid, "withdrawal_not_lifted"):
        states.wake(work, manuscript, "тынч")
    with refused(Invalid, "withdrawal_stands"):
        withdraw(work, version_id)
    withdrawals.lift(work, act, "башка текст экен")
    work.db.flush()
    assert in_force(work) == []
    with refused(NotFound, "not_found"):
        withdrawals.lift(work, act, "дагы")
    states.wake(work, manuscript, "тынч")
    work.close()
    acts = [entry.act for entry in entries_on(work.db, f"item:{code}")]
    assert acts[-2:] == ["item_withdrawn", "withdrawal_lifted"]
    assert version_id in {step.item_version_id for step in finish(work, twin(work, sitting))}


@pytest.mark.parametrize(("codes", "reason", "code"), [
    (["GEO-404"], "x", "item_unknown"), ([], " ", "reason_malformed"), ([], "x" * 501, "reason_malformed"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(work: Work, codes: list[str], reason: str, code: str) -> None:
    with refused(Invalid, code):
        withdrawals.withdraw(work, codes, Decision(cause="told", reason=reason))


def refused(error: type[CatError], code: str) -> pytest.RaisesExc[CatError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)
