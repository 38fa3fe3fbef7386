"""Scores, grades and their release."""

from __future__ import annotations

from server.web.messages.marking import N_

GRADING: dict[str, str] = {
    "session_not_finished": N_(
        "This candidate's test is not over, so there is nothing to grade yet. Wait until the room is "
        "closed."
    ),
    "sitting_not_over": N_(
        "Nothing was released: the sitting is not over (candidates not finished: %(n)s). Wait until every "
        "room is closed."
    ),
    "grades_missing": N_(
        "Nothing was released: grades are still being made (candidates without one: %(n)s). Wait a minute "
        "and try again."
    ),
    "third_party": N_(
        "Results are kept from third parties (CS-5), and your organisation is one here. Ask the testing "
        "centre if you need them."
    ),
    "decoding_without_reason": N_("Write why the name has to be known, in at most %(maximum)s characters."),
    "work_code_unknown": N_("No work of this sitting has this code. Compare it with the work once more."),
}
