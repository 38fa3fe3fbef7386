"""The candidate's cookie: session and lease under a keyed digest. Whether the lease still holds is asked later."""

from __future__ import annotations

from server.core.roles import Actor, Role
from server.core.vault import Vault, same

CANDIDATE_COOKIE = "synak_candidate"
# It outlives the browser, so that after a power cut a room goes on without forty new codes; not the day.
COOKIE_LIFE_S = 12 * 3600


def make_token(vault: Vault, session_id: int, lease: int) -> str:
    """The cookie's value for one device of one session."""
    body = f"{session_id}.{lease}"
    return f"{body}.{vault.mac('candidate', body.encode()).hex()}"


def candidate_of(vault: Vault, token: str) -> Actor | None:
    """The candidate a cookie speaks for; None if it is missing, mangled or forged."""
    body, _, mac = token.rpartition(".")
    session_id, _, lease = body.partition(".")
    if not same(mac.encode(), vault.mac("candidate", body.encode()).hex().encode()):
        return None
    return Actor(frozenset({Role.CANDIDATE}), int(session_id), lease=int(lease))
