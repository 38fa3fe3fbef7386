"""Corrections of results and of keys: what was asked for and why it was not done."""

from __future__ import annotations

from server.web.messages.marking import N_

CORRECTING: dict[str, str] = {
    "rescoring_undecided": N_("Write on whose decision this rests: the order or the minutes, with number and day."),
    "rescoring_malformed": N_(
        "Say what is corrected: an item with its code, a key with its number, or a session with its form number."
    ),
    "rescoring_form_unknown": N_("No session has this form number. Compare it with the session's page once more."),
    "rescoring_ungraded": N_("This session has no result that stands. It is graded first."),
    "rescoring_stale": N_(
        "Results or corrections have changed since this effect was computed. Compute it again and look at it anew."
    ),
    "rescoring_unsigned": N_("%(n)s of %(needed)s persons have signed for this effect. The others sign first."),
    "rescoring_vouched": N_(
        "The appeals commission decided this correction under three signatures. It is applied; only another decision "
        "of the commission changes that."
    ),
    "not_lowered": N_("The candidate knows this result; the regulation does not lower it by a correction."),
    "item_version_unknown": N_("The bank has no such version of the item %(item)s. Look its code and version up."),
    "key_unknown": N_("This version of the item has no key number %(n)s. The bank shows which there are."),
    "key_unchanged": N_("This key counts already. Correct it only where something else is right."),
    "key_malformed": N_("Say what is right so that the item can be answered so; nothing may be left out."),
    "key_of_written": N_("The item %(item)s is marked by people. Its marks are changed, not a key."),
    "key_request_closed": N_("This key is confirmed. If another one is needed, the testing office asks again."),
    "key_own": N_("You have signed this key. Another person of the bank confirms it."),
    "key_unconfirmed": N_("This key is not confirmed yet. A second person of the bank signs it first."),
    "nothing_left": N_("Without the item nothing is left to score."),
}
