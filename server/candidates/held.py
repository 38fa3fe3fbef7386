"""A list between its preview and its certification: held by the browser, sealed; nothing is written yet."""

from __future__ import annotations

import base64
import zlib

from server.core.errors import Invalid
from server.core.vault import Tampered, Vault

WRAPPED = 60  # a wrapped data key: nonce, key, tag


def hold(vault: Vault, place: str, content: bytes) -> str:
    """The content as text that only this server can open, and only for `place` (who, for which programme)."""
    key, wrapped = vault.new_key(f"held:{place}")
    sealed = vault.seal(key, zlib.compress(content, 6), f"held:{place}")
    return base64.b64encode(wrapped + sealed).decode()


def release(vault: Vault, place: str, held: str) -> bytes:
    """The content that was held for `place`; Invalid if it was changed or belongs elsewhere."""
    try:
        packed = base64.b64decode(held, validate=True)
        key = vault.unwrap(packed[:WRAPPED], f"held:{place}")
        return zlib.decompress(vault.open(key, packed[WRAPPED:], f"held:{place}"))
    except (ValueError, Tampered):
        raise Invalid("held_list_broken") from None
