"""Recordings before they are sealed: what may be kept, how long it lasts, and that no word of anybody is in it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itembank.demonstration.sources import FOLDER
from itembank.items import sound
from itembank.items.refused import Refusal
from itembank.items.sound import Sound, read_sound

OPUS = (FOLDER / "recordings" / "announcement-ky.opus").read_bytes()


def wav(*extra: tuple[bytes, bytes], rate: int = 8000, bits: int = 8, kind: int = 1, seconds: float = 1) -> bytes:
    speed = rate * bits // 8
    samples = b"\x80" * int(speed * seconds)
    head = struct.pack("<HHIIHH", kind, 1, rate, speed, bits // 8, bits)
    parts = [(b"fmt ", head), (b"data", samples), *extra]
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def mp3(n: int = 50) -> bytes:
    """Frames of MPEG-1 layer III, 128 kbit/s at 44.1 kHz, 417 bytes each."""
    return (b"\xff\xfb\x90\x00" + b"\0" * 413) * n


def tagged(comment: bytes) -> bytes:
    """The same Opus stream, its encoder's comment changed in place, with its checksum mended."""
    at = OPUS.index(b"OggS", 4)
    end = OPUS.index(b"OggS", at + 4)
    page = bytearray(OPUS[at:end])
    where = page.index(b"ENCODER=")
    page[where : where + len(comment)] = comment
    page[22:26] = bytes(4)
    page[22:26] = struct.pack("<I", sound._crc(bytes(page)))
    return OPUS[:at] + bytes(page) + OPUS[end:]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (OPUS, Sound("audio/ogg", 6160)),
        (tagged(b"ENCODER=OPUSENC"), Sound("audio/ogg", 6160)),
        (wav(), Sound("audio/wav", 1000)),
        (wav(rate=48_000, bits=16, seconds=0.5), Sound("audio/wav", 500)),
        (mp3(), Sound("audio/mpeg", 1306)),
    ],
)
def test_a_recording_is_known_by_its_bytes(data: bytes, found: Sound) -> None:
    assert read_sound(data) == found


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither"),
        (b"<svg/>", "neither"),
        (b"ID3\x04" + mp3(), "neither"),
        (mp3() + b"TAG" + b"\0" * 125, "no sound"),
        (mp3()[:-1], "cut off"),
        (mp3() + b"\xff\xfb\x94\x00" + b"\0" * 380, "changes its rate"),
        (b"\xff\xfb\x00\x00" + b"\0" * 413, "damaged"),
        (b"\xff\xeb\x90\x00" + b"\0" * 413, "damaged"),
        (wav((b"LIST", b"INFOIARTAsanov")), "no sound"),
        (wav()[:-1], "cut off"),
        (wav() + b"x", "cut off"),
        (wav(kind=3), "plain samples"),
        (wav(rate=4000), "plain samples"),
        (wav(bits=32), "plain samples"),
        (wav(seconds=0.4), "lasts"),
        (wav(seconds=300.1), "more than"),
        (OPUS[:-1], "damaged"),
        (OPUS + b"x", "cut off"),
        (OPUS + OPUS, "several streams"),
        (tagged(b"ARTIST=A"), "tell of something"),
        (OPUS.replace(b"OpusHead", b"SomeHead"), "damaged"),
    ],
)
def test_what_is_no_plain_recording_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        read_sound(data)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(OPUS) - 1), st.integers(1, 255))
def test_one_changed_byte_of_a_stream_is_seen(at: int, change: int) -> None:
    data = bytearray(OPUS)
    data[at] ^= change
    with pytest.raises(Refusal):
        read_sound(bytes(data))


@given(st.sampled_from([b"RIFF\x10\0\0\0WAVE", b"OggS", b"\xff\xfb"]), st.binary(max_size=80))
def test_bytes_of_no_meaning_are_refused_in_words(head: bytes, rest: bytes) -> None:
    with pytest.raises(Refusal):
        read_sound(head + rest)
