"""Items that come in as files: what is wrong with the file, with an item of it, and what of an item is not kept."""

from __future__ import annotations

from server.web.messages.marking import N_

INTERCHANGE: dict[str, str] = {
    "upload_empty": N_("The file is empty. Choose the file with the items."),
    "import_incomplete": N_(
        "Choose a file, and say for which subject, area, tier and language it is. Nothing was taken in."
    ),
    "import_waiting": N_("%(most)s files of yours wait to be read. Upload more when they have been."),
    "import_subject": N_("The file names a subject that the bank does not have; the item was put to %(subject)s."),
    "import_area": N_(
        "The file names an area that the subject does not have; the item was put to the one chosen. Check it."
    ),
    "import_unfinished": N_(
        "The item is not finished or contradicts itself (%(part)s). Put it right before you hand it in."
    ),
    "import_long": N_(
        "Too long, or too many: %(part)s. The bank keeps %(most)s at most. Shorten it or divide the item."
    ),
    "import_more": N_("There is more to say than %(most)s lines. Mend these first, then bring the item in again."),
    "import_renamed": N_(
        "The code %(item)s is that of an item whose newest text is not yours; this item has a code of its own now."
    ),
    "package_no_zip": N_(
        "The file is neither a package (ZIP) nor a table that can be read. Export it again from the system it "
        "comes from."
    ),
    "package_large": N_("The file is larger than %(most)s MB. Divide it into several."),
    "package_broken": N_("The package is damaged: its table of contents cannot be read. Export it again."),
    "package_many": N_("The package holds more than %(most)s files. Divide it into several."),
    "package_path": N_("The package was refused: the name “%(file)s” leads out of it. Nothing was taken in."),
    "package_link": N_("The package was refused: “%(file)s” is a link and no file. Nothing was taken in."),
    "package_locked": N_(
        "The package was refused: “%(file)s” is locked with a password or packed in a way that is not read."
    ),
    "package_bomb": N_(
        "The package was refused: “%(file)s” would become far larger than it is, as in files made to do harm."
    ),
    "package_file_large": N_("The package was refused: “%(file)s” is larger than %(most)s MB."),
    "package_file_broken": N_("The file “%(file)s” in the package is damaged. Export the package again."),
    "package_twice": N_("The package was refused: it has the name “%(file)s” twice."),
    "package_unpacked": N_(
        "The package was refused: unpacked it is larger than %(most)s MB. Divide it into several."
    ),
    "package_read": N_(
        "The package wants its files so often that they are more than it may hold; from “%(file)s” on nothing was "
        "read. Divide it into several."
    ),
    "package_no_manifest": N_(
        "The package has no manifest (%(file)s) at its top, so it is no QTI package. Export it again as QTI "
        "2.1, 2.2 or 3.0."
    ),
    "package_no_items": N_("The package holds no item. Export the items themselves, not only the test."),
    "package_old": N_("The package is of QTI version 1, which is not read. Export it as QTI 2.1, 2.2 or 3.0."),
    "package_unlisted": N_("Files that the manifest does not name, and that nobody read: %(n)s."),
    "xml_broken": N_("The file “%(file)s” is no well-formed XML (line %(line)s). Export it again."),
    "xml_declares": N_(
        "The file was refused: “%(file)s” declares a document type or entities (line %(line)s), by which "
        "files are stolen and servers are stopped."
    ),
    "xml_huge": N_(
        "The file was refused: “%(file)s” has more elements, or deeper ones, than any item needs (line "
        "%(line)s)."
    ),
    "xml_large": N_("The file “%(file)s” is larger than %(most)s MB, more than any item needs."),
    "interchange_formula": N_("A formula cannot be shown: %(reason)s. Correct it."),
    "interchange_formula_unread": N_(
        "A formula cannot be taken over: “%(element)s” (line %(line)s) has no place in our formulas. Write "
        "the formula anew."
    ),
    "item_unwritable": N_(
        "An item has a control character that no file can hold. Open the item, write that place anew, and "
        "export again."
    ),
    "qti_active": N_("“%(element)s” (line %(line)s) runs or calls something: an item may not hold it."),
    "qti_foreign": N_(
        "“%(element)s” (line %(line)s) is of another language than QTI, HTML and MathML: an item may not hold "
        "it."
    ),
    "qti_element": N_("“%(element)s” (line %(line)s) has no place in our items. Write the item without it."),
    "qti_interaction": N_("The item is of a type that the bank does not have (%(element)s)."),
    "qti_no_interaction": N_("The file asks nothing: it has no place for an answer."),
    "qti_several": N_(
        "The item asks for %(n)s answers at once; ours have one question each. Divide it into several items."
    ),
    "qti_no_key": N_("The item has no right answer that can be read (%(response)s)."),
    "qti_key_unknown": N_(
        "The right answer names a choice that is not there, or that is there twice (line %(line)s)."
    ),
    "qti_order_part": N_("The right order leaves out some of the choices; ours holds them all."),
    "qti_pairs": N_("The right pairs are not one partner of its own for each: the bank has no such type."),
    "qti_template": N_("The item makes its numbers anew each time; the bank has templates of its own for that."),
    "qti_adaptive": N_("The item changes while it is answered; the bank has no such type."),
    "qti_area": N_(
        "An area on the picture has a shape that the bank does not have (line %(line)s). Use a rectangle, a "
        "circle or a polygon."
    ),
    "qti_recordings": N_("The item has %(n)s recordings; ours have one."),
    "qti_language": N_(
        "The file “%(file)s” is in the language “%(language)s”; the bank has Kyrgyz, Russian and English."
    ),
    "qti_twice": N_(
        "The item %(item)s is in the package twice in the same language (%(language)s). Give each a code of "
        "its own."
    ),
    "qti_differ": N_("The languages of the item differ in what must be alike: %(part)s."),
    "qti_large": N_(
        "“%(file)s” has more than %(most)s elements, more than any item needs. Divide it into several items."
    ),
    "qti_elsewhere": N_("“%(file)s” wants something from outside the package. Put it into the package."),
    "qti_missing": N_("The file “%(file)s” is not in the package. Export it again with all its files."),
    "qti_picture": N_("The picture “%(file)s” cannot be taken: %(reason)s. Save it as plain SVG, PNG or WebP."),
    "qti_sound": N_(
        "The recording “%(file)s” cannot be taken: %(reason)s. Save it as WAV, Ogg Opus or MP3 without tags."
    ),
    "qti_type": N_("The file “%(file)s” is not what it is called: it says %(declared)s and is %(found)s."),
    "qti_untold": N_("The picture “%(file)s” has no text alternative. Say in a sentence what it shows."),
    "qti_unheard": N_("The recording “%(file)s” has no title or no transcript. Write both."),
    "qti_sources": N_("Of %(n)s forms of the recording the first was taken."),
    "qti_plays": N_("The package does not say how often the recording may be heard; it was set to %(n)s."),
    "qti_unnamed": N_("The areas on the picture have no names; they were given numbers. Name them."),
    "qti_blank": N_(
        "The field stood in the middle of the text; there is a blank there now, and the field beneath it."
    ),
    "qti_emphasis": N_("An emphasis that cannot be written where it stood was left out."),
    "qti_style": N_("The look of “%(element)s” is not kept. Check that the text still says what it should."),
    "qti_list": N_("A list became paragraphs."),
    "qti_feedback": N_("What is said after the answer is not kept (%(element)s)."),
    "qti_part": N_("A part of the item is not kept (%(element)s)."),
    "qti_card": N_("Help that stands beside the item is not kept (%(support)s)."),
    "qti_metadata": N_("Metadata that is not kept: %(names)s."),
    "qti_scoring": N_("Its own scoring rules are not kept (%(element)s): an answer is right or not, by the key."),
    "qti_partial": N_("Points for parts of the answer are not kept: an answer is right as a whole or not."),
    "qti_case": N_("Capital and small letters count the same in our answers."),
    "qti_limit": N_("A limit is not kept (%(attribute)s)."),
    "qti_fixed": N_(
        "Choices that kept their place are shuffled with the others. If that must not be, say so in the item."
    ),
    "qti_passages": N_("The item is read beside %(n)s texts; they became one."),
    "qti_test": N_("The section in “%(file)s” belongs to no test of the package; it is not kept."),
    "qti_tests": N_("The package has %(n)s tests; the first %(most)s were read."),
    "test_empty": N_("The test in “%(file)s” names no item."),
    "test_large": N_("The test has more than %(most)s sections and items, or sections too deep within each other."),
    "test_section": N_(
        "A section that the test names (“%(file)s”, line %(line)s) is not in the package, or names itself."
    ),
    "test_item": N_("The test names an item that the package does not have (%(item)s, line %(line)s)."),
    "test_rule": N_(
        "A rule of the test is not kept (“%(element)s”, line %(line)s): which item comes next is not decided by "
        "tests from outside here."
    ),
    "test_part": N_("A part of the test is not kept (“%(element)s”, line %(line)s)."),
    "test_limit": N_(
        "That parts of the test stay together or in their place is not kept (%(attribute)s, line %(line)s)."
    ),
    "test_scoring": N_(
        "The test's own scoring is not kept (“%(element)s”, line %(line)s): a result is the sum of its items, or "
        "follows from the blueprint."
    ),
    "table_no_table": N_(
        "The file is no table that can be read. Save it as an Excel workbook (.xlsx) or as “CSV UTF-8”."
    ),
    "table_encoding": N_(
        "The table is not in UTF-8, so Kyrgyz letters would be lost. Save it as “CSV UTF-8” or as an Excel "
        "workbook (.xlsx)."
    ),
    "table_empty": N_("The table has no item in it. Fill in the rows under the headings."),
    "table_heads": N_("The first row has no heading of ours. Take the form from this page and fill it in."),
    "table_heads_twice": N_("A heading stands there twice. Take one of the columns out."),
    "table_rows": N_("The table has more than %(most)s rows. Divide it into several."),
    "table_columns": N_("The table has more than %(most)s columns. Take the form from this page."),
    "table_column_unknown": N_("The column “%(column)s” was not read: it is none of ours."),
    "table_formula": N_("Row %(row)s, column “%(column)s”: there is a formula. Put its value there."),
    "table_long": N_("Row %(row)s, column “%(column)s”: more than %(most)s characters. Shorten it."),
    "table_unreadable": N_(
        "Row %(row)s, column “%(column)s”: an error value, or a character that no text has. Type the cell anew."
    ),
    "table_stray": N_("Row %(row)s: cells without a heading above them were not read (%(n)s)."),
    "table_field": N_(
        "Line %(line)s begins a cell that does not end; a quotation mark is missing. Close it, or save the table anew."
    ),
    "table_large": N_("The cells of the table hold more than %(most)s million characters. Divide it into several."),
    "table_missing": N_(
        "Row %(row)s, column “%(column)s”: something is missing; each language has the same options."
    ),
    "table_right": N_(
        "Row %(row)s, column “%(column)s”: name the right options by their letters, such as B or A, C."
    ),
    "table_word": N_("Row %(row)s, column “%(column)s”: choose a word from the list of the cell."),
    "table_type": N_(
        "Row %(row)s, column “%(column)s”: a table holds choices and short answers only; write other types in "
        "the bank."
    ),
    "table_type_other": N_(
        "Row %(row)s, column “%(column)s”: the type does not fit the options and right answers of the row."
    ),
}
