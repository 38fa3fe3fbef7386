"""A film for Chromium's camera: a slip held before it, a little askew, in a room that is not evenly lit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import segno

WIDTH, HEIGHT = 640, 480
FRAMES = 4
QUIET = 4
SIDE = 210
TURN = np.radians(9)
PAPER, INK = 215, 40


def film_of(text: str, path: Path) -> Path:
    """A Y4M file that shows the QR code of `text`, made as slips make it."""
    modules = np.array([list(row) for row in segno.make(text, error="m", micro=False).matrix], dtype=bool)
    framed = np.pad(modules, QUIET)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    across, down = x - WIDTH * 0.55, y - HEIGHT * 0.45
    u = ((across * np.cos(TURN) + down * np.sin(TURN)) / SIDE + 0.5) * len(framed)
    v = ((down * np.cos(TURN) - across * np.sin(TURN)) / SIDE + 0.5) * len(framed)
    is_slip = (u >= 0) & (u < len(framed)) & (v >= 0) & (v < len(framed))
    ink = framed[v.clip(0, len(framed) - 1).astype(int), u.clip(0, len(framed) - 1).astype(int)]
    scene = np.where(is_slip, np.where(ink, INK, PAPER), 110) - 30 * x / WIDTH
    rng = np.random.default_rng(9)
    colour = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _frame in range(FRAMES):
            grain = rng.normal(0, 6, scene.shape)
            out.write(b"FRAME\n" + (scene + grain).clip(16, 235).astype(np.uint8).tobytes() + colour)
    return path
