"""The consoles' socket: it admits by ticket and tells nothing of itself; the relay feeds it."""

from __future__ import annotations

from server.core.roles import Role
from server.edge.sockets import Namespace


class ConsoleNamespace(Namespace):
    """Namespace /console: a proctor hears the room that the ticket names."""

    PATH = "/console"
    roles = frozenset({Role.PROCTOR})
