"""The foot of papers whose digest tells whether they are genuine: what is said there, and where it is asked."""

from __future__ import annotations

from server.core.i18n import _
from server.core.paper.blocks import Foot

CHECKED_AT = "/papers?digest={digest}"


def checked_foot(origin: str) -> Foot:
    """The foot in the reader's language; the paper is checked at that origin."""
    return Foot(
        page=_("Page {n} of {all}"),
        check=_("Digest of this paper: {digest}. Whether it is genuine is told at:"),
        address=origin + CHECKED_AT,
    )
