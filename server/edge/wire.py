"""The base of every payload: frozen, closed to unknown fields, and turned into `wire.ts` by one job."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

# What people type: outer spaces mean nothing. Rich text is never trimmed, its spaces stand beside formulas.
Trimmed = Annotated[str, StringConstraints(strip_whitespace=True)]


class Wire(BaseModel):
    """A payload in or out; unknown fields are refused so that a misspelt one is never silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ErrorBody(Wire):
    """What went wrong, in the reader's language; `code` is stable, `message` is not."""

    code: str
    message: str
    clause: str | None = None


class ErrorReply(Wire):
    error: ErrorBody
