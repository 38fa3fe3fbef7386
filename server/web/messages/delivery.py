"""What a candidate meets in the test: calm, short, and what to do. Also what preparing a sitting may meet."""

from __future__ import annotations

from server.web.messages.marking import N_

DELIVERY: dict[str, str] = {
    "code_wrong": N_(
        "The registration number or the code is not right. Compare both with your registration sheet and "
        "try again. If it still does not work, raise your hand."
    ),
    "code_locked": N_(
        "There were several failed tries. Wait %(seconds)s s and try again, or raise your hand: the proctor"
        " will help."
    ),
    "code_used": N_("This code was used already. Raise your hand: the proctor will give you a new one."),
    "other_device": N_(
        "Your test was opened on another computer. Raise your hand: the proctor will help. Your saved "
        "answers are safe."
    ),
    "step_is_past": N_(
        "This question is closed already. The page now shows where you are; nothing saved was lost."
    ),
    "section_out_of_order": N_("This section cannot begin just now. The page now shows what comes next."),
    "session_is_over": N_(
        "The test is over for you, so this answer was not taken. If you have a question, raise your hand."
    ),
    "time_is_up": N_(
        "The time was up %(late_s)s s before this answer came, so it is not counted. All answers saved "
        "before are."
    ),
    "working_too_large": N_(
        "There is no more room beside this question: what you wrote and drew last was not saved. Erase something "
        "you do not need; all that was saved before is safe."
    ),
    "working_is_newer": N_("A newer version of what you wrote and drew is saved already."),
    "sitting_subjects": N_(
        "A sitting needs at least one subject, and each with a time limit. Without a limit: %(subjects)s. "
        "Correct the choice of pools."
    ),
    "no_subject_here": N_(
        "Candidate %(registration_no)s takes none of the subjects of this sitting. Choose another candidate"
        " or another sitting."
    ),
    "no_language_version": N_(
        "There are no items in this language: %(subject)s, %(language)s. Choose a pool that has them; no "
        "other language is given instead."
    ),
}
