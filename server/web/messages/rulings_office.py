"""Refusals by the rules of the office: registration, content, results, appeals, quality and reports."""

from __future__ import annotations

from server.web.messages.marking import N_

CANDIDATE_RULINGS = {
    "not_organiser": N_("Your organisation cannot open a programme. Ask one of these: %(organisers)s."),
    "subject_repeated": N_("Named twice: %(subjects)s. Name each subject once."),
    "subject_not_offered": N_(
        "Not among the subjects on offer: %(subjects)s. Take it out or choose another one."
    ),
    "too_few_subjects": N_("Subjects named: %(count)s; at least %(minimum)s are required. Add the others."),
    "language_not_offered": N_("The test is not given in this language. Choose one of these: %(offered)s."),
    "language_version_missing": N_(
        "There is no version in the right language: %(subject)s, %(wanted)s. The testing office must add "
        "it; no other language is given instead."
    ),
    "exemption_ground_unknown": N_("This is not a ground for exemption. Choose one of these: %(grounds)s."),
    "exemption_papers_missing": N_(
        "The application is not complete. Missing: %(missing)s. Add these papers and hand it in again."
    ),
    "exemption_filed_late": N_(
        "The application came too late: its last day was %(latest_on)s. The candidate takes the test."
    ),
    "reason_not_valid": N_("This is not a valid reason for absence. Choose one of these: %(reasons)s."),
    "absence_recorded_already": N_("A reason is on record for this absence. Withdraw it before recording another."),
    "absence_malformed": N_("Name the paper and enter the number of the decision, in at most %(maximum)s letters."),
    "evidence_missing": N_("There is no paper that proves the reason. Add one of these: %(accepted)s."),
    "decision_missing": N_(
        "The number of the ministry's decision is missing. Enter it when the decision is taken."
    ),
    "published_late": N_(
        "The additional test was made known late: the last day was %(publish_by)s. Record why."
    ),
    "publication_overdue": N_(
        "The additional test had to be made known by %(publish_by)s. Make it known now; the delay stays on "
        "record."
    ),
    "no_fee": N_("No fee is asked for this. Take no money from candidates or parents."),
    "extension_without_reason": N_(
        "The term is extended for a valid reason only. Add the papers that prove it."
    ),
    "consent_missing": N_("The consent of the office to the extension is missing. Enter it."),
    "extension_too_long": N_("The term can be extended by %(days_max)s days at most. Choose an earlier day."),
    "no_repeat_left": N_(
        "Repeats used: %(repeats_done)s of %(repeats_max)s. The test cannot be repeated again."
    ),
    "advice_missing": N_("The candidate had no advice before the repeat. Record the advice first."),
}

BANK_RULINGS = {
    "pretest_too_many": N_(
        "At most %(most)s items may be tried out in a test of this length, and the plan has %(n)s. Choose fewer."
    ),
    "pretest_too_early": N_("At least %(first_min)s scored items come before the first that is tried out."),
    "pretest_too_late": N_("At least %(last_min)s scored items come after the last that is tried out."),
    "pretest_too_close": N_("At least %(apart_min)s scored items stand between two that are tried out."),
    "foreign_item": N_("This item was not prepared by those who may: %(lawful)s. Leave it out of the pool."),
    "standard_missing": N_("The item does not say which state standard it follows. Add the reference."),
    "board_too_small": N_(
        "Members at the meeting: %(members)s; at least %(members_min)s are required. Hold the meeting "
        "again."
    ),
    "minutes_missing": N_("The minutes of the meeting are missing. Add them."),
}

RESULT_RULINGS = {
    "too_few_tasks": N_("There were too few tasks of this area to tell. Look at the percent of the subject."),
    "no_clear_difference": N_("The group does not clearly differ in this area. Look at the subject as a whole."),
    "group_too_small": N_(
        "Figures of fewer than %(group_min)s candidates are not shown beside those of others. Look at a larger group."
    ),
    "distinction_lost": N_(
        "There is no right to the certificate with distinction. The reasons stand beside the grades."
    ),
    "delivered_late": N_("The results were delivered late: the term ended at %(due_at)s. Record why."),
    "delivery_overdue": N_(
        "The results had to be delivered by %(due_at)s. Deliver them now; the delay stays on record."
    ),
    "not_approver": N_("The results are approved by another organisation: %(approved_by)s. Ask it to do so."),
    "notice_late": N_(
        "The term for telling the results ended at %(due_at)s. Told late or not yet: %(late)s. Tell those "
        "who do not know; the delay stays on record."
    ),
    "choice_is_exempt": N_("The candidate is exempt from: %(exempt)s. Choose another subject."),
    "choice_unknown": N_("That subject is not among those to choose from. Choose another."),
    "choice_count": N_("The number of subjects to choose is %(count)s. Correct the choice."),
    "attestation_papers_missing": N_("The case is not complete. Missing: %(missing)s. Add these papers."),
    "code_only": N_("Your role sees the code of the work, not the name. Work with the code."),
}

APPEAL_RULINGS = {
    "appeal_ground_unknown": N_("An appeal cannot ask for this. Choose one of these: %(grounds)s."),
    "commission_not_approver": N_(
        "Who sits in the appeals commission is approved by the ministry. Its office names the commission at its own "
        "sign-in."
    ),
    "commission_person_twice": N_("The same person stands in the commission twice. Name each person once."),
    "commission_incomplete": N_(
        "The commission is not complete. Roles to correct: %(roles)s. Bodies without a member: %(bodies)s. "
        "Bodies that do not belong: %(foreign)s."
    ),
    "conflict_of_interest": N_(
        "This member has an interest in the case and may not decide on it. Choose another member."
    ),
    "appeal_not_by_you": N_("You cannot file this appeal. It is filed by: %(may_file)s."),
    "appeal_before_result": N_(
        "There is no result yet, so there is nothing to appeal against. Wait for the result."
    ),
    "appeal_window_closed": N_(
        "The time to appeal ended at %(last_at)s. The appeal cannot be accepted any more."
    ),
    "material_not_considered": N_(
        "In this subject an appeal is judged on: %(counts)s. Other material is not considered."
    ),
    "unanswered_not_reviewed": N_(
        "In this subject tasks left without an answer are not reviewed. Choose a task that was answered."
    ),
    "signatures_missing": N_("Signatures are missing from the protocol: %(missing)s. Collect them first."),
    "not_a_keeper": N_("This is done by: %(keepers)s. Ask one of them."),
    "not_a_voter": N_("Votes are given by: %(voters)s. Your role has none."),
    "vote_without_quorum": N_(
        "Too few votes count: at least %(quorum)s are needed. Votes of members who stand aside do not count."
    ),
    "motion_not_carried": N_(
        "The motion was not carried: %(for)s for, %(against)s against. The result stays, or another motion is put."
    ),
    "appeal_not_closable": N_("The case cannot be closed yet. Missing: %(missing)s."),
}

QUALITY_RULINGS = {
    "group_suppressed": N_(
        "Figures on fewer than %(group_min)s people are not shown, so that nobody can be recognised. Choose"
        " a larger group."
    ),
    "strata_missing": N_("The sample leaves strata out: %(missing)s. Add them."),
    "sampling_method_unknown": N_(
        "The regulation does not know this way to draw a sample: %(allocation)s, %(draw)s. Choose from its "
        "list."
    ),
    "seed_not_published": N_("The seed must be published before the draw. Publish it first, then draw."),
    "margin_not_stated": N_("The margin of error is not stated. State it before the draw."),
    "margin_too_wide": N_(
        "The margin of error is %(margin_percent)s per cent; at most %(margin_percent_max)s is allowed. "
        "Draw a larger sample."
    ),
    "parts_missing": N_("Parts are missing: %(missing)s. Add them."),
    "stage_unknown": N_("The campaign has no such stage. Choose one from its list."),
    "stage_too_early": N_("Earlier stages are not finished: %(before)s. Finish them first."),
    "monitoring_overdue": N_(
        "The next monitoring was due by %(due_on)s. Hold it now; the delay stays on record."
    ),
    "recommendation_incomplete": N_("The recommendation is not complete. Missing: %(missing)s. Fill it in."),
    "right_not_held": N_(
        "Your organisation does not have this right in the monitoring. Ask the ministry if you need it."
    ),
    "area_unknown": N_("There is no such area of monitoring. Choose one of these: %(areas)s."),
    "indicator_without_source": N_("The source of the figures is missing. Name it."),
    "areas_missing": N_("Areas without figures: %(missing)s. Fill them in."),
    "self_assessment_overdue": N_(
        "The self-assessment was due by %(due_on)s. Still to do: %(missing)s. Complete it now; the delay "
        "stays on record."
    ),
    "remedies_late": N_("The remedies were organised late: the last day was %(due_on)s. Record why."),
    "remedies_overdue": N_(
        "The remedies had to be organised by %(due_on)s. Organise them now; the delay stays on record."
    ),
    "head_signature_missing": N_(
        "The report needs the signature of the head with the full name. Ask the head to sign."
    ),
}

REPORT_RULINGS = {
    "breakdown_unknown": N_("Results cannot be broken down this way. Choose one of these: %(offered)s."),
    "paper_not_exempt": N_("The candidate is not exempt from this paper and takes it on general terms."),
    "subject_test_not_exempt": N_(
        "The candidate is not exempt from this subject test and takes it on general terms."
    ),
    "college_with_exams": N_(
        "A college of this profile does not admit the candidate without exams. The candidate applies on "
        "general terms."
    ),
    "outcome_lists_missing": N_("The outcome is not complete. Missing: %(missing)s. Add these lists."),
    "not_low_grades_only": N_(
        "The candidate has higher grades too and does not belong on this list. Take the name off."
    ),
    "list_not_shown": N_(
        "The list has not been shown to everybody. Missing: %(missing)s. Show it and record it."
    ),
}

RULINGS_OFFICE: dict[str, str] = {
    **CANDIDATE_RULINGS, **BANK_RULINGS, **RESULT_RULINGS,
    **APPEAL_RULINGS, **QUALITY_RULINGS, **REPORT_RULINGS,
}  # fmt: skip
