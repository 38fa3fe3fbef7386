"""The areas of a hotspot: shapes on a picture, in its own units, that a candidate chooses among.
Written `rect 10 20 100 50` (left, top, width, height), `circle 60 40 12` or `polygon 0 0 50 0 25 40`."""

from __future__ import annotations

from typing import Any

MOST = 12
FEWEST_POINTS, MOST_POINTS = 3, 40


def read(text: str) -> dict[str, Any] | None:
    """The shape and its numbers; None if it is no such shape."""
    shape, *numbers = text.split() or [""]
    if not all(number.isdecimal() and len(number) <= 4 for number in numbers):
        return None
    at = [int(number) for number in numbers]
    fits = {
        "rect": len(at) == 4 and min(at[2:], default=0) > 0,
        "circle": len(at) == 3 and at[-1] > 0,
        "polygon": len(at) % 2 == 0 and 2 * FEWEST_POINTS <= len(at) <= 2 * MOST_POINTS,
    }
    return {"shape": shape, "at": at} if fits.get(shape) else None


def box(area: dict[str, Any]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what the area takes up."""
    at = area["at"]
    if area["shape"] == "rect":
        return at[0], at[1], at[0] + at[2], at[1] + at[3]
    if area["shape"] == "circle":
        return at[0] - at[2], at[1] - at[2], at[0] + at[2], at[1] + at[2]
    return min(at[::2]), min(at[1::2]), max(at[::2]), max(at[1::2])


def is_within(area: dict[str, Any], width: int, height: int) -> bool:
    """Whether all of the area lies on a picture of that size."""
    left, top, right, bottom = box(area)
    return 0 <= left < right <= width and 0 <= top < bottom <= height


def reading_order(found: list[dict[str, Any]]) -> list[int]:
    """Where each stands when they are met line by line from the top left: no letter tells which is right."""
    return sorted(range(len(found)), key=lambda n: (box(found[n])[1] // 24, box(found[n])[0], box(found[n])[1], n))
