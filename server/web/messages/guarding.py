"""Leaks, withdrawn items and exports of the bank."""

from __future__ import annotations

from server.web.messages.marking import N_

GUARDING: dict[str, str] = {
    "item_unknown": N_("The bank has no item %(items)s. Check the codes; they stand on the item's page."),
    "withdrawal_stands": N_("These items are withdrawn already. Nothing was changed."),
    "withdrawal_cause": N_("Say what happened: choose one of the four."),
    "item_withdrawn": N_(
        "%(items)s is withdrawn: %(leak_cause)s. %(rewriting)s Nobody opens it or works on it until a security "
        "officer lifts this."
    ),
    "manuscript_kept": N_(
        "Tests are made of this text now, so it is closed to its author as well. If the commission sends it back to be "
        "reworked, its next text opens for you."
    ),
    "export_evidence": N_("As a security officer you take out withdrawn items alone, as evidence."),
    "withdrawal_not_lifted": N_(
        "%(items)s was withdrawn because of a leak. A security officer lifts that first, then it can be woken."
    ),
    "export_malformed": N_("Name from 1 to %(maximum)s items and one of the formats."),
    "export_own": N_("You asked for this export yourself. Another security officer decides on it."),
    "export_lapsed": N_("The hour in which the file could be taken is over. Ask for the export again."),
    "export_paper": N_(
        "Say in which language of the form, and how many copies: from 1 to %(most)s. Nothing was asked for."
    ),
    "outline_unwritten": N_(
        "The test cannot go out yet: these items have no finished version, or are not in the bank: %(items)s."
    ),
}
