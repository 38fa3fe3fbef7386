"""A list between its preview and its certification: held by the browser, sealed; nothing is written yet."""

from __future__ import annotations

import base64
import zlib

from server.core.errors import Invalid
from server.core.vault import Tampered, Vault

LENGTH = 2  # bytes that say how long the wrapped key is


def hold(vault: Vault, place: str, content: bytes) -> str:
    """The content as text that only this server can open, and only for `place` (who, for which programme)."""
    key, wrapped = vault.new_key(f"held:{place}")
    sealed = vault.seal(key, zlib.compress(content, 6), f"held:{place}")
    return base64.b64encode(len(wrapped).to_bytes(LENGTH) + wrapped + sealed).decode()


def release(vault: Vault, place: str, held: str) -> bytes:
    """The content that was held for `place`; Invalid if it was changed or belongs elsewhere."""
    try:
        packed = base64.b64decode(held, validate=True)
        begins = LENGTH + int.from_bytes(packed[:LENGTH])
        key = vault.unwrap(packed[LENGTH:begins], f"held:{place}")
        return zlib.decompress(vault.open(key, packed[begins:], f"held:{place}"))
    except (ValueError, Tampered):
        raise Invalid("held_list_broken") from None
