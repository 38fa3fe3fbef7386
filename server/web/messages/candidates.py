"""Programmes, admission lists, registrations and photographs."""

from __future__ import annotations

from server.web.messages.marking import N_

CANDIDATES: dict[str, str] = {
    "accommodation_malformed": N_(
        "Name the paper that the decision rests on and who decided, in at most 300 and 120 characters."
    ),
    "condition_withdrawal_malformed": N_(
        "Enter the number of the order that withdraws it and the reason, in at most %(maximum)s letters."
    ),
    "condition_in_use": N_(
        "The test of this candidate has begun (%(clause)s): the condition stays, and so does the time that was given."
    ),
    "accommodation_in_future": N_("The day of the decision is still to come. Enter the day on which it was taken."),
    "accommodation_day_missing": N_("Enter the day of the decision as 31.12.2026."),
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
    "list_sex_unknown": N_("“%(value)s” is no sex. Write “ж” or “м”, or leave the cell empty."),
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
