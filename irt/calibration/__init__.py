"""Calibration of items by marginal maximum likelihood: a whole test, or pretest items beside operational ones.

Answers in, estimates with errors out; whether they may be believed is in the result, for the caller to look at.
"""

from irt.calibration._calibrate import calibrate, calibrate_pretest
from irt.calibration._priors import Beta, Lognormal, Priors, Refused
from irt.calibration._result import Calibration, NotConvergedWarning, Population
from irt.calibration._settings import Settings

__all__ = [
    "Beta",
    "Calibration",
    "Lognormal",
    "NotConvergedWarning",
    "Population",
    "Priors",
    "Refused",
    "Settings",
    "calibrate",
    "calibrate_pretest",
]
