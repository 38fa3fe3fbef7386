"""Accounts: organisations with their seals, staff with their roles, and who is signed in."""

from server.accounts.logins import sign_in, sign_out, who_is
from server.accounts.queries import (
    WHOLE_COUNTRY,
    OrganisationRef,
    holders,
    organisation_of,
    oversees,
    staff_names,
)
from server.accounts.service import create_organisation, create_staff, sealing

__all__ = [
    "WHOLE_COUNTRY", "OrganisationRef", "create_organisation", "create_staff", "holders", "organisation_of",
    "oversees", "sealing", "sign_in", "sign_out", "staff_names", "who_is",
]
