"""Whether a list is still what was frozen, signed and sealed, and what was given of it what was signed for: asked of
each by the command that verifies."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from server.accounts import organisation_of
from server.accounts.signing import signatures_under
from server.core.journal import acts_on
from server.core.vault import verify_signature
from server.core.work import Work
from server.delivery import sitting_ref
from server.grading.lists import queries, service
from server.grading.lists.models import DeliveryReceipt, DepartmentDelivery, Release
from server.grading.rules import ResultsDeliveryRule


def faults(work: Work, list_id: int) -> Iterator[str]:
    """Each thing about the list that does not fit, in a sentence."""
    found, rows, name = queries.list_ref(work, list_id), queries.each_row(work, list_id), f"result_list:{list_id}"
    if not service.is_whole(found, rows):
        yield f"{name}: its rows are not those that were frozen"
    release = work.db.execute(select(Release).where(Release.list_id == list_id)).scalar_one_or_none()
    if release is None:
        return
    rule = sitting_ref(work, found.sitting_id).edition.get(service.CLAUSE, ResultsDeliveryRule)
    if not rule.judge_signed(service.signers_of(work, found)).allowed:
        yield f"{name}: it was released, and bears too few signatures that fit"
    key = organisation_of(work, release.organisation_id).seal_key
    if key is None or not verify_signature(key, release.seal, service.sealed_message(found)):
        yield f"{name}: the seal of its release does not fit"


def delivery_faults(work: Work, delivery_id: int) -> Iterator[str]:
    """What a department was given is what the journal knows it was given."""
    row = work.db.get_one(DepartmentDelivery, delivery_id)
    given = (row.list_id, row.n_rows, row.digest)
    known = acts_on(work.db, f"organisation:{row.department_id}", "results:delivered")
    if given not in [(facts["list_id"], facts["n_rows"], facts["digest"]) for facts in known]:
        yield f"department_delivery:{delivery_id}: it is not what the journal says was delivered"


def receipt_faults(work: Work, receipt_id: int) -> Iterator[str]:
    """Whoever received it signed for what was delivered, at that instant: the time to appeal counts from it (DC-25)."""
    row = work.db.get_one(DeliveryReceipt, receipt_id)
    list_id = work.db.get_one(DepartmentDelivery, row.delivery_id).list_id
    given = next(each for each in queries.deliveries_of(work, list_id) if each.id == row.delivery_id)
    signed = signatures_under(work, service.receipt_of(given))
    if not any(each.is_valid and (each.staff_id, each.signed_at) == (row.received_by, row.received_at)
               for each in signed):  # fmt: skip
        yield f"delivery_receipt:{receipt_id}: no signature under what was delivered fits it"
