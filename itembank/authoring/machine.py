"""Where a manuscript may go: from draft by two readings, pretest and calibration to approval, use, rest and end."""

from __future__ import annotations

from server.core.machine import Machine

FROZEN = ("pretest", "calibrated", "approved", "in_use", "resting")

MANUSCRIPT = Machine(
    "manuscript",
    {
        "submit": (("draft",), "content_review"),
        "withdraw": (("content_review", "language_review"), "draft"),
        "return": (("content_review", "language_review"), "draft"),
        "pass_content": (("content_review",), "language_review"),
        "pass_language": (("language_review",), "pretest"),
        "calibrate": (("pretest", "calibrated"), "calibrated"),
        "approve": (("calibrated",), "approved"),
        "approve_written": (("pretest",), "approved"),
        "put_in_use": (("approved", "in_use"), "in_use"),
        "rest": (("pretest", "calibrated", "approved", "in_use"), "resting"),
        "wake_pretest": (("resting",), "pretest"),
        "wake_calibrated": (("resting",), "calibrated"),
        "wake_approved": (("resting",), "approved"),
        "retire": (FROZEN, "retired"),
        "abandon": (("draft",), "retired"),
    },
)
