"""Whether a signature is as it was written: asked of each by the command that verifies."""

from __future__ import annotations

from collections.abc import Iterator

from server.accounts.models import Signature
from server.accounts.signing.signatures import is_as_written
from server.core.work import Work


def faults(work: Work, signature_id: int) -> Iterator[str]:
    """What does not fit, in a sentence; whether the document is what was signed says whoever owns the document."""
    row = work.db.get_one(Signature, signature_id)
    if not is_as_written(work, row):
        yield f"signature:{signature_id}: it is not as it was written under {row.subject}"
