"""Who may act: the roles of the system and the actor of one unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do; a staff member holds each role for one organisation, and STAFF by being signed in."""

    PUBLIC = "public"
    CANDIDATE = "candidate"
    OBSERVER = "observer"
    STAFF = "staff"
    PROCTOR = "proctor"
    CENTRE = "centre"
    OFFICE = "office"
    WRITER = "writer"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    COMMISSION = "commission"
    PSYCHOMETRICIAN = "psychometrician"
    SECURITY = "security"
    MARKER = "marker"
    APPEALS = "appeals"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SYSTEM = "system"


STAFF_ROLES = frozenset(Role) - {Role.PUBLIC, Role.CANDIDATE, Role.OBSERVER, Role.STAFF, Role.SYSTEM}
# Those who come near what tests are made of, the answers, the keys and the journal prove who they are twice
# (ASVS 5.0, 6.3.3).
BANK_ROLES = frozenset(
    {Role.WRITER, Role.REVIEWER, Role.EDITOR, Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY}
)
STRONG_ROLES = BANK_ROLES | {Role.MARKER, Role.APPEALS, Role.AUDITOR, Role.ADMIN}


@dataclass(frozen=True)
class Hashes:
    """What Safe Exam Browser sends of itself: hashes over the address of the request; empty from other browsers."""

    url: str = ""
    config_hash: str = ""
    exam_hash: str = ""

    @property
    def is_silent(self) -> bool:
        """True if no hash was sent at all; the browser's script says ":" for one not set."""
        return self.config_hash in ("", ":") and self.exam_hash in ("", ":")


@dataclass(frozen=True)
class Actor:
    """Who does what is done now. `id` is of staff, an exam session or an observer.

    `lease` is the device's, `hashes` candidates'; `withheld` are held once the second factor is proved."""

    roles: frozenset[Role]
    id: int | None = None
    name: str = ""
    organisation_id: int | None = None
    lease: int = 0
    hashes: Hashes = Hashes()
    withheld: frozenset[Role] = frozenset()

    @property
    def label(self) -> str:
        """A short reference for the journal: `staff:3`, `candidate:17`, `system`."""
        if Role.CANDIDATE in self.roles:
            return f"candidate:{self.id}"
        if Role.OBSERVER in self.roles:
            return f"observer:{self.id}"
        if self.id is not None:
            return f"staff:{self.id}"
        return "system" if Role.SYSTEM in self.roles else "public"

    def may(self, *roles: Role) -> bool:
        """True if the actor holds one of the roles."""
        return not self.roles.isdisjoint(roles)


PUBLIC = Actor(frozenset({Role.PUBLIC}))
SYSTEM = Actor(frozenset({Role.SYSTEM}), name="system")
