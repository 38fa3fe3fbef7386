"""Marking: written work marked by code, twice, a third time on disagreement; the marks that stand."""

from server.marking.queries import (
    MarkedTask,
    markers_of,
    marks_of,
    points_then,
    remarks_because,
    settled_sessions,
)
from server.marking.remarking import remark

__all__ = ["MarkedTask", "markers_of", "marks_of", "points_then", "remark", "remarks_because", "settled_sessions"]
