"""Whether what was taken back of cases is what the journal knows and somebody signed, and its places are nobody's."""

from __future__ import annotations

from collections.abc import Iterator

from server import delivery
from server.accounts.signing import signatures_under
from server.candidates.cases.machine import CASE
from server.candidates.cases.queries import CaseRef, stored
from server.core.journal import acts_on
from server.core.machine import moves_of
from server.core.work import Work
from server.grading.cases.taking_back import document_of


def faults(work: Work, case_id: int) -> Iterator[str]:
    """Each thing about a case that was granted and counts no longer, and does not fit, in a sentence."""
    case, name = stored(work, case_id), f"candidate_case:{case_id}"
    noted = acts_on(work.db, name, "case:taken-back")
    was_moved = bool(moves_of(work.db, CASE.name, [case_id], "take_back"))
    if case.taken_back is None:
        if noted or was_moved:
            yield f"{name}: it was taken back, and the decision on that is missing"
        elif case.state == "withdrawn" and case.decision is not None:
            yield f"{name}: it was granted and counts no longer, and no decision says so"
        return
    if not was_moved or [each["order"] for each in noted] != [case.taken_back.order_number]:
        yield f"{name}: it was not taken back as the journal says"
    if not any(each.is_valid for each in signatures_under(work, document_of(case))):
        yield f"{name}: it was taken back, and nobody's signature under that fits"
    yield from _places(work, case, name)


def _places(work: Work, case: CaseRef, name: str) -> Iterator[str]:
    place = case.taken_back.next_registration_id if case.taken_back else None
    for each in delivery.sessions_of_registration(work, place) if place is not None else ():
        if delivery.session_ref(work, each).state != "absent":
            yield f"{name}: its place was taken back, and somebody sat the test in session:{each}"
