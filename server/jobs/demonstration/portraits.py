"""Drawn portraits for invented people: a head and shoulders in colours of their own, as a PNG."""

from __future__ import annotations

import colorsys
import struct
import zlib

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 180, 240


def portrait(n: int) -> bytes:
    """The nth portrait."""
    hue = n * 0.381966 % 1.0
    paper, skin, cloth = (
        _colour(h, s, v) for h, s, v in ((hue, 0.08, 0.94), (0.07, 0.38, 0.86), (hue, 0.55, 0.55))
    )
    hair = _colour(0.06, 0.5, 0.16 + 0.05 * (n % 4))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    picture = np.empty((HEIGHT, WIDTH, 3), dtype=np.uint8)
    picture[:] = paper
    head_w, head_h = 38 + n % 5, 48 + n % 7
    long_hair = n % 2 == 0
    picture[_ellipse(x, y, 90, 92, head_w + 10, head_h + (34 if long_hair else 8))] = hair
    picture[_ellipse(x, y, 90, 250, 76, 92)] = cloth
    picture[(abs(x - 90) < 15) & (y > 120) & (y < 172)] = skin
    picture[_ellipse(x, y, 90, 100, head_w, head_h)] = skin
    picture[_ellipse(x, y, 90, 62, head_w + 4, 22)] = hair
    for side in (-1, 1):
        picture[_ellipse(x, y, 90 + side * 15, 100, 4, 3)] = (40, 32, 30)
    picture[_ellipse(x, y, 90, 127, 10, 2.5)] = (150, 70, 70)
    return _png(picture)


def _ellipse(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], cx: float, cy: float, rx: float, ry: float
) -> npt.NDArray[np.bool_]:
    return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _png(picture: npt.NDArray[np.uint8]) -> bytes:
    height, width, _ = picture.shape
    rows = b"".join(b"\0" + picture[row].tobytes() for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
