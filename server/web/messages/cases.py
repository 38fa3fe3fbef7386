"""Cases of candidates, additional tests and repeats."""

from __future__ import annotations

from server.web.messages.marking import N_

CASES: dict[str, str] = {
    "case_kind_unknown": N_("There is no such kind of case. Choose one from the list of cases."),
    "case_not_filed_by": N_("Your office does not hand in such cases. The school or the department does."),
    "case_not_decided_by": N_("Your office does not decide such cases. Leave it to the office that the edition names."),
    "case_paper_unknown": N_("This kind of paper does not belong to the case. Choose one of these: %(papers)s."),
    "case_file_type": N_("The file is neither a PDF nor a JPEG or PNG picture. Scan the paper again as one of these."),
    "case_file_size": N_("The file is empty or larger than %(max_mb)s MB. Scan the paper again, smaller."),
    "case_files_many": N_("A case has %(files_max)s files at most. Put several sheets into one file."),
    "case_file_missing": N_("No file was chosen. Choose the scanned paper."),
    "case_ground_unknown": N_("This is not a ground of such a case. Choose one from the list."),
    "case_about_nothing": N_(
        "There is nothing to ask for: an additional test or an extension needs an absence on record, a repeat a "
        "released grade that is a debt."
    ),
    "case_without_day": N_("Say until when the term is to be extended, as 31.12.2026."),
    "case_day_malformed": N_("Write the day as 31.12.2026."),
    "case_stands_already": N_("A case about this stands already. Open it in the list of cases."),
    "case_decision_malformed": N_(
        "Choose to grant or to refuse and enter the number of the order; a refusal needs its reason, in at most "
        "%(maximum)s letters."
    ),
    "case_taking_back_malformed": N_(
        "Enter the number of the decision that takes it back and the reason, in at most %(maximum)s letters."
    ),
    "case_taking_back_day": N_(
        "A decision that takes back is of the day of the grant, %(first)s, or later, and not of a day to come. Correct "
        "the day."
    ),
    "granted_test_begun": N_(
        "The test that was granted has begun or is over (%(clause)s): it cannot be taken back any more, and its result "
        "is graded as any other."
    ),
    "place_taken_back": N_(
        "The decision that gave this test was taken back: nobody is expected under this number. Ask your school or "
        "education department."
    ),
    "case_of_other_sitting": N_("This case belongs to another programme or another kind of sitting."),
    "case_term_over": N_("The term of this candidate ends on %(day)s, before the sitting. Choose an earlier sitting."),
    "registration_exempt": N_("The candidate is exempted from the test and is not expected anywhere."),
    "additional_malformed": N_(
        "Choose the kind, the programme and the pools from the lists and enter the order number."
    ),
    "additional_day": N_(
        "The day of the test must be still to come, and that of the order not later than today. Correct the day."
    ),
    "sitting_has_begun": N_("This sitting has begun or is over. Choose a later one."),
    "other_test_open": N_("Another test of this candidate is not over yet. Give the place once it is."),
    "unseen_items_too_few": N_(
        "Without what the candidate has met, the pool has no whole test: %(subject)s, met %(n_met)s. Plan a sitting "
        "with another pool."
    ),
}
