"""Pictures before they are sealed: what may be kept, and that nothing that runs or looks elsewhere may."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.items import areas
from itembank.items.figures import LARGEST, PNG, Picture, read_picture
from itembank.items.refused import Refusal

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30">'


def svg(body: str = "", head: str = HEAD) -> bytes:
    return f"{head}{body}</svg>".encode()


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 7, 5, 8, 2, 0, 0, 0))
PICTURE = PNG + HEADER + chunk(b"IDAT", zlib.compress(b"\0" * 110)) + chunk(b"IEND")


def webp(*parts: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


LOSSY = (b"VP8 ", b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", 9, 6) + b"\0" * 4)
LOSSLESS = (b"VP8L", b"\x2f" + (8 | 5 << 14).to_bytes(4, "little") + b"\0" * 5)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (svg('<g><path d="M0 0L4 5" stroke="#000"/><text x="1">6</text></g>'), Picture("image/svg+xml", 40, 30)),
        (svg('<rect width="1" height="1" fill="url(#a)"/>'), Picture("image/svg+xml", 40, 30)),
        (PICTURE, Picture("image/png", 7, 5)),
        (webp(LOSSY), Picture("image/webp", 9, 6)),
        (webp(LOSSLESS), Picture("image/webp", 9, 6)),
    ],
)
def test_a_plain_picture_is_known_by_its_bytes(data: bytes, found: Picture) -> None:
    assert read_picture(data) == found


@pytest.mark.parametrize(
    "data",
    [
        svg("<script>alert(1)</script>"),
        svg('<rect width="1" height="1" onload="alert(1)"/>'),
        svg("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>"),
        svg('<image href="https://elsewhere.example/1.png"/>'),
        svg('<use href="https://elsewhere.example/1.svg#a"/>'),
        svg('<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="other.svg#a"/>'),
        svg('<rect width="1" height="1" fill="url(https://elsewhere.example/#a)"/>'),
        svg('<rect width="1" height="1" style="fill:url(//elsewhere.example)"/>'),
        svg('<rect width="1" height="1" style="fill:u\\72l(x)"/>'),
        svg("<style>@import 'x'</style>"),
        svg("<animate attributeName='x'/>"),
        svg("<a href='#x'><rect/></a>"),
        svg('<rect xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="click"/>'),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
        b'<?xml-stylesheet href="x.css"?>' + svg(),
        b'<?xml version="1.0" encoding="utf-16"?>' + svg(),
        svg("<script>").decode().encode("utf-16-le"),
        svg("<g>"),
        svg(head='<svg xmlns="http://www.w3.org/2000/svg">'),
        svg(head='<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5 0 40 30">'),
        svg(head='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40000 30">'),
        svg("<g/>" * 4000),
        b"<svg viewBox='0 0 1 1'/>",
        b"GIF89a",
        b"",
        PICTURE[:-4],
        PICTURE + b"PK\x03\x04",
        PICTURE.replace(b"IHDR", b"IHDX"),
        PNG + HEADER + chunk(b"tEXt", b"Author\0Bekov") + chunk(b"IEND"),
        PNG + chunk(b"IEND"),
        webp(LOSSY, (b"EXIF", b"GPS!")),
        webp((b"ANIM", b"\0" * 6), LOSSY),
        webp((b"VP8 ", b"\0")),
        webp(LOSSY) + b"more",
        webp(),
        b" " * (LARGEST + 1),
    ],
)
def test_whatever_runs_moves_tells_or_looks_elsewhere_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        read_picture(data)


@given(st.binary(max_size=200), st.sampled_from([b"", PNG, b"RIFF\x20\0\0\0WEBP", b"<svg", HEAD.encode()]))
def test_any_bytes_are_a_picture_or_refused(tail: bytes, head: bytes) -> None:
    try:
        found = read_picture(head + tail)
    except Refusal:
        return
    assert found.width > 0
    assert found.height > 0


@pytest.mark.parametrize(
    "written",
    ["", "rect", "rect 1 2 3", "rect 1 2 0 4", "circle 1 1 0", "circle -1 2 3", "polygon 1 2 3 4", "polygon 1 2 3 4 5",
     "star 1 2 3", "rect 1 2 3 x", "circle 99999 1 1"],
)  # fmt: skip
def test_what_is_no_area_is_none(written: str) -> None:
    assert areas.read(written) is None


def test_areas_are_met_line_by_line_and_lie_on_the_picture() -> None:
    written = ["circle 90 50 10", "rect 10 40 20 20", "polygon 50 0 60 0 55 9"]
    found = [area for area in map(areas.read, written) if area]
    assert areas.reading_order(found) == [2, 1, 0]
    assert [areas.box(area) for area in found] == [(80, 40, 100, 60), (10, 40, 30, 60), (50, 0, 60, 9)]
    assert [areas.is_within(area, 99, 60) for area in found] == [False, True, True]
