"""Drafts of blueprints, the commission that approves them, rehearsals and linear forms."""

from __future__ import annotations

from server.web.messages.marking import N_

BLUEPRINTS: dict[str, str] = {
    "content_commission_incomplete": N_(
        "The commission needs a year, an order number, at least one member, each once, and a chair among them."
    ),
    "commission_member_unknown": N_(
        "One of those chosen does not hold the role of the commission here, or two bear the same name. Choose again."
    ),
    "commission_not_named": N_(
        "The commission of %(year)s is not named yet. Ask the office to name it by the ministry's order."
    ),
    "commission_not_member": N_(
        "Only members of this year's commission sign its blueprints. Let one of them type their PIN."
    ),
    "draft_year": N_("This is no year. Write it with four digits."),
    "draft_changed": N_(
        "Somebody else saved this draft meanwhile. What you typed is still here; open the draft in another window, "
        "compare, and save again."
    ),
    "draft_unsound": N_(
        "The draft for “%(subject)s” still contradicts itself or the law. Correct what is listed above, and save it."
    ),
    "document_changed": N_("What is to be signed has changed meanwhile. Read it again, then sign."),
    "reason_missing": N_("Write a reason of at least three letters."),
    "rehearsal_of_another": N_(
        "This rehearsal tried another text of the draft. Rehearse the draft as it stands, or choose none."
    ),
    "rehearsal_plan": N_(
        "A rehearsal needs from %(least)s to %(most)s candidates, one of the listed abilities, and a seed."
    ),
    "rehearsal_infeasible": N_(
        "The items of this calibration give no lawful test under the blueprint, so nothing can be rehearsed."
    ),
    "rehearsal_unusable": N_(
        "The items of this calibration cannot be tried under the blueprint: none is of its areas, or its time limit "
        "needs response times that were not calibrated."
    ),
    "forms_plan": N_(
        "Ask for 1 to %(n)s forms with at least none and at most %(most)s common items, for paper or for another day."
    ),
    "forms_short": N_(
        "The pool is too small for %(n)s such forms. Missing items: %(missing)s. Ask for fewer forms, or let them "
        "share items."
    ),
    "forms_no_cut": N_(
        "On the reference form of this pool no cut of the grades lies within reach. Publish another pool."
    ),
    "forms_impossible": N_(
        "There are no such forms in this pool: quotas, families, passages and time cannot all be met. Ask for fewer "
        "forms, or let them share items."
    ),
    "forms_not_found": N_(
        "Within the limit of the search no such forms were found. Ask for fewer forms, or let them share more items."
    ),
    "task_failed": N_("A fault of the server ended it; the office can find it in the log. Try once more."),
    "task_lost": N_("It was begun several times and never came to an end. Tell who looks after the server."),
    "draft_open": N_(
        "The subject has a blueprint draft for %(year)s that is open already. Finish or discard it first; nothing "
        "was changed."
    ),
    "outline_no_items": N_("None of the items of this test is in the bank, so nothing can be counted."),
}
