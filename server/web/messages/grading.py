"""Scores, grades and their release."""

from __future__ import annotations

from server.web.messages.marking import N_

GRADING: dict[str, str] = {
    "session_not_finished": N_(
        "This candidate's test is not over, so there is nothing to grade yet. Wait until the room is "
        "closed."
    ),
    "telling_malformed": N_("Say in %(minimum)s to %(maximum)s letters how the parents were shown the list."),
    "order_malformed": N_(
        "Give the number of the order in at most %(maximum)s letters, and shortcomings and measures in at most "
        "%(most)s."
    ),
    "results_not_out": N_(
        "There is no result of this sitting that you may take out yet. Come back when the results are released."
    ),
    "results_not_told": N_("The results of this candidate are not released yet. There is nothing to print."),
    "sitting_not_over": N_(
        "No list was made: the sitting is not over (candidates not finished: %(n)s). Wait until every "
        "room is closed."
    ),
    "grades_missing": N_(
        "No list was made: grades are still being made (candidates without one: %(n)s). Wait a minute "
        "and try again."
    ),
    "third_party": N_(
        "Results are kept from third parties (CS-5), and your organisation is one here. Ask the testing "
        "centre if you need them."
    ),
    "list_without_reason": N_("Write why the results are frozen now, in at most %(maximum)s characters."),
    "list_unsigned": N_(
        "The list bears %(signed)s signatures and needs %(needed)s, of different persons (DC-22). Let a colleague of "
        "the office sign it."
    ),
    "no_list_signer": N_("Lists of results are signed by the office of the testing centre (DC-22)."),
    "list_released": N_("This list is released already; nothing more is signed under it."),
    "list_superseded": N_("There is a newer list of these results, version %(version)s. Go on with that one."),
    "list_unchanged": N_(
        "Nothing has changed since version %(version)s: that list stands, and no other is made. Sign it, or release it."
    ),
    "list_outdated": N_(
        "Nothing was released: grades or decisions have changed since version %(version)s was frozen. Freeze the "
        "results again and have that list signed."
    ),
    "list_altered": N_(
        "Nothing was done: the stored rows of version %(version)s are not those that were frozen. Tell the security "
        "officer at once."
    ),
    "list_paper_too_long": N_(
        "There are %(n)s candidates, and a paper takes %(maximum)s. Print the part of one department or one candidate."
    ),
    "office_reads": N_("Your organisation reads these results and does not act on them (CS-5). Ask its department."),
    "control_missing": N_(
        "The results were not looked at since they were last graded. Open the control of this sitting and look at "
        "them first."
    ),
    "control_open": N_(
        "Questions of the control are not decided yet (%(n_open)s). Hold or clear each of them, then list the results."
    ),
    "control_verdict_missing": N_("Choose: hold the result, or clear it."),
    "control_reason_missing": N_(
        "Write what you looked at and why you decide so, in %(minimum)s to %(maximum)s characters."
    ),
    "control_decided_so": N_("This is decided so already. Write a decision only where it changes something."),
    "control_own_hold": N_("You held this result yourself. A hold is lifted by somebody else of your office."),
    "decoding_without_reason": N_("Write why the name has to be known, in at most %(maximum)s characters."),
    "work_code_unknown": N_("No work of this sitting has this code. Compare it with the work once more."),
}
