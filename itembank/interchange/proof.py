"""Proof of imports: the upload, the report on it and on each item and test of it open at their places."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from itembank.interchange.models import ImportedTest, ImportOutcome, ItemImport
from itembank.interchange.service import place
from itembank.items.proof import opening_faults
from server.core.work import Work


def import_faults(work: Work, ids: Collection[int]) -> Iterator[str]:
    """One sentence for each thing in these imports that was changed."""
    for row in work.db.execute(select(ItemImport).where(ItemImport.id.in_(ids))).scalars():
        found = select(ImportOutcome).where(ImportOutcome.item_import_id == row.id)
        sealed = {f"outcome:{each.position}": each.report_sealed for each in work.db.execute(found).scalars()}
        tests = select(ImportedTest).where(ImportedTest.item_import_id == row.id)
        sealed |= {f"test:{each.position}": each.outline_sealed for each in work.db.execute(tests).scalars()}
        sealed |= {"upload": row.upload_sealed} if row.upload_sealed else {}
        sealed |= {"report": row.report_sealed} if row.report_sealed else {}
        if row.data_key is not None:
            yield from opening_faults(work, row.data_key, place(row.id), sealed)
