"""What may become of a calibration that was asked for."""

from __future__ import annotations

from server.core.machine import Machine

CALIBRATION = Machine(
    "calibration",
    {
        "start": (("requested",), "running"),
        "finish": (("running",), "done"),
        "fail": (("requested", "running"), "failed"),
        "cancel": (("requested", "running"), "cancelled"),
        "return": (("running",), "requested"),  # its worker is gone; another takes it up
    },
)
OPEN = ("requested", "running")
