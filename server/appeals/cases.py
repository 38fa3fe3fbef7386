"""A case for its commission: who may open it, under which code, and the outline of the task it is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server import delivery
from server.appeals.commission import Commission, Seat, require_keeper, require_seat, rule_of
from server.appeals.filing import find
from server.appeals.interests import interests_among
from server.appeals.models import Appeal, AppealDecision, AppealHearing, AppealTask
from server.appeals.rules import AppealTermsRule
from server.core.db import batches
from server.core.errors import NotFound
from server.core.regulation import Edition
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.queries import work_code_of

TERMS = "DC-28.terms"
HEARABLE = ("admitted", "heard")


@dataclass(frozen=True)
class Case:
    """A case with its sitting, its commission as it stands now, and the actor's seat in it."""

    appeal: Appeal
    sitting: SittingRef
    commission: Commission
    seat: Seat

    @property
    def number(self) -> str:
        """The number of the case on screens and papers."""
        return number_of(self.appeal.id)


@dataclass(frozen=True)
class OpenCase(Case):
    """A case for one who has to do with it, with whom of the commission an interest keeps from that."""

    aside: Mapping[int, frozenset[str]]

    def judge_member(self, staff_id: int) -> Ruling:
        """Whether that member may have to do with the case."""
        return rule_of(self.sitting.edition).judge_member(self.aside.get(staff_id, frozenset()))


def number_of(appeal_id: int) -> str:
    """The number of a case on screens and papers."""
    return f"A-{appeal_id:05d}"


def code_of(work: Work, appeal: Appeal) -> str:
    """The code under which the commission reads the work; no name stands behind it on any page (CS-14.2)."""
    return work_code_of(work, appeal.session_id)


def sitting_of(work: Work, appeal: Appeal) -> SittingRef:
    """The sitting whose edition judges the case."""
    return delivery.sitting_ref(work, appeal.sitting_id)


def open_case(work: Work, appeal_id: int, *, to_change: bool = False) -> OpenCase:
    """The case for a member of its commission; who has an interest in it is refused (DC-24)."""
    case = listed(work, appeal_id, to_change=to_change)
    members = [seat.staff_id for seat in case.commission.seats]
    opened = OpenCase(**vars(case), aside=interests_among(work, [case.appeal], [case.sitting], members)[appeal_id])
    opened.judge_member(case.seat.staff_id).or_refuse()
    return opened


def keep_case(work: Work, appeal_id: int) -> OpenCase:
    """The case, locked, for one who keeps the commission's cases and has no interest in it."""
    case = open_case(work, appeal_id, to_change=True)
    require_keeper(work, case.sitting.programme_id, case.sitting.edition)
    return case


def listed(work: Work, appeal_id: int, *, to_change: bool = False) -> Case:
    """The case as a member may know that it is there, whatever their interests."""
    (found,) = listed_among(work, [find(work, appeal_id, to_change=to_change)])
    return found


def listed_among(work: Work, appeals: Collection[Appeal]) -> list[Case]:
    """The same of many at once."""
    sittings = {each: delivery.sitting_ref(work, each) for each in {appeal.sitting_id for appeal in appeals}}
    seats = {each: require_seat(work, each) for each in {sitting.programme_id for sitting in sittings.values()}}
    return [
        Case(appeal, sittings[appeal.sitting_id], *seats[sittings[appeal.sitting_id].programme_id])
        for appeal in appeals
    ]


def hearing_of(work: Work, appeal: Appeal) -> AppealHearing:
    """The hearing the case is on; NotFound while there is none."""
    hearing = work.db.get(AppealHearing, appeal.hearing_id) if appeal.hearing_id else None
    if hearing is None:
        raise NotFound("not_found")
    return hearing


def ahead_of(work: Work, appeals: Collection[Appeal]) -> dict[int, AppealHearing]:
    """The hearing that each of these cases is on, of those that are not decided and whose hearing is not over."""
    waiting = {each.id: each.hearing_id for each in appeals if each.hearing_id and each.state in HEARABLE}
    found = {
        row.id: row
        for some in batches(set(waiting.values()))
        for row in work.db.scalars(select(AppealHearing).where(AppealHearing.id.in_(some)))
        if row.state != "over"
    }
    return {appeal_id: found[hearing_id] for appeal_id, hearing_id in waiting.items() if hearing_id in found}


def tasks_of(work: Work, appeal_id: int) -> list[AppealTask]:
    """The tasks that the appeal names, by number."""
    query = select(AppealTask).where(AppealTask.appeal_id == appeal_id).order_by(AppealTask.seq)
    return list(work.db.scalars(query))


def decision_of(work: Work, appeal_id: int) -> AppealDecision | None:
    """The decision, once there is one."""
    query = select(AppealDecision).where(AppealDecision.appeal_id == appeal_id)
    return work.db.execute(query).scalar_one_or_none()


def decided_among(work: Work, appeal_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these cases was decided, of those that are."""
    found = select(AppealDecision.appeal_id, AppealDecision.decided_at)
    return {appeal_id: at for some in batches(appeal_ids)
            for appeal_id, at in work.db.execute(found.where(AppealDecision.appeal_id.in_(some)))}  # fmt: skip


def due_at(edition: Edition, appeal: Appeal, decided: Mapping[int, datetime]) -> datetime | None:
    """The limit of what the case awaits next (DC-28)."""
    return edition.get(TERMS, AppealTermsRule).due(appeal.state, appeal.filed_at, decided.get(appeal.id))
