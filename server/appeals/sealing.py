"""What people wrote in a case: sealed with the key of the case, each at its place."""

from __future__ import annotations

import json
from typing import Any

from server.appeals.models import Appeal
from server.core.work import Work


def place(appeal_id: int) -> str:
    """What the data key of a case is bound to, and how the journal and its signers name it."""
    return f"appeal:{appeal_id}"


def seal(work: Work, appeal: Appeal, what: str, value: object) -> bytes:
    """The value sealed for one place of the case."""
    key = work.vault.unwrap(appeal.data_key, place(appeal.id))
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return work.vault.seal(key, written.encode(), f"{place(appeal.id)}/{what}")


def unseal(work: Work, appeal: Appeal, what: str, sealed: bytes) -> Any:
    """What was sealed there; Tampered otherwise."""
    key = work.vault.unwrap(appeal.data_key, place(appeal.id))
    return json.loads(work.vault.open(key, sealed, f"{place(appeal.id)}/{what}"))
