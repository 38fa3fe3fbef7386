"""Why a picture or a sound is not taken into the bank."""

from __future__ import annotations


class Refusal(ValueError):
    """It may not be kept as it is; the message names what is wrong with it."""
