"""Registration numbers: YY-CCC-NNNNN-K, the year, the certifying organisation, a serial and a check digit.
K is Damm's (2004): one wrong digit, or two neighbours swapped, never gives a valid number."""

from __future__ import annotations

import re

from server.core.errors import Invalid

SHAPE = re.compile(r"[0-9]{2}-[0-9]{3,}-[0-9]{5}-[0-9]")
LAST_SERIAL = 99_999
# A totally anti-symmetric quasigroup of order 10 (H. M. Damm, Total anti-symmetrische Quasigruppen, 2004).
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)


def make_registration_no(year: int, organisation: int, serial: int) -> str:
    """The number of the nth registration of an organisation in a year."""
    if serial > LAST_SERIAL:
        raise Invalid("registration_numbers_exhausted", last=LAST_SERIAL)
    body = f"{prefix_of(year, organisation)}{serial:05d}"
    return f"{body}-{_state(body)}"


def prefix_of(year: int, organisation: int) -> str:
    """What all numbers of an organisation in a year begin with."""
    return f"{year % 100:02d}-{organisation:03d}-"


def serial_of(registration_no: str) -> int:
    """The serial inside a number."""
    return int(registration_no.split("-")[2])


def is_registration_no(text: str) -> bool:
    """True if it has the shape and its check digit agrees."""
    return bool(SHAPE.fullmatch(text)) and _state(text) == "0"


def _state(text: str) -> str:
    state = "0"
    for digit in text:
        if digit != "-":
            state = DAMM[int(state)][int(digit)]
    return state
