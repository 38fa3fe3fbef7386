"""Where an installation keeps large files, as its settings say: plain values, read before any feature is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """How many bytes one room may upload in one sitting, and how many stay free on the disk whoever uploads."""

    room_max: int = 100 * GIB
    free_min: int = 2 * GIB


@dataclass(frozen=True)
class ArchiveSettings:
    """A folder, or a bucket with `incoming` beside it; see docs/operations.md."""

    folder: Path | None = None
    bucket: str = ""
    prefix: str = ""
    incoming: Path = Path("var/incoming")
    endpoint: str | None = None
    region: str = "us-east-1"
    key_id: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    limits: Limits = field(default_factory=Limits)
