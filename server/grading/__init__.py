"""Grading: a score per subject, its grade, the decision on the right, and the lists by which all of it is released."""

from server.grading.lists.queries import received_at
from server.grading.queries import GradeRef, grades_of, result_of
from server.grading.replaying import Difference, replay
from server.grading.service import Outcome, grade_session, reconsider_absence

__all__ = [
    "Difference", "GradeRef", "Outcome", "grade_session", "grades_of", "received_at", "reconsider_absence",
    "replay", "result_of",
]  # fmt: skip
