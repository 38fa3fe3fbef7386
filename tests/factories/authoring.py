"""Readings and sessions of the commission for tests: valid rows, without the way that led to them."""

from __future__ import annotations

from datetime import timedelta

from itembank.authoring.models import CommissionSession, Review
from server.core.work import Work


def a_review(work: Work, manuscript_id: int, reviewer_id: int) -> int:
    """A reading of the content that the reviewer has been asked for."""
    row = Review(
        manuscript_id=manuscript_id, kind="content", text_number=1, reviewer_id=reviewer_id, assigned_at=work.now,
        assigned_by="system", due_on=work.now.date() + timedelta(days=7),
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()
    return row.id


def a_commission_session(work: Work, *member_ids: int) -> int:
    """An open session on geography, the first member in its chair."""
    row = CommissionSession(
        subject="geography", held_on=work.now.date(), order_no="417", members=list(member_ids),
        chair_id=member_ids[0], state="open", data_key=b"", opened_at=work.now, opened_by="system",
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()
    row.data_key = work.vault.new_key(f"commission_session:{row.id}")[1]
    work.db.flush()
    return row.id
