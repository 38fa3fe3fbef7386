"""What is known of lists of results, their rows and deliveries; every row is asked for through a circle (CS-5)."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import aliased

from server.accounts.queries import departments_of
from server.core.errors import NotFound
from server.core.work import Work
from server.delivery import session_ref, sitting_ref
from server.grading.access import Circle
from server.grading.lists.models import DeliveryReceipt, DepartmentDelivery, Release, ResultList, ResultRow
from server.grading.lists.standing import Row
from server.grading.models import Eligibility, Grade

AT_ONCE = 1000
COLUMNS = (
    ResultRow.session_id, ResultRow.registration_id, ResultRow.centre_id, ResultRow.registration_no, ResultRow.name,
    ResultRow.school, ResultRow.state, ResultRow.grades, ResultRow.is_eligible, ResultRow.reasons, ResultRow.hold,
    ResultRow.fingerprint,
)  # fmt: skip


@dataclass(frozen=True)
class ListRef:
    """A version of the results of a sitting; `released_at` is None while nobody outside sees it."""

    id: int
    sitting_id: int
    version: int
    supersedes_id: int | None
    because: str
    digest: str
    n_rows: int
    n_graded: int
    n_held: int
    frozen_by: str
    frozen_at: datetime
    released_by: str | None
    released_at: datetime | None


@dataclass(frozen=True)
class DeliveryRef:
    """What a department was given of a released list, and when it signed for it."""

    id: int
    list_id: int
    department_id: int
    n_rows: int
    digest: str
    ruling: dict[str, Any]
    delivered_at: datetime
    received_by: int | None
    received_at: datetime | None


def list_ref(work: Work, list_id: int) -> ListRef:
    """The list; NotFound if there is none."""
    found = _lists(work, _query().where(ResultList.id == list_id))
    if not found:
        raise NotFound("not_found")
    return found[0]


def lists_of(work: Work, sitting_id: int) -> list[ListRef]:
    """Every version of the results of a sitting, the newest first."""
    return _lists(work, _query().where(ResultList.sitting_id == sitting_id))


def newest(work: Work, sitting_id: int) -> ListRef | None:
    """The newest version, released or not."""
    return next(iter(lists_of(work, sitting_id)), None)


def newest_released(work: Work, sitting_id: int) -> ListRef | None:
    """The version that everybody outside goes by."""
    return next((each for each in lists_of(work, sitting_id) if each.released_at is not None), None)


def released_sittings(work: Work) -> list[int]:
    """The sittings of which a list was released, the newest release first."""
    newest = select(Release.sitting_id).order_by(Release.id.desc())
    return list(dict.fromkeys(work.db.scalars(newest)))


def rows_of(work: Work, list_id: int, circle: Circle | None = None) -> list[Row]:
    """The rows of a list within a circle, by registration number; None is for the product's own counting alone."""
    # None of it is garbage: half a million new objects would be looked through by the collector again and again.
    gc.disable()
    try:
        return list(each_row(work, list_id, circle))
    finally:
        gc.enable()


def each_row(work: Work, list_id: int, circle: Circle | None = None) -> Iterator[Row]:
    """The same one after the other, for whoever keeps none of them."""
    query = select(*COLUMNS).where(ResultRow.list_id == list_id, within(circle))
    rows = work.db.execute(query.order_by(ResultRow.registration_no, ResultRow.session_id))
    return itertools.starmap(Row, rows.yield_per(AT_ONCE))


def rows_with(work: Work, list_id: int, session_ids: Sequence[int]) -> list[Row]:
    """The rows of these sessions on a list; whoever asks has found them through a circle."""
    query = select(*COLUMNS).where(ResultRow.list_id == list_id, ResultRow.session_id.in_(session_ids))
    return [Row(*row) for row in work.db.execute(query.order_by(ResultRow.registration_no))]


def has_rows(work: Work, list_id: int, circle: Circle) -> bool:
    """Whether any row of the list lies in the circle."""
    query = select(ResultRow.id).where(ResultRow.list_id == list_id, within(circle)).limit(1)
    return work.db.execute(query).first() is not None


def tells_anew(work: Work, list_id: int, before_id: int) -> bool:
    """Whether somebody is decided on in the list of whom the one before it says nothing yet."""
    before = aliased(ResultRow)
    same = (before.list_id == before_id) & (before.session_id == ResultRow.session_id)
    query = select(ResultRow.id).outerjoin(before, same & before.is_eligible.is_not(None)).limit(1)
    found = query.where(ResultRow.list_id == list_id, ResultRow.is_eligible.is_not(None), before.id.is_(None))
    return work.db.execute(found).first() is not None


def within(circle: Circle | None) -> ColumnElement[bool]:
    """That a row lies in the circle."""
    if circle is None or circle.is_whole:
        return true()
    return ResultRow.centre_id.in_(circle.centres) | ResultRow.registration_id.in_(circle.registrations)


def released_row(work: Work, session_id: int) -> Row | None:
    """The candidate's row of the newest released list; None before there is one."""
    released = newest_released(work, session_ref(work, session_id).sitting_id)
    return _row(work, released.id, session_id) if released else None


def received_at(work: Work, session_id: int) -> datetime | None:
    """When the candidate's result was received as it now stands; None until then (DC-25).

    The receipt of the department, of the first of the unbroken run of released lists that say the same; where no
    department stands between, their release; where a sitting is released at once, the giving of the grades."""
    session = session_ref(work, session_id)
    if sitting_ref(work, session.sitting_id).is_released_at_once:
        return _shown_at(work, session_id)
    told = _told_by(work, session.sitting_id, session_id)
    if not told:
        return None
    department = departments_of(work, [session.centre_id]).get(session.centre_id)
    if department is None:
        return min(each.released_at for each in told if each.released_at is not None)
    receipts = [
        each.received_at for each in deliveries_to(work, department, [each.id for each in told]) if each.received_at
    ]
    return min(receipts, default=None)


def deliveries_of(work: Work, list_id: int) -> list[DeliveryRef]:
    """What each department was given of a list."""
    return _deliveries(work, DepartmentDelivery.list_id == list_id)


def deliveries_to(work: Work, department_id: int, list_ids: Iterable[int]) -> list[DeliveryRef]:
    """What one department was given of these lists, the oldest first."""
    wanted = DepartmentDelivery.list_id.in_(list(list_ids))
    return _deliveries(work, wanted & (DepartmentDelivery.department_id == department_id))


def _told_by(work: Work, sitting_id: int, session_id: int) -> list[ListRef]:
    """The released lists since when the candidate's row has said, unbroken, what it says now; none without a result."""
    told: list[ListRef] = []
    now: Row | None = None
    for each in lists_of(work, sitting_id):
        row = _row(work, each.id, session_id) if each.released_at is not None else None
        if each.released_at is None:
            continue
        now = now or row
        if row is None or now is None or row.is_eligible is None or row.fingerprint != now.fingerprint:
            break
        told.append(each)
    return told


def _shown_at(work: Work, session_id: int) -> datetime | None:
    decided = select(Eligibility.made_at).where(Eligibility.session_id == session_id)
    graded = select(Grade.made_at).where(Grade.session_id == session_id)
    if work.db.execute(decided).first() is None:
        return None
    return max(work.db.execute(decided.union_all(graded)).scalars())


def _row(work: Work, list_id: int, session_id: int) -> Row | None:
    query = select(*COLUMNS).where(ResultRow.list_id == list_id, ResultRow.session_id == session_id)
    row = work.db.execute(query).one_or_none()
    return None if row is None else Row(*row)


def _query() -> Select[ResultList, Release]:
    return select(ResultList, Release).outerjoin(Release, Release.list_id == ResultList.id)


def _lists(work: Work, query: Select[ResultList, Release]) -> list[ListRef]:
    return [
        ListRef(
            row.id, row.sitting_id, row.version, row.supersedes_id, row.because, row.digest, row.n_rows, row.n_graded,
            row.n_held, row.frozen_by, row.frozen_at, release.released_by if release else None,
            release.released_at if release else None,
        )
        for row, release in work.db.execute(query.order_by(ResultList.version.desc()))
    ]  # fmt: skip


def _deliveries(work: Work, wanted: ColumnElement[bool]) -> list[DeliveryRef]:
    query = select(DepartmentDelivery, DeliveryReceipt).where(wanted).order_by(DepartmentDelivery.id)
    joined = query.outerjoin(DeliveryReceipt, DeliveryReceipt.delivery_id == DepartmentDelivery.id)
    return [
        DeliveryRef(row.id, row.list_id, row.department_id, row.n_rows, row.digest, row.ruling, row.delivered_at,
                    receipt.received_by if receipt else None, receipt.received_at if receipt else None)
        for row, receipt in work.db.execute(joined)
    ]  # fmt: skip
