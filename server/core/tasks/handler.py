"""What does a task: a handler is given the platform, the task and a way to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from server.core.work import Platform, Work


class Progress(Protocol):
    """Tells how far a task is; raises `Stopped` where it is not to go on."""

    def __call__(self, done: int, total: int, stage: str | None = None, /) -> None: ...


@dataclass(frozen=True)
class TaskRef:
    """What a handler is given: who asked, and with what arguments; `claim` is its worker's right to end it."""

    id: int
    kind: str
    arguments: Mapping[str, Any]
    asked_by: str
    claim: int = 1


# Writes down what came of a task, in the unit of work that ends it; the id of the row.
Keep = Callable[[Work], int]
# It computes outside any unit of work, so that no writer waits for it, and returns what writes the result.
Handler = Callable[[Platform, TaskRef, Progress], Keep]


class Stopped(Exception):
    """Raised out of `Progress` when the task was cancelled, or is another worker's now; a handler lets it pass."""
