"""Until when appeals may be filed, and by when each is admitted, decided, told and listed (DC-25, DC-28)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from server import delivery
from server.appeals.cases import TERMS, decided_among
from server.appeals.ended import WINDOW, ended
from server.appeals.office import OwnCase, cases_of_office, sittings_with_appeals
from server.appeals.rules import AppealTermsRule
from server.candidates.queries import programmes
from server.core.deadlines import Deadline
from server.core.errors import CatError
from server.core.i18n import language
from server.core.machine import moves_of
from server.core.work import Work
from server.delivery import SittingRef
from server.grading import access
from server.grading.lists import queries as lists

PATH = "/office/appeals"


def deadlines(work: Work) -> list[Deadline]:
    """Every stage of the appeals that concern the actor's office, and the window of each sitting it may appeal in."""
    found = cases_of_office(work, programmes(work))
    return [*_windows(work), *_stages(work, found), *_lists(work, found)]


def _windows(work: Work) -> Iterator[Deadline]:
    """The last moment to appeal, where every department has signed for its results."""
    for sitting_id in lists.released_sittings(work):
        sitting, newest = delivery.sitting_ref(work, sitting_id), lists.newest_released(work, sitting_id)
        until = ended(work, sitting_id).until
        try:
            is_ours = newest is not None and lists.has_rows(work, newest.id, access.circle_of(work, sitting.edition))
        except CatError:  # third parties of that edition
            continue
        if until is not None and is_ours:
            over = until if work.now > until else None
            yield Deadline("appeal_window", sitting.titles[language()], PATH, WINDOW, until, over, sitting.zone)


def _stages(work: Work, found: Sequence[OwnCase]) -> Iterator[Deadline]:
    """Admitted or refused, decided, told: each stage that a case has come to, or that is awaited next."""
    ids = [each.id for each in found]
    moved = {(move.row_id, move.verb): move.at for move in moves_of(work.db, "appeal", ids)}
    decided = decided_among(work, ids)
    for case in found:
        if case.state == "withdrawn":
            continue
        sitting = delivery.sitting_ref(work, case.sitting_id)
        rule = sitting.edition.get(TERMS, AppealTermsRule)
        admitted = moved.get((case.id, "admit"))
        yield _stage(case, sitting, "appeal_admitted", rule.last("admit", case.filed_at),
                     admitted or moved.get((case.id, "refuse")))  # fmt: skip
        if admitted is not None:
            yield _stage(case, sitting, "appeal_decided", rule.last("decide", case.filed_at), decided.get(case.id))
        if case.id in decided:
            told = case.notice.told_at if case.notice else None
            yield _stage(case, sitting, "appeal_told", rule.last("tell", decided[case.id]), told)


def _lists(work: Work, found: Sequence[OwnCase]) -> Iterator[Deadline]:
    """The final list of a sitting, once nothing in it is open any more."""
    for row in sittings_with_appeals(work, found):
        told = [case.notice.told_at for case in found if case.sitting_id == row.sitting.id and case.notice]
        over = ended(work, row.sitting.id)
        if row.n_open or not told or over.waits_for in ("receipts", "window"):
            continue
        rule = row.sitting.edition.get(TERMS, AppealTermsRule)
        began = max([*told, *([over.until] if over.until else [])])
        yield Deadline("appeal_list", row.sitting.titles[language()], PATH, TERMS, rule.last("final_list", began),
                       row.final.issued_at if row.final else None, row.sitting.zone)  # fmt: skip


def _stage(case: OwnCase, sitting: SittingRef, kind: str, due_at: datetime, done_at: datetime | None) -> Deadline:
    subject = f"{case.number}, {case.registration_no}"
    return Deadline(kind, subject, f"{PATH}?q={case.number}", TERMS, due_at, done_at, sitting.zone)
