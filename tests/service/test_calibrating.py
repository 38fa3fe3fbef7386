"""Calibration runs from rows of real sittings: what was planted is found, and said; a repetition is equal."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update

from itembank import NewPool, publish_pool
from itembank.authoring.models import Manuscript
from itembank.blueprints.models import Pool, PoolItem
from itembank.calibrations import decisions, jobs, queries, words
from itembank.calibrations.models import CalibrationRun
from itembank.calibrations.spec import Spec
from server import delivery
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import Denied, Invalid, Stale
from server.core.roles import SYSTEM, Actor, Role
from server.core.tasks import task_view
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.delivery.models import ExamSession
from server.jobs import calibrate
from server.jobs.calibrate import repeat
from server.jobs.worker import work_off
from tests.conftest import MASTER, SECRET, START
from tests.factories.accounts import a_staff_member
from tests.factories.calibrating import SUBJECT, Tried, logistic, new_items, sat
from tests.factories.delivery import a_pool, a_sitting
from tests.factories.itembank import blueprint, edition

TRUE = ((0.9, -1.0), (1.2, -0.4), (1.5, 0.2), (1.1, 0.8), (1.3, 1.2))
WRONG_KEY, DIF, MISFIT = 5, 6, 7
MOVED = (0.2, -1.2)  # the item of the pool nearest to the first has become so much easier


@dataclass(frozen=True)
class Season:
    """A calibration that was made of a sitting with planted faults."""

    platform: Platform
    spec: Spec
    tried: list[Tried]
    run_id: int
    moved: int

    def line(self, at: int) -> queries.ItemLine:
        """What the report says of an item that was tried out."""
        return self.of_version(self.tried[at].version_id)

    def of_version(self, version_id: int) -> queries.ItemLine:
        """What the report says of an item version."""
        with open_work(self.platform, SYSTEM) as work:
            report = queries.report(work, self.run_id)
        return next(each for each in report.items if each.item_version_id == version_id)


def a_sitting_with(work: Work, tried: list[Tried], n: int, **run: Any) -> tuple[Spec, int]:
    """A sitting in which these were tried out, the spec that ties them to its scale, and the item that moved."""
    pool_id = a_pool(work, edition(), SUBJECT, **run)
    sitting = a_sitting(work, subjects=[SUBJECT], pools={SUBJECT: pool_id})
    moved = sat(work, sitting.id, tried, n, moved=MOVED)
    run_id = work.db.get_one(Pool, pool_id).calibration_run_id
    spec = Spec(subject=SUBJECT, sittings=(sitting.id,), until=work.now, design="fixed", reference_run_id=run_id)
    return spec, moved


def faulty(work: Work) -> list[Tried]:
    """Five sound items, one with a wrong key, one harder in Russian, one that the ablest fail."""
    tried = new_items(work, [
        *(logistic(a, b) for a, b in TRUE), logistic(1.2, 0.0), logistic(1.2, 0.2, harder_in_second=1.4),
        lambda theta, _second: 0.2 if theta < 0 else 0.95 if theta < 1 else 0.55,
    ])  # fmt: skip
    tried[WRONG_KEY].is_key_wrong = True
    return tried


def made(platform: Platform, spec: Spec) -> int:
    """The run that was asked for and made."""
    with open_work(platform, SYSTEM) as work:
        task_id = jobs.request_calibration(work, spec)
    assert work_off(platform) == task_id
    with open_work(platform, SYSTEM) as work:
        task = task_view(work, task_id)
        assert (task.state, task.failure) == ("done", None)
        assert task.result_id is not None
        return task.result_id


@pytest.fixture(scope="module")
def season(own_database: Database) -> Season:
    platform = Platform(own_database, FrozenClock(START), Vault(MASTER, SECRET))
    with open_work(platform, SYSTEM) as work:
        tried = faulty(work)
        spec, moved = a_sitting_with(work, tried, 600)
    return Season(platform, spec, tried, made(platform, spec), moved)


def codes(line: queries.ItemLine) -> set[str]:
    return {flag["code"] for flag in line.flags}


def test_sound_items_are_recovered_within_their_errors(season: Season) -> None:
    lines = [season.line(at) for at in range(len(TRUE))]
    assert {line.outcome for line in lines} == {"new"}
    assert {line.n for line in lines} <= set(range(590, 601))
    z = [(line.figures["b"] - b) / line.figures["se_b"] for line, (_a, b) in zip(lines, TRUE, strict=True)]
    assert np.sqrt(np.mean(np.square(z))) < 2.0
    assert not any({"rival_option", "strongest_choose", "against"} & codes(line) for line in lines)


def test_every_planted_fault_is_said_in_words(season: Season) -> None:
    wrong, harder, odd = (season.line(at) for at in (WRONG_KEY, DIF, MISFIT))
    assert wrong.outcome in ("against", "negative_slope")
    rival = next(flag for flag in wrong.flags if flag["code"] == "rival_option")
    assert words.flag(rival) == (
        f"Option {rival['option']} draws the able more than the key {rival['key']} does: look at the key.")
    assert codes(harder) & {"dif_b", "dif_c"}
    said = next(flag for flag in harder.flags if flag["code"].startswith("dif"))
    assert (said["factor"], said["harmed"]) == ("language", "ru")
    assert "Русский" in words.flag(said)
    assert "misfit" in codes(odd)
    with open_work(season.platform, SYSTEM) as work:
        report = queries.report(work, season.run_id)
    moved = season.of_version(season.moved)
    assert moved.outcome == "released"
    assert "easier" in words.flag(next(flag for flag in moved.flags if flag["code"] == "moved"))
    assert report.whole["flags"]["moved"] == 1


def test_the_report_tells_what_it_rests_on(season: Season) -> None:
    with open_work(season.platform, SYSTEM) as work:
        report = queries.report(work, season.run_id)
    assert report.reference_run_id == season.spec.reference_run_id
    assert Spec.of(report.lineage["spec"]) == season.spec
    assert set(report.lineage["software"]) == {"numpy", "scipy", "girth", "python"}
    assert report.whole["reliability"] > 0.4
    assert set(report.whole["dif"]) == {"language", "region", "sex"}
    assert report.whole["second"] == {"asked": False}  # girth cannot speak of adaptive answers


def test_a_repetition_is_equal_to_the_bit(season: Season) -> None:
    assert repeat(season.platform, season.run_id) == []


def test_one_session_less_is_another_digest(season: Season) -> None:
    with open_work(season.platform, SYSTEM) as work:
        session_id = delivery.sessions_of_sitting(work, season.spec.sittings[0])[0].id
        work.db.execute(update(ExamSession).where(ExamSession.id == session_id).values(state="removed"))
    differences = repeat(season.platform, season.run_id)
    with open_work(season.platform, SYSTEM) as work:
        work.db.execute(update(ExamSession).where(ExamSession.id == session_id).values(state="submitted"))
        newest = max(run.id for run in queries.runs(work))
        assert queries.report(work, newest).whole["left_out"]["removed"] == 1
    assert "answers (digest) differs" in differences


def test_only_what_was_accepted_is_in_a_pool(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        tried = new_items(work, [logistic(1.2, b) for b in (-0.5, 0.0, 0.5)])
        spec, _moved = a_sitting_with(work, tried, 160)
    run_id = made(platform, spec)
    with open_work(platform, SYSTEM) as work:
        first, second, third = (each.version_id for each in tried)
        author = a_staff_member(work, Role.WRITER, Role.PSYCHOMETRICIAN)
        work.db.query(Manuscript).filter_by(item_version_id=first).one().author_id = author
        own = replace(work, actor=Actor(frozenset({Role.PSYCHOMETRICIAN}), author, "own"))
        for verdict in ("accepted", "rejected"):
            with pytest.raises(Denied, match="calibration_own"):
                decisions.decide(own, run_id, first, verdict, "sound", None)
        accepted = decisions.decide(work, run_id, first, "accepted", "sound", None)
        decisions.decide(work, run_id, second, "rejected", "unclear", None)
        assert set(decisions.parameters_in_use(work, run_id)) & {first, second, third} == {first}
        states = dict(work.db.query(Manuscript.item_version_id, Manuscript.state).all())
        assert [states[each] for each in (first, second, third)] == ["calibrated", "pretest", "pretest"]
        with pytest.raises(Stale):
            decisions.decide(work, run_id, first, "rejected", "second thoughts", None)
        decisions.decide(work, run_id, first, "rejected", "second thoughts", accepted)
        assert [each.verdict for each in queries.history(work, run_id, first)] == ["accepted", "rejected"]
        assert decisions.parameters_in_use(work, run_id).get(first) is None
        new = NewPool(blueprint_id=blueprint(work, SUBJECT), calibration_run_id=run_id, languages=("ky", "ru"))
        pool_id = publish_pool(work, new, edition())
        members = {row[0] for row in work.db.query(PoolItem.item_version_id).filter_by(pool_id=pool_id)}
        assert not members & {first, second, third}
        assert len(members) >= 17


def test_what_has_no_parameters_is_never_accepted_and_too_few_answers_are_said(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        tried = new_items(work, [logistic(1.2, 0.0)])
        spec, _moved = a_sitting_with(work, tried, 30)
    run_id = made(platform, spec)
    with open_work(platform, SYSTEM) as work:
        line = next(each for each in queries.report(work, run_id).items if each.item_version_id == tried[0].version_id)
        assert (line.outcome, line.flags[0]["code"], line.flags[0]["n"]) == ("not_enough", "not_enough", 30)
        assert line.figures["b"] is None
        with pytest.raises(Invalid, match="calibration_nothing"):
            decisions.decide(work, run_id, line.item_version_id, "accepted", "in a hurry", None)
        with pytest.raises(Invalid, match="calibration_reason"):
            decisions.decide(work, run_id, line.item_version_id, "rejected", "  ", None)
        decisions.decide(work, run_id, line.item_version_id, "rejected", "too few", None)


def test_a_run_on_a_demonstration_scale_is_a_demonstration(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        tried = new_items(work, [logistic(1.2, 0.0)])
        spec, _moved = a_sitting_with(work, tried, 60, source="demonstration", n_persons=0)
    run_id = made(platform, spec)
    with open_work(platform, SYSTEM) as work:
        assert work.db.get_one(CalibrationRun, run_id).source == "demonstration"


@pytest.mark.parametrize(
    ("change", "part"),
    [({"sittings": ()}, "sittings"), ({"sittings": (1, 1)}, "sittings"), ({"reference_run_id": None}, "reference"),
     ({"reference_run_id": 10_000}, "reference"), ({"design": "both"}, "design")],
)  # fmt: skip
def test_a_spec_that_cannot_be_is_refused(season: Season, change: dict[str, object], part: str) -> None:
    with open_work(season.platform, SYSTEM) as work, pytest.raises(Invalid) as caught:
        jobs.request_calibration(work, replace(season.spec, **change))  # type: ignore[arg-type]
    assert caught.value.facts["part"] == part


def test_the_command_asks_makes_and_repeats(
    season: Season, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(calibrate.Config, "from_env", lambda: Configured(season.platform))
    monkeypatch.setattr(Database, "close", lambda _database: None)
    sitting, reference = str(season.spec.sittings[0]), str(season.spec.reference_run_id)

    def said(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["calibrate", *arguments])
        return calibrate.main(), capsys.readouterr().out.strip()

    status, task = said("request", SUBJECT, sitting, "--reference", reference)
    assert status == 0
    assert work_off(season.platform) == int(task)
    with open_work(season.platform, SYSTEM) as work:
        run_id = task_view(work, int(task)).result_id
    assert run_id is not None
    assert said("repeat", str(run_id)) == (0, "equal to the last bit")


@dataclass(frozen=True)
class Configured:
    """A configuration of the test's own platform."""

    platform: Platform

    def make_platform(self) -> Platform:
        """That platform."""
        return self.platform
