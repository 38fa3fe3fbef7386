"""What a candidate wrote, without what would tell who they are: their names, number, form, school and seat (CS-14.2).
For whoever judges written words: a marker, the commission of appeals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from server import candidates
from server.candidates.registration_no import SHAPE
from server.core.work import Work
from server.delivery.queries import session_ref

MASK = "▒▒▒"
NUMBER = re.compile(rf"(?<![\w-]){SHAPE.pattern}(?![\w-])")
SHORTEST = 3  # letters of a name that are told from a word
ENDING = 2  # letters that declension takes from a name
SCHOOL = r"(?:мектеп|мектеб|школ|лице|гимнази|school|lyceum|gymnasium)\w*"  # and beside these that of a school
PLACE = r"(?:орун|орд|мест|парт|seat)\w*"  # beside which a number is that of a seat


def covering(work: Work, session_id: int) -> Callable[[str], str]:
    """Covers what tells who wrote it, in anything that the candidate of the session wrote."""
    session = session_ref(work, session_id)
    (who,) = candidates.registrations(work, [session.registration_id])
    names, exact = {session.name, who.name}, {session.registration_no, who.school, session.form_no}
    return lambda text: masked(text, names, exact, session.seat or "", who.school)


def masked(text: str, names: Iterable[str], exact: Iterable[str], seat: str = "", school: str = "") -> str:
    """The text with every word that a name begins masked, however it is declined, all that is `exact`, every
    registration number, whosever it is, and the numbers of seat and school where they are called so."""
    text = NUMBER.sub(MASK, text)
    if seat.isdecimal():
        text = re.sub(rf"(?<!\w)({PLACE}[\s:№-]*){seat}(?!\w)", rf"\g<1>{MASK}", text, flags=re.IGNORECASE)
        text = re.sub(rf"(?<![\w.,]){seat}([\s-]*{PLACE})", rf"{MASK}\g<1>", text, flags=re.IGNORECASE)
        seat = ""
    for said in sorted({each.strip() for each in (*exact, seat) if each.strip()}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){_spaced(said)}(?!\w)", MASK, text, flags=re.IGNORECASE)
    for number in re.findall(r"\d+", school):
        after = rf"(?<!\w)({SCHOOL}[\s:№-]*(?:No\.?\s*)?){number}(?!\w)"
        before = rf"(?<![\w.,]){number}((?:-\w{{1,2}}\b)?[\s-]+(?:[\w-]+[\s-]+)?{SCHOOL})"
        text = re.sub(after, rf"\g<1>{MASK}", text, flags=re.IGNORECASE)
        text = re.sub(before, rf"{MASK}\g<1>", text, flags=re.IGNORECASE)
    for stem in _stems(names):
        text = re.sub(rf"(?<!\w){re.escape(stem)}\w*", MASK, text, flags=re.IGNORECASE)
    return text


def _stems(names: Iterable[str]) -> list[str]:
    words = {word for name in names for word in re.findall(r"\w+", name) if len(word) >= SHORTEST}
    stems = {word[: max(SHORTEST, len(word) - ENDING)] for word in words}
    return sorted(stems, key=len, reverse=True)


def _spaced(said: str) -> str:
    return r"[\s-]*".join(re.escape(part) for part in re.split(r"[\s-]+", said) if part)
