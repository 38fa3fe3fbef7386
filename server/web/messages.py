"""The sentence for each error code: what happened and what to do. The only place that words an error."""

from __future__ import annotations

from typing import Any

from server.core.i18n import _


def N_(message: str) -> str:  # noqa: N802  the name by which gettext marks a sentence translated later
    """Marks a sentence for the catalogues."""
    return message


EVERYWHERE = {
    "payload": N_("The request could not be read (%(fields)s). Reload the page and try again."),
    "not_allowed": N_("Your role does not allow this. Ask the centre's administrator if you need it."),
    "not_signed_in": N_("You are not signed in, or were signed out. Sign in again."),
    "foreign_request": N_("This request came from another site and was not carried out. Open Synak and try again."),
    "page_is_old": N_("This page is too old to be trusted. Reload it and try again; nothing was lost."),
    "not_found": N_("There is nothing here. Check the address, or go back to the start page."),
    "not_in_state": N_("This was already done, or cannot be done any more. The page now shows how it stands."),
    "changed_meanwhile": N_("Somebody else changed this just now. Look at how it stands and try again."),
    "broken": N_("Something went wrong on the server. Nothing you did was lost. Try again, and tell the "
                 "administrator the number %(reference)s if it happens again."),
    "busy": N_("The server is busy. Wait a moment; the page will try again by itself."),
}

ACCOUNTS: dict[str, str] = {
    "sign_in_failed": N_(
        "This login and password do not open anything just now. Check both and try again. After several "
        "failures a login must wait, up to 15 minutes, even for the right password."
    ),
    "password_too_short": N_("The password is too short. Use at least %(minimum)s characters."),
    "password_too_long": N_("The password is too long. Use at most %(maximum)s characters."),
    "password_common": N_("This password is among the first that a stranger would try. Choose another one."),
    "password_has_login": N_("The password contains the login. Choose one that cannot be guessed from it."),
    "password_not_yours": N_(
        "The present password is not right. Check it and try again; after several failures you must wait, "
        "up to 15 minutes."
    ),
    "login_malformed": N_("The login “%(login)s” cannot be used. Use 2 to 60 letters, digits and . _ @ + -"),
    "login_taken": N_("Somebody already signs in as “%(login)s”. Choose another login."),
    "staff_name_malformed": N_(
        "The name is empty or longer than %(maximum)s characters. Write it as in the order."
    ),
    "staff_unknown": N_("There is no such staff member. Look at the list and choose again."),
    "organisation_unknown": N_(
        "There is no organisation “%(organisation)s”. Look at the list and choose again."
    ),
    "organisation_code_malformed": N_(
        "The code “%(organisation)s” cannot be used. Use up to 40 characters without spaces."
    ),
    "organisation_code_taken": N_(
        "Another organisation has the code “%(organisation)s”. Choose another code."
    ),
    "organisation_nameless": N_("The organisation “%(organisation)s” needs a name in at least one language."),
    "organisation_has_no_seal": N_(
        "The organisation “%(organisation)s” has no seal in Synak and cannot certify anything. A department"
        " or a centre must do it."
    ),
}

CANDIDATES: dict[str, str] = {
    "programme_unknown": N_("There is no such programme. Choose one from the list."),
    "programme_code_taken": N_("Another programme has the code “%(programme)s”. Choose another code."),
    "admission_list_unknown": N_(
        "There is no such list among those of your organisation. Choose one from the list."
    ),
    "registration_unknown": N_("There is no such registration. Check the registration number."),
    "registration_numbers_exhausted": N_(
        "Your organisation has used all %(last)s registration numbers of this year. Ask the testing office."
    ),
    "list_has_faults": N_(
        "The list has %(count)s faults and was not certified. Put them right and hand it in again."
    ),
    "list_not_confirmed": N_(
        "Confirm that you have compared the list with the order and the documents, then certify it."
    ),
    "list_programme_missing": N_("No programme was chosen. Choose the programme this list is for."),
    "list_file_missing": N_("No file was chosen. Choose the list as a CSV file."),
    "held_list_broken": N_(
        "The checked list could not be opened again. Choose the file once more and check it."
    ),
    "list_empty": N_("The file is empty. Save the list again and choose that file."),
    "list_without_candidates": N_("The file has a header but no candidates. Add a line for each candidate."),
    "list_too_long": N_("The list is longer than %(maximum)s candidates. Hand it in as several lists."),
    "list_too_large": N_("The file is larger than %(maximum)s MB. Hand it in as several lists."),
    "list_not_text": N_(
        "The file is not text. In the spreadsheet choose “Save as”, “CSV UTF-8”, and hand in that file."
    ),
    "list_is_workbook": N_(
        "The file is a workbook or document, not a CSV file. In the spreadsheet choose “Save as”, “CSV "
        "UTF-8”, and hand in that file."
    ),
    "list_quotes_broken": N_(
        "A quotation mark opened in this line is not closed, so the rest cannot be read. Close it, or take "
        "it out."
    ),
    "list_columns_missing": N_("These columns are missing: %(columns)s. Add them to the header."),
    "list_column_unknown": N_(
        "The column “%(header)s” is not known. Correct its header, or take the column out."
    ),
    "list_column_twice": N_("This column stands in the header twice. Take one of the two out."),
    "list_cells_differ": N_(
        "The line has %(cells)s cells, the header %(columns)s. Look for a missing or surplus delimiter."
    ),
    "list_cell_without_header": N_(
        "The value “%(value)s” stands in a column without a header. Name the column, or take the value out."
    ),
    "list_cell_empty": N_("The cell is empty. Fill it in."),
    "list_control_character": N_(
        "The cell holds a line break or a character that cannot be seen. Type its text anew."
    ),
    "list_letters_lost": N_(
        "Letters were lost in “%(value)s”. Save the file as “CSV UTF-8”, which keeps ң, ө and ү."
    ),
    "list_value_too_long": N_(
        "The value has %(length)s characters; at most %(maximum)s are possible. Shorten it."
    ),
    "list_not_a_name": N_(
        "“%(value)s” is not a name. Use letters, hyphens and apostrophes only; perhaps a cell was shifted."
    ),
    "list_date_wrong": N_("“%(value)s” is not a birth date. Write it as 31.12.2008 or 2008-12-31."),
    "list_date_future": N_("The birth date %(value)s is in the future. Check the year."),
    "list_language_unknown": N_("The language “%(value)s” is not one of the test. Write one of: %(known)s."),
    "list_document_kind_unknown": N_(
        "The document “%(value)s” does not admit anybody. Write one of: %(known)s."
    ),
    "list_number_wrong": N_("This is not a document number. Write it as it stands in the document."),
    "list_document_twice": N_(
        "The same document stands in line %(first)s. Take one of the two lines out, or correct the number."
    ),
    "list_document_of_other": N_(
        "This document is on record with another name or birth date. Compare it with the document; if it is"
        " right, ask the testing office."
    ),
    "list_already_registered": N_("This candidate is registered already, as %(number)s. Take the line out."),
    "list_subject_unknown": N_("The subject “%(value)s” is not known. Write one of: %(known)s."),
    "list_subject_not_offered": N_("This programme does not offer: %(subjects)s. Take it out."),
    "list_subject_repeated": N_("Named twice: %(subjects)s. Name each subject once."),
    "list_too_few_subjects": N_(
        "Only %(count)s subjects are named; at least %(minimum)s are required. Add the others, or leave the"
        " cell empty for all subjects of the programme."
    ),
    "list_subject_language": N_(
        "A candidate so instructed takes %(subjects)s in: %(languages)s. Correct the language, or leave it "
        "out."
    ),
    "photo_too_large": N_("The picture is larger than %(maximum)s MB. Make it smaller and add it again."),
    "photo_not_a_picture": N_(
        "This is neither a PNG nor a JPEG picture. Save it as one of these and add it again."
    ),
    "photo_of_nobody": N_(
        "No candidate of this list has this file name or registration number. Rename the file and add it "
        "again."
    ),
    "photo_file_missing": N_("No picture was chosen. Choose one or more files."),
}

ITEMBANK: dict[str, str] = {
    "item_formula": N_("In the item %(item)s the formula %(formula)s cannot be shown: %(reason)s. Correct "
                       "the formula and hand the item in again."),
    "item_incomplete": N_("The item %(item)s is not complete or contradicts itself (%(part)s). Correct it "
                          "and hand it in again."),
    "item_reclassified": N_("The item %(item)s is already in the bank with another %(part)s. Give the "
                            "item a code of its own."),
    "calibration_persons": N_("A calibration from %(n_persons)s people cannot have the source "
                              "“%(source)s”. Check both."),
    "calibration_items": N_("The calibration must name items of the subject “%(subject)s”, each once. "
                            "Check its list of items."),
    "calibration_unusable": N_("The parameters of these items cannot be used: %(items)s. Discrimination "
                               "must be positive and guessing between 0 and 1."),
    "blueprint_contradiction": N_("The blueprint for “%(subject)s” contradicts itself: its %(part)s "
                                  "cannot fill the length of the test. Correct the quotas."),
    "pool_subject": N_("The blueprint is for “%(blueprint)s”, the calibration for “%(run)s”. Choose two "
                       "of one subject."),
    "pool_versions": N_("The calibration has two versions of one item. A pool needs one version of each."),
    "pool_language": N_("The item %(item)s has no text in these languages of the pool: %(languages)s. Add "
                        "the text or leave the language out."),
    "pool_area": N_("The item %(item)s belongs to “%(area)s”, which the blueprint does not know. Correct "
                    "one of the two."),
    "pool_infeasible": N_("This pool cannot give every candidate a lawful test. Missing items: "
                          "%(missing)s. Add items of these kinds, or approve a blueprint that asks for "
                          "fewer."),
    "commission_expired": N_("The methodological commission of %(commission_year)s may not approve a "
                             "blueprint in %(year)s. The commission of this year must do it."),
    "approvals_too_few": N_("Too few members of the commission have approved the blueprint. At least "
                            "%(members_min)s must sign."),
    "chair_approval_missing": N_("The chair of the commission has not approved the blueprint. Ask the "
                                 "chair to sign."),
    "tier_unknown": N_("The blueprint names tiers that the regulation does not know: %(tiers)s. Use its "
                       "tiers."),
    "tier_short": N_("The blueprint asks for too few items of these tiers: %(tiers)s. Every candidate "
                     "must do items of every tier."),
    "tier_over": N_("The blueprint asks for too many items of these tiers: %(tiers)s. The regulation "
                    "fixes their number."),
}

DELIVERY: dict[str, str] = {}

PROCTOR = {
    "no_duty": N_("You are not on duty in this room. The centre assigns duties; reload the page once it has."),
    "not_seated_here": N_("This candidate has no seat in this room. Look at the room on the slip."),
    "room_name_malformed": N_("The room needs a name of at most %(maximum)s characters. Write it as on the door."),
    "room_name_taken": N_("The centre already has a room “%(name)s”. Choose another name."),
    "room_without_seats": N_("A room needs between 1 and %(maximum)s seats. Change the rows or the seats in a row."),
    "room_size_malformed": N_("Rows, seats and distances must be numbers above zero. Check what was entered."),
    "room_already_planned": N_("The room “%(name)s” is already planned for this sitting. Choose another room."),
    "not_on_duty_list": N_("Only a proctor of this centre can be on duty. Choose somebody from the list."),
    "nobody_chosen": N_("Nobody was chosen. Mark at least one candidate and try again."),
    "too_few_seats": N_("%(candidates)s candidates were chosen, but only %(seats)s seats are free. "
                        "Choose fewer, or plan another room."),
    "not_of_this_sitting": N_("Somebody chosen does not belong to this sitting at this centre. Reload and choose again."),
    "already_seated": N_("Candidate %(registration_no)s already has a seat. Reload the page and choose again."),
    "not_to_be_seated": N_("Candidate %(registration_no)s is no longer expected and gets no seat. Reload the page."),
    "seat_unknown": N_("This seat is not in this room. Choose a seat on the plan."),
    "seat_taken": N_("Seat %(seat)s is taken. Choose a free seat on the plan."),
    "seats_too_near": N_("Some seats stand nearer than %(spacing_min_mm)s mm to each other. Set them farther apart."),
    "seats_too_far": N_("Some seats stand farther than %(spacing_max_mm)s mm from all others. Set them nearer."),
    "seat_number_twice": N_("A seat number stands twice. Give each seat a number of its own."),
    "same_school_together": N_("The room is too full to keep pupils of one school apart. "
                               "Seat fewer here, or plan another room."),
    "start_early": N_("The test starts at %(starts)s. Before that it may start only by an order."),
    "identity_unchecked": N_("The identity was not checked yet. Look at the document first, then admit."),
    "identity_refused": N_("The document was not accepted, so the candidate cannot be admitted. "
                           "Check it again, or call the centre's head."),
    "late_arrival": N_("The candidate came %(late)s after the start. Nobody is admitted later than %(limit)s. "
                       "The absence is recorded when the room closes."),
    "removed_for_good": N_("This candidate was removed and may not enter again."),
    "room_has_admitted": N_("%(n)s candidates were admitted and wait. Start the test; the room can be closed after it."),
    "sessions_unfinished": N_("%(n)s candidates are not done. Wait until they are, or until their time is up; "
                              "resume those who are paused."),
    "latecomers_may_come": N_("%(n)s candidates did not come yet and may still come for %(minutes)s min. "
                              "Close the room after that."),
    "violation_unknown": N_("This act is not in the catalogue of violations. Reload the page and choose again."),
    "removal_due": N_("This act, or one more after the last warning, asks for removal. Write the protocol instead."),
    "warning_first": N_("This act is answered by a warning first. Warn the candidate instead of removing them."),
    "protocol_incomplete": N_("The protocol is not complete: %(fields)s. It needs %(witnesses_min)s witnesses "
                              "other than you. Fill in what is missing."),
}

GRADING: dict[str, str] = {
    "session_not_finished": N_("This candidate's test is not over, so there is nothing to grade yet. "
                               "Wait until the room is closed."),
    "sitting_not_over": N_("Nothing was released: the sitting is not over (candidates not finished: %(n)s). "
                           "Wait until every room is closed."),
    "grades_missing": N_("Nothing was released: grades are still being made (candidates without one: %(n)s). "
                         "Wait a minute and try again."),
    "third_party": N_("Results are kept from third parties (CS-5), and your organisation is one here. "
                      "Ask the testing centre if you need them."),
}

# Refusals: the codes that rulings carry.
RULINGS: dict[str, str] = {}

MESSAGES = {**EVERYWHERE, **ACCOUNTS, **CANDIDATES, **ITEMBANK, **DELIVERY, **PROCTOR, **GRADING, **RULINGS}


def sentence(code: str, facts: dict[str, Any]) -> str:
    """The sentence for `code` in the reader's language, with the facts of the case filled in."""
    return _(MESSAGES[code]) % facts if facts else _(MESSAGES[code])
