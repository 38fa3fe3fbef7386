"""Rescoring on a real database: an effect shown before anything changes, new versions beside the old ones (DC-28)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from itembank.items.correcting import item_of
from itembank.withdrawals.queries import in_force
from server import grading
from server.core.errors import CatError, Stale
from server.core.regulation import load_edition
from server.core.vault import Tampered
from server.core.work import Work
from server.grading import rescoring
from server.grading.models import Eligibility, Score
from server.grading.rescoring import applying, service
from server.grading.rescoring.models import RescoringChange, RescoringEffect, RescoringRun
from server.grading.rescoring.service import Cause
from tests.factories.delivery import every_second, finished_session, right, wrong
from tests.factories.rescoring import SUBJECT, Scene, a_scene, compute_now, right_of


def percents(work: Work, scene: Scene) -> list[float]:
    found = grading.grades_of(work, list(scene.sessions))
    return [found[each][SUBJECT].exact_percent for each in scene.sessions]


def count(work: Work, model: type) -> int:
    return work.db.execute(select(func.count()).select_from(model)).scalar_one()


def applied(work: Work, scene: Scene, run_id: int) -> None:
    compute_now(work, run_id)
    scene.sign(run_id, 0, 1)
    rescoring.apply(work, run_id)


def test_nothing_of_a_result_changes_before_the_run_is_applied(work: Work) -> None:
    scene = a_scene(work)
    before, versions = percents(work, scene), count(work, Score)
    run_id = scene.strike()
    compute_now(work, run_id)
    effect = rescoring.effect_of(work, run_id)
    assert effect is not None
    assert effect.summary["n_met"] == effect.summary["n_graded"] >= 1
    assert effect.summary["n_up"] + effect.summary["n_down"] == effect.n_changes >= 1
    scene.sign(run_id, 0)
    assert (percents(work, scene), count(work, Score)) == (before, versions)
    assert not rescoring.corrections_in_force(work)


def test_DC_28_an_applied_run_makes_a_new_version_and_leaves_the_old_one(work: Work) -> None:
    scene = a_scene(work)
    before = percents(work, scene)
    old = {row.id: (row.theta, row.percent, row.supersedes_id) for row in work.db.scalars(select(Score))}
    run_id = scene.strike()
    applied(work, scene, run_id)
    rows = {row.id: row for row in work.db.scalars(select(Score))}
    assert {id_: (rows[id_].theta, rows[id_].percent, rows[id_].supersedes_id) for id_ in old} == old
    made = [row for id_, row in rows.items() if id_ not in old]
    assert made
    assert {row.supersedes_id for row in made} <= set(old)
    for row in made:
        met = right_of(work, row.session_id, scene.item_version_id)
        was = rows[row.supersedes_id or 0]
        assert met is not None
        assert (row.percent < was.percent) == met  # who had it right loses by it, who had it wrong gains
        assert row.n_items == was.n_items - 1
    for session_id, percent in zip(scene.sessions, before, strict=True):
        if right_of(work, session_id, scene.item_version_id) is None:
            assert grading.grades_of(work, [session_id])[session_id][SUBJECT].exact_percent == percent
    run = work.db.get_one(RescoringRun, run_id)
    assert (run.state, run.applied_no) == ("applied", 1)
    assert rescoring.corrections_in_force(work).struck == {scene.item_version_id}


@pytest.mark.parametrize("people", [(0,), (1,), (0, 0)])
def test_one_person_alone_applies_nothing(work: Work, people: tuple[int, ...]) -> None:
    scene = a_scene(work)
    run_id = scene.strike(0)
    compute_now(work, run_id)
    scene.sign(run_id, people[0])
    for again in people[1:]:
        with pytest.raises(AssertionError, match="signed_already"):
            scene.sign(run_id, again)
    assert work.db.get_one(RescoringRun, run_id).state == "proposed"
    with pytest.raises(Stale, match="not_in_state"):
        rescoring.apply(work, run_id)


def test_a_run_is_applied_once(work: Work) -> None:
    scene = a_scene(work)
    run_id = scene.strike()
    applied(work, scene, run_id)
    versions = count(work, Score)
    with pytest.raises(Stale, match="not_in_state"):
        rescoring.apply(work, run_id)
    assert count(work, Score) == versions
    assert scene.strike(1) == run_id  # it is in force: nobody proposes it again


def test_a_wrong_pin_signs_nothing(work: Work) -> None:
    scene = a_scene(work)
    run_id = scene.strike()
    effect_id = compute_now(work, run_id)
    refusal = service.sign(scene.office.works(1), run_id, effect_id, scene.office.attempt(1, "111222"))
    assert isinstance(refusal, CatError)
    assert refusal.code == "pin_wrong"


def test_an_effect_that_rests_on_what_has_changed_is_neither_signed_nor_applied(work: Work) -> None:
    scene = a_scene(work)
    run_id = scene.strike()
    effect_id = compute_now(work, run_id)
    scene.sign(run_id, 0)
    late = finished_session(work, scene.sitting, right)
    grading.grade_session(work, late)  # it met the item too, and nobody saw what becomes of it
    assert right_of(work, late, scene.item_version_id) is not None
    with pytest.raises(Stale, match="rescoring_stale"):
        service.sign(scene.office.works(1), run_id, effect_id, scene.office.attempt(1))
    compute_now(work, run_id)
    scene.sign(run_id, 0, 1)
    later = finished_session(work, scene.sitting, right)
    grading.grade_session(work, later)
    with pytest.raises(Stale, match="rescoring_stale"):
        rescoring.apply(work, run_id)
    service.compute_again(work, run_id)
    assert work.db.get_one(RescoringRun, run_id).state == "proposed"
    applied(work, scene, run_id)


def test_an_effect_is_signed_as_it_was_shown(work: Work) -> None:
    scene = a_scene(work)
    run_id = scene.strike()
    shown = compute_now(work, run_id)
    compute_now(work, run_id)
    with pytest.raises(Stale, match="rescoring_stale"):
        service.sign(scene.office.works(0), run_id, shown, scene.office.attempt(0))


def test_what_was_signed_cannot_be_changed(work: Work) -> None:
    scene = a_scene(work)
    run_id = scene.strike()
    compute_now(work, run_id)
    for model in (RescoringEffect, RescoringChange):
        with pytest.raises(DBAPIError, match="append-only"), work.db.begin_nested():
            work.db.execute(update(model).values(id=model.id))


def test_a_change_that_is_not_what_was_computed_is_refused(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = a_scene(work)
    run_id = scene.strike()
    compute_now(work, run_id)
    scene.sign(run_id, 0, 1)
    whole = applying.digest_of

    def other(run: int, basis: str, summary: object, found: list[object]) -> str:
        return whole(run, basis, summary, found[1:])  # type: ignore[arg-type]

    monkeypatch.setattr(applying, "digest_of", other)
    with pytest.raises(Tampered):
        rescoring.apply(work, run_id)


def test_DC_28_nobody_is_lowered_once_results_were_shown(work: Work) -> None:
    scene = a_scene(work, (right, every_second), is_released_at_once=True)
    before = percents(work, scene)
    run_id = scene.strike()
    applied(work, scene, run_id)
    effect = rescoring.effect_of(work, run_id)
    assert effect is not None
    assert (effect.summary["n_kept"], effect.summary["n_down"]) == (effect.n_changes - effect.summary["n_up"], 0)
    assert effect.summary["n_kept"] >= 1
    assert all(now >= then for now, then in zip(percents(work, scene), before, strict=True))
    assert scene.item_version_id in rescoring.corrections_in_force(work).struck


def test_DC_28_an_edition_may_lower_whoever_it_concerns(work: Work) -> None:
    scene = a_scene(work, (right,), edition=load_edition("zz-trial", "2030"), is_released_at_once=True)
    (before,) = percents(work, scene)
    run_id = scene.strike()
    compute_now(work, run_id)
    scene.sign(run_id, 0, 1)
    assert work.db.get_one(RescoringRun, run_id).state == "proposed"  # that edition asks for three
    scene.sign(run_id, 2)
    rescoring.apply(work, run_id)
    assert percents(work, scene)[0] < before


def test_a_new_grade_brings_a_new_decision_with_its_reasons(work: Work) -> None:
    scene = a_scene(work, (right, every_second, wrong, every_second))
    run_id = scene.strike()
    compute_now(work, run_id)
    rows = work.db.scalars(select(RescoringChange))
    changed = {row.session_id for row in rows if row.grade_before != row.grade_after}
    earlier = {row.session_id: row.id for row in work.db.scalars(select(Eligibility))}
    scene.sign(run_id, 0, 1)
    rescoring.apply(work, run_id)
    superseding = select(Eligibility).where(Eligibility.supersedes_id.is_not(None))
    later = {row.session_id: row for row in work.db.scalars(superseding)}
    assert set(later) == changed
    for session_id, row in later.items():
        assert row.supersedes_id == earlier[session_id]
        grade = grading.grades_of(work, [session_id])[session_id][SUBJECT].grade
        stated = {each.get("subject"): each.get("grade") for each in row.ruling["facts"]["reasons"]}
        assert stated.get(SUBJECT, "excellent") == grade


def test_the_journal_tells_of_each_act_and_the_item_is_given_no_more(work: Work) -> None:
    scene = a_scene(work)
    run_id = scene.strike()
    applied(work, scene, run_id)
    acts = [each.act for each in work._acts if each.subject == f"rescoring:{run_id}"]
    assert acts == [f"rescoring_{act}" for act in ("proposed", "computed", "signed", "signed", "applied")]
    (withdrawn,) = in_force(work, [item_of(work, scene.item_version_id)[0]])
    assert withdrawn.cause == "faulty"


def test_a_strike_in_error_is_undone_by_the_published_key(work: Work) -> None:
    scene = a_scene(work)
    before = percents(work, scene)
    run_id = scene.strike()
    applied(work, scene, run_id)
    assert percents(work, scene) != before
    key = service.published_key(work, scene.item_version_id)
    again = service.propose(scene.office.works(1), Cause(
        kind="key_corrected", item_version_id=scene.item_version_id, key_version_id=key,
        reason="The item was struck in error", decided_by="order:18",
    ))  # fmt: skip
    applied(work, scene, again)
    assert percents(work, scene) == before
    assert len({row.session_id for row in work.db.scalars(select(Score))}) == len(scene.sessions)


@pytest.mark.parametrize(("said", "code"), [
    ({"reason": " "}, "reason_malformed"), ({"decided_by": ""}, "rescoring_undecided"),
    ({"kind": "guess"}, "rescoring_malformed"), ({"session_id": 1}, "rescoring_malformed"),
    ({"key_version_id": 1}, "rescoring_malformed"), ({"item_version_id": 10**6}, "not_found"),
])  # fmt: skip
def test_what_cannot_be_corrected_so_is_refused(work: Work, said: dict[str, object], code: str) -> None:
    scene = a_scene(work, (right,))
    cause = Cause(kind="item_struck", item_version_id=scene.item_version_id, reason="Wrong", decided_by="order:1")
    with pytest.raises(CatError) as refused:
        service.propose(scene.office.works(0), replace(cause, **said))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_withdrawn_run_is_neither_signed_nor_applied(work: Work) -> None:
    scene = a_scene(work)
    run_id = scene.strike()
    effect_id = compute_now(work, run_id)
    scene.sign(run_id, 0, 1)
    service.withdraw(scene.office.works(2), run_id, "The decision was annulled")
    with pytest.raises(Stale, match="not_in_state"):
        rescoring.apply(work, run_id)
    with pytest.raises(Stale, match="not_in_state"):
        service.sign(scene.office.works(2), run_id, effect_id, scene.office.attempt(2))
    assert scene.strike() != run_id


def test_what_a_protocol_decided_nobody_withdraws_and_an_orders_run_does_not_stand_for_it(work: Work) -> None:
    scene = a_scene(work)
    by_order = scene.strike()
    cause = Cause(kind="item_struck", item_version_id=scene.item_version_id, reason="Case 7",
                  decided_by=f"{service.VOUCHED}7")  # fmt: skip
    decided = service.propose(scene.office.works(0), cause)
    assert decided != by_order
    assert scene.strike() in (by_order, decided)
    with pytest.raises(Stale, match="rescoring_vouched"):
        service.withdraw(scene.office.works(2), decided, "It was not so")
    service.withdraw(scene.office.works(2), by_order, "It was not so")
    assert rescoring.open_among(work, {by_order, decided}) == [decided]
