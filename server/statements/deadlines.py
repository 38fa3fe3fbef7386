"""By when schools, candidates and parents must have been told the approved results (DC-29)."""

from __future__ import annotations

from server.core.deadlines import Deadline
from server.core.errors import CatError
from server.core.i18n import language
from server.core.terms import end_of_day
from server.core.work import Work
from server.grading.lists import queries as lists
from server.statements import views
from server.statements.service import APPROVAL


def deadlines(work: Work) -> list[Deadline]:
    """One for each sitting of the actor's circle whose appeals are over; done once everybody there was told.

    It is due before the ministry has approved: nobody gains time by approving late."""
    found = []
    for sitting_id in lists.released_sittings(work):
        try:
            seen = views.final(work, sitting_id)
        except CatError:  # nobody there concerns this office
            continue
        if seen.told_by_at is None:
            continue
        zone, day = seen.sitting.edition.zone, seen.all_told_on
        found.append(Deadline(
            "final_notice", seen.sitting.titles[language()], f"/office/sittings/{sitting_id}/final", APPROVAL,
            seen.told_by_at, end_of_day(day, zone) if day else None, seen.sitting.zone,
        ))  # fmt: skip
    return found
