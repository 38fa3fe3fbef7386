"""The head of all corrections, one row. Who changes a result shares it; who applies a correction, lists or releases
results, or holds some back has it alone. It is taken before anything is read, and let go when the work has committed.
"""

from __future__ import annotations

from sqlalchemy import Select, select, update

from server.core.work import Work
from server.grading.models import CorrectionHead

HEAD = 1


def share(work: Work) -> None:
    """Nobody lists results or applies a correction beside this work."""
    work.db.execute(_row().with_for_update(read=True))


def alone(work: Work) -> int:
    """Nobody changes what stands beside this work; how many corrections were ever applied."""
    return work.db.execute(_row().with_for_update()).scalar_one()


def advance(work: Work, applied: int) -> None:
    """So many corrections were ever applied."""
    work.db.execute(update(CorrectionHead).where(CorrectionHead.id == HEAD).values(applied=applied))


def _row() -> Select[int]:
    return select(CorrectionHead.applied).where(CorrectionHead.id == HEAD)
