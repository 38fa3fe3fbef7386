"""Errors that any page may meet."""

from __future__ import annotations

from server.web.messages.marking import N_

EVERYWHERE: dict[str, str] = {
    "payload": N_("The request could not be read (%(fields)s). Reload the page and try again."),
    "unreadable": N_("The request could not be read. Reload the page and try again."),
    "too_large": N_(
        "What was sent is larger than the server takes, and nothing of it was kept. Choose a smaller file, or "
        "send fewer at once."
    ),
    "not_done_so": N_("This address cannot be used in this way. Go back to the page you came from."),
    "not_allowed": N_("Your role does not allow this. Ask the centre's administrator if you need it."),
    "not_signed_in": N_("You are not signed in, or were signed out. Sign in again."),
    "foreign_request": N_(
        "This request came from another site and was not carried out. Open Synak and try again."
    ),
    "page_is_old": N_("This page is too old to be trusted. Reload it and try again; nothing was lost."),
    "not_found": N_("There is nothing here. Check the address, or go back to the start page."),
    "not_in_state": N_(
        "This was already done, or cannot be done any more. The page now shows how it stands."
    ),
    "changed_meanwhile": N_("Somebody else changed this just now. Look at how it stands and try again."),
    "broken": N_(
        "Something went wrong on the server. Nothing you did was lost. Try again, and tell the "
        "administrator the number %(reference)s if it happens again."
    ),
    "busy": N_("The server is busy. Wait a moment; the page will try again by itself."),
}
