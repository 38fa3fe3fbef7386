"""Whether a list is still what was frozen, signed and sealed: asked of each by the command that verifies."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from server.accounts import organisation_of
from server.core.vault import verify_signature
from server.core.work import Work
from server.delivery import sitting_ref
from server.grading.lists import queries, service
from server.grading.lists.models import Release
from server.grading.rules import ResultsDeliveryRule


def faults(work: Work, list_id: int) -> Iterator[str]:
    """Each thing about the list that does not fit, in a sentence."""
    found, rows, name = queries.list_ref(work, list_id), queries.rows_of(work, list_id), f"result_list:{list_id}"
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
