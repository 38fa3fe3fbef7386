"""Whose results an office reads and acts on (CS-5): the testing centre and the ministry all of a sitting, a department
those of its own centres (DC-22), a school those of its pupils, without acting on them; third parties none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from server import accounts
from server.accounts import OrganisationRef
from server.accounts.queries import parts_of
from server.candidates.queries import registrations_of_school
from server.core.errors import Denied, NotFound
from server.core.regulation import Edition
from server.core.work import Work
from server.delivery import SessionRef
from server.grading.rules import ResultAccessRule

CLAUSE = "CS-5"
WHOLE_COUNTRY = accounts.WHOLE_COUNTRY


@dataclass(frozen=True)
class Circle:
    """Whose results concern an office: the whole country's, those of a department's centres, or of one school."""

    kind: Literal["country", "department", "school"]
    organisation_id: int
    centres: frozenset[int] = field(default=frozenset(), repr=False)
    registrations: frozenset[int] = field(default=frozenset(), repr=False)

    @property
    def is_whole(self) -> bool:
        """True for the offices of the whole country, which see results before they are released too."""
        return self.kind == "country"

    def has(self, session: SessionRef) -> bool:
        """Whether the results of this session concern the office."""
        return self.covers(session.centre_id, session.registration_id)

    def covers(self, centre_id: int, registration_id: int) -> bool:
        """The same, of a session at that centre of that registration."""
        return self.is_whole or centre_id in self.centres or registration_id in self.registrations


def circle_of(work: Work, edition: Edition) -> Circle:
    """The circle of the actor's office; third parties are refused."""
    own = office_of(work, edition)
    if own.kind in WHOLE_COUNTRY:
        return Circle("country", own.id)
    if own.kind == "school":
        return Circle("school", own.id, registrations=registrations_of_school(work, own.id))
    return Circle("department", own.id, centres=parts_of(work, own.id) | {own.id})


def office_of(work: Work, edition: Edition) -> OrganisationRef:
    """The actor's organisation, if results concern it; third parties are refused."""
    own = _own(work)
    edition.get(CLAUSE, ResultAccessRule).judge(own.kind, concerns_reader=True).or_refuse()
    return own


def acting_office_of(work: Work, edition: Edition) -> OrganisationRef:
    """The same, if offices of its kind act on results; who only reads them is refused."""
    own = office_of(work, edition)
    edition.get(CLAUSE, ResultAccessRule).judge_act(own.kind).or_refuse()
    return own


def may_act(work: Work, edition: Edition) -> bool:
    """Whether the actor's office is one that acts on results, and does not read alone."""
    return edition.get(CLAUSE, ResultAccessRule).judge_act(_own(work).kind).allowed


def require_session(work: Work, edition: Edition, session: SessionRef) -> Circle:
    """The actor's circle, if the session's results lie in it; others learn only that nothing is here."""
    circle = circle_of(work, edition)
    if not circle.has(session):
        raise NotFound("not_found")
    return circle


def require_act(work: Work, edition: Edition, session: SessionRef) -> Circle:
    """The same, if the actor's office acts on what lies in its circle; who only reads is refused."""
    circle = require_session(work, edition, session)
    acting_office_of(work, edition)
    return circle


def require_whole(work: Work, edition: Edition) -> None:
    """Nothing if the actor's office may act on a sitting as a whole."""
    if office_of(work, edition).kind not in WHOLE_COUNTRY:
        raise Denied("not_allowed")


def is_whole_country(work: Work) -> bool:
    """True if the actor's office acts for the whole country."""
    return _own(work).kind in WHOLE_COUNTRY


def require_country(work: Work) -> None:
    """Nothing if it does; others are refused before anything is looked for, and learn of nothing that is there."""
    if not is_whole_country(work):
        raise Denied("not_allowed")


def office_kind(work: Work) -> str:
    """Of which kind the actor's organisation is."""
    return _own(work).kind


def _own(work: Work) -> OrganisationRef:
    if work.actor.organisation_id is None:
        raise Denied("not_allowed")
    return accounts.organisation_of(work, work.actor.organisation_id)
