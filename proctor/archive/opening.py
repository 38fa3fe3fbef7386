"""Which store an installation has: chosen here and nowhere else, from settings that were read before."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from proctor.archive.incoming import Incoming, Limits
from proctor.archive.store import FileStore, Store


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


def open_store(settings: ArchiveSettings) -> Store:
    """The store that the settings describe."""
    if settings.folder is not None:
        return FileStore(settings.folder, settings.limits)
    # Only here: an installation with a folder does not pay for loading the client.
    from proctor.archive.s3 import Bucket, S3Store

    bucket = Bucket(settings.bucket, settings.prefix, settings.endpoint, settings.region, settings.key_id,
                    settings.secret)  # fmt: skip
    return S3Store(bucket, Incoming(settings.incoming, settings.limits))
