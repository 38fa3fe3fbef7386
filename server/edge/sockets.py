"""The base of every socket namespace: a signed ticket from the web process admits a socket to one topic.

A namespace touches no database, so it runs unchanged in the web process or in a realtime process of its own."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

from socketio import Namespace as SocketNamespace
from socketio.exceptions import ConnectionRefusedError

from server.core.clock import Clock
from server.core.roles import Role
from server.core.vault import Vault, same

TICKET_S = 60
TICKET_MAX = 400


def make_ticket(vault: Vault, topic: str, role: Role, now: datetime) -> str:
    """A ticket to `topic` for one who holds `role`, good for a minute.

    Within its minute it admits as often as it is shown: whoever has it could read the snapshot it came with,
    and a memory of spent tickets would have to be shared by all processes that hold sockets."""
    body = json.dumps([topic, role.value, int(now.timestamp()) + TICKET_S]).encode()
    return _b64(body) + "." + _b64(vault.mac("ticket", body))


def read_ticket(vault: Vault, ticket: str, now: datetime) -> tuple[str, Role] | None:
    """Topic and role of a ticket; None if it is forged, mangled or too old."""
    if len(ticket) > TICKET_MAX:
        return None
    try:
        body, mac = (urlsafe_b64decode(part + "==") for part in ticket.split("."))
    except ValueError:
        return None
    if not same(mac, vault.mac("ticket", body)):  # first: nothing a stranger wrote is parsed
        return None
    topic, role, until = json.loads(body)
    return None if now.timestamp() > until else (str(topic), Role(role))


class Namespace(SocketNamespace):  # type: ignore[misc]
    """Admits a socket to the topic of its ticket if its role is in `roles`; what clients say is not heard."""

    PATH = "/"
    roles: frozenset[Role] = frozenset()

    def __init__(self, vault: Vault, clock: Clock) -> None:
        super().__init__(self.PATH)
        self._vault, self._clock = vault, clock
        self._listeners: dict[str, str] = {}

    def topics(self) -> set[str]:
        """The topics that somebody listens to in this process."""
        return set(self._listeners.copy().values())

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Only the library's own connect and disconnect; a client may give its message any name, theirs too."""
        manager, sid = self.server.manager, args[0]
        if event == "connect" and manager.is_pre_connected(sid, self.namespace):
            return self.on_connect(*args)
        if event == "disconnect" and not manager.is_connected(sid, self.namespace):
            self._listeners.pop(sid, None)
        return None

    def on_connect(self, sid: str, _environ: dict[str, Any], auth: Any = None) -> None:
        """The socket hears its topic from now on, or is refused."""
        ticket = auth.get("ticket") if isinstance(auth, dict) else None
        known = read_ticket(self._vault, ticket, self._clock.now()) if isinstance(ticket, str) else None
        if known is None or known[1] not in self.roles:
            raise ConnectionRefusedError("ticket")
        self.enter_room(sid, known[0])
        self._listeners[sid] = known[0]


def _b64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
