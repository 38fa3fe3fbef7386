"""Appeals: the commission, cases, hearings, votes, protocols and the final list."""

from __future__ import annotations

from server.web.messages.marking import N_

APPEALS: dict[str, str] = {
    "appeal_commission_order": N_("The number of the order has at most %(maximum)s letters."),
    "appeal_commission_day": N_("Write the day of the order as 31.12.2026, not after today."),
    "appeal_commission_unknown": N_(
        "One of those chosen does not hold the role of the appeals commission. Choose again."
    ),
    "appeal_not_member": N_("You are not a member of this commission, so its cases are closed to you."),
    "appeal_interest_unknown": N_("Choose one of the reasons to stand aside."),
    "appeal_interest_target": N_("Name the school, in 2 to %(maximum)s letters."),
    "appeal_number_malformed": N_(
        "%(number)s is no registration number. Compare it with the slip or the list."
    ),
    "appeal_number_unknown": N_("%(number)s: no result of a candidate of yours in this subject."),
    "appeal_list_length": N_("Enter at least one and at most %(maximum)s registration numbers, one a line."),
    "appeal_incomplete": N_(
        "Choose the subject and at least one thing that is appealed. The explanation has at most %(maximum)s letters."
    ),
    "appeal_tasks_malformed": N_("Numbers of tasks are separated by spaces or commas, for example 3, 7."),
    "appeal_task_unknown": N_("There is no such task: %(tasks)s. The last one was %(last)s."),
    "appeal_filed_already": N_("An appeal against this result is filed already. Nothing was changed."),
    "appeal_reason": N_("Say the reason, in 3 to %(maximum)s letters."),
    "appeal_hearing_day": N_("Write the day of the hearing as 31.12.2026, at most %(days)s days ahead."),
    "appeal_hearing_hour": N_("Write the hour of the hearing as 10:00."),
    "appeal_hearing_place": N_("Say where the hearing is, in 1 to %(maximum)s letters."),
    "appeal_not_hearable": N_(
        "%(case)s cannot be put on this hearing: it is not admitted, or on another one."
    ),
    "appeal_hearing_not_open": N_(
        "The hearing of this case is not open. Members open it by confirming that they are there."
    ),
    "appeal_not_present": N_("Only who confirmed being at the hearing votes and signs."),
    "appeal_no_quorum": N_(
        "Too few members who vote are at the hearing. Wait until they confirm that they are there."
    ),
    "appeal_outcomes": N_("Choose what becomes of each task that is appealed, once for each."),
    "appeal_task_not_reviewed": N_("Task %(task)s is not reviewed, so nothing of it changes."),
    "appeal_points": N_(
        "Task %(task)s: only written tasks have marks to change; enter the points as a number."
    ),
    "appeal_task_not_scored": N_(
        "Task %(task)s bears no automatic score, so it cannot be struck or get another key."
    ),
    "appeal_key_missing": N_(
        "Task %(task)s: choose a corrected key that two persons of the item bank have signed. Ask them for one first."
    ),
    "appeal_motion_reason": N_("Say the reason of the decision, in 3 to %(maximum)s letters."),
    "appeal_vote_unknown": N_("Choose: for, against, or abstain."),
    "appeal_voted_already": N_("You have voted on this already. Nothing was changed."),
    "appeal_not_a_signer": N_("The protocol is signed by others: the chair and members who were there."),
    "appeal_correction_open": N_(
        "What the decision changes is not applied yet (%(n)s). The appellant is told once the result stands."
    ),
    "appeals_open": N_(
        "Some cases are not finished: %(n)s. The final list is issued when every appellant is told."
    ),
    "appeal_list_issued_already": N_(
        "The list is issued already as version %(version)s, and nothing has changed since."
    ),
}
