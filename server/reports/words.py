"""The words of the office's pages for states, outcomes, reasons and differences, in the reader's language."""

from __future__ import annotations

from server.core.i18n import _
from server.grading.words import differences, holds, outcomes, states

__all__ = ["differences", "holds", "outcomes", "seals", "states"]


def seals() -> dict[str, str]:
    """How the seal of a session stood when it was graded."""
    return {
        "sealed": _("Sealed"),
        "broken": _("Broken"),
        "missing": _("Missing"),
        "open": _("Not yet sealed"),
        "none": _("Nothing to seal"),
    }
