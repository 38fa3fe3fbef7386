"""The states of a room in a sitting and the verbs between them."""

from __future__ import annotations

from server.core.machine import Machine

ROOM = Machine(
    "room_sitting",
    {
        "open": (("planned",), "open"),
        "start": (("open",), "running"),
        "close": (("open", "running"), "closed"),
    },
)

AT_WORK = ("open", "running")
