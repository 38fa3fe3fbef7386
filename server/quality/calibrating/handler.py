"""What does the task of a calibration: the answers are gathered, the run is calculated and then recorded."""

from __future__ import annotations

from itembank.calibrations import jobs
from itembank.calibrations.analysis import calculate
from itembank.calibrations.policy import load_policy
from itembank.calibrations.recording import options_of, record_run
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef
from server.core.work import Platform, open_reading
from server.quality.calibrating.gather import gather


def calibrate(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """The run is calculated; keeps it with its report."""

    def told(stage: str, done: int, total: int) -> None:
        tell(done, total, stage)

    with open_reading(platform, SYSTEM) as work:
        spec = jobs.spec_of(work, task.id)
    material, left_out = gather(platform, spec, told)
    found = calculate(material, load_policy(spec.policy), options_of(spec), told)
    told("recording", 0, 0)
    return lambda work: record_run(work, spec, found, left_out)
