"""Invented item parameters for the demonstration bank: drawn from a hash of its code, so everywhere alike.
They are recorded with the source "demonstration" and marked so wherever they are shown."""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist

MEANS = {"basic": -1.1, "medium": 0.0, "raised": 1.2}
SPREAD = 0.5
FARTHEST = 3.0
SLOPE_LOG_MEAN, SLOPE_LOG_SD = 0.2, 0.25
SLOPES = (0.6, 2.2)
GUESSING, GUESSING_SPREAD = 0.8, 0.03  # divided among the options: .2 for four of them


def invented(code: str, tier: str, n_options: int) -> tuple[float, float, float]:
    """a, b, c of an item, to four decimals; c is 0 where the answer is typed."""
    slope, place, luck = (_uniform(code, name) for name in ("a", "b", "c"))
    normal = NormalDist()
    a = math.exp(SLOPE_LOG_MEAN + SLOPE_LOG_SD * normal.inv_cdf(slope))
    b = MEANS[tier] + SPREAD * normal.inv_cdf(place)
    c = GUESSING / n_options + GUESSING_SPREAD * (2 * luck - 1) if n_options else 0.0
    return _within(a, *SLOPES), _within(b, -FARTHEST, FARTHEST), round(c, 4)


def _uniform(code: str, name: str) -> float:
    """A number strictly between 0 and 1 that only these two names decide."""
    drawn = int.from_bytes(hashlib.sha256(f"{code}/{name}".encode()).digest()[:6], "big")
    return (drawn + 0.5) / 2**48


def _within(value: float, low: float, high: float) -> float:
    return round(min(max(value, low), high), 4)
