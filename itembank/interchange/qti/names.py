"""How an item, its languages and its place in the bank are called in a package (docs/interchange.md).
One file per language: QTI knows one language an item; the files of one item share their catalogue entry."""

from __future__ import annotations

import hashlib
import re

CATALOG = "synak:item"
PREFIX = "synak:"
LONGEST = 40
_ODD = re.compile(r"[^0-9A-Za-zА-Яа-яЁёҢңӨөҮү._-]+")
_NOT_IN_NAME = re.compile(r"[^0-9A-Za-z._-]")


def code(text: str) -> str:
    """A code that the bank can keep: what is too long ends in a few letters of its digest."""
    plain = _ODD.sub("-", text).strip("-.")
    if len(plain) <= LONGEST:
        return plain
    return f"{plain[: LONGEST - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def identifier(text: str, prefix: str = "i") -> str:
    """An XML name that stands for the text, another for another."""
    plain = _NOT_IN_NAME.sub("_", text)
    mark = "" if plain == text else f"-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return f"{prefix}-{plain}{mark}"


def language(tag: str) -> str:
    """`ky` of `ky-KG`."""
    return tag.replace("_", "-").split("-")[0].lower()
