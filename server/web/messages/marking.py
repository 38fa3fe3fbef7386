"""The mark by which the catalogues find a sentence that is translated later, when somebody reads it."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802  the name gettext's tools know
    """The sentence itself, marked for the catalogues."""
    return message
