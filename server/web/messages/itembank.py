"""Items, calibrations, blueprints and pools."""

from __future__ import annotations

from server.web.messages.marking import N_

ITEMBANK: dict[str, str] = {
    "item_formula": N_(
        "In the item %(item)s the formula %(formula)s cannot be shown: %(reason)s. Correct the formula and "
        "hand the item in again."
    ),
    "item_figure": N_(
        "The figure “%(figure)s” of the item %(item)s cannot be taken: %(reason)s. Save it as plain SVG, PNG or WebP "
        "and hand the item in again."
    ),
    "item_figure_untold": N_(
        "The figure “%(figure)s” of the item %(item)s has no text alternative in the language “%(language)s”. Say "
        "in a sentence what it shows, and hand the item in again."
    ),
    "item_recording": N_(
        "The recording of the item %(item)s in the language “%(language)s” cannot be taken: %(reason)s. Save it as "
        "WAV, Ogg Opus or MP3 without tags and hand the item in again."
    ),
    "item_recording_untold": N_(
        "The recording of the item %(item)s in the language “%(language)s” needs a title, a transcript and a number "
        "of plays from 1 to %(most)s. Give all three and hand the item in again."
    ),
    "item_incomplete": N_(
        "The item %(item)s is not complete or contradicts itself (%(part)s). Correct it and hand it in "
        "again."
    ),
    "pool_written_number": N_(
        "The blueprint has %(wanted)s written tasks, and the pool names %(n)s. Name each once, in their order."
    ),
    "pool_written_unknown": N_(
        "%(item)s is no written task of this subject. Check its code; a written task is of the type extended text."
    ),
    "pool_written_calibrated": N_(
        "%(item)s is a written task: people mark it, so it has no parameters. Take it out of the calibration."
    ),
    "session_incomplete": N_("The session needs a subject, an order number, and a day at most two months away."),
    "session_members": N_("The session needs its chair, and members of this year's commission alone."),
    "session_agenda": N_(
        "%(item)s cannot be put on this agenda: it is of another subject, is not ready, or is before another session."
    ),
    "session_not_member": N_("Only members who sit in this session may do this."),
    "session_not_there": N_(
        "The items of a session open once its chair and another member have confirmed that they are there. Confirm "
        "it, and let the one who is awaited do so at their own sign-in."
    ),
    "signer_left": N_(
        "This person no longer belongs to the commission and cannot sign. What they signed before stays signed."
    ),
    "session_undecided": N_("Nothing has been decided yet. Decide on at least one item, then close the session."),
    "note_malformed": N_("Write down what was said, in up to %(maximum)s characters."),
    "session_choice": N_("Choose the items and what is decided on them."),
    "decision_reason": N_("Say why. The reason stands in the minutes."),
    "decision_own": N_("Nobody decides on what they wrote themselves. Another member decides on %(item)s."),
    "decision_state": N_("%(item)s does not stand where this can be decided. Look at its page."),
    "review_unchecked": N_(
        "A text passes when every point of the list is right. Tick each point, or return the text and say why."
    ),
    "review_verdict": N_("Choose whether the text passes or goes back to its author."),
    "due_day": N_("Give a day from today on, at most three months ahead, as 31.12.2026."),
    "draft_incomplete": N_("The item cannot be begun yet. Choose what is missing."),
    "manuscript_open": N_(
        "A next version of the item %(item)s is being written already. Go on with that one."
    ),
    "manuscript_code": N_("The newest text of the item %(item)s is not yours. Leave the code empty for a new item."),
    "manuscript_frozen": N_(
        "This text is frozen: candidates may have met it. Start the item's next version to change it."
    ),
    "manuscript_not_yours": N_("Only its author can do this. Ask the author, or say on the place what should change."),
    "manuscript_not_now": N_(
        "The text is with its readers now and cannot be changed. Take it back first, or wait for their verdict."
    ),
    "manuscript_language_only": N_(
        "You read this text in the languages %(languages)s, and only there can you change it. Leave the rest as it "
        "was, or return the text to its author with a reason."
    ),
    "manuscript_origin": N_(
        "The text of origin stays as the reader of its content passed it, and translations are made from it. Say what "
        "should change, and return the text to its author."
    ),
    "manuscript_words_only": N_(
        "A reader of a language changes its words alone. The answers and their order, what counts as right, the rubric "
        "and the files are alike in every language. If they are wrong, return the text to its author with a reason."
    ),
    "manuscript_full": N_(
        "A text keeps at most %(files)s files and %(megabytes)s MB, those taken out of it as well. Make the files "
        "smaller, or begin the item anew."
    ),
    "manuscript_file_unknown": N_(
        "The text names a picture or a recording that is not among its files. Add the file again, then save."
    ),
    "manuscript_file": N_(
        "The file can be taken neither as a picture (%(picture)s) nor as a recording (%(sound)s). Save it as plain "
        "SVG, PNG or WebP, or as WAV, Ogg Opus or MP3 without tags."
    ),
    "reviewer_not_able": N_(
        "This person does not hold the role of a reader in your organisation. Choose another reader."
    ),
    "review_own": N_("Nobody reviews what they wrote themselves. Ask the commission to name another reader."),
    "review_hand": N_("Who changed a text does not pass it: another reader has to read it after them."),
    "review_both": N_(
        "Who passed the content cannot read every language as well: at least one is read by another person."
    ),
    "comment_malformed": N_("Say in up to %(maximum)s characters what should change and why."),
    "translation_stale": N_(
        "The text in “%(language)s” was made from another text of origin. Compare the two, mend it, say that it fits, "
        "and pass it then."
    ),
    "pool_state": N_(
        "These items are not approved: %(items)s. Let the commission decide on them first, or leave them out."
    ),
    "recipe_parameter": N_(
        "“%(shown)s” says no letter and its numbers. Write a line for each, as a = 2..9 or b = 1, 3, 5."
    ),
    "recipe_expression": N_(
        "“%(shown)s” is not understood. There are + - * / ^, brackets, comparisons, and, or, not, sqrt, abs, gcd, min, "
        "max and floor."
    ),
    "recipe_unknown": N_("There are no numbers for %(shown)s. Add a line for each under Numbers, or write it right."),
    "recipe_answer": N_("The check has to say something about the answer. Use the word answer in it."),
    "recipe_check": N_("The check contradicts the key or accepts a wrong answer: %(shown)s. Mend one of them."),
    "recipe_mistakes": N_("An item with answers to choose from needs 3 to %(shown)s mistakes, a line for each."),
    "recipe_why": N_("“%(shown)s” does not say what went wrong. Write it behind a vertical bar: 2*a | doubled it."),
    "recipe_stem": N_("Write the question in at least one language."),
    "recipe_area": N_("Choose an area. The subject comes with it."),
    "recipe_many": N_("These are more than %(shown)s sets of numbers. Give the letters fewer numbers."),
    "recipe_conditions": N_("These are more than %(shown)s conditions. Join some of them with and."),
    "leak_codes": N_("These are %(n)s codes; at most %(most)s are looked at together. Nothing was done: name fewer."),
    "recipe_few": N_(
        "Only %(shown)s items come of it. Give the letters more numbers, fewer conditions, or mistakes that do not "
        "lead to the right answer."
    ),
    "recipe_number": N_("Make from 1 to %(most)s items at a time."),
    "bulk_number": N_("Tick from 1 to %(most)s items, then choose what is done with them."),
    "bulk_many": N_("More than %(most)s items answer. Ask for less, or tick them page by page."),
    "cards_number": N_("Tick from 1 to %(most)s items to print their cards."),
    "bulk_reason": N_("Give the reason in %(least)s to %(most)s characters: it stands in the journal of each item."),
    "bulk_family": N_("The name of a family has at most %(most)s characters. Shorten it."),
    "item_reclassified": N_(
        "The item %(item)s is already in the bank with another %(part)s. Give the item a code of its own."
    ),
    "calibration_persons": N_(
        "A calibration from %(n_persons)s people cannot have the source “%(source)s”. Check both."
    ),
    "calibration_items": N_(
        "The calibration must name items of the subject “%(subject)s”, each once. Check its list of items."
    ),
    "calibration_spec": N_(
        "The calibration cannot be asked for like this (%(part)s). Choose at least one sitting, a design, and for new "
        "items beside anchors the calibration whose scale they belong to."
    ),
    "calibration_reason": N_("Give the reason of the decision in at most %(most)s letters."),
    "calibration_own": N_(
        "Nobody judges the figures of what they wrote themselves. Another psychometrician decides on %(item)s."
    ),
    "calibration_verdict": N_("Say whether the parameters are accepted or rejected."),
    "calibration_nothing": N_(
        "%(item)s has no parameters in this calibration, so there is nothing to accept. Reject it, or try it out "
        "further."
    ),
    "calibration_ready_made": N_(
        "This calibration came ready-made, so it cannot be repeated here. Choose one that was calculated here."
    ),
    "calibration_unusable": N_(
        "The parameters of these items cannot be used: %(items)s. Discrimination must be positive and "
        "guessing between 0 and 1."
    ),
    "calibration_times": N_(
        "The calibration for “%(subject)s” has response times of some items only, or no spread of speed that "
        "belongs to them. Give both for every item, or for none."
    ),
    "pretest_items": N_("Choose the items of the subject “%(subject)s” that are to be tried out, each once."),
    "pretest_versions": N_("Two versions of one item are chosen. Only one of them can be tried out."),
    "pretest_written": N_(
        "%(item)s is a written task: people mark it, so there is nothing to calibrate. It needs no pretest."
    ),
    "pretest_state": N_(
        "%(item)s does not wait to be tried out: its readings have not passed, or it has been tried out already."
    ),
    "pretest_language": N_(
        "%(item)s has no text in these languages of the pool: %(languages)s. Whoever gets it gets it in the language "
        "of the test. Add the text first."
    ),
    "pretest_operational": N_(
        "%(item)s counts in pool %(pool)s already. It cannot be tried out in the same tests."
    ),
    "pretest_family": N_(
        "Pool %(pool)s has an item of the same family (%(family)s) as %(item)s. The two must not meet in one test; "
        "try it out beside another pool."
    ),
    "pretest_passage": N_(
        "Pool %(pool)s uses the passage “%(passage)s” of %(item)s. Whoever read it already would answer otherwise; "
        "try it out beside another pool."
    ),
    "pretest_places": N_(
        "A test of %(length)s scored items has room for %(most)s items placed so, and the plan has %(n)s. Choose "
        "fewer, or let them stand nearer to the ends."
    ),
    "pretest_few_items": N_(
        "%(n)s items in each test cannot come out of those chosen: at most %(most)s of them may meet in one test. "
        "Choose more items, or fewer for a test."
    ),
    "pretest_needed": N_("Say for each language how many answers each item needs: from 1 to %(most)s."),
    "pretest_reason": N_("Say in at most %(most)s letters why it is stopped."),
    "blueprint_contradiction": N_(
        "The blueprint for “%(subject)s” contradicts itself. No test of its length can satisfy this part: "
        "%(part)s. Correct it."
    ),
    "pool_stands": N_("Exactly this pool stands already: it is pool %(pool)s."),
    "pool_not_rehearsed": N_(
        "This blueprint has not been rehearsed on the items of this calibration. Rehearse it, then publish the pool."
    ),
    "pool_no_language": N_("The pool needs at least one language. Choose it."),
    "pool_left_out": N_(
        "The items have changed since the page was shown: %(n)s of them would be left out now. Look at them again."
    ),
    "pool_subject": N_(
        "The blueprint is for “%(blueprint)s”, the calibration for “%(run)s”. Choose two of one subject."
    ),
    "pool_versions": N_("The calibration has two versions of one item. A pool needs one version of each."),
    "pool_language": N_(
        "The item %(item)s has no text in these languages of the pool: %(languages)s. Add the text or leave"
        " the language out."
    ),
    "pool_area": N_(
        "The item %(item)s belongs to “%(area)s”, which the blueprint does not know. Correct one of the "
        "two."
    ),
    "pool_infeasible": N_(
        "This pool cannot give every candidate a lawful test. Missing items: %(missing)s. Add items of "
        "these kinds, or approve a blueprint that asks for fewer."
    ),
    "pool_untimed": N_(
        "The blueprint limits the time of a test, and the response times of these items have not been "
        "calibrated. Calibrate the times too, or approve a blueprint without the limit."
    ),
    "pool_too_slow": N_(
        "No lawful test of %(n_items)s items from this pool fits the time of the blueprint. Add quicker items, or"
        " approve a blueprint with more time or fewer items."
    ),
    "commission_expired": N_(
        "The methodological commission of %(commission_year)s may not approve a blueprint in %(year)s. The "
        "commission of this year must do it."
    ),
    "approvals_too_few": N_(
        "Too few members of the commission have approved the blueprint. At least %(members_min)s must sign."
    ),
    "chair_approval_missing": N_(
        "The chair of the commission has not approved the blueprint. Ask the chair to sign."
    ),
    "tier_unknown": N_(
        "The blueprint names tiers that the regulation does not know: %(tiers)s. Use its tiers."
    ),
    "tier_short": N_(
        "The blueprint asks for too few items of these tiers: %(tiers)s. Every candidate must do items of "
        "every tier."
    ),
    "tier_over": N_(
        "The blueprint asks for too many items of these tiers: %(tiers)s. The regulation fixes their "
        "number."
    ),
}
