"""The edition a sitting pinned, and what it says of time."""

from __future__ import annotations

from typing import Any, Protocol

from server.core.regulation import Edition, load_edition
from server.delivery.models import ExamSession
from server.delivery.rules import SectionTimeRule


class Pinned(Protocol):
    """What names an edition: a sitting, or a row with its columns."""

    @property
    def edition_code(self) -> Any: ...
    @property
    def edition_version(self) -> Any: ...
    @property
    def edition_digest(self) -> Any: ...


def edition_of(sitting: Pinned) -> Edition:
    """The edition the sitting pinned; one that was changed since is refused."""
    return load_edition(sitting.edition_code, sitting.edition_version, digest=sitting.edition_digest)


def times_of(session: ExamSession) -> SectionTimeRule:
    """What the session's edition says of section times (DC-12)."""
    return edition_of(session.sitting).get("DC-12", SectionTimeRule)
