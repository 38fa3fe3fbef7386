"""Grading: a score per subject, its grade, the decision on the right, and the release of all of it."""

from server.grading.queries import GradeRef, grades_of, result_of
from server.grading.replaying import Difference, replay
from server.grading.service import Outcome, grade_session, reconsider_absence, release_sitting

__all__ = [
    "Difference", "GradeRef", "Outcome", "grade_session", "grades_of", "reconsider_absence", "release_sitting",
    "replay", "result_of",
]  # fmt: skip
