"""What items are, in the reader's language: subjects, tiers, types, states, languages, and what they are opened for.
Pages call these through `bank/_words.html`, papers at once; nobody else names them."""

from __future__ import annotations

from collections.abc import Iterable

from server.core.i18n import TONGUES, _


def subject(code: str) -> str:
    """A subject by its name."""
    names = {
        "mathematics": _("Mathematics"), "history": _("History of Kyrgyzstan"), "kyrgyz": _("Kyrgyz language"),
        "russian": _("Russian language"),
    }  # fmt: skip
    return names.get(code, code)


def tier(code: str) -> str:
    """A tier by its name."""
    return {"basic": _("Basic"), "medium": _("Medium"), "raised": _("Raised")}.get(code, code)


def kind(code: str) -> str:
    """A type of items by its name."""
    names = {
        "choice": _("Choice"), "multiple_choice": _("Several right answers"), "matching": _("Matching"),
        "ordering": _("Putting in order"), "inline_choice": _("Drop-downs in a text"),
        "gap_match": _("Words into gaps"), "text_entry": _("Short answer"), "hotspot": _("Places on a picture"),
        "extended_text": _("Written task"),
    }  # fmt: skip
    return names.get(code, code)


def state(code: str) -> str:
    """Where an item stands."""
    names = {
        "draft": _("Draft"), "content_review": _("Reading of the content"),
        "language_review": _("Reading of the languages"), "pretest": _("Pretest"), "calibrated": _("Calibrated"),
        "approved": _("Approved for tests"), "in_use": _("In use"), "resting": _("At rest"), "retired": _("Retired"),
    }  # fmt: skip
    return names.get(code, code)


def tongues(codes: Iterable[str]) -> str:
    """Languages, each by its own name."""
    return ", ".join(TONGUES[code] for code in codes)


def moved(verb: str) -> str:
    """What happened to an item."""
    names = {
        "submit": _("handed in"), "withdraw": _("taken back by the author"), "return": _("returned to the author"),
        "pass_content": _("content passed"), "pass_language": _("every language passed; the text is frozen"),
        "calibrate": _("parameters accepted"), "approve": _("approved"), "approve_written": _("approved"),
        "put_in_use": _("put into a pool"), "rest": _("put to rest"), "wake_pretest": _("woken"),
        "wake_calibrated": _("woken"), "wake_approved": _("woken"), "retire": _("retired"), "abandon": _("given up"),
    }  # fmt: skip
    return names.get(verb, verb)


def purpose(code: str) -> str:
    """What the content of an item was opened for."""
    names = {
        "author": _("as its author"), "review": _("to review it"), "commission": _("in the commission"),
        "export": _("to export it"), "differences": _("to compare"), "recipe": _("the recipe it is made of"),
        "card": _("to print its card"),
    }  # fmt: skip
    return names.get(code, code)
