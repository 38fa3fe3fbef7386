"""The states of a case, and the verbs between them."""

from __future__ import annotations

from server.core.machine import Machine

CASE = Machine(
    "candidate_case",
    {
        "submit": (("filed",), "submitted"),
        "withdraw": (("filed", "submitted"), "withdrawn"),
        "grant": (("submitted",), "granted"),
        "refuse": (("submitted",), "refused"),
        "assign": (("granted",), "assigned"),
        "take_back": (("granted", "assigned"), "withdrawn"),
    },
)

OPEN = ("filed", "submitted")
STANDS = ("granted", "assigned")
