"""Which school of a list's department bears the name that the list gives; the name itself stays as it was written."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from server.accounts.queries import schools_beside
from server.candidates.models import Registration
from server.core.db import batches
from server.core.work import Work


def schools_named(work: Work, centre_id: int, names: Collection[str]) -> dict[str, int]:
    """Name → school of the department that centre belongs to, where exactly one bears it in some language.

    A name alone tells no two schools apart: of another department's, or of two alike, none is taken (CS-5)."""
    bearers: dict[str, set[int]] = {}
    for school in schools_beside(work, centre_id):
        for name in school.names.values():
            bearers.setdefault(_plain(name), set()).add(school.id)
    found = {name: bearers.get(_plain(name), set()) for name in names}
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


def school_names(work: Work, registration_ids: Collection[int]) -> dict[int, str]:
    """Registration → the name of the school as the list has it."""
    found: dict[int, str] = {}
    for some in batches(registration_ids):
        query = select(Registration.id, Registration.school).where(Registration.id.in_(some))
        found.update((id_, school) for id_, school in work.db.execute(query))
    return found


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
