"""Cases are admitted or refused; hearings are called, opened by those who come, and ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from server import candidates
from server.appeals.cases import HEARABLE, keep_case
from server.appeals.commission import (
    CLAUSE,
    Commission,
    Seat,
    able,
    require_keeper,
    require_seat,
    rule_of,
)
from server.appeals.machine import APPEAL, HEARING
from server.appeals.models import AppealCommission, AppealHearing, AppealPresence
from server.appeals.sealing import place
from server.core.errors import Invalid, NotFound, Stale
from server.core.regulation import Edition
from server.core.work import Work

REASON_MIN, REASON_MAX, PLACE_MAX = 3, 500, 160
AROUND = timedelta(days=90)


def admit(work: Work, appeal_id: int, revision: int) -> None:
    """The case is admitted to a hearing."""
    case = keep_case(work, appeal_id)
    _unchanged(case.appeal.revision, revision)
    work.move(case.appeal, APPEAL, "admit")
    work.record("appeal:admitted", place(appeal_id), clause="DC-23")


def refuse(work: Work, appeal_id: int, revision: int, reason: str) -> None:
    """The case is not admitted; who appealed reads the reason."""
    case = keep_case(work, appeal_id)
    _unchanged(case.appeal.revision, revision)
    reason = " ".join(reason.split())
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid("appeal_reason", maximum=REASON_MAX)
    work.move(case.appeal, APPEAL, "refuse", reason=reason)
    work.record("appeal:refused", place(appeal_id), clause="DC-23", reason=reason)


def call(work: Work, programme_id: int, held_at: datetime, where: str) -> int:
    """The commission is called to a hearing at that hour; its id."""
    edition = candidates.programme_ref(work, programme_id).edition
    commission, _seat = require_keeper(work, programme_id, edition)
    where = " ".join(where.split())
    if not timedelta(0) <= held_at - work.now + timedelta(days=1) <= AROUND:
        raise Invalid("appeal_hearing_day", days=AROUND.days)
    if not 1 <= len(where) <= PLACE_MAX:
        raise Invalid("appeal_hearing_place", maximum=PLACE_MAX)
    row = AppealHearing(
        commission_id=commission.id, held_at=held_at, place=where, called_at=work.now, called_by=work.actor.label,
        state="called",
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id stands in the journal
    work.record("appeal_hearing:called", f"appeal_hearing:{row.id}", clause=CLAUSE, held_at=held_at.isoformat())
    return row.id


def put_on_agenda(work: Work, hearing_id: int, appeal_ids: Collection[int]) -> None:
    """These cases are heard there: admitted ones, and those that an earlier hearing left open."""
    hearing = find(work, hearing_id)
    programme_id = programme_of(work, hearing)
    # Before any case is looked for: whoever keeps none here is not told which there are.
    require_keeper(work, programme_id, candidates.programme_ref(work, programme_id).edition)
    if hearing.state == "over":
        raise Stale("not_in_state", machine=HEARING.name, verb="open", state=hearing.state)
    for appeal_id in sorted(set(appeal_ids)):
        case = keep_case(work, appeal_id)
        before = work.db.get(AppealHearing, case.appeal.hearing_id) if case.appeal.hearing_id else None
        is_free = before is None or before.state == "over" or case.appeal.state == "admitted"
        if case.sitting.programme_id != programme_id or case.appeal.state not in HEARABLE or not is_free:
            raise Invalid("appeal_not_hearable", case=case.number)
        case.appeal.hearing_id = hearing.id
        work.record("appeal:on_agenda", place(appeal_id), clause=CLAUSE, hearing=hearing.id)
    work.db.flush()  # the next command names its revision


def confirm_presence(work: Work, hearing_id: int) -> None:
    """The actor sits in the hearing, at their own sign-in; the first who come open it."""
    hearing = _lock(work, hearing_id)
    commission, _seat = seat_in(work, hearing)
    if hearing.state == "over":
        raise Stale("not_in_state", machine=HEARING.name, verb="open", state=hearing.state)
    if work.actor.id in present(work, hearing_id, commission):
        return
    if hearing.state == "called":
        work.move(hearing, HEARING, "open")
    work.db.add(AppealPresence(hearing_id=hearing_id, staff_id=work.actor.id, confirmed_at=work.now))
    work.db.flush()  # whoever votes next is judged by it
    work.record("appeal_hearing:present", f"appeal_hearing:{hearing_id}", clause=CLAUSE)


def end(work: Work, hearing_id: int) -> None:
    """Nobody votes in it any more; what it carried can be signed, what it left open goes to another hearing."""
    hearing = _lock(work, hearing_id)
    programme_id = programme_of(work, hearing)
    require_keeper(work, programme_id, candidates.programme_ref(work, programme_id).edition)
    work.move(hearing, HEARING, "end")
    work.record("appeal_hearing:ended", f"appeal_hearing:{hearing_id}", clause=CLAUSE)


def present(work: Work, hearing_id: int, commission: Commission) -> frozenset[int]:
    """Who confirmed that they sit in the hearing, sits in the commission still and holds the role."""
    query = select(AppealPresence.staff_id).where(AppealPresence.hearing_id == hearing_id)
    came = set(work.db.execute(query).scalars())
    return able(work, came & {each.staff_id for each in commission.seats})


def has_quorum(commission: Commission, edition: Edition, came: Collection[int]) -> bool:
    """Whether enough who may vote are there."""
    rule = rule_of(edition)
    return sum(each.staff_id in came and each.role in rule.voters for each in commission.seats) >= rule.quorum


def seat_in(work: Work, hearing: AppealHearing) -> tuple[Commission, Seat]:
    """The commission of a hearing as it stands now, and the actor's seat in it; others learn nothing of it."""
    return require_seat(work, programme_of(work, hearing))


def programme_of(work: Work, hearing: AppealHearing) -> int:
    """Whose commission sits in the hearing."""
    return work.db.get_one(AppealCommission, hearing.commission_id).programme_id


def find(work: Work, hearing_id: int) -> AppealHearing:
    """The hearing; NotFound if there is none."""
    hearing = work.db.get(AppealHearing, hearing_id)
    if hearing is None:
        raise NotFound("not_found")
    return hearing


def _lock(work: Work, hearing_id: int) -> AppealHearing:
    hearing = find(work, hearing_id)
    # Lock before reading: the first to come and the one who ends it, one after the other.
    work.db.refresh(hearing, with_for_update=True)
    return hearing


def _unchanged(revision: int, shown: int) -> None:
    if revision != shown:
        raise Stale("changed_meanwhile")
