"""A session is open, then closed with minutes to sign, then in force; or annulled before that. Nothing goes back."""

from __future__ import annotations

from server.core.machine import Machine

SESSION = Machine(
    "commission_session",
    {
        "close": (("open",), "closed"),
        "enter_into_force": (("closed",), "in_force"),
        "annul": (("open", "closed"), "annulled"),
    },
)
