"""What a candidate meets in the test: calm, short, and what to do. Also what preparing a sitting may meet."""

from __future__ import annotations

from server.web.messages.marking import N_

DELIVERY: dict[str, str] = {
    "no_break_left": N_("No break is left, or none was decided. Go on with the test, or raise your hand."),
    "break_is_a_pause": N_("The proctor has paused the test and resumes it. Wait at your seat."),
    "removed_from_test": N_(
        "You were removed from this test and cannot enter it again. The proctor has the protocol; you may write your "
        "own statement in it."
    ),
    "code_wrong": N_(
        "The registration number or the code is not right. Compare both with your registration sheet and "
        "try again. If it still does not work, raise your hand."
    ),
    "code_locked": N_(
        "There were several failed tries. Wait %(seconds)s s and try again, or raise your hand: the proctor"
        " will help."
    ),
    "code_used": N_("This code was used already. Raise your hand: the proctor will give you a new one."),
    "code_of_result": N_(
        "This code was for the test, which is over. The result has a code of its own: it stands on the notice of "
        "results that your school or education department hands out."
    ),
    "device_waits": N_(
        "Your test is open on another computer. The proctor sees that you are here. Wait at this page: it goes on by "
        "itself as soon as the proctor lets it."
    ),
    "device_refused": N_(
        "The proctor did not let this computer go on with the test. Go back to your place, or raise your hand."
    ),
    "device_decided": N_(
        "It was decided already that this computer does not go on with the test. It can ask again."
    ),
    "other_device": N_(
        "Your test was opened on another computer. Raise your hand: the proctor will help. Your saved "
        "answers are safe."
    ),
    "seb_needed": N_(
        "This test opens only in Safe Exam Browser. Do not close anything; raise your hand: the proctor will start"
        " it on this computer."
    ),
    "seb_settings": N_(
        "Safe Exam Browser was started with another configuration, not that of this test. Raise your hand: the"
        " proctor will start it with the right file."
    ),
    "seb_version": N_(
        "This version of Safe Exam Browser is not admitted to this test. Raise your hand: the proctor will give"
        " you another computer."
    ),
    "seb_address": N_(
        "Safe Exam Browser opened the test at another address than the server expects. Raise your hand: the "
        "proctor will start it with the right file."
    ),
    "seb_page_is_old": N_(
        "This page was used for a sign-in before. Reload the page and sign in again; if it stays so, raise your hand."
    ),
    "seb_no_file": N_(
        "The computers are not prepared for this test yet: it has no configuration for Safe Exam Browser. Raise "
        "your hand: the proctor will call the centre's manager."
    ),
    "seb_file_missing": N_("Choose the .seb file that stands on the computers."),
    "seb_file_password": N_(
        "The password of the file is another one, or is missing. Choose the file again and type its password."
    ),
    "seb_file_unreadable": N_("This is no .seb file that can be read here, or its password is another one."),
    "seb_off": N_("This sitting does not ask for Safe Exam Browser, so it has no configuration."),
    "seb_password_ascii": N_(
        "The password of the file may have Latin letters, digits and signs only. Choose another one."
    ),
    "seb_policy_too_late": N_(
        "Candidates have signed in to this sitting already, so it is too late to change which browser it asks for."
    ),
    "pretest_fixed": N_(
        "A candidate has signed in already. What a sitting tries out is decided before: all have the same length and "
        "time."
    ),
    "tools_too_late": N_(
        "Candidates have signed in to this sitting already. All of a sitting have the same tools, "
        "so nothing is changed now."
    ),
    "seb_not_configured": N_(
        "The sitting has no configuration for Safe Exam Browser yet. Make it first; the keys belong to it."
    ),
    "seb_exam_key_malformed": N_(
        "A Browser Exam Key has 64 digits from 0 to 9 and a to f, and a version of at most 60 letters. Compare it"
        " with what the configuration tool shows."
    ),
    "step_is_past": N_(
        "This question is closed already. The page now shows where you are; nothing saved was lost."
    ),
    "section_out_of_order": N_("This section cannot begin just now. The page now shows what comes next."),
    "session_is_over": N_(
        "The test is over for you, so this answer was not taken. If you have a question, raise your hand."
    ),
    "is_paused": N_(
        "The time stands still just now. Your answer is kept on this computer and will be sent when the test goes on."
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
