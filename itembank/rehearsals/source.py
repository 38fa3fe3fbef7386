"""What is rehearsed: the items of a calibration under a spec. Nothing here opens an item's content."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from irt.arrays import Bools
from irt.assembly import Constraints, Infeasible, Shortage, feasibility
from irt.models import Items
from irt.response_times import TimeParameters
from itembank.blueprints.choice import entries
from itembank.blueprints.limits import Attributes
from itembank.blueprints.reference import reference_form
from itembank.blueprints.spec import Spec
from itembank.calibrations.models import CalibrationRun
from server.core.errors import NotFound
from server.core.work import Work


@dataclass(frozen=True, eq=False)
class Source:
    """A pool as the simulation needs it; `reference` is the form by which grades are given.

    `name` is the same in every language, `title` is in the reader's.
    """

    name: str
    title: str
    items: Items
    codes: tuple[str, ...]
    constraints: Constraints
    spec: Spec
    reference: Items
    times: TimeParameters | None = None

    @property
    def shortages(self) -> tuple[Shortage, ...]:
        """Why no legal test exists; empty if one does."""
        found = feasibility(self.constraints)
        return found.reasons if isinstance(found, Infeasible) else ()


@dataclass(frozen=True, eq=False)
class Calibrated:
    """The items of a calibration run that may serve a test, by code: what a blueprint looks at, and their figures."""

    run_id: int
    subject: str
    source: str
    codes: tuple[str, ...]
    version_ids: tuple[int, ...]
    attributes: Attributes
    items: Items

    def under(self, spec: Spec, title: str) -> Source:
        """These items under a spec, without those of areas that it does not have; ValueError if it cannot be tried:
        no item is left, there is no reference form, or its time limit needs times that were not calibrated."""
        keep = np.array([area in spec.areas for area in self.attributes.areas], dtype=np.bool_)
        if not keep.any():
            raise ValueError("no item of these areas")
        attributes, items = _taken(self.attributes, keep), self.items[keep]
        codes = tuple(code for code, is_kept in zip(self.codes, keep, strict=True) if is_kept)
        reference = reference_form(spec, attributes.tiers, attributes.areas, items.b, codes)
        if not reference.any():
            raise ValueError("no item for a reference form")
        return Source(
            f"calibration_run:{self.run_id}", title, items, codes, spec.constraints(attributes), spec,
            items[reference], attributes.times,
        )  # fmt: skip


def calibrated(work: Work, run_id: int, version_ids: Collection[int] | None = None) -> Calibrated:
    """The items of a run that may be tried; only those of `version_ids` where given. NotFound without the run."""
    run = work.db.get(CalibrationRun, run_id)
    if run is None:
        raise NotFound("not_found")
    wanted = None if version_ids is None else set(version_ids)
    found = [
        each for each in entries(work, run_id)
        if each.gone is None and (wanted is None or each.version_id in wanted)
    ]  # fmt: skip
    figures = [each.figures for each in found]
    times = None
    if run.sigma is not None and figures:
        alpha, beta = ([getattr(each, name) for each in figures] for name in ("alpha", "beta"))
        times = TimeParameters(np.array(alpha), np.array(beta), run.sigma)
    attributes = Attributes(
        tiers=[each.tier for each in found], areas=[each.area for each in found],
        families=[each.family for each in found], passages=[each.passage for each in found], times=times,
    )  # fmt: skip
    items = Items.from_lists([e.a for e in figures], [e.b for e in figures], [e.c for e in figures])
    codes, ids = tuple(each.code for each in found), tuple(each.version_id for each in found)
    return Calibrated(run_id, run.subject, run.source, codes, ids, attributes, items)


def _taken(attributes: Attributes, keep: Bools) -> Attributes:
    def column(values: Sequence[str | None]) -> list[str | None]:
        return [value for value, is_kept in zip(values, keep, strict=True) if is_kept]

    return Attributes(
        tiers=[each or "" for each in column(attributes.tiers)],
        areas=[each or "" for each in column(attributes.areas)],
        families=column(attributes.families), passages=column(attributes.passages),
        times=attributes.times.take(np.flatnonzero(keep)) if attributes.times else None,
    )  # fmt: skip
