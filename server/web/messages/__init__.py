"""The sentence for each error code: what happened and what to do. The only place that words an error.

One module a feature: a new code gets its line in the dictionary there; what rulings carry is in `rulings_*`.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping

from server.core.i18n import _
from server.web.messages.accounts import ACCOUNTS
from server.web.messages.appeals import APPEALS
from server.web.messages.blueprints import BLUEPRINTS
from server.web.messages.calibrations import CALIBRATIONS
from server.web.messages.candidates import CANDIDATES
from server.web.messages.case_file import CASE_FILE
from server.web.messages.cases import CASES
from server.web.messages.correcting import CORRECTING
from server.web.messages.delivery import DELIVERY
from server.web.messages.everywhere import EVERYWHERE
from server.web.messages.facts import spoken
from server.web.messages.grading import GRADING
from server.web.messages.guarding import GUARDING
from server.web.messages.interchange import INTERCHANGE
from server.web.messages.itembank import ITEMBANK
from server.web.messages.marking import N_
from server.web.messages.proctor import PROCTOR
from server.web.messages.rulings_exam import RULINGS_EXAM
from server.web.messages.rulings_office import RULINGS_OFFICE
from server.web.messages.statements import STATEMENTS
from server.web.messages.written_work import WRITTEN_WORK

__all__ = ["MESSAGES", "N_", "SECTIONS", "sentence"]

SECTIONS = (
    EVERYWHERE, ACCOUNTS, CANDIDATES, ITEMBANK, BLUEPRINTS, CALIBRATIONS, INTERCHANGE, DELIVERY, PROCTOR, GRADING,
    APPEALS, GUARDING, RULINGS_EXAM, RULINGS_OFFICE, WRITTEN_WORK, CASE_FILE, CASES, CORRECTING, STATEMENTS,
)  # fmt: skip
MESSAGES = {code: text for section in SECTIONS for code, text in section.items()}
PLACE = re.compile(r"%\((\w+)\)s")
UNKNOWN = "?"
log = logging.getLogger("synak")


def sentence(code: str, facts: Mapping[str, object], clause: str | None = None) -> str:
    """The sentence for `code` in the reader's language, with the facts of the case.

    It never raises: an unknown code is a fault of the server, a missing fact a question mark; both logged.
    """
    if code not in MESSAGES:
        reference = secrets.token_hex(4)
        log.error("no sentence for the code %r, reference %s", code, reference)
        code, facts, clause = "broken", {"reference": reference}, None
    said = spoken(facts, clause or "")

    def fill(place: re.Match[str]) -> str:
        name = place.group(1)
        if name not in said:
            log.error("the sentence for %r is not given the fact %r", code, name)
        return said.get(name, UNKNOWN)

    return PLACE.sub(fill, _(MESSAGES[code]))
