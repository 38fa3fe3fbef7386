"""Evidence spoilt behind the product's back, as somebody at the database might do it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Update, delete, text, update

from itembank.pretests.models import PretestPlan
from server.core.db import Base
from server.core.work import Work
from server.delivery.models import ExamSession, Response, Seal, Step


def alter_response(work: Work, session_id: int, **values: Any) -> None:
    """One stored answer of the session is another than it was."""
    third = update(Response).where(Response.session_id == session_id, Response.seq == 3)
    _force(work, third.values(**values))


def alter_step(work: Work, session_id: int, seq: int = 3, **values: Any) -> None:
    """One stored step of each subject is another than it was."""
    _force(work, update(Step).where(Step.session_id == session_id, Step.seq == seq).values(**values))


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


def alter_plan(work: Work, plan_id: int, **values: Any) -> None:
    """A stored pretest plan is another than it was."""
    _force(work, update(PretestPlan).where(PretestPlan.id == plan_id).values(**values))


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
