"""The queue of tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Task(Base):
    """Something to be done outside the web process. `arguments` name rows, never content; `result_id` is the row
    that came of it. `beat_at` is the worker's last sign of life: a task whose worker fell silent begins again, and
    `tries` tells the claims of its workers apart: only the newest may tell of it and end it."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'done') = (result_id IS NOT NULL)", name="result"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure"),
        Index("ix_task_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20))
    done: Mapped[int]
    total: Mapped[int]
    stage: Mapped[str | None] = mapped_column(String(20))
    tries: Mapped[int]
    result_id: Mapped[int | None]
    failure: Mapped[str | None] = mapped_column(String(80))
    failure_facts: Mapped[dict[str, Any] | None]
    asked_by: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}
