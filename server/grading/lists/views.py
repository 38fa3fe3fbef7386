"""What the pages and papers of result lists show, in the reader's language; whose rows, says the circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from server import accounts, delivery
from server.accounts.queries import staff_id_of
from server.accounts.signing import SignatureRef, signatures_under
from server.core.errors import NotFound
from server.core.i18n import language
from server.core.regulation import Ruling
from server.core.work import Work
from server.delivery import SittingRef
from server.grading import control, words
from server.grading.access import Circle, circle_of
from server.grading.lists import queries, service
from server.grading.lists.models import ResultRow
from server.grading.lists.queries import DeliveryRef, ListRef
from server.grading.lists.standing import Row
from server.grading.policy import Policy
from server.grading.queries import percent_text, short_reasons
from server.grading.rules import ResultsDeliveryRule

PAGE = 100
CHANGES_SHOWN = 200


@dataclass(frozen=True)
class Line:
    """A candidate on a list: percent and grade by subject, the decision with its reasons, or why there is none."""

    row: Row
    grades: Mapping[str, tuple[str, str]]
    reasons: tuple[str, ...]
    state: str
    hold: str


@dataclass(frozen=True)
class Change:
    """A candidate of whom a list says something else than the one before; None where they stood on no list."""

    before: Line | None
    after: Line


@dataclass(frozen=True)
class Delivered:
    """A department's part of a list: whose, how much, when, and who signed for it."""

    ref: DeliveryRef
    department: str
    received_by: str
    ruling: Ruling

    @property
    def is_late(self) -> bool:
        """Whether it was delivered after the term."""
        return not self.ruling.allowed


@dataclass(frozen=True)
class Shown:
    """A list as an office may see it, with everything about it but its rows."""

    ref: ListRef
    sitting: SittingRef
    policy: Policy
    circle: Circle
    signatures: tuple[SignatureRef, ...]
    needed: int
    deliveries: tuple[Delivered, ...]
    due_at: datetime
    is_newest: bool
    frozen_by: str
    released_by: str

    @property
    def signers(self) -> set[int | None]:
        """Who has signed it as it reads."""
        return {each.staff_id for each in self.signatures if each.is_valid}

    @property
    def may_sign(self) -> bool:
        """Whether it waits for signatures."""
        return self.circle.is_whole and self.is_newest and self.ref.released_at is None

    @property
    def may_release(self) -> bool:
        """Whether it bears the signatures it needs and waits to be released."""
        return self.may_sign and len(self.signers) >= self.needed

    @property
    def to_receive(self) -> DeliveryRef | None:
        """What the reader's own department has still to sign for."""
        own = [each.ref for each in self.deliveries if each.ref.department_id == self.circle.organisation_id]
        return next((each for each in own if each.received_at is None), None)


def shown(work: Work, list_id: int) -> Shown:
    """The list, if the actor's office may see it: outside the testing centre the newest released one alone."""
    ref = queries.list_ref(work, list_id)
    circle = circle_of(work, delivery.sitting_ref(work, ref.sitting_id).edition)
    if not circle.is_whole:
        released = queries.newest_released(work, ref.sitting_id)
        if released is None or released.id != list_id or not queries.has_rows(work, list_id, circle):
            raise NotFound("not_found")
    return _shown(work, ref, circle, _delivered(work, ref, circle))


def seen_by_candidate(work: Work, ref: ListRef) -> Shown:
    """A released list as papers for the candidate name it: nobody's rows, no department's receipt."""
    return _shown(work, ref, Circle("school", 0), ())


def _shown(work: Work, ref: ListRef, circle: Circle, deliveries: tuple[Delivered, ...]) -> Shown:
    sitting = delivery.sitting_ref(work, ref.sitting_id)
    rule = sitting.edition.get(service.CLAUSE, ResultsDeliveryRule)
    newest = queries.newest(work, ref.sitting_id)
    who = _names(work, (ref.frozen_by, ref.released_by or ""))
    return Shown(
        ref, sitting, Policy.of(sitting.edition), circle, signatures_under(work, service.document_of(ref)),
        rule.signatures, deliveries, rule.last(sitting.starts_at), newest is not None and newest.id == ref.id,
        who[ref.frozen_by], who[ref.released_by or ""],
    )  # fmt: skip


def lines(policy: Policy, rows: Iterable[Row]) -> list[Line]:
    """The rows as they are shown."""
    grades, states, holds = policy.grade_titles(language()), words.states(), words.holds()
    return [
        Line(
            row,
            {each["subject"]: (percent_text(Decimal(each["percent"])), grades[each["grade"]]) for each in row.grades},
            tuple(short_reasons(policy, {"facts": {"reasons": row.reasons}})), states[row.state],
            holds.get(row.hold, row.hold) if row.hold else "",
        )
        for row in rows
    ]  # fmt: skip


def find(work: Work, list_id: int, circle: Circle, q: str, page: int) -> tuple[list[Row], int]:
    """A page of the rows in the circle that a name or number finds, and how many there are."""
    wanted = and_(ResultRow.list_id == list_id, queries.within(circle))
    if q := q.strip():
        names = [ResultRow.name.contains(each, autoescape=True) for each in {q, q.casefold(), q.title(), q.upper()}]
        wanted = and_(wanted, or_(ResultRow.registration_no.icontains(q, autoescape=True), *names))
    n = work.db.execute(select(func.count()).select_from(ResultRow).where(wanted)).scalar_one()
    query = select(*queries.COLUMNS).where(wanted).order_by(ResultRow.registration_no, ResultRow.session_id)
    return [Row(*each) for each in work.db.execute(query.limit(PAGE).offset((page - 1) * PAGE))], n


def changes(work: Work, seen: Shown) -> tuple[list[Change], int]:
    """What the list says else than the one before it that its reader could see, and of how many."""
    before = _before(work, seen)
    if before is None:
        return [], 0
    old = aliased(ResultRow)
    query = (
        select(ResultRow.session_id)
        .outerjoin(old, and_(old.list_id == before, old.session_id == ResultRow.session_id))
        .where(ResultRow.list_id == seen.ref.id, queries.within(seen.circle))
        .where(or_(old.id.is_(None), old.fingerprint != ResultRow.fingerprint))
        .order_by(ResultRow.registration_no)
    )
    ids = list(work.db.execute(query).scalars())
    told = [{each.row.session_id: each for each in lines(seen.policy, queries.rows_with(work, n, ids[:CHANGES_SHOWN]))}
            for n in (before, seen.ref.id)]  # fmt: skip
    return [Change(told[0].get(each), told[1][each]) for each in ids[:CHANGES_SHOWN]], len(ids)


@dataclass(frozen=True)
class Overview:
    """The lists of a sitting, and what stands in the way of another."""

    sitting: SittingRef
    circle: Circle
    lists: Sequence[ListRef]
    control: Ruling
    due_at: datetime
    n_open: int


def overview(work: Work, sitting_id: int) -> Overview:
    """The lists of a sitting that the actor's office may see."""
    sitting = delivery.sitting_ref(work, sitting_id)
    circle = circle_of(work, sitting.edition)
    found = queries.lists_of(work, sitting_id)
    if not circle.is_whole:
        released = queries.newest_released(work, sitting_id)
        found = [released] if released and queries.has_rows(work, released.id, circle) else []
    rule = sitting.edition.get(service.CLAUSE, ResultsDeliveryRule)
    return Overview(sitting, circle, found, control.may_be_listed(work, sitting_id), rule.last(sitting.starts_at),
                    service.n_open(work, sitting_id))  # fmt: skip


def _before(work: Work, seen: Shown) -> int | None:
    if seen.circle.is_whole:
        return seen.ref.supersedes_id
    earlier = (each.id for each in queries.lists_of(work, seen.sitting.id)
               if each.released_at is not None and each.version < seen.ref.version)  # fmt: skip
    return next(earlier, None)


def _delivered(work: Work, ref: ListRef, circle: Circle) -> tuple[Delivered, ...]:
    """What the office may know of deliveries: all of this list, or the last of its own, of whichever list it was."""
    if circle.is_whole:
        found = queries.deliveries_of(work, ref.id)
    else:
        versions = [each.id for each in queries.lists_of(work, ref.sitting_id)]
        found = queries.deliveries_to(work, circle.organisation_id, versions)[-1:]
    staff = accounts.staff_names(work, [each.received_by for each in found if each.received_by])
    return tuple(
        Delivered(each, accounts.organisation_of(work, each.department_id).name(language()),
                  staff.get(each.received_by or 0, ""), Ruling.from_json(each.ruling))
        for each in found
    )  # fmt: skip


def _names(work: Work, labels: Iterable[str]) -> dict[str, str]:
    ids = {label: staff_id_of(label) for label in labels}
    names = accounts.staff_names(work, [each for each in ids.values() if each is not None])
    return {label: names.get(id_ or 0, label) for label, id_ in ids.items()}
