"""Where a task stands."""

from __future__ import annotations

from server.core.machine import Machine

OPEN = ("queued", "running")
TASK = Machine(
    "task",
    {
        "begin": (("queued",), "running"),
        "begin_again": (("running",), "queued"),
        "finish": (("running",), "done"),
        "fail": (("running",), "failed"),
        "cancel": (OPEN, "cancelled"),
    },
)
