"""Nonces in the address of the candidate's page: what the page's script says counts for the page we served, once."""

from __future__ import annotations

import secrets
from datetime import datetime

from server.core.vault import Vault, same

PAGE = "/exam?seb="
LIFE_S = 12 * 3600  # a room may be opened in the morning and begin after noon


def make_nonce(vault: Vault, browser: str, now: datetime) -> str:
    """A nonce for a page about to be served to that browser."""
    body = f"{int(now.timestamp()):x}-{secrets.token_hex(8)}"
    return f"{body}-{_mac(vault, browser, body)}"


def is_own(vault: Vault, browser: str, nonce: str, now: datetime) -> bool:
    """True if we served a page with that nonce to that browser, not too long ago."""
    body, _, mac = nonce.rpartition("-")
    if not same(mac.encode(), _mac(vault, browser, body).encode()):
        return False
    served_s = int(body.partition("-")[0], 16)
    return 0 <= int(now.timestamp()) - served_s <= LIFE_S


def nonce_of(url: str) -> str:
    """The nonce in the address of a page; empty where it is another page's."""
    return url.partition("#")[0].partition(PAGE)[2]


def page_url(origin: str, nonce: str) -> str:
    """The address under which the page of that nonce was served."""
    return origin + PAGE + nonce


def _mac(vault: Vault, browser: str, body: str) -> str:
    return vault.mac("seb-page", f"{browser}/{body}".encode()).hex()[:32]
