"""How far the grading of a sitting is: who is finished, graded, held and for which reason, and still to be graded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from server.core.db import batches
from server.core.work import Work
from server.delivery.rolls import ids_of, roll_of
from server.grading.models import Eligibility, Hold
from server.grading.service import FINISHED

SHOWN = 50  # of those held, the first by registration number


@dataclass(frozen=True)
class Held:
    """Somebody who is held, and why."""

    session_id: int
    registration_no: str
    reason: str


@dataclass(frozen=True)
class Progress:
    """Numbers of a sitting's sessions; `held` by reason, `listed` the first of them."""

    all: int
    at_work: int
    graded: int
    waiting: int
    held: Mapping[str, int]
    listed: tuple[Held, ...]

    @property
    def n_held(self) -> int:
        """How many are held."""
        return sum(self.held.values())

    @property
    def n_left(self) -> int:
        """How many have no decision and may be graded now."""
        return self.waiting + self.n_held


def progress_of(work: Work, sitting_id: int) -> Progress:
    """Where the grading of the sitting stands now."""
    roll = roll_of(work, sitting_id)
    finished = [each.session_id for each in roll if each.state in FINISHED]
    decided = set(work.db.scalars(select(Eligibility.session_id).where(Eligibility.session_id.in_(ids_of(sitting_id)))))
    left = [id_ for id_ in finished if id_ not in decided]
    reasons = _reasons(work, left)
    held = [Held(each.session_id, each.registration_no, reasons[each.session_id])
            for each in roll if each.session_id in reasons]  # fmt: skip
    return Progress(
        len(roll), len(roll) - len(finished), len(decided), len(left) - len(held),
        dict(Counter(each.reason for each in held).most_common()), tuple(held[:SHOWN]),
    )  # fmt: skip


def _reasons(work: Work, session_ids: list[int]) -> dict[int, str]:
    """The newest reason for which each of these is held; the others are left out."""
    found: dict[int, str] = {}
    for some in batches(session_ids):
        rows = select(Hold.session_id, Hold.reason).where(Hold.session_id.in_(some)).order_by(Hold.id)
        found |= {row.session_id: row.reason for row in work.db.execute(rows)}
    return found
