"""SEB-JSON and the Config Key: what a client computes from the settings it was opened with.

SEB-JSON is no JSON: strings stand raw, keys are sorted without case, some entries are left out."""

from __future__ import annotations

import base64
import hashlib
import math
import plistlib
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

# The client writes its own version under this name, so it is no part of the settings.
LEFT_OUT = "originatorversion"
# What plistlib lets through of a file that is none.
UNREADABLE = (ExpatError, ValueError, LookupError, TypeError, AttributeError, OverflowError)


def config_key(settings: Mapping[str, Any]) -> str:
    """The Config Key of settings: SHA-256 of their SEB-JSON, 64 lower-case hex digits."""
    return hashlib.sha256(seb_json(settings).encode()).hexdigest()


def config_key_of_plist(xml: bytes) -> str:
    """The Config Key of a decrypted property list; ValueError if it is none or its root is no dictionary."""
    return config_key(read_plist(xml))


def read_plist(xml: bytes) -> dict[str, Any]:
    """The settings in an XML property list; ValueError if it is none or its root is no dictionary."""
    try:
        settings = plistlib.loads(xml, fmt=plistlib.FMT_XML)
    except UNREADABLE as error:
        raise ValueError("not an XML property list") from error
    if not isinstance(settings, dict):
        raise ValueError("the root of the property list is no dictionary")
    return settings


def seb_json(value: object) -> str:
    """The SEB-JSON of a setting or of all; ValueError for what clients of SEB write differently (dates, nulls)."""
    if isinstance(value, Mapping):
        kept = [key for key in value if key.lower() != LEFT_OUT and not _is_empty_dict(value[key])]
        return "{" + ",".join(f'"{key}":{seb_json(value[key])}' for key in sorted(kept, key=_order)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(seb_json, value)) + "]"
    if isinstance(value, bytes):
        return f'"{base64.b64encode(value).decode()}"'
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float) and math.isfinite(value):
        return _real(value)
    raise ValueError(f"SEB-JSON has no {type(value).__name__} that all clients write alike")


def _order(key: str) -> tuple[str, str]:
    """Without case; of keys that are equal but for it, the lower case comes first."""
    return key.lower(), key.swapcase()


def _is_empty_dict(value: object) -> bool:
    return isinstance(value, Mapping) and not value


def _real(value: float) -> str:
    """As .NET writes "G15"; minus zero is zero."""
    return f"{value:.15g}".replace("e", "E") if value else "0"
