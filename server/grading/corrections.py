"""What has been corrected since a pool was published: items that count no more, and keys as they are read now.
Pure: scoring takes it, the rescoring runs decide what is in it, and a score keeps its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class CorrectedKey:
    """The key version that counts in place of the pool's, and what it says is right."""

    key_version_id: int
    key: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Corrections:
    """By item version: those struck, which say nothing about anybody, and those whose answers another key judges.

    An item that is both is struck. The reference form stays as it was published: it is the yardstick of the percent,
    and a candidate who never met the item keeps the figure to the bit."""

    struck: frozenset[int] = frozenset()
    keys: Mapping[int, CorrectedKey] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.struck or self.keys)

    @property
    def versions(self) -> frozenset[int]:
        """Every item version that something is corrected of."""
        return self.struck | frozenset(self.keys)

    @property
    def digest(self) -> str:
        """SHA-256 over what is corrected, keys by their version and never by what they say; empty for nothing."""
        if not self:
            return ""
        keys = sorted((version, each.key_version_id) for version, each in self.keys.items())
        return hashlib.sha256(json.dumps([sorted(self.struck), keys]).encode()).hexdigest()

    def among(self, versions: frozenset[int]) -> Corrections:
        """What of it concerns these item versions."""
        keys = {version: each for version, each in self.keys.items() if version in versions}
        return Corrections(self.struck & versions, keys)


NONE = Corrections()
