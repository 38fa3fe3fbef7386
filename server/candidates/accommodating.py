"""Decisions that a candidate sits the test under a condition (DC-12): recorded, replaced, withdrawn, read.
What they do to clocks and pages is delivery's and the rooms'."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from server import accounts
from server.candidates.models import Accommodation, AdmissionList, Programme, Registration
from server.candidates.rules import AccommodationKind, AccommodationRule
from server.core.db import batches
from server.core.errors import Invalid, NotFound, Stale
from server.core.i18n import language
from server.core.regulation import Edition, Ruling, load_edition
from server.core.terms import find, local_day
from server.core.work import Work

CLAUSE = "DC-12.accommodations"
LIMITS = {"order_number": 60, "evidence": 300, "decided_by": 120}
PLAIN_PERCENT = 100


@dataclass(frozen=True)
class NewDecision:
    """What is recorded of a decision."""

    registration_no: str
    kind: str
    extent: int
    order_number: str
    evidence: str
    decided_by: str
    decided_on: date


@dataclass(frozen=True)
class AccommodationRef:
    """A condition in force, in the reader's language; `extent` is percent, minutes, or 0 where it has no measure."""

    id: int
    registration_id: int
    kind: str
    effect: str
    title: str
    extent: int
    order_number: str
    evidence: str
    decided_by: str
    decided_on: date
    recorded_at: datetime

    @property
    def words(self) -> str:
        """The condition with its measure."""
        unit = {"extra_percent": " +%s %%", "break_minutes": " %s′", "text_percent": " %s %%"}.get(self.effect)
        return self.title + (unit % self.extent if unit else "")


_LATER = aliased(Accommodation)
# Built once: every page of a candidate asks it.
IN_FORCE = (
    select(Accommodation, Programme)
    .join(Registration, Registration.id == Accommodation.registration_id)
    .join(Programme, Programme.id == Registration.programme_id)
    .outerjoin(_LATER, _LATER.supersedes_id == Accommodation.id)
    .where(Accommodation.registration_id.in_(bindparam("registrations", expanding=True)))
    .where(_LATER.id.is_(None), ~Accommodation.is_withdrawn)
    .order_by(Accommodation.id)
)


@dataclass(frozen=True)
class Needs:
    """What the conditions of one candidate come to."""

    extra_percent: int = 0
    break_s: int = 0
    text_percent: int = PLAIN_PERCENT
    is_alone: bool = False
    has_transcript: bool = False

    def extra_s(self, limit_s: int) -> int:
        """The seconds above a limit, a started one counting whole."""
        return -(-limit_s * self.extra_percent // PLAIN_PERCENT)


def needs_of(conditions: Iterable[AccommodationRef]) -> Needs:
    """What these conditions come to together."""
    most: dict[str, int] = {}
    for each in conditions:
        most[each.effect] = max(most.get(each.effect, 0), each.extent)
    return Needs(
        extra_percent=most.get("extra_percent", 0),
        break_s=most.get("break_minutes", 0) * 60,
        text_percent=max(PLAIN_PERCENT, most.get("text_percent", 0)),
        is_alone="separate_room" in most,
        has_transcript="transcript" in most,
    )


def accommodations(work: Work, registration_ids: Collection[int]) -> dict[int, tuple[AccommodationRef, ...]]:
    """The conditions in force of each of these registrations, in the order they were recorded."""
    found: dict[int, list[AccommodationRef]] = {each: [] for each in registration_ids}
    for some in batches(found):
        for row, programme in work.db.execute(IN_FORCE, {"registrations": some}):
            found[row.registration_id].append(_reference(row, _edition(programme)))
    return {each: tuple(refs) for each, refs in found.items()}


def in_force(work: Work) -> list[AccommodationRef]:
    """Every condition in force that the actor's office oversees, the newest first."""
    rows = work.db.execute(
        select(Registration.id, AdmissionList.centre_id)
        .join(AdmissionList, AdmissionList.id == Registration.admission_list_id)
        .where(Registration.id.in_(select(Accommodation.registration_id)))
    ).all()
    seen = {centre: accounts.oversees(work, centre) for centre in {row.centre_id for row in rows}}
    held = accommodations(work, [row.id for row in rows if seen[row.centre_id]])
    return sorted((ref for refs in held.values() for ref in refs), key=lambda ref: -ref.id)


def needs(work: Work, registration_id: int) -> Needs:
    """What the conditions in force of one registration come to."""
    return needs_of(accommodations(work, [registration_id])[registration_id])


def kinds(work: Work, programme_id: int) -> tuple[AccommodationKind, ...]:
    """The conditions that the programme's edition knows."""
    return _rule(_edition(work.db.get_one(Programme, programme_id))).kinds


def record_accommodation(work: Work, new: NewDecision) -> Ruling:
    """The candidate has the condition; one of the same kind that was in force before is superseded."""
    registration, edition = _registered(work, new.registration_no)
    fields = {name: " ".join(getattr(new, name).split()) for name in LIMITS}
    ruling = _rule(edition).judge(new.kind, new.extent, fields["order_number"], fields["evidence"]).or_refuse()
    if not fields["decided_by"] or any(len(text) > LIMITS[name] for name, text in fields.items()):
        raise Invalid("accommodation_malformed")
    if new.decided_on > local_day(work.now, edition.zone):
        raise Invalid("accommodation_in_future")
    before = next((r for r in accommodations(work, [registration.id])[registration.id] if r.kind == new.kind), None)
    _add(work, registration.id, ruling, fields, kind=new.kind, effect=str(ruling.facts["effect"]),
         extent=new.extent, decided_on=new.decided_on, supersedes_id=before.id if before else None)
    work.record("accommodation:recorded", f"registration:{registration.id}", clause=ruling.clause, kind=new.kind,
                extent=new.extent, supersedes=before.id if before else None, **fields)
    return ruling


def withdraw_accommodation(work: Work, accommodation_id: int, order_number: str, reason: str) -> int:
    """The condition is in force no longer, by another order and for a reason, which stands in place of the evidence;
    the decision stays on record. The registration it was about."""
    row = work.db.get(Accommodation, accommodation_id)
    if row is None:
        raise NotFound("not_found")
    registration, edition = _registered(work, work.db.get_one(Registration, row.registration_id).registration_no)
    if row.id not in {each.id for each in accommodations(work, [registration.id])[registration.id]}:
        raise Stale("changed_meanwhile")
    fields = {"order_number": " ".join(order_number.split()), "evidence": " ".join(reason.split()),
              "decided_by": row.decided_by}  # fmt: skip
    if not all(fields.values()) or any(len(text) > LIMITS[name] for name, text in fields.items()):
        raise Invalid("condition_withdrawal_malformed", maximum=LIMITS["evidence"])
    ruling = _rule(edition).judge(row.kind, row.extent, fields["order_number"], fields["evidence"]).or_refuse()
    _add(work, registration.id, ruling, fields, kind=row.kind, effect=row.effect, extent=row.extent,
         decided_on=row.decided_on, supersedes_id=row.id, is_withdrawn=True)
    work.record("accommodation:withdrawn", f"registration:{registration.id}", clause=ruling.clause, kind=row.kind,
                order=fields["order_number"], reason=fields["evidence"], withdrawn=row.id)
    return registration.id


def _add(work: Work, registration_id: int, ruling: Ruling, fields: dict[str, str], **values: object) -> None:
    work.db.add(Accommodation(registration_id=registration_id, ruling=ruling.to_json(), recorded_by=work.actor.id,
                              recorded_at=work.now, **fields, **values))  # fmt: skip
    work.db.flush()  # what is in force is read back by queries


def _registered(work: Work, number: str) -> tuple[Registration, Edition]:
    # Lock before reading: of two decisions at once, the second must see and supersede the first.
    row = work.db.execute(
        select(Registration).where(Registration.registration_no == number.strip().upper()).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound("registration_unknown")
    centre = work.db.get_one(AdmissionList, row.admission_list_id).centre_id
    if work.actor.organisation_id is not None and not accounts.oversees(work, centre):
        raise NotFound("registration_unknown")  # nor may other offices learn that there is one
    return row, _edition(work.db.get_one(Programme, row.programme_id))


def _edition(programme: Programme) -> Edition:
    return load_edition(programme.edition_code, programme.edition_version, digest=programme.edition_digest)


def _rule(edition: Edition) -> AccommodationRule:
    return edition.get(CLAUSE, AccommodationRule)


def _reference(row: Accommodation, edition: Edition) -> AccommodationRef:
    kind = find(_rule(edition).kinds, row.kind)
    return AccommodationRef(
        row.id, row.registration_id, row.kind, row.effect, kind.title(language()) if kind else row.kind, row.extent,
        row.order_number, row.evidence, row.decided_by, row.decided_on, row.recorded_at,
    )
