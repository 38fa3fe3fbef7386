"""Response times: the lognormal model, its calibration, the seconds a form takes, and times that are out of place."""

from irt.response_times.budget import FormTime, form_time, time_budget
from irt.response_times.calibration import Refusal, TimeCalibration, calibrate_times
from irt.response_times.flags import TimeFlags, flag_times, rapid_guesses, rapid_thresholds
from irt.response_times.model import (
    Speed,
    TimeParameters,
    expected_seconds,
    log_seconds,
    speed_of,
    speeds,
)

__all__ = [
    "FormTime",
    "Refusal",
    "Speed",
    "TimeCalibration",
    "TimeFlags",
    "TimeParameters",
    "calibrate_times",
    "expected_seconds",
    "flag_times",
    "form_time",
    "log_seconds",
    "rapid_guesses",
    "rapid_thresholds",
    "speed_of",
    "speeds",
    "time_budget",
]
