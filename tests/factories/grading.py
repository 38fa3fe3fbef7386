"""Evidence spoilt behind the product's back, as somebody at the database might do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Update, delete, select, text, update

from itembank.pretests.models import PretestPlan
from server.core.db import Base
from server.core.ruling import Json
from server.core.tasks import TaskRef, ask
from server.core.tasks.models import Task
from server.core.work import Work
from server.delivery.models import ExamSession, Response, Seal, Step
from server.grading import gathering
from server.grading.control import service
from server.grading.control.checks import Draft
from server.grading.control.models import ControlFinding
from server.grading.scoring import SectionScore, Unscorable, score_sections


def everybody_gets(monkeypatch: pytest.MonkeyPatch, percent: float) -> None:
    """Whatever is graded from now on in the test comes to this percent."""
    whole = score_sections

    def scored(*args: Any) -> list[SectionScore | Unscorable]:
        return [each if isinstance(each, Unscorable) else replace(each, percent=percent) for each in whole(*args)]

    monkeypatch.setattr(gathering, "score_sections", scored)


def seals_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every seal is found to fit, as if whoever altered a session could seal it anew."""
    monkeypatch.setattr("server.delivery.verify_seals", lambda _work, ids: dict.fromkeys(ids, True))


def alter_response(work: Work, session_id: int, **values: Any) -> None:
    """One stored answer of the session is another than it was."""
    third = update(Response).where(Response.session_id == session_id, Response.seq == 3)
    _force(work, third.values(**values))


def alter_step(work: Work, session_id: int, seq: int = 3, **values: Any) -> None:
    """One stored step of each subject is another than it was."""
    _force(work, update(Step).where(Step.session_id == session_id, Step.seq == seq).values(**values))


def alter_order(work: Work, session_id: int, seq: int = 3) -> None:
    """One stored step of each subject has the options of no subject's in their order."""
    there = set(work.db.scalars(select(Step.option_order).where(Step.session_id == session_id, Step.seq == seq)))
    alter_step(work, session_id, seq, option_order=next(each for each in ("dcba", "cbad", "badc") if each not in there))


def alter_version(work: Work, session_id: int) -> None:
    """One stored step of each subject names the version of another item than it gave."""
    first = select(Step.item_version_id).where(Step.session_id == session_id, Step.seq == 1).limit(1)
    alter_step(work, session_id, item_version_id=work.db.execute(first).scalar_one())


def alter_seed(work: Work, session_id: int) -> None:
    """The session names another seed than it was given by."""
    row = work.db.get_one(ExamSession, session_id)
    row.seed ^= 1
    work.db.flush()


def take_seal_away(work: Work, session_id: int) -> None:
    """The seal is gone."""
    _lift(work, Seal)
    work.db.execute(delete(Seal).where(Seal.session_id == session_id))
    work.db.expire_all()


def alter_rows(work: Work, model: type[Base], **values: Any) -> None:
    """Every row of a table is another than it was."""
    _force(work, update(model).values(**values))


def alter_plan(work: Work, plan_id: int, **values: Any) -> None:
    """A stored pretest plan is another than it was."""
    _force(work, update(PretestPlan).where(PretestPlan.id == plan_id).values(**values))


def a_finding(work: Work, sitting_id: int, sessions: Sequence[int]) -> int:
    """A control of the sitting that asks about these sessions; the id of its question."""
    task = ask(work, service.KIND, f"sitting:{sitting_id}", {"sitting_id": sitting_id})
    tasks: list[Json] = [[1, 2, True, True], [3, 1, True, False], [4, 5, False, False]]
    figures: dict[str, Json] = {
        "metres": 1.2, "common": 9, "same": 9, "expected": 3.1, "wrong": 6, "same_wrong": 6, "expected_wrong": 1.5,
        "tasks": tasks,
    }  # fmt: skip
    found = Draft("similar", "history", tuple(sessions), 0.00002, figures)
    ref = TaskRef(task, service.KIND, {}, work.actor.label)
    run = service.record_run(work, ref, sitting_id, work.now, {"sessions": 3, "pairs": 2, "before": None}, [found])
    work.db.execute(update(Task).where(Task.id == task).values(state="done", result_id=run))
    return work.db.execute(select(ControlFinding.id).where(ControlFinding.run_id == run)).scalar_one()


def _force(work: Work, change: Update) -> None:
    _lift(work, change.entity_description["entity"])
    work.db.execute(change)
    work.db.expire_all()


def _lift(work: Work, model: type[Base]) -> None:
    """The table's guard is off until the test's transaction is taken back."""
    name = model.__tablename__
    work.db.flush()
    if work.db.connection().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            work.db.execute(text(f"DROP TRIGGER IF EXISTS {name}_no_{verb}"))
    else:
        work.db.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER {name}_append_only"))
