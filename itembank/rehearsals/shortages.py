"""Why items give no lawful test under a spec, as problems of the field that asks too much."""

from __future__ import annotations

from collections.abc import Collection

from irt.assembly import Infeasible, feasibility
from itembank.blueprints.drafts.reading import Problem
from itembank.blueprints.spec import Spec
from itembank.rehearsals.source import calibrated
from server.core.work import Work


def shortages(work: Work, run_id: int, spec: Spec, version_ids: Collection[int]) -> tuple[Problem, ...]:
    """Why these items of a run give no lawful test under the spec; empty if they do."""
    known = calibrated(work, run_id, version_ids)
    if spec.time is not None and known.attributes.times is None:
        return (Problem("time_min", "untimed"),)
    if not known.codes:
        return (Problem("length", "short", {"names": [], "missing": spec.length}),)
    try:
        proved = feasibility(spec.constraints(known.attributes))
    except ValueError:
        return (Problem("time_min", "too_slow"),)
    if not isinstance(proved, Infeasible):
        return ()
    return tuple(
        Problem("time_min", "too_slow") if each.kind == "too_little_time"
        else Problem("length", "short", {"names": list(each.quotas), "missing": each.missing})
        for each in proved.reasons
    )  # fmt: skip
