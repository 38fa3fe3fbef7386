"""Whether a request comes from a Safe Exam Browser with the right settings: hashes over the address and a key."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Sequence
from typing import Literal

from server.core.roles import Hashes
from server.delivery.wire import SebFault, SebWay

HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)

Policy = Literal["required", "allowed", "off"]
POLICIES: tuple[Policy, ...] = ("required", "allowed", "off")
Way = SebWay
Fault = SebFault


def request_hash(url: str, key: str) -> str:
    """What a client sends for a request of that address: SHA-256 over the address without fragment, and the key."""
    return hashlib.sha256((url.partition("#")[0] + key).encode()).hexdigest()


def matches(received: str, url: str, key: str) -> bool:
    """True if `received` is the hash of that address under that key; compared in constant time."""
    return bool(HASH.fullmatch(received)) and hmac.compare_digest(received, request_hash(url, key))


def fault_of(given: Hashes, url: str, config_key: str, exam_keys: Collection[str]) -> Fault | None:
    """Which rule the hashes fail, None if they are right for `url`; any of the exam keys will do, if there are any."""
    if given.is_silent:
        return "nothing"
    if given.url.partition("#")[0] != url:
        return "address"
    if not matches(given.config_hash, url, config_key):
        return "config_key"
    compared = [
        matches(given.exam_hash, url, each) for each in exam_keys
    ]  # all: the time taken tells not which
    return "exam_key" if compared and not any(compared) else None


def judge(
    headers: Hashes, page: Hashes | None, page_url: str | None, config_key: str, exam_keys: Sequence[str]
) -> tuple[Way | None, Fault | None]:
    """By which way the browser has proved itself, or which rule it fails: headers decide wherever there are any.

    `page` is what the page's script read; it counts for the address `page_url`, served to this browser alone."""
    if not headers.is_silent:
        fault = fault_of(headers, headers.url, config_key, exam_keys)
        return (None, fault) if fault else ("header", None)
    if page is None or page.is_silent:
        return None, "nothing"
    if page_url is None:
        return None, "address"
    fault = fault_of(page, page_url, config_key, exam_keys)
    return (None, fault) if fault else ("api", None)


def still_holds(policy: str, way: str | None, config_key: str | None, headers: Hashes) -> bool:
    """True if a request may pass: one hash at most. Who proved himself by headers sends them with every request."""
    if policy != "required":
        return True
    if way is None or config_key is None:
        return False
    return way == "api" or matches(headers.config_hash, headers.url, config_key)
