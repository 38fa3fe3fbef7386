"""Units of work and payloads as routes use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar, cast

from flask import current_app, request
from pydantic import ValidationError

from server.core.errors import CatError, Invalid, Refused, Stale
from server.core.work import Platform, Work, open_reading, open_work
from server.edge.guard import actor
from server.edge.wire import Wire

# An escaped NUL in JSON, but not the text of its escape: no field means one, and PostgreSQL stores none.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
SHOWN = 200
Payload = TypeVar("Payload", bound=Wire)


def platform() -> Platform:
    """The platform this application was created with."""
    return cast(Platform, current_app.extensions["synak"])


def unit_of_work() -> AbstractContextManager[Work]:
    """A writing unit of work in the name of who makes this request."""
    return open_work(platform(), actor())


def reading() -> AbstractContextManager[Work]:
    """A unit of work that only reads."""
    return open_reading(platform(), actor())


def refusal(command: Callable[[Work], object], *also: type[CatError]) -> CatError | None:
    """Why the command was refused, for its page to tell; None once it is done.

    A refusal that it returns is committed: a wrong PIN is counted. What nobody may know or do has a page of its own."""
    told: tuple[type[CatError], ...] = (Invalid, Refused, Stale, *also)
    try:
        with unit_of_work() as work:
            said = command(work)
    except told as fault:
        return fault
    return said if isinstance(said, CatError) else None


def parse(payload: type[Payload]) -> Payload:
    """The request's JSON as `payload`; Invalid names each field that is wrong."""
    body = request.get_data(cache=True) or b"{}"
    if NUL.search(body):
        raise Invalid("unreadable")
    try:
        return payload.model_validate_json(body, strict=True)
    except ValidationError as error:
        fields = sorted({".".join(str(part) for part in e["loc"]) for e in error.errors()})
        if "" in fields:
            raise Invalid("unreadable") from None
        raise Invalid("payload", fields=", ".join(fields)[:SHOWN]) from None
