"""Pages of cases, and of the additional tests and repeats that come of them."""

from server.grading.cases.routes.additional import bp as additional
from server.grading.cases.routes.cases import bp as cases

__all__ = ["additional", "cases"]
