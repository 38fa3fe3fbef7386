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
}
