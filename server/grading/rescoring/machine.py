"""Where a rescoring run may go: signed by enough persons under one effect, and then applied, once."""

from __future__ import annotations

from server.core.machine import Machine

OPEN = ("proposed", "signed")
RESCORING = Machine(
    "rescoring_run",
    {
        "sign": (("proposed",), "signed"),
        "reopen": (("signed",), "proposed"),
        "apply": (("signed",), "applied"),
        "withdraw": (OPEN, "withdrawn"),
    },
)
