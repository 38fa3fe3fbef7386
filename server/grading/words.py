"""The words for how far a session is, what came of a task, why a session is held, and what a replay compares."""

from __future__ import annotations

from server.core.i18n import _
from server.delivery.rolls import CALLED_OFF


def states() -> dict[str, str]:
    """How far a session is."""
    return {
        "expected": _("Expected"),
        "admitted": _("Admitted"),
        "running": _("At work"),
        "paused": _("Paused"),
        "submitted": _("Finished"),
        "removed": _("Removed from the test"),
        "absent": _("Absent"),
        CALLED_OFF: _("The place was taken back"),
    }


def outcomes() -> dict[str, str]:
    """What came of one task."""
    return {
        "right": _("Right"),
        "wrong": _("Wrong"),
        "blank": _("Left blank"),
        "written": _("Written; people mark it"),
        "unanswered": _("Shown, not answered"),
        "not_reached": _("Not reached"),
    }


def holds() -> dict[str, str]:
    """Why a session is held without grades."""
    return {
        "seal_missing": _("The attempt bears no seal and may not be marked."),
        "seal_broken": _("The seal does not fit the stored answers: something was changed later."),
        "evidence_contradicts_pool": _("A stored step names an item that is not where the pool has it."),
        "evidence_contradicts_key": _("A stored answer bears another score than its key gives."),
        "sheet_contradicts_evidence": _("The sealed answer sheet is not what the stored answers come to."),
        "nothing_left": _("Every task of a subject that counted was struck; there is nothing left to score."),
        "evidence_incomplete": _("A subject has fewer tasks than its blueprint asks for."),
        "score_unbounded": _("The ability lies beyond the scale; no percent may be read from it."),
        "marks_awaited": _("There are written tasks: no grade stands before people have marked them."),
        "held_back": _("The result is held back until a question about it is decided."),
        "content_changed": _("An item, a key or an answer does not open as it was sealed."),
    }


def differences() -> dict[str, str]:
    """What a replay compares."""
    return {
        "item": _("Item given"),
        "item_version": _("Version of the item"),
        "option_order": _("Order of the options"),
        "trace": _("Reason of the choice"),
        "withdrawn": _("Items that were not to come any more"),
        "met": _("Items the candidate had met before"),
        "met_before": _("An item the candidate had met before"),
        "history": _("Earlier tasks"),
        "answer_score": _("Score of the answer"),
        "answer_sealed": _("The answer does not open as it was sealed"),
        "working_sealed": _("The working does not open as it was sealed"),
        "end": _("Why the section ended"),
        "score": _("Score"),
        "grade": _("Grade"),
        "theta": _("Theta"),
        "se": _("Standard error"),
        "percent": _("Percent"),
        "percent_sd": _("Standard deviation of the percent"),
        "probabilities": _("Probabilities of the grades"),
        "pool_digest": _("Digest of the pool"),
        "n_items": _("Number of items that count"),
        "written_points": _("Points of written tasks"),
        "written_max": _("Most points of written tasks"),
        "corrections": _("What was corrected when it was computed"),
        "sheet_item_indices": _("Items on the sealed answer sheet"),
        "sheet_scores": _("Marks on the sealed answer sheet"),
        "sheet_fault": _("Why the sealed answer sheet may not be scored"),
    }
