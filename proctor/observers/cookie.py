"""The observer's cookie: who and which device, under a keyed digest. Whether it still holds is asked later."""

from __future__ import annotations

from server.core.vault import Vault, same

OBSERVER_COOKIE = "synak_observer"


def make_token(vault: Vault, observer_id: int, lease: int) -> str:
    """The cookie's value for one device of one observer."""
    body = f"{observer_id}.{lease}"
    return f"{body}.{vault.mac('observer', body.encode()).hex()}"


def read_token(vault: Vault, token: str) -> tuple[int, int] | None:
    """The observer and the lease that a cookie names; None if it is missing, mangled or forged."""
    body, _, mac = token.rpartition(".")
    observer_id, _, lease = body.partition(".")
    if not same(mac.encode(), vault.mac("observer", body.encode()).hex().encode()):
        return None
    return int(observer_id), int(lease)
