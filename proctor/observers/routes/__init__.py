"""Pages of observers, and those on observers and timetables, under one blueprint."""

import proctor.observers.routes.centre
import proctor.observers.routes.own
import proctor.observers.routes.timetables  # noqa: F401  the modules put their views on the blueprint
from proctor.observers.routes.blueprint import bp

__all__ = ["bp"]
