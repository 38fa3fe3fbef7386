"""What a marker's page sends and is answered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.edge.wire import Id, Trimmed, Wire


class MarkGiven(Wire):
    """Points for the work on the page; `key` makes a repeat harmless, `replaces` names the mark it corrects."""

    key: Annotated[UUID, Field(strict=False)]
    points: Annotated[int, Field(ge=0, le=1000)]
    note: Annotated[Trimmed, Field(max_length=2000)] = ""
    spent_ms: Annotated[int, Field(ge=0)] | None = None
    replaces: Id | None = None


class MarkKept(Wire):
    """The mark stands; where to go on."""

    next: str
