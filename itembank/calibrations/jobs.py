"""A calibration is asked for: a task of the queue, and beside it what it is to be made of."""

from __future__ import annotations

from itembank.calibrations.models import CalibrationJob, CalibrationRun
from itembank.calibrations.policy import load_policy
from itembank.calibrations.spec import Spec
from server.core import tasks
from server.core.errors import Invalid, NotFound
from server.core.work import Work

KIND = "calibration"


def request_calibration(work: Work, spec: Spec) -> int:
    """The calibration waits for a worker; returns the id of its task."""
    fault = spec.fault()
    if fault is not None:
        raise Invalid("calibration_spec", part=fault)
    load_policy(spec.policy)
    if spec.reference_run_id is not None:
        run = work.db.get(CalibrationRun, spec.reference_run_id)
        if run is None or run.subject != spec.subject:
            raise Invalid("calibration_spec", part="reference")
    task_id = tasks.ask(work, KIND, spec.subject, {"sittings": list(spec.sittings), "design": spec.design})
    work.db.add(CalibrationJob(task_id=task_id, spec=spec.to_json()))
    return task_id


def spec_of(work: Work, task_id: int) -> Spec:
    """What was asked for; NotFound if it was no calibration."""
    row = work.db.get(CalibrationJob, task_id)
    if row is None:
        raise NotFound("not_found")
    return Spec.of(row.spec)
