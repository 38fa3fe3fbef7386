"""The decision on the right with the clause of each of its reasons, for screens and letters (DC-21)."""

from __future__ import annotations

from dataclasses import replace

from server.core.ruling import Json, Ruling

# The clause of each reason that is not DC-21's own.
CLAUSES = {"removal": "DC-15", "absence": "DC-16", "exempt": "DC-17", "excused": "DC-18"}


def with_clauses(ruling: Ruling) -> Ruling:
    """The ruling with the clause of each reason beside it."""
    stated = ruling.facts["reasons"]
    assert isinstance(stated, list)
    reasons: list[Json] = [
        {**reason, "clause": CLAUSES.get(str(reason["reason"]), ruling.clause)}
        for reason in stated
        if isinstance(reason, dict)
    ]
    return replace(ruling, facts={**ruling.facts, "reasons": reasons})
