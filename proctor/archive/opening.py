"""Which store an installation has: chosen here and nowhere else, from settings that were read before."""

from __future__ import annotations

from proctor.archive.incoming import Incoming
from proctor.archive.store import FileStore, Store
from server.core.storage import ArchiveSettings


def open_store(settings: ArchiveSettings) -> Store:
    """The store that the settings describe."""
    if settings.folder is not None:
        return FileStore(settings.folder, settings.limits)
    # Only here: an installation with a folder does not pay for loading the client.
    from proctor.archive.s3 import Bucket, S3Store

    bucket = Bucket(settings.bucket, settings.prefix, settings.endpoint, settings.region, settings.key_id,
                    settings.secret)  # fmt: skip
    return S3Store(bucket, Incoming(settings.incoming, settings.limits))
