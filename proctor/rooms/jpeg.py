"""A camera's JPEG, taken apart: only what paints the picture is kept, so no place, time or maker goes with it."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.errors import Invalid

MAX_BYTES = 200 * 1024
SIDES = range(120, 721)
START, END = b"\xff\xd8", b"\xff\xd9"
FRAME, SCAN = 0xC0, 0xDA  # baseline alone: browsers write no other
WANTED = frozenset({FRAME, SCAN, 0xC4, 0xDB, 0xDD})
DROPPED = frozenset({*range(0xE0, 0xF0), 0xFE})
COLOUR = 0xE0  # JFIF says how the numbers are colours
FRAME_BYTES = 9


@dataclass(frozen=True)
class Picture:
    """A picture that may be kept, and its size in pixels."""

    content: bytes
    width: int
    height: int


def stripped(content: bytes) -> Picture:
    """The picture without anything that is not painted; Invalid if it is no camera picture of a fit size."""
    if len(content) > MAX_BYTES or not content.startswith(START):
        raise Invalid("desk_picture_unfit")
    kept, at, size = [START], len(START), (0, 0)
    while True:
        marker, segment = _segment(content, at)
        at += len(segment)
        if marker == FRAME and len(segment) > FRAME_BYTES:
            size = int.from_bytes(segment[7:9], "big"), int.from_bytes(segment[5:7], "big")
        if marker in WANTED or (marker == COLOUR and segment[4:9] == b"JFIF\0"):
            kept.append(segment)
        elif marker not in DROPPED:
            raise Invalid("desk_picture_unfit")
        if marker == SCAN:
            break
    last = content.find(END, at)  # in the painted part every other FF is followed by 00 or a restart
    if last < 0 or any(side not in SIDES for side in size):
        raise Invalid("desk_picture_unfit")
    return Picture(b"".join((*kept, content[at:last], END)), *size)


def _segment(content: bytes, at: int) -> tuple[int, bytes]:
    length = int.from_bytes(content[at + 2 : at + 4], "big")
    if content[at : at + 1] != b"\xff" or length < len(START) or at + 2 + length > len(content):
        raise Invalid("desk_picture_unfit")
    return content[at + 1], content[at : at + 2 + length]
