"""What does a task: a handler is given the platform, the task and a way to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.core.work import Platform

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class TaskRef:
    """What a handler is given: who asked, and with what arguments."""

    id: int
    kind: str
    arguments: Mapping[str, Any]
    asked_by: str


# Returns the id of the row that came of it. It computes outside any unit of work, so that no writer waits for it.
Handler = Callable[[Platform, TaskRef, Progress], int]


class Stopped(Exception):
    """Raised out of `Progress` when the task is not to go on; a handler lets it pass."""
