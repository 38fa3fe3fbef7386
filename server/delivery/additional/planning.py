"""Additional tests and repeats are planned by the office, and those whose case was granted get a place in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, cast, get_args

from sqlalchemy import select

from server import accounts
from server.candidates import cases, queries
from server.candidates.cases.queries import CaseRef
from server.candidates.rules import AdditionalSittingRule
from server.core.errors import Denied, Invalid, NotFound, Refused, Stale
from server.core.regulation import Edition
from server.core.ruling import Ruling
from server.core.terms import local_day
from server.core.work import Work
from server.delivery.additional.models import AdditionalSitting
from server.delivery.machine import OVER
from server.delivery.models import ExamSession, Sitting
from server.delivery.rules import SessionOrderRule, StartRule
from server.delivery.seb.check import Policy
from server.delivery.service.planning import NewSitting, prepare_session, publish_sitting

Kind = Literal["additional", "repeat"]
TAKES: Mapping[Kind, tuple[str, ...]] = {"additional": ("make_up", "extension"), "repeat": ("repeat",)}
CLAUSES: Mapping[Kind, str] = {"additional": "DC-18", "repeat": "CS-18"}
NUMBER_MAX, BECAUSE_MAX = 60, 300


@dataclass(frozen=True)
class NewAdditional:
    """What it takes to make an additional test or a repeat known: day and order, the pools, one centre or none.

    `late_because` says why it is late, where it is."""

    kind: Kind
    programme_id: int
    held_on: date
    order_no: str
    ordered_on: date
    pools: Mapping[str, int]
    centre_id: int | None
    late_because: str = ""


def plan_additional(work: Work, new: NewAdditional) -> int:
    """The sitting stands and is made known; that it was late, and why, stays on record (DC-19). Its id."""
    _whole_country(work)
    programme = queries.programme_ref(work, new.programme_id)
    edition, order = programme.edition, " ".join(new.order_no.split())
    if new.kind not in TAKES or not 0 < len(order) <= NUMBER_MAX or set(new.pools) - set(programme.subjects):
        raise Invalid("additional_malformed")
    today = local_day(work.now, edition.zone)
    if new.ordered_on > today or new.held_on <= today:
        raise Invalid("additional_day")
    if new.centre_id is not None and accounts.organisation_of(work, new.centre_id).kind != "centre":
        raise Invalid("additional_malformed")
    because = " ".join(new.late_because.split())[:BECAUSE_MAX]
    ruling = _notice(edition, new, order, work.now)
    if not ruling.allowed and not because:
        raise Refused.by(ruling)
    sitting_id = publish_sitting(
        work,
        NewSitting(
            programme_id=new.programme_id, edition=edition, titles=edition.clauses[CLAUSES[new.kind]].title,
            starts_at=_starts_at(edition, new.held_on), order_no=order, pools=new.pools,
            seb_policy=_as_before(work, new.programme_id),
        ),
    )  # fmt: skip
    work.db.add(
        AdditionalSitting(
            sitting_id=sitting_id, kind=new.kind, ordered_on=new.ordered_on, centre_id=new.centre_id,
            late_because="" if ruling.allowed else because,
            ruling=ruling.to_json(), published_by=work.actor.label, published_at=work.now,
        )
    )  # fmt: skip
    work.record("sitting:additional", f"sitting:{sitting_id}", clause=ruling.clause, kind=new.kind,
                ruling=ruling.to_json())  # fmt: skip
    return sitting_id


def assign(work: Work, sitting_id: int, case_id: int) -> int:
    """The candidate of a granted case is registered once more and expected in the sitting; their session's id.

    Refused while another test of theirs is not over, after the day to which their term was extended, and where the
    pools hold too little that they have not met."""
    _whole_country(work)
    row = _additional(work, sitting_id)
    sitting = work.db.get_one(Sitting, sitting_id)
    case = cases.queries.case_ref(work, case_id)
    if case.programme.id != sitting.programme_id or case.kind not in TAKES[_kind(row)]:
        raise Invalid("case_of_other_sitting")
    if sitting.starts_at <= work.now:
        raise Stale("sitting_has_begun")
    held_on = local_day(sitting.starts_at, case.programme.edition.zone)
    if case.extended_to is not None and held_on > case.extended_to:
        raise Invalid("case_term_over", day=case.extended_to)
    _nothing_open(work, case)
    registration_id = cases.register_attempt(work, case_id)
    centre_id = row.centre_id or queries.centre_of(work, case.who.id)
    session_id = prepare_session(work, sitting_id, registration_id, centre_id)
    work.record("sitting:assigned", f"session:{session_id}", clause=CLAUSES[_kind(row)], case=case_id)
    return session_id


def _notice(edition: Edition, new: NewAdditional, order: str, now: datetime) -> Ruling:
    """Whether the notice is in time; a repeat has no day of its own, but an order."""
    if new.kind == "repeat":
        return edition.get("CS-7", SessionOrderRule).judge(order).or_refuse()
    rule = edition.get("DC-19", AdditionalSittingRule)
    ruling = rule.judge(new.held_on, order, now, now)
    return ruling if ruling.code == "published_late" else ruling.or_refuse()


def _starts_at(edition: Edition, day: date) -> datetime:
    """The hour that the edition names, on that day."""
    hour = edition.get("DC-11", StartRule).start
    return datetime.combine(day, hour, tzinfo=edition.zone).astimezone(UTC)


def _as_before(work: Work, programme_id: int) -> Policy:
    """The browser that the programme's last sitting asked for: a way round it would be no test."""
    found = select(Sitting.seb_policy).where(Sitting.programme_id == programme_id).order_by(Sitting.id.desc())
    known = work.db.execute(found.limit(1)).scalar_one_or_none()
    return cast(Policy, known) if known in get_args(Policy) else "off"


def _additional(work: Work, sitting_id: int) -> AdditionalSitting:
    found = select(AdditionalSitting).where(AdditionalSitting.sitting_id == sitting_id)
    row = work.db.execute(found).scalar_one_or_none()
    if row is None:
        raise NotFound("not_found")
    return row


def _kind(row: AdditionalSitting) -> Kind:
    return "repeat" if row.kind == "repeat" else "additional"


def _nothing_open(work: Work, case: CaseRef) -> None:
    mine = queries.registrations_of_person(work, case.who.id)
    found = select(ExamSession.id).where(ExamSession.registration_id.in_(mine), ExamSession.state.not_in(OVER))
    if work.db.execute(found).first() is not None:
        raise Stale("other_test_open")


def _whole_country(work: Work) -> None:
    if accounts.organisation_of(work, work.actor.organisation_id or 0).kind not in accounts.WHOLE_COUNTRY:
        raise Denied("not_allowed")
