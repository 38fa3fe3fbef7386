"""The base of every payload: frozen, closed to unknown fields, and turned into `wire.ts` by one job."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# What people type: outer spaces mean nothing. Rich text is never trimmed, its spaces stand beside formulas.
Trimmed = Annotated[str, StringConstraints(strip_whitespace=True)]

# The id of a row; a larger number is none, and a database would choke on it.
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]


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
