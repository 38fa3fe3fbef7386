"""Whether figures rest on invented parameters, which must be said wherever they are shown."""

from __future__ import annotations

from sqlalchemy import select

from itembank.blueprints.models import Pool
from itembank.calibrations.models import CalibrationRun
from server.core.work import Work
from server.delivery.models import SittingSection


def has_demonstration_pool(work: Work, sitting_id: int) -> bool:
    """True if a pool of the sitting has parameters that nobody's answers gave."""
    query = (
        select(CalibrationRun.id)
        .join(Pool, Pool.calibration_run_id == CalibrationRun.id)
        .join(SittingSection, SittingSection.pool_id == Pool.id)
        .where(SittingSection.sitting_id == sitting_id, CalibrationRun.source == "demonstration")
    )
    return work.db.execute(query).first() is not None
