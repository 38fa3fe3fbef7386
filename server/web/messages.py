"""The sentence for each error code: what happened and what to do. The only place that words an error."""

from __future__ import annotations

from typing import Any

from server.core.i18n import _


def N_(message: str) -> str:  # noqa: N802  the name by which gettext marks a sentence translated later
    """Marks a sentence for the catalogues."""
    return message


EVERYWHERE = {
    "payload": N_("The request could not be read (%(fields)s). Reload the page and try again."),
    "not_allowed": N_("Your role does not allow this. Ask the centre's administrator if you need it."),
    "not_signed_in": N_("You are not signed in, or were signed out. Sign in again."),
    "foreign_request": N_("This request came from another site and was not carried out. Open Synak and try again."),
    "page_is_old": N_("This page is too old to be trusted. Reload it and try again; nothing was lost."),
    "not_found": N_("There is nothing here. Check the address, or go back to the start page."),
    "not_in_state": N_("This was already done, or cannot be done any more. The page now shows how it stands."),
    "changed_meanwhile": N_("Somebody else changed this just now. Look at how it stands and try again."),
    "broken": N_("Something went wrong on the server. Nothing you did was lost. Try again, and tell the "
                 "administrator the number %(reference)s if it happens again."),
    "busy": N_("The server is busy. Wait a moment; the page will try again by itself."),
}

ACCOUNTS: dict[str, str] = {
    "sign_in_failed": N_("This login and password do not open anything just now. Check both and try again. After "
                         "several failures a login must wait, up to 15 minutes, even for the right password."),
    "password_too_short": N_("The password is too short. Use at least %(minimum)s characters."),
    "password_too_long": N_("The password is too long. Use at most %(maximum)s characters."),
    "password_common": N_("This password is among the first that a stranger would try. Choose another one."),
    "password_has_login": N_("The password contains the login. Choose one that cannot be guessed from it."),
    "password_not_yours": N_("The present password is not right. Check it and try again; after several failures "
                             "you must wait, up to 15 minutes."),
    "login_malformed": N_("The login “%(login)s” cannot be used. Use 2 to 60 letters, digits and . _ @ + -"),
    "login_taken": N_("Somebody already signs in as “%(login)s”. Choose another login."),
    "staff_name_malformed": N_("The name is empty or longer than %(maximum)s characters. Write it as in the order."),
    "staff_unknown": N_("There is no such staff member. Look at the list and choose again."),
    "organisation_unknown": N_("There is no organisation “%(organisation)s”. Look at the list and choose again."),
    "organisation_code_malformed": N_("The code “%(organisation)s” cannot be used. Use up to 40 characters "
                                      "without spaces."),
    "organisation_code_taken": N_("Another organisation has the code “%(organisation)s”. Choose another code."),
    "organisation_nameless": N_("The organisation “%(organisation)s” needs a name in at least one language."),
    "organisation_has_no_seal": N_("The organisation “%(organisation)s” has no seal in Synak and cannot certify "
                                   "anything. A department or a centre must do it."),
}

CANDIDATES: dict[str, str] = {}

ITEMBANK: dict[str, str] = {}

DELIVERY: dict[str, str] = {}

PROCTOR: dict[str, str] = {}

GRADING: dict[str, str] = {}

# Refusals: the codes that rulings carry.
RULINGS: dict[str, str] = {}

MESSAGES = {**EVERYWHERE, **ACCOUNTS, **CANDIDATES, **ITEMBANK, **DELIVERY, **PROCTOR, **GRADING, **RULINGS}


def sentence(code: str, facts: dict[str, Any]) -> str:
    """The sentence for `code` in the reader's language, with the facts of the case filled in."""
    return _(MESSAGES[code]) % facts if facts else _(MESSAGES[code])
