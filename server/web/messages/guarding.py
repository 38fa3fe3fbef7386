"""Leaks, withdrawn items and exports of the bank."""

from __future__ import annotations

from server.web.messages.marking import N_

GUARDING: dict[str, str] = {
    "item_unknown": N_("The bank has no item %(items)s. Check the codes; they stand on the item's page."),
    "withdrawal_stands": N_(
        "These items are withdrawn already, or are drafts that are given to nobody. Nothing was changed."
    ),
    "withdrawal_not_lifted": N_(
        "%(items)s was withdrawn because of a leak. A security officer lifts that first, then it can be woken."
    ),
    "export_malformed": N_("Name from 1 to %(maximum)s items and one of the formats."),
    "export_own": N_("You asked for this export yourself. Another security officer decides on it."),
    "export_lapsed": N_("The hour in which the file could be taken is over. Ask for the export again."),
}
