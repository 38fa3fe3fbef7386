"""What the console sends and what the centre's pages show, under one blueprint."""

import proctor.rooms.routes.bulk
import proctor.rooms.routes.centre
import proctor.rooms.routes.commands
import proctor.rooms.routes.drawn
import proctor.rooms.routes.handover
import proctor.rooms.routes.papers
import proctor.rooms.routes.pictures
import proctor.rooms.routes.planning
import proctor.rooms.routes.seating  # noqa: F401  the modules put their views on the blueprint
from proctor.rooms.routes.blueprint import bp

__all__ = ["bp"]
