"""Where an export may go: asked for, approved or refused by another person, taken once, or lapsed."""

from __future__ import annotations

from server.core.machine import Machine

EXPORT = Machine(
    "export_request",
    {
        "approve": (("asked",), "approved"),
        "refuse": (("asked",), "refused"),
        "take": (("approved",), "taken"),
        "lapse": (("approved",), "lapsed"),
    },
)
