"""The states of a session and of a section, and the verbs between them."""

from __future__ import annotations

from server.core.machine import Machine

SESSION = Machine(
    "exam_session",
    {
        "admit": (("expected",), "admitted"),
        "begin": (("admitted",), "running"),
        "pause": (("running",), "paused"),
        "resume": (("paused",), "running"),
        "submit": (("running", "paused"), "submitted"),
        "expire": (("running", "paused"), "submitted"),
        "remove": (("expected", "admitted", "running", "paused"), "removed"),
        "close_absent": (("expected", "admitted"), "absent"),
    },
)

SECTION = Machine(
    "section",
    {
        "begin": (("pending",), "running"),
        "finish": (("running",), "done"),
        "expire": (("running",), "done"),
        "cut_off": (("running",), "done"),
    },
)

LIVE = ("running", "paused")
OVER = ("submitted", "removed", "absent")
