"""Pictures of items: SVG, PNG or WebP, known by their first bytes and read through to the last one.
A picture stands for its words too: without a text alternative none is taken."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from itembank.items import svg
from itembank.items.refused import Refusal

LARGEST = 256 * 1024
WIDEST = 4000
PNG = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB", b"cHRM", b"pHYS"}
WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}


@dataclass(frozen=True)
class NewFigure:
    """A picture as its author hands it in, with what is said to those who do not see it.

    `description` is a longer text, in paragraphs, for a picture that no sentence can hold."""

    data: bytes
    alternative: str
    description: str | None = None


@dataclass(frozen=True)
class Picture:
    """A picture that may be kept: its type and its size in its own units."""

    type: str
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """What kind of picture these bytes are; Refusal says why they may not be kept."""
    if len(data) > LARGEST:
        raise Refusal(f"more than {LARGEST // 1024} kB")
    if data.startswith(PNG):
        found = Picture("image/png", *_png_size(data))
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = Picture("image/webp", *_webp_size(data))
    elif data.lstrip()[:1] == b"<":
        found = Picture("image/svg+xml", *svg.size(data))
    else:
        raise Refusal("it is neither SVG nor PNG nor WebP")
    if not (1 <= found.width <= WIDEST and 1 <= found.height <= WIDEST):
        raise Refusal(f"a side of more than {WIDEST}")
    return found


def _png_size(data: bytes) -> tuple[int, int]:
    """Every chunk is one that draws, whole and unchanged, and nothing comes after the last."""
    names: list[bytes] = []
    at = len(PNG)
    try:
        while not names or names[-1] != b"IEND":
            length, name = struct.unpack_from(">I4s", data, at)
            (crc,) = struct.unpack_from(">I", data, at + 8 + length)
            if zlib.crc32(data[at + 4 : at + 8 + length]) != crc:
                raise Refusal("a damaged PNG")
            names.append(name)
            at += 12 + length
    except struct.error as error:
        raise Refusal("a PNG that is cut off") from error
    _check_chunks(names, PNG_CHUNKS, at, data)
    if names[0] != b"IHDR":
        raise Refusal("a PNG without its head")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _webp_size(data: bytes) -> tuple[int, int]:
    """A still picture, without a word about who took it where."""
    at, names = 12, []
    try:
        if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
            raise Refusal("a WebP that is cut off or goes on after its end")
        while at < len(data):
            name, length = struct.unpack_from("<4sI", data, at)
            names.append((name, at + 8))
            at += 8 + length + length % 2
    except struct.error as error:
        raise Refusal("a damaged WebP") from error
    _check_chunks([name for name, _ in names], WEBP_CHUNKS, at, data)
    return _webp_frame(data, *names[0])


def _webp_frame(data: bytes, name: bytes, at: int) -> tuple[int, int]:
    head = data[at : at + 10]
    if len(head) < 10:
        raise Refusal("a damaged WebP")
    if name == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if name == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", head, 6)
    return width & 0x3FFF, height & 0x3FFF


def _check_chunks(names: list[bytes], known: set[bytes], end: int, data: bytes) -> None:
    foreign = [name for name in names if name not in known]
    if foreign or not names:
        raise Refusal(f"a part that is no picture: {ascii(foreign[0]) if foreign else 'nothing at all'}")
    if end != len(data):
        raise Refusal("bytes after its end")
