"""The case file of an appeal."""

from __future__ import annotations

from server.web.messages.marking import N_

CASE_FILE: dict[str, str] = {
    "appeal_file_not_open": N_(
        "The case file is open while the commission judges the case: from its admission until it is closed."
    ),
}
