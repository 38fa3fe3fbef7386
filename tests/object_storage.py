"""An S3-speaking server on loopback, for tests of what is kept in object storage."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from botocore.session import Session
from moto.server import ThreadedMotoServer

from server.core.storage import ArchiveSettings


@contextmanager
def object_storage() -> Iterator[str]:
    """The origin of a server that forgets all at its end."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@cache
def client_of(endpoint: str) -> Any:
    """A client of that server."""
    return Session().create_client("s3", region_name="us-east-1", endpoint_url=endpoint,
                                   aws_access_key_id="testing", aws_secret_access_key="testing")  # fmt: skip


def a_bucket(endpoint: str, incoming: Path) -> ArchiveSettings:
    """Settings of a new bucket there."""
    name = f"b-{uuid4().hex}"
    client_of(endpoint).create_bucket(Bucket=name)
    return ArchiveSettings(bucket=name, prefix="synak/video/", incoming=incoming, endpoint=endpoint,
                           key_id="KEYOFTHEARCHIVE", secret="sesame-of-the-archive")  # fmt: skip
