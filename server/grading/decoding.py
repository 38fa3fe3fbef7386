"""The way back from the code of written work to its candidate: an act of its own, never without a reason (CS-14.2)."""

from __future__ import annotations

from server import delivery
from server.core.errors import Invalid, NotFound
from server.core.work import Work
from server.delivery import codes
from server.delivery.queries import work_codes
from server.grading import access
from server.grading.rules import CodedWorkRule

REASON_MIN, REASON_MAX = 3, 500
READER = "office"


def decode(work: Work, sitting_id: int, code: str, reason: str) -> int:
    """The session whose work has this code; the journal has who asked, and why."""
    sitting = delivery.sitting_ref(work, sitting_id)
    access.acting_office_of(work, sitting.edition)
    ruling = sitting.edition.get("CS-14.2", CodedWorkRule).judge(READER).or_refuse()
    reason = " ".join(reason.split())
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid("decoding_without_reason", maximum=REASON_MAX)
    known = work_codes(work, sitting_id)
    found = next((session for each, session in known.items() if codes.matches(each, code)), None)
    if found is None or not access.circle_of(work, sitting.edition).has(delivery.session_ref(work, found)):
        raise NotFound("work_code_unknown")
    work.record("work:decoded", f"session:{found}", clause=ruling.clause, reason=reason, ruling=ruling.to_json())
    return found
