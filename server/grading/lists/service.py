"""Commands on lists of results: frozen, signed by two of the office, released, delivered and received (DC-22).
A list is only ever followed by another: none of these changes what one says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from server import accounts, delivery
from server.accounts.queries import departments_of, still_hold
from server.accounts.signing import Document, PinAttempt, sign, signatures_under
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.roles import Role
from server.core.ruling import Json
from server.core.work import Work
from server.delivery.rolls import states_of
from server.grading import control, head
from server.grading.lists import queries
from server.grading.lists.models import DeliveryReceipt, DepartmentDelivery, Release, ResultList, ResultRow
from server.grading.lists.queries import DeliveryRef, ListRef
from server.grading.lists.standing import Basis, Row, basis_of, digest_of_rows, fingerprint_of, standing_rows
from server.grading.rules import ResultsDeliveryRule

CLAUSE = "DC-22"
FINISHED = ("submitted", "removed", "absent")
BECAUSE_MIN, BECAUSE_MAX = 3, 300
AT_ONCE = 2000  # rows of one statement
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Standing:
    """The results of a sitting as they stood at an instant: rows as a list has them, their digest, and their basis."""

    sitting_id: int
    at: datetime
    rows: Sequence[Row]
    digest: str
    basis: Basis


@dataclass(frozen=True)
class Part:
    """What a department is given of a list; `is_first` where somebody on it has a result for the first time."""

    department_id: int
    n_rows: int
    digest: str
    is_first: bool


@dataclass(frozen=True)
class Parts:
    """What each department is given of a list, as what stood then has it."""

    each: Sequence[Part]
    basis: Basis


def freeze(work: Work, sitting_id: int, *, because: str) -> int:
    """The results of the sitting, as they stand, are a list; the newest one itself if nothing has changed since."""
    because = reasoned(because)
    return keep(work, standing(work, sitting_id), because, work.actor.label)


def reasoned(because: str) -> str:
    """Why a list is made, as it stands on it."""
    because = " ".join(because.split())
    if not BECAUSE_MIN <= len(because) <= BECAUSE_MAX:
        raise Invalid("list_without_reason", maximum=BECAUSE_MAX)
    return because


def standing(work: Work, sitting_id: int, tell: Tell = lambda done, total: None) -> Standing:
    """What a list frozen now says; refused while something is missing."""
    basis = basis_of(work, sitting_id)
    roll, rows = basis.roll, list[Row]()
    open_ones = sum(each.state not in FINISHED for each in roll)
    if open_ones or not roll:
        raise Stale("sitting_not_over", n=open_ones)
    for at in range(0, len(roll), AT_ONCE):
        tell(at, len(roll))
        rows += standing_rows(work, roll[at : at + AT_ONCE], basis.held)
    waiting = sum(not row.is_settled for row in rows)
    if waiting:
        raise Stale("grades_missing", n=waiting)
    return Standing(sitting_id, work.now, rows, digest_of_rows(sitting_id, rows), basis)


def keep(work: Work, found: Standing, because: str, by: str) -> int:
    """The list of these results, frozen by whoever asked; Stale if they, or the lists, changed after they were read."""
    # Lock before looking again: who grades, corrects or holds back meanwhile has committed, or waits for this work.
    head.alone(work)
    _require_same(work, found.sitting_id, found.basis)
    before = queries.newest(work, found.sitting_id)
    if before is not None and before.digest == found.digest:
        return before.id
    if before is not None and before.frozen_at > found.at:
        raise Stale("changed_meanwhile")
    rows = found.rows
    graded, held = (sum(row.is_eligible is not None for row in rows), sum(row.hold is not None for row in rows))
    row = ResultList(
        sitting_id=found.sitting_id, version=before.version + 1 if before else 1,
        supersedes_id=before.id if before else None, because=because, digest=found.digest, n_rows=len(rows),
        n_graded=graded, n_held=held, frozen_by=by, frozen_at=found.at,
    )  # fmt: skip
    work.add_once(row)
    for at in range(0, len(rows), AT_ONCE):
        work.db.execute(insert(ResultRow), [{"list_id": row.id, **each._asdict()} for each in rows[at : at + AT_ONCE]])
    work.record("results:frozen", f"result_list:{row.id}", clause=CLAUSE, sitting=found.sitting_id, version=row.version,
                digest=found.digest, rows=len(rows), held=held, because=because, by=by)  # fmt: skip
    return row.id


def require_control(work: Work, sitting_id: int, list_id: int | None = None) -> None:
    """Nothing if the office has looked at the results, or the list tells nobody of a result for the first time."""
    # What is corrected later has its effect shown and signed; the control asks about first results (DC-22.control).
    before = queries.newest_released(work, sitting_id)
    if before is None or (list_id is not None and queries.tells_anew(work, list_id, before.id)):
        control.may_be_listed(work, sitting_id).or_refuse()


def sign_list(work: Work, list_id: int, attempt: PinAttempt) -> CatError | None:
    """One of the office has signed the list; or the refusal, returned so that a wrong PIN is counted."""
    found = _open_list(work, list_id)
    own = accounts.organisation_of(work, work.actor.organisation_id or 0)
    _rule(work, found.sitting_id).judge_signer(own.kind).or_refuse()
    if attempt.staff_id != work.actor.id or not still_hold(work, [attempt.staff_id], Role.OFFICE):
        raise Denied("not_allowed")
    _require_whole(found, queries.each_row(work, list_id))
    return sign(work, document_of(found), "office", attempt)


def release(work: Work, list_id: int) -> None:
    """Those whom the list concerns see it from now on, and each department has its part; harmless twice."""
    if queries.list_ref(work, list_id).released_at is None:
        put_out(work, list_id, parts_to_give(work, list_id), work.actor.label, work.actor.organisation_id or 0)


def may_be_released(work: Work, list_id: int) -> ListRef:
    """The list, if it is the newest, bears its signatures and was looked at; of its rows nothing is asked here."""
    found = _open_list(work, list_id)
    _rule(work, found.sitting_id).judge_signed(signers_of(work, found)).or_refuse()
    require_control(work, found.sitting_id, list_id)
    return found


def parts_to_give(work: Work, list_id: int, tell: Tell = lambda done, total: None) -> Parts:
    """What each department is given of a list that says what stands now; of a correction what changed alone."""
    found = may_be_released(work, list_id)
    rows = queries.rows_of(work, list_id)
    _require_whole(found, rows)
    now = standing(work, found.sitting_id, tell)
    if now.digest != found.digest:
        raise Stale("list_outdated", version=found.version)
    before = queries.newest_released(work, found.sitting_id)
    earlier = parts_of_list(work, queries.rows_of(work, before.id)) if before else {}
    parts = [
        Part(department, len(part), digest_of_rows(found.sitting_id, part),
             _is_first(part, earlier.get(department, [])))
        for department, part in sorted(parts_of_list(work, rows).items())
        if before is None or _told(part) != _told(earlier.get(department, []))
    ]  # fmt: skip
    return Parts(parts, now.basis)


def put_out(work: Work, list_id: int, parts: Parts, by: str, office_id: int) -> None:
    """The list is released under the seal of that office, and delivered in these parts; Stale if they are outdated."""
    head.alone(work)  # as in `keep`: a hold that was placed meanwhile is not released over
    found = may_be_released(work, list_id)
    _require_same(work, found.sitting_id, parts.basis)
    ruling = _rule(work, found.sitting_id).judge_signed(signers_of(work, found))
    seal, _ = accounts.sealing(work, office_id, sealed_message(found))
    work.add_once(Release(sitting_id=found.sitting_id, list_id=list_id, organisation_id=office_id, seal=seal,
                          released_by=by, released_at=work.now))  # fmt: skip
    for part in parts.each:
        _deliver(work, found, part)
    work.record("results:released", f"result_list:{list_id}", clause=CLAUSE, sitting=found.sitting_id,
                version=found.version, digest=found.digest, graded=found.n_graded, held=found.n_held, by=by,
                ruling=ruling.to_json())  # fmt: skip


def receive(work: Work, delivery_id: int, attempt: PinAttempt) -> CatError | None:
    """The department has signed for what it was given; or the refusal, returned so that a wrong PIN is counted."""
    given = delivery_of_actor(work, delivery_id)
    if given.received_at is not None:
        return None
    if attempt.staff_id != work.actor.id or not still_hold(work, [attempt.staff_id], Role.OFFICE):
        raise Denied("not_allowed")
    refusal = sign(work, receipt_of(given), "department", attempt)
    if refusal is not None:
        return refusal
    work.add_once(DeliveryReceipt(delivery_id=given.id, received_by=attempt.staff_id, received_at=work.now))
    work.record("results:received", f"department_delivery:{given.id}", clause=CLAUSE, list=given.list_id,
                digest=given.digest, rows=given.n_rows)  # fmt: skip
    return None


def n_open(work: Work, sitting_id: int) -> int:
    """How many of the sitting's candidates are not finished."""
    return sum(n for state, n in states_of(work, sitting_id).items() if state not in FINISHED)


def delivery_of_actor(work: Work, delivery_id: int) -> DeliveryRef:
    """The delivery, if it went to the actor's own department; others learn only that nothing is here."""
    row = work.db.get(DepartmentDelivery, delivery_id)
    if row is None or row.department_id != work.actor.organisation_id:
        raise NotFound("not_found")
    return next(each for each in queries.deliveries_of(work, row.list_id) if each.id == delivery_id)


def signers_of(work: Work, found: ListRef) -> set[int]:
    """Who has signed the list as it reads."""
    signed = signatures_under(work, document_of(found))
    return {each.staff_id for each in signed if each.is_valid and each.staff_id is not None}


def document_of(found: ListRef) -> Document:
    """What those who sign a list attest to."""
    return Document(f"result_list:{found.id}", _content(found))


def receipt_of(given: DeliveryRef) -> Document:
    """What a department signs for."""
    said: dict[str, Json] = {"list": given.list_id, "department": given.department_id, "rows": given.n_rows,
                             "digest": given.digest, "delivered_at": given.delivered_at.isoformat()}  # fmt: skip
    return Document(f"department_delivery:{given.id}", said)


def sealed_message(found: ListRef) -> bytes:
    """What the seal of a release is set under."""
    return Document(f"result_list:{found.id}", {"statement": "synak result list 1", **_content(found)}).digest.encode()


def is_whole(found: ListRef, rows: Iterable[Row]) -> bool:
    """Whether these rows are those that were frozen; they are looked at one by one, once."""
    altered = list[int]()

    def looked_at() -> Iterator[Row]:
        for row in rows:
            if row.fingerprint != fingerprint_of(row):
                altered.append(row.session_id)
            yield row

    return digest_of_rows(found.sitting_id, looked_at()) == found.digest and not altered


def _content(found: ListRef) -> dict[str, Json]:
    return {"sitting": found.sitting_id, "version": found.version, "supersedes": found.supersedes_id,
            "because": found.because, "digest": found.digest, "rows": found.n_rows, "graded": found.n_graded,
            "held": found.n_held, "frozen_at": found.frozen_at.isoformat()}  # fmt: skip


def _open_list(work: Work, list_id: int) -> ListRef:
    """The list, if it may still be signed and released: the newest one, not released yet."""
    found = queries.list_ref(work, list_id)
    if found.released_at is not None:
        raise Stale("list_released", version=found.version)
    newest = queries.newest(work, found.sitting_id)
    if newest is not None and newest.id != list_id:
        raise Stale("list_superseded", version=newest.version)
    return found


def _require_same(work: Work, sitting_id: int, basis: Basis) -> None:
    if basis_of(work, sitting_id) != basis:
        raise Stale("changed_meanwhile")


def _require_whole(found: ListRef, rows: Iterable[Row]) -> None:
    if not is_whole(found, rows):
        raise Stale("list_altered", version=found.version)


def _deliver(work: Work, found: ListRef, part: Part) -> None:
    """The department has it. A correction has no term of its own, a result that was held back has the first one's."""
    rule = _rule(work, found.sitting_id)
    starts_at = delivery.sitting_ref(work, found.sitting_id).starts_at
    ruling = rule.judge(starts_at, work.now, work.now) if part.is_first else rule.judge_again(found.version)
    row = {"list_id": found.id, "department_id": part.department_id, "n_rows": part.n_rows, "digest": part.digest,
           "ruling": ruling.to_json()}  # fmt: skip
    work.db.add(DepartmentDelivery(**row, delivered_at=work.now))
    work.record("results:delivered", f"organisation:{part.department_id}", clause=CLAUSE, **row)


def parts_of_list(work: Work, rows: Sequence[Row]) -> dict[int, list[Row]]:
    """Department → its rows; those of centres without a department are nobody's part."""
    above = departments_of(work, {row.centre_id for row in rows})
    parts: dict[int, list[Row]] = {}
    for row in rows:
        if row.centre_id in above:
            parts.setdefault(above[row.centre_id], []).append(row)
    return parts


def _is_first(rows: Sequence[Row], before: Sequence[Row]) -> bool:
    """Whether somebody is decided on who was not before; every list that follows none is of such."""
    decided = {row.session_id for row in before if row.is_eligible is not None}
    return not before or any(row.is_eligible is not None and row.session_id not in decided for row in rows)


def _told(rows: Sequence[Row]) -> set[tuple[int, str]]:
    return {(row.session_id, row.fingerprint) for row in rows}


def _rule(work: Work, sitting_id: int) -> ResultsDeliveryRule:
    return delivery.sitting_ref(work, sitting_id).edition.get(CLAUSE, ResultsDeliveryRule)
