"""Whose office may act on which results (CS-5): the testing centre and the ministry on all of a sitting,
a department on the candidates of its own centres (DC-22); third parties on none."""

from __future__ import annotations

from server import accounts
from server.accounts import OrganisationRef
from server.core.errors import Denied, NotFound
from server.core.regulation import Edition
from server.core.work import Work
from server.grading.rules import ResultAccessRule

WHOLE_COUNTRY = ("ntc", "ministry")


def office_of(work: Work, edition: Edition) -> OrganisationRef:
    """The actor's organisation, if results concern it; third parties are refused."""
    own = _own(work)
    edition.get("CS-5", ResultAccessRule).judge(own.kind, concerns_reader=True).or_refuse()
    return own


def require_centre(work: Work, edition: Edition, centre_id: int) -> None:
    """Nothing if results of that centre concern the actor's office; others learn only that nothing is here."""
    own = office_of(work, edition)
    if own.kind in WHOLE_COUNTRY or own.id == centre_id:
        return
    if accounts.organisation_of(work, centre_id).parent_id != own.id:
        raise NotFound("not_found")


def require_whole(work: Work, edition: Edition) -> None:
    """Nothing if the actor's office may act on a sitting as a whole."""
    if office_of(work, edition).kind not in WHOLE_COUNTRY:
        raise Denied("not_allowed")


def is_whole_country(work: Work) -> bool:
    """True if the actor's office acts for the whole country."""
    return _own(work).kind in WHOLE_COUNTRY


def _own(work: Work) -> OrganisationRef:
    if work.actor.organisation_id is None:
        raise Denied("not_allowed")
    return accounts.organisation_of(work, work.actor.organisation_id)
