"""Recordings of items: WAV, Ogg Opus or MP3, known by their first bytes and read through to the last one.
Nothing but sound is taken: no title, no picture, no word about who recorded it, and nothing after the end."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from itembank.items import mp3
from itembank.items.refused import Refusal

LARGEST = 2 * 1024 * 1024
SHORTEST_MS, LONGEST_MS = 500, 300_000
OPUS_RATE = 48_000
PAGE_HEAD = 27
TAGS = b"OpusTags"
ENCODERS = (b"libopus", b"Lavf", b"Lavc")
COMMENTS = (b"ENCODER=", b"ENCODER_OPTIONS=")


@dataclass(frozen=True)
class NewRecording:
    """A recording as its author hands it in. `plays` is how often it may be heard; the transcript stays at the bank
    for those who by a recorded decision read what others hear."""

    data: bytes
    title: str
    transcript: str
    plays: int = 2


@dataclass(frozen=True)
class Sound:
    """A recording that may be kept: its type and how long it lasts."""

    type: str
    duration_ms: int


def read_sound(data: bytes) -> Sound:
    """What kind of recording these bytes are; Refusal says why they may not be kept."""
    if len(data) > LARGEST:
        raise Refusal(f"more than {LARGEST // 1024} kB")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        found = Sound("audio/wav", _wav_ms(data))
    elif data.startswith(b"OggS"):
        found = Sound("audio/ogg", _opus_ms(data))
    elif mp3.starts(data):
        found = Sound("audio/mpeg", mp3.duration_ms(data))
    else:
        raise Refusal("it is neither WAV nor Ogg Opus nor MP3 without tags")
    if not SHORTEST_MS <= found.duration_ms <= LONGEST_MS:
        raise Refusal(f"it lasts less than half a second, or more than {LONGEST_MS // 60_000} minutes")
    return found


def _wav_ms(data: bytes) -> int:
    """Plain samples behind their description, and no part that tells of anything else."""
    at, parts = 12, {}
    try:
        if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
            raise Refusal("a WAV that is cut off or goes on after its end")
        while at < len(data):
            name, length = struct.unpack_from("<4sI", data, at)
            if name not in (b"fmt ", b"data") or name in parts or at + 8 + length > len(data):
                raise Refusal(f"a part that is no sound: {name!a}")
            parts[name] = data[at + 8 : at + 8 + length]
            at += 8 + length + length % 2
        kind, channels, rate, speed, block, bits = struct.unpack_from("<HHIIHH", parts[b"fmt "])
        n_bytes = len(parts[b"data"])
    except (struct.error, KeyError) as error:
        raise Refusal("a damaged WAV") from error
    is_plain = kind == 1 and channels in (1, 2) and bits in (8, 16) and 8000 <= rate <= OPUS_RATE
    if not is_plain or block != channels * bits // 8 or speed != rate * block or n_bytes % block:
        raise Refusal("a WAV that is not of plain samples, 8 to 48 kHz")
    return int(n_bytes * 1000 // speed)


@dataclass(frozen=True)
class _Page:
    flags: int
    granule: int
    serial: int
    number: int
    body: bytes


def _opus_ms(data: bytes) -> int:
    pages = list(_pages(data))
    heads = [page.body for page in pages[:2]]
    first, last = pages[0].flags, pages[-1].flags
    is_one = {page.serial for page in pages} == {pages[0].serial}
    if not is_one or [page.number for page in pages] != list(range(len(pages))) or not first & 2 or not last & 4:
        raise Refusal("an Ogg of several streams, or with pages missing")
    if len(pages) < 3 or not heads[0].startswith(b"OpusHead\x01") or len(heads[0]) < 19:
        raise Refusal("an Ogg that is not Opus")
    _check_tags(heads[1])
    (skipped,) = struct.unpack_from("<H", heads[0], 10)
    return max(0, pages[-1].granule - int(skipped)) * 1000 // OPUS_RATE


def _pages(data: bytes) -> Iterator[_Page]:
    at = 0
    try:
        while at < len(data):
            mark, version, flags, granule, serial, number, crc, n = struct.unpack_from("<4sBBqIIIB", data, at)
            end = at + PAGE_HEAD + n + sum(data[at + PAGE_HEAD : at + PAGE_HEAD + n])
            page = data[at:end]
            if mark != b"OggS" or version or len(data) < end or crc != _crc(page[:22] + bytes(4) + page[26:]):
                raise Refusal("a damaged Ogg")
            yield _Page(flags, granule, serial, number, page[PAGE_HEAD + n :])
            at = end
    except struct.error as error:
        raise Refusal("an Ogg that is cut off") from error


def _check_tags(body: bytes) -> None:
    """The encoder may name itself; nobody else is named."""
    try:
        (length,) = struct.unpack_from("<I", body, 8)
        vendor, at = body[12 : 12 + length], 12 + length
        (n,) = struct.unpack_from("<I", body, at)
        at += 4
        comments = []
        for _ in range(n):
            (length,) = struct.unpack_from("<I", body, at)
            comments.append(body[at + 4 : at + 4 + length])
            at += 4 + length
    except struct.error as error:
        raise Refusal("a damaged Ogg") from error
    if not body.startswith(TAGS) or any(body[at:]):
        raise Refusal("an Ogg that is not Opus")
    if not vendor.startswith(ENCODERS) or any(not each.upper().startswith(COMMENTS) for each in comments):
        raise Refusal("tags that tell of something beside the sound")


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        crc = value << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x8000_0000 else crc << 1) & 0xFFFF_FFFF
        table.append(crc)
    return table


CRC_TABLE = _crc_table()


def _crc(page: bytes) -> int:
    """Ogg's own checksum (RFC 3533): not the one of zlib, its bits go the other way."""
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFF_FFFF) ^ CRC_TABLE[crc >> 24 ^ byte]
    return crc
