"""What the upload of a recording sends and hears."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.edge.wire import Id, Wire

UPLOAD_MAX = 4 * 1024**3


class RecordingAsk(Wire):
    """An upload is whole and is to be registered; `sha256` is empty where the camera's recorder tells none."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    camera_id: Id
    begins: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$")]
    ends: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$")]
    size: Annotated[int, Field(ge=1, le=UPLOAD_MAX)]
    file_name: Annotated[str, Field(min_length=1, max_length=255)]
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class PartReply(Wire):
    """How many bytes of the upload have arrived; it goes on from there."""

    size: int


class RecordingReply(Wire):
    """The recording is in the archive under this number and digest."""

    id: int
    sha256: str
