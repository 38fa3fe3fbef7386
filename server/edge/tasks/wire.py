"""How far a task is, as its page asks every second."""

from __future__ import annotations

from typing import Literal

from server.edge.wire import Wire

TaskState = Literal["queued", "running", "done", "failed", "cancelled"]


class TaskReply(Wire):
    """A task: how far it is, in figures and in words; `next` is the page to open once it has ended."""

    state: TaskState
    done: int
    total: int
    words: str
    next: str | None = None
