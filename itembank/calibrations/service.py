"""Calibration runs: parameters with where they come from, recorded once and never overwritten."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import insert, select

from irt.response_times.model import LEAST_ALPHA, MOST_LOG, MOST_SIGMA
from itembank.calibrations.models import CalibrationRun, ItemParameter
from itembank.items.models import Item, ItemVersion
from server.core.errors import Invalid
from server.core.work import Work

Source = Literal["demonstration", "estimated"]


@dataclass(frozen=True)
class Parameters:
    """a, b, c of one item version on the logistic metric, with standard errors where they were estimated.

    `alpha` and `beta` are those of its response time (`irt.response_times.TimeParameters`), if calibrated."""

    item_version_id: int
    a: float
    b: float
    c: float
    se_a: float | None = None
    se_b: float | None = None
    se_c: float | None = None
    alpha: float | None = None
    beta: float | None = None

    def are_usable(self) -> bool:
        """Whether a response function can be drawn from them."""
        numbers = (self.a, self.b, self.c, *(e for e in (self.se_a, self.se_b, self.se_c) if e is not None))
        return all(map(math.isfinite, numbers)) and self.a > 0 and 0 <= self.c < 1 and self._is_timed_well()

    def _is_timed_well(self) -> bool:
        if self.alpha is None or self.beta is None:
            return self.alpha is None and self.beta is None
        return LEAST_ALPHA <= self.alpha < math.inf and abs(self.beta) <= MOST_LOG


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A calibration: its subject, where the figures come from, and the figures.

    `sigma` is the sd of speed where response times were calibrated: then every item has them. What was estimated
    on a scale of invented figures (`is_on_invented_scale`) is a demonstration too, whoever answered."""

    subject: str
    source: Source
    model: str
    scale: str
    n_persons: int
    parameters: Sequence[Parameters]
    sigma: float | None = None
    is_on_invented_scale: bool = False


def record_calibration(work: Work, new: NewRun) -> int:
    """The run and its parameters stand for ever; returns the run's id."""
    _check(work, new)
    run = CalibrationRun(
        subject=new.subject, source=new.source, model=new.model, scale=new.scale, n_persons=new.n_persons,
        sigma=new.sigma, made_at=work.now, made_by=work.actor.label,
    )  # fmt: skip
    work.db.add(run)
    work.db.flush()  # its id is what the parameters refer to
    work.db.execute(insert(ItemParameter), [{"run_id": run.id, **vars(each)} for each in new.parameters])
    work.record(
        "calibration_recorded", f"calibration_run:{run.id}",
        subject_code=new.subject, source=new.source, n_items=len(new.parameters), n_persons=new.n_persons,
    )  # fmt: skip
    return run.id


def _check(work: Work, new: NewRun) -> None:
    if new.source not in ("demonstration", "estimated"):
        raise ValueError(f"unknown source {new.source!r}")
    # Nobody answered invented figures, and nothing is estimated from nobody.
    is_from_persons = new.source == "estimated" or new.is_on_invented_scale
    if is_from_persons != (new.n_persons > 0):
        raise Invalid("calibration_persons", source=new.source, n_persons=new.n_persons)
    known = dict(
        work.db.execute(
            select(ItemVersion.id, Item.code).join(Item, Item.id == ItemVersion.item_id)
            .where(Item.subject == new.subject)
        ).all()
    )  # fmt: skip
    ids = [each.item_version_id for each in new.parameters]
    if not ids or len(set(ids)) != len(ids) or not set(ids) <= set(known):
        raise Invalid("calibration_items", subject=new.subject)
    if any((each.beta is None) != (new.sigma is None) for each in new.parameters):
        raise Invalid("calibration_times", subject=new.subject)
    if new.sigma is not None and not 0 < new.sigma <= MOST_SIGMA:
        raise Invalid("calibration_times", subject=new.subject)
    unusable = [known[each.item_version_id] for each in new.parameters if not each.are_usable()]
    if unusable:
        raise Invalid("calibration_unusable", items=", ".join(unusable[:5]))
