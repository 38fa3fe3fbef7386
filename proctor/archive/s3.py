"""The store of recordings in S3-compatible object storage: `<prefix>ab/cd/<digest>` in a bucket. The only module that
sees botocore; neither keys nor what the storage says of a request leave it, in a log or in an error."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from proctor.archive.incoming import BLOCK, Incoming, Stored, blocks_of
from proctor.archive.store import checked
from server.core.errors import Invalid, NotFound, Unavailable

PART = 16 * 1024 * 1024  # 10 000 of them at most, as S3 says
GONE = ("404", "NoSuchKey", "NoSuchUpload")
log = logging.getLogger("synak")


@dataclass(frozen=True)
class Bucket:
    """Where the storage is and how to sign in; without keys, where the storage's own tools look for them."""

    name: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = "us-east-1"
    key_id: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)


class S3Store:
    """Recordings in a bucket; what is being uploaded, or waits for the storage to answer, lies in `incoming`."""

    def __init__(self, bucket: Bucket, incoming: Incoming) -> None:
        self._bucket, self._incoming = bucket, incoming
        # Payloads are signed, so that the storage refuses a part that was changed on its way; the newer checksums
        # are not known to every storage.
        ways = Config(
            connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 2},
            s3={"payload_signing_enabled": True, "addressing_style": "path" if bucket.endpoint else "auto"},
            request_checksum_calculation="when_required", response_checksum_validation="when_required",
        )  # fmt: skip
        self._client: Any = Session().create_client(
            "s3", region_name=bucket.region, endpoint_url=bucket.endpoint, config=ways,
            aws_access_key_id=bucket.key_id, aws_secret_access_key=bucket.secret,
        )  # fmt: skip

    def append(self, key: str, offset: int, part: bytes, kept: int = 0) -> int:
        """As Store says."""
        return self._incoming.append(key, offset, part, kept, self.has)

    def finish(self, key: str, size: int, digest: str = "") -> Stored:
        """As Store says; if the storage does not answer, the upload waits and can be finished later."""
        return self._incoming.finish(key, size, digest, self._send, self.has)

    def put(self, source: Path, digest: str = "") -> Stored:
        """As Store says."""
        with self._incoming.copied(source, digest) as (path, found):
            self._send(path, found)
        return found

    def has(self, digest: str) -> bool:
        """As Store says."""
        try:
            with _asking():
                self._client.head_object(**self._at(digest))
        except NotFound:
            return False
        return True

    def read(self, digest: str) -> Iterator[bytes]:
        """As Store says: fetched and proved before the first block leaves, so that no reader gets half a file."""
        with _asking():
            found = self._client.get_object(**self._at(digest))
        with closing(found["Body"]) as body, ExitStack() as undo:
            copy = undo.enter_context(self._incoming.scratch(found["ContentLength"]))
            seen = hashlib.sha256()
            with _asking():
                for block in body.iter_chunks(BLOCK):
                    seen.update(block)
                    copy.write(block)
            if seen.hexdigest() != digest:
                raise Invalid("recording_damaged")
            undo.pop_all()  # from here on the reader closes it
        copy.seek(0)
        return blocks_of(copy)

    def remove(self, digest: str) -> None:
        """As Store says."""
        with _asking():
            self._client.delete_object(**self._at(digest))

    def sweep(self, before: float) -> list[str]:
        """As Store says; halves in the bucket first, so that nothing goes while the storage does not answer."""
        with _asking():
            pages = self._client.get_paginator("list_multipart_uploads")
            named = {"Bucket": self._bucket.name, "Prefix": self._bucket.prefix}
            halves = [each for page in pages.paginate(**named) for each in page.get("Uploads", [])]
            stale = [each for each in halves if each["Initiated"].timestamp() < before]
            for each in stale:
                self._abort({"Bucket": self._bucket.name, "Key": each["Key"]}, each["UploadId"])
        return [each["Key"] for each in stale] + self._incoming.sweep(before)

    def _send(self, path: Path, found: Stored) -> None:
        """The file is in the bucket under its digest; in one piece, or in parts that count only when all are there."""
        at = self._at(found.digest)
        with path.open("rb") as source, _asking():
            if found.size <= PART:
                self._client.put_object(**at, Body=source.read())
                return
            upload = self._client.create_multipart_upload(**at)["UploadId"]
            try:
                parts: list[dict[str, object]] = []
                while body := source.read(PART):
                    n = len(parts) + 1
                    sent = self._client.upload_part(**at, UploadId=upload, PartNumber=n, Body=body)
                    parts.append({"PartNumber": n, "ETag": sent["ETag"]})
                whole = {"Parts": parts}
                self._client.complete_multipart_upload(**at, UploadId=upload, MultipartUpload=whole)
            except (BotoCoreError, ClientError):
                self._abort(at, upload)
                raise

    def _abort(self, at: dict[str, str], upload: str) -> None:
        try:
            self._client.abort_multipart_upload(**at, UploadId=upload)
        except (BotoCoreError, ClientError) as error:
            log.warning("half an upload stays in the bucket until the next sweep: %s", type(error).__name__)

    def _at(self, digest: str) -> dict[str, str]:
        name = checked(digest)
        return {"Bucket": self._bucket.name, "Key": f"{self._bucket.prefix}{name[:2]}/{name[2:4]}/{name}"}


@contextmanager
def _asking() -> Iterator[None]:
    """The storage's refusals and silences as ours, without a word of what it was asked or said."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in GONE:
            raise NotFound("recording_missing") from None
        log.error("the storage of recordings refuses: %.40r", code)
        raise Unavailable("archive_unreachable") from None
    except BotoCoreError as error:
        log.error("the storage of recordings does not answer: %s", type(error).__name__)
        raise Unavailable("archive_unreachable") from None
