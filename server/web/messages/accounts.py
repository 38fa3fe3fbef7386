"""Signing in, passwords, staff and organisations."""

from __future__ import annotations

from server.web.messages.marking import N_

ACCOUNTS: dict[str, str] = {
    "sign_in_failed": N_(
        "This login and password do not open anything just now. Check both and try again. After several "
        "failures a login must wait, up to 15 minutes, even for the right password."
    ),
    "password_too_short": N_("The password is too short. Use at least %(minimum)s characters."),
    "password_too_long": N_("The password is too long. Use at most %(maximum)s characters."),
    "password_common": N_("This password is among the first that a stranger would try. Choose another one."),
    "password_has_login": N_("The password contains the login. Choose one that cannot be guessed from it."),
    "password_not_yours": N_(
        "The present password is not right. Check it and try again; after several failures you must wait, "
        "up to 15 minutes."
    ),
    "pin_malformed": N_("A PIN has %(minimum)s to %(maximum)s digits and nothing else. Choose another one."),
    "pin_common": N_("This PIN is among the first that a stranger would try. Choose another one."),
    "pin_differs": N_("The two PINs are not the same. Type the new PIN twice."),
    "pin_not_set": N_("%(name)s has no PIN yet. It is set on the page “PIN” of one's own account."),
    "pin_wrong": N_(
        "The PIN of %(name)s is not right, so nothing was signed. Type it again; after several failures it must "
        "wait, up to 15 minutes."
    ),
    "pin_locked": N_("The PIN of %(name)s was typed wrongly too often. Wait %(seconds)s s, then try again."),
    "second_needed": N_(
        "This needs your second factor. Open the page “Second factor” of your account, type the code of your "
        "authenticator, and do it again."
    ),
    "second_not_set": N_("No authenticator is bound to your account yet. Bind one on the page “Second factor”."),
    "second_not_begun": N_("This page is too old. Load it anew and scan the code that it shows then."),
    "second_unlike": N_(
        "This is not the code that the authenticator shows for this secret now. Check that the clock of the "
        "telephone is right, and type the six digits it shows at this moment."
    ),
    "second_wrong": N_(
        "This code opens nothing. A code holds for half a minute and opens once: wait for the next one and type "
        "that. After several failures you must wait, up to 15 minutes."
    ),
    "second_locked": N_("Wrong codes were typed too often. Wait %(seconds)s s, then try again."),
    "signed_already": N_("This person has signed this text already. Choose somebody else who is present."),
    "signer_malformed": N_(
        "Write the name in full, and the position, each in at most %(maximum)s characters."
    ),
    "login_malformed": N_("The login “%(login)s” cannot be used. Use 2 to 60 letters, digits and . _ @ + -"),
    "login_taken": N_("Somebody already signs in as “%(login)s”. Choose another login."),
    "staff_name_malformed": N_(
        "The name is empty or longer than %(maximum)s characters. Write it as in the order."
    ),
    "staff_unknown": N_("There is no such staff member. Look at the list and choose again."),
    "organisation_unknown": N_(
        "There is no organisation “%(organisation)s”. Look at the list and choose again."
    ),
    "organisation_code_malformed": N_(
        "The code “%(organisation)s” cannot be used. Use up to 40 characters without spaces."
    ),
    "organisation_code_taken": N_(
        "Another organisation has the code “%(organisation)s”. Choose another code."
    ),
    "organisation_nameless": N_("The organisation “%(organisation)s” needs a name in at least one language."),
    "organisation_has_no_seal": N_(
        "The organisation “%(organisation)s” has no seal in Synak and cannot certify anything. A department"
        " or a centre must do it."
    ),
}
