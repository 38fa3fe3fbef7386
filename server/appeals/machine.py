"""A case is filed, admitted, heard, decided, told, closed; refused or withdrawn before that. Nothing goes back."""

from __future__ import annotations

from server.core.machine import Machine

APPEAL = Machine(
    "appeal",
    {
        "admit": (("filed",), "admitted"),
        "refuse": (("filed",), "refused"),
        "withdraw": (("filed", "admitted"), "withdrawn"),
        "hear": (("admitted",), "heard"),
        "decide": (("heard",), "decided"),
        "tell": (("decided",), "told"),
        "close": (("told",), "closed"),
    },
)
HEARING = Machine("appeal_hearing", {"open": (("called",), "open"), "end": (("open",), "over")})
FINISHED = ("closed", "refused", "withdrawn")
