"""The states of a call and the verbs between them."""

from __future__ import annotations

from server.core.machine import Machine

CALL = Machine(
    "call",
    {
        "take": (("asked",), "taken"),
        "answer": (("asked", "taken", "answered"), "answered"),
        "close": (("asked", "taken", "answered"), "closed"),
    },
)
