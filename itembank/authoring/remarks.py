"""The sentences of `checks`, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from itembank.authoring.checks import Finding
from server.core.i18n import TONGUES, _

SENTENCES: Mapping[str, Callable[[], str]] = {
    "language_missing": lambda: _("There is no text in this language yet: %(language)s."),
    "key_none_wrong": lambda: _("At least one answer must be right and at least one wrong."),
    "options_few": lambda: _("Two answers can be guessed half the time. Add a third and a fourth that seem likely."),
    "rubric_missing": lambda: _("Tell the markers how to mark it: without a rubric nobody can."),
    "accepted_missing": lambda: _("Write at least one answer that counts as right."),
    "text_missing": lambda: _("Nothing is written here yet."),
    "formula_wrong": lambda: _("The formula %(formula)s cannot be shown: %(reason)s."),
    "sentence_long": lambda: _("A sentence of %(n)s words (“%(begin)s …”) is read twice. Make two of it."),
    "option_twice": lambda: _("This answer stands here twice."),
    "option_of_all": lambda: _("An answer such as “all of the above” tests logic, not knowledge. Write another one."),
    "key_longest": lambda: _("The right answer is by far the longest, and so gives itself away."),
    "option_stands_out": lambda: _("This answer is much longer or shorter than the others."),
    "alternative_missing": lambda: _("Say what the figure shows, for those who do not see it."),
    "figure_unused": lambda: _("This figure stands nowhere in the text. Put it where it belongs, or take it out."),
    "figure_unknown": lambda: _("The text names the figure “%(figure)s”, but there is no such file."),
    "picture_missing": lambda: _("Add the picture on which places are chosen."),
    "recording_untitled": lambda: _("Give the recording a title."),
    "negative_plain": lambda: _("The question asks for what is not so. Emphasise that word, or ask the other way."),
    "translation_stale": lambda: _("The text of origin has changed since this translation was made."),
    "formulas_differ": lambda: _("Other formulas than in “%(language)s”: missing %(missing)s; more %(added)s."),
    "numbers_differ": lambda: _("Other numbers than in “%(language)s”: missing %(missing)s; more %(added)s."),
    "units_differ": lambda: _("Other units than in “%(language)s”: missing %(missing)s; more %(added)s."),
    "gaps_differ": lambda: _(
        "Put the gaps %(gaps)s into the text with the button “Gap in the text”: each once and in this order."
    ),
    "contradiction": lambda: _("Something is missing or contradicts itself: %(parts)s."),
    "near_duplicate_elsewhere": lambda: _(
        "Something in the bank says nearly the same. Your reader will compare the two."
    ),
    "near_duplicate": lambda: _("The item %(item)s says nearly the same (%(percent)s %%, “%(language)s”)."),
}


def sentence(finding: Finding) -> str:
    """What is to be said of it."""
    facts = dict(finding.facts)
    if "language" in facts:
        facts["language"] = TONGUES[facts["language"]]
    return SENTENCES[finding.code]() % facts
