"""What is due in cases: decisions, the notice of the additional test, terms that were extended (DC-17 to CS-12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from server import delivery
from server.candidates import cases
from server.candidates.cases.queries import CaseRef
from server.candidates.queries import ProgrammeRef
from server.candidates.rules import AdditionalSittingRule
from server.core.deadlines import Deadline
from server.core.i18n import language
from server.core.terms import end_of_day
from server.core.work import Work
from server.delivery.additional.planning import TAKES
from server.delivery.additional.queries import additional_sittings, sat_at
from server.grading.cases import pages

STANDS = ("granted", "assigned")


def deadlines(work: Work) -> list[Deadline]:
    """Every deadline in cases that concern the actor's office."""
    found = cases.cases(work)
    return [*pages.deadlines(work, found), *_notices(work, found), *_terms(work, found)]


def _notices(work: Work, found: list[CaseRef]) -> Iterator[Deadline]:
    """By when the additional test of each programme with a granted case must be made known (DC-19)."""
    wanted: dict[int, ProgrammeRef] = {
        case.programme.id: case.programme for case in found
        if case.state in STANDS and case.kind in TAKES["additional"]
    }  # fmt: skip
    known = _made_known(work)
    for programme in wanted.values():
        rule = programme.edition.get("DC-19", AdditionalSittingRule)
        due_at = end_of_day(rule.publish_by.of(programme.year), programme.edition.zone)
        yield Deadline("additional_notice", programme.title(language()), "/office/additional", "DC-19", due_at,
                       known.get(programme.id), programme.edition.zone.key)  # fmt: skip


def _made_known(work: Work) -> dict[int, datetime]:
    """Programme → when its first additional test was made known."""
    first: dict[int, datetime] = {}
    for each in additional_sittings(work):  # the newest first
        if each.kind == "additional":
            first[delivery.sitting_ref(work, each.sitting_id).programme_id] = each.published_at
    return first


def _terms(work: Work, found: list[CaseRef]) -> Iterator[Deadline]:
    """By when each candidate whose term was extended must have sat the test (CS-12)."""
    for case in found:
        if case.kind == "extension" and case.state in STANDS and case.extended_to is not None:
            zone = case.programme.edition.zone
            done_at = sat_at(work, case.next_registration_id) if case.next_registration_id is not None else None
            yield Deadline("extended_term", case.who.registration_no, f"/office/cases/{case.id}", "CS-12",
                           end_of_day(case.extended_to, zone), done_at, zone.key)  # fmt: skip
