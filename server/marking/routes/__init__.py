"""Pages of the marking of written work: the marker's own, and the office's."""

from server.marking.routes.desk import bp as desk
from server.marking.routes.office import bp as office

__all__ = ["desk", "office"]
