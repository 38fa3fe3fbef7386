"""Whatever is pressed in whatever order by whomever: no version of a result is lost, none is made twice, none by one
person, none from an effect that is stale, and the scores of every version are computed again to the bit (DC-28)."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server import delivery, grading
from server.accounts import signing
from server.core.errors import CatError
from server.core.work import Work
from server.delivery.bench import BENCHES
from server.grading import rescoring
from server.grading.models import Eligibility, Grade, Score
from server.grading.policy import policy_of
from server.grading.rescoring import service
from server.grading.rescoring.models import RescoringEffect, RescoringRun
from server.grading.rescoring.service import Cause
from server.grading.scoring import score_section
from tests.factories.accounts import PIN
from tests.factories.delivery import every_second, finished_session, right, wrong
from tests.factories.rescoring import Office, Scene, a_scene, compute_now

ACTS = ("strike", "undo", "again", "compute", "compute", "sign", "sign", "sign", "apply", "apply", "withdraw", "grade")
Presses = list[tuple[str, int]]
# Proposed, computed, signed by two, applied; then undone in the same way.
LED: Presses = [
    ("strike", 0), ("compute", 0), ("sign", 0), ("sign", 2), ("apply", 0),
    ("undo", 2), ("compute", 0), ("sign", 2), ("sign", 0), ("apply", 0),
]  # fmt: skip


@dataclass
class Told:
    """What happened, kept beside the database: which rows there were, and what each person signed."""

    work: Work
    scene: Scene
    items: list[int]
    late: list[int]
    rows: dict[type, dict[int, tuple[object, ...]]] = field(default_factory=dict)
    applied: Counter[int] = field(default_factory=Counter)
    attempts: dict[int, signing.PinAttempt] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        return self.scene.office

    def press(self, act: str, n: int) -> None:
        """One command by somebody; what is refused changes nothing."""
        runs = self.work.db.scalars(select(RescoringRun.id).order_by(RescoringRun.id)).all()
        run_id = runs[-1 - n % min(2, len(runs))] if runs else 0
        if act in ("strike", "undo"):
            self.propose(act, n)
        elif act == "grade" and self.late:
            grading.grade_session(self.work, self.late.pop())
        elif act == "again":
            service.compute_again(self.office.works(n % 3), run_id)
        elif act == "compute":
            compute_now(self.work, run_id)
        elif act == "sign":
            self.sign(run_id, n)
        elif act == "withdraw":
            service.withdraw(self.office.works(n % 3), run_id, "Not needed")
        elif act == "apply":
            self.apply(run_id)

    def propose(self, act: str, n: int) -> None:
        version = self.items[n % len(self.items)]
        key = service.published_key(self.work, version) if act == "undo" else None
        service.propose(self.office.works(n % 3), Cause(
            kind="key_corrected" if key else "item_struck", item_version_id=version, key_version_id=key,
            reason="Doubted", decided_by="order:17",
        ))  # fmt: skip

    def sign(self, run_id: int, n: int) -> None:
        effects = select(RescoringEffect.id).where(RescoringEffect.run_id == run_id).order_by(RescoringEffect.id)
        shown = self.work.db.scalars(effects).all()
        effect_id = shown[-1 - n // 3 % len(shown)] if shown else 0  # an earlier one too, as on a page left open
        staff = self.office.staff[n % 3]
        if staff not in self.attempts:  # compared once: that is slow on purpose
            self.attempts[staff] = signing.check_pin(self.work, staff, PIN)
        service.sign(self.office.works(n % 3), run_id, effect_id, self.attempts[staff])

    def apply(self, run_id: int) -> None:
        """What is applied was shown as it is, signed by two, and not applied before."""
        before = self.standing()
        effect = rescoring.effect_of(self.work, run_id)
        rescoring.apply(self.work, run_id)
        self.applied[run_id] += 1
        assert effect is not None
        run, stored = self.work.db.get_one(RescoringRun, run_id), service.newest_effect(self.work, run_id)
        assert stored is not None
        assert len(service.signers(self.work, run, stored)) >= 2
        moved = {each for each, score in self.standing().items() if before[each] != score}
        assert len(moved) == effect.summary["n_up"] + effect.summary["n_down"] + effect.summary["n_level"]

    def standing(self) -> dict[int, int]:
        """The newest score of each section."""
        return {row.section_id: row.id for row in self.work.db.scalars(select(Score).order_by(Score.id))}

    def check(self) -> None:
        """What stood stands; each row is followed by one at most, and leads back to the first."""
        for model in (Score, Grade, Eligibility):
            found = {row.id: _all(row) for row in self.work.db.scalars(select(model))}
            known = self.rows.get(model, {})
            assert {id_: found.get(id_) for id_ in known} == known, "a version was lost or changed"
            followed = Counter(row.supersedes_id for row in self.work.db.scalars(select(model)) if row.supersedes_id)
            assert all(n == 1 for n in followed.values()), "a version was superseded twice"
            self.rows[model] = found
        assert all(n == 1 for n in self.applied.values()), "a run was applied twice"
        states = {run.id: run.state for run in self.work.db.scalars(select(RescoringRun))}
        assert {id_ for id_, state in states.items() if state == "applied"} == set(self.applied)

    def replayed(self) -> None:
        """Every version of every score, from the sealed answers and what was in force when it was made."""
        for score in self.work.db.scalars(select(Score)):
            session = delivery.session_ref(self.work, score.session_id)
            policy = policy_of(self.work, session.sitting_id)
            for section in delivery.evidence(self.work, score.session_id):
                bench = BENCHES.of(self.work, section)
                versions = frozenset(step.item_version_id for step in section.steps)
                then = rescoring.corrections_then(self.work, score.corrections, versions)
                assert then is not None
                again = score_section(bench, section, policy.times, policy.cuts, corrections=then)
                assert (again.theta, again.se, again.percent, again.corrections) == (
                    score.theta, score.se, score.percent, score.corrections,
                )  # fmt: skip


def _all(row: Score | Grade | Eligibility) -> tuple[object, ...]:
    return tuple(getattr(row, column.key) for column in row.__table__.columns)


@pytest.fixture
def told(work: Work) -> Told:
    """Three graded candidates, two more who are not graded yet, and two items that may be corrected."""
    scene = a_scene(work, (right, every_second, wrong))
    (section,) = delivery.evidence(work, scene.sessions[0])
    items = [step.item_version_id for step in section.steps[:2]]
    late = [finished_session(work, scene.sitting, every_second) for _ in range(2)]
    work.db.flush()
    return Told(work, scene, items, late)


def tried(told: Told, presses: Presses) -> None:
    for act, n in presses:
        savepoint = told.work.db.begin_nested()
        with suppress(CatError):
            told.press(act, n)
            told.work.db.flush()
            savepoint.commit()
        if savepoint.is_active:
            savepoint.rollback()
        told.check()
    told.replayed()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pressed=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 8)), max_size=24), start=st.integers(0, 10))
def test_DC_28_no_order_of_commands_loses_a_version_or_applies_one_alone(
    told: Told, pressed: Presses, start: int
) -> None:
    undone = told.work.db.begin_nested()
    tried(replace(told, late=list(told.late), rows={}, applied=Counter()), [*LED[:start], *pressed])
    undone.rollback()
    told.work.db.expire_all()


def test_the_straight_way_corrects_and_undoes_it_again(told: Told) -> None:
    before = told.standing()
    tried(told, LED)
    assert sum(told.applied.values()) == 2
    versions = Counter(row.section_id for row in told.work.db.scalars(select(Score)))
    assert set(versions.values()) == {3}
    first = {row.id: row.percent for row in told.work.db.scalars(select(Score))}
    assert all(first[before[each]] == first[now] for each, now in told.standing().items())
