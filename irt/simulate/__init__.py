"""Simulated candidates taking the adaptive test that live delivery gives, with the same decisions.

For trying a pool, a blueprint and a rule before a sitting.
"""

from irt.decider import Method
from irt.simulate.control import Tuned, sympson_hetter_chances
from irt.simulate.design import Design, Run, Simulation, person_seed
from irt.simulate.one import simulate_cat
from irt.simulate.population import Normal, thetas_of
from irt.simulate.run import counted_tests, simulate
from irt.simulate.summary import (
    GradeAccuracy,
    Precision,
    Summary,
    exposure_by_theta,
    grade_accuracy,
    precision_by_theta,
    summary,
)

__all__ = [
    "Design", "GradeAccuracy", "Method", "Normal", "Precision", "Run", "Simulation", "Summary", "Tuned",
    "counted_tests", "exposure_by_theta", "grade_accuracy", "person_seed", "precision_by_theta", "simulate",
    "simulate_cat", "summary", "sympson_hetter_chances", "thetas_of",
]  # fmt: skip
