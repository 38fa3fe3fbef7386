"""The errors the product foresees: a stable code and the facts of the case.
The sentence for each code is in server.web.messages, its HTTP status in server.web.errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.core.ruling import Ruling


class CatError(Exception):
    """A foreseen failure: `code` is stable, its text is not."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """The code and the facts, for a log line."""
        return " ".join([self.code, *(f"{name}={value!r}" for name, value in self.facts.items())])


class NotFound(CatError):
    """What was asked for does not exist, or this actor may not know that it does."""


class Invalid(CatError):
    """The request contradicts itself or the state of the row."""


class Refused(CatError):
    """A regulation forbids it; `ruling` cites the clause."""

    def __init__(self, code: str, ruling: Ruling, /, **facts: object) -> None:
        super().__init__(code, **{**ruling.facts, **facts})
        self.ruling = ruling

    @classmethod
    def by(cls, ruling: Ruling) -> Refused:
        """The refusal a ruling states, under the ruling's own code."""
        return cls(ruling.code, ruling)


class Stale(CatError):
    """Somebody changed the row since this actor read it."""


class Denied(CatError):
    """This actor may not do it, whatever a regulation says: role, duty, seat or lease."""


class Unavailable(CatError):
    """Something we depend on does not answer or is full; nothing is lost, and later it may go."""


class NotSignedIn(CatError):
    """Nobody is signed in, or not any more."""
