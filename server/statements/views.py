"""What the pages after the appeals show, within the reader's circle: approval, notices, statements, attestation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from server import accounts, delivery
from server.accounts import signing
from server.appeals.ended import Ended, ended
from server.core.errors import NotFound
from server.core.i18n import language
from server.core.regulation import Ruling
from server.core.terms import end_of_day
from server.core.work import Work
from server.delivery import SittingRef
from server.grading.access import Circle, circle_of, require_session
from server.grading.lists import queries as lists
from server.grading.lists.queries import ListRef
from server.grading.lists.standing import Row
from server.grading.lists.views import find
from server.grading.rules import ChoiceSubjectRule, NotConfirmedRule, ResultsNoticeRule
from server.statements import queries
from server.statements.queries import ApprovalRef, CaseRef, StatementRef, Totals
from server.statements.said import rights
from server.statements.service import ADMISSION, APPROVAL, CHOICE
from server.statements.spared import Spared, spared

NOBODY = Totals(0, 0, 0, {})


@dataclass(frozen=True)
class Person:
    """A candidate with an approved result: who was told on which day, the statement, the way to attestation."""

    row: Row
    told: Mapping[str, date]
    statement: StatementRef | None
    case: CaseRef | None


@dataclass(frozen=True)
class Final:
    """The results of a sitting after its appeals, as an office may see them."""

    sitting: SittingRef
    circle: Circle
    newest: ListRef | None
    over: Ended
    approval: ApprovalRef | None
    approved_by: str
    may_approve: bool
    has_pin: bool
    totals: Totals
    people: tuple[Person, ...]
    recipients: Mapping[str, str]
    told_by_at: datetime | None
    notice: Ruling | None

    @property
    def told(self) -> Mapping[str, int]:
        """How many were told, by recipient."""
        return {code: self.totals.told[code][0] if code in self.totals.told else 0 for code in self.recipients}

    @property
    def all_told_on(self) -> date | None:
        """The day since which every recipient of everybody has been told."""
        is_done = self.totals.n and all(n == self.totals.n for n in self.told.values())
        return max(day for _n, day in self.totals.told.values()) if is_done else None


def final(work: Work, sitting_id: int, page: int = 1) -> Final:
    """The results after the appeals, those of the actor's circle alone; NotFound where none of them is theirs.

    Of the people there is one page."""
    sitting = delivery.sitting_ref(work, sitting_id)
    circle = circle_of(work, sitting.edition)
    given = queries.approval_of(work, sitting_id)
    totals = queries.totals(work, given, circle) if given else NOBODY
    if not circle.is_whole and not totals.n and (given or not _is_told(work, sitting_id, circle)):
        raise NotFound("not_found")
    rule = sitting.edition.get(APPROVAL, ResultsNoticeRule)
    own = accounts.organisation_of(work, circle.organisation_id)
    names = accounts.staff_names(work, [given.approved_by]) if given else {}
    over = ended(work, sitting_id)
    # The two weeks run from the end of the appeals, whether the ministry has approved by then or not.
    ended_at = given.appeals_ended_at if given else over.at
    return Final(
        sitting=sitting, circle=circle, newest=lists.newest(work, sitting_id), over=over,
        approval=given, approved_by=names.get(given.approved_by, "") if given else "",
        may_approve=rule.judge_approval(own.kind).allowed, has_pin=signing.has_pin(work, work.actor.id or 0),
        totals=totals, people=_people(work, given, find(work, given.list_id, circle, "", page)[0]) if given else (),
        recipients={each.code: each.title(language()) for each in rule.recipients},
        told_by_at=rule.last(ended_at) if ended_at else None,
        notice=_notice(work, rule, ended_at, totals) if ended_at else None,
    )  # fmt: skip


@dataclass(frozen=True)
class Attestation:
    """How one candidate goes on to attestation, and what may be chosen or must be handed in."""

    sitting: SittingRef
    person: Person
    choices: Mapping[str, str]
    papers: Mapping[str, str]
    clause: str
    spared: Spared | None


def attestation(work: Work, session_id: int) -> Attestation:
    """The page of one candidate within the actor's circle, once the result is approved."""
    session = delivery.session_ref(work, session_id)
    sitting = delivery.sitting_ref(work, session.sitting_id)
    require_session(work, sitting.edition, session)
    given = queries.approval_of(work, session.sitting_id)
    people = _people(work, given, lists.rows_with(work, given.list_id, [session_id])) if given else ()
    if not people:
        raise NotFound("not_found")
    (found,) = people
    edition, tongue = sitting.edition, language()
    exempt = rights(edition)["exempt"]
    subjects = edition.get(CHOICE, ChoiceSubjectRule).subjects
    return Attestation(
        sitting, found, {each.code: each.title(tongue) for each in subjects if each.code not in exempt},
        {each.code: each.title(tongue) for each in edition.get(ADMISSION, NotConfirmedRule).papers},
        edition.label(CHOICE if found.row.is_eligible else ADMISSION, tongue),
        spared(work, sitting, [found.row]).get(session_id),
    )  # fmt: skip


def choice_count(sitting: SittingRef) -> int:
    """How many subjects of choice a confirmed candidate still sits (DC-31)."""
    return sitting.edition.get(CHOICE, ChoiceSubjectRule).count


def _people(work: Work, given: ApprovalRef, rows: Sequence[Row]) -> tuple[Person, ...]:
    ids = [row.session_id for row in rows]
    told, made = queries.told(work, given.id, ids), queries.newest_of(work, ids)
    cases = queries.cases(work, given.id, ids)
    return tuple(
        Person(row, told.get(row.session_id, {}), made.get(row.session_id), cases.get(row.session_id)) for row in rows
    )


def _is_told(work: Work, sitting_id: int, circle: Circle) -> bool:
    """Whether a released list of the sitting has somebody of the circle."""
    released = lists.newest_released(work, sitting_id)
    return released is not None and lists.has_rows(work, released.id, circle)


def _notice(work: Work, rule: ResultsNoticeRule, ended_at: datetime, totals: Totals) -> Ruling:
    """Whether everybody was told in time: of each kind of recipient the last one counts."""
    done = {code: end_of_day(day, rule.zone) for code, (n, day) in totals.told.items() if n == totals.n}
    return rule.judge(ended_at, done, work.now)
