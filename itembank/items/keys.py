"""Scoring by key: pure, total and exact. Whatever a candidate sends is scored 0 or 1; nothing raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Key = Mapping[str, Any]
Given = Mapping[Any, Any]  # an answer as it is sealed: its kind, and under the kind's name what was given

# The kind of answer that a kind of key judges.
ANSWERED_BY = {
    "option": "option", "options": "options", "order": "order", "places": "places", "number": "text", "text": "text",
}  # fmt: skip

LONGEST_TEXT = 1000
LONGEST_NUMBER = 64

_MINUS = str.maketrans(dict.fromkeys("−–—‒‐‑﹣－", "-") | dict.fromkeys("⁄∕", "/"))
_SPACE = re.compile(r"\s+")
_AROUND_SIGN = re.compile(r"\s*([,./])\s*|(?<=[+-])\s+")
_DECIMAL = re.compile(r"([+-]?)(\d{1,3}(?: \d{3})+|\d+)?(?:[.,](\d+))?", re.ASCII)
_RATIO = re.compile(r"([+-]?)(?:(\d+) )?(\d+)/(\d+)", re.ASCII)

_TO_CYRILLIC = str.maketrans("aAeEoOpPcCxXyYkKBHMTëЁɵƟ", "аАеЕоОрРсСхХуУкКВНМТеЕөӨ")
_Y_AS_KYRGYZ_U = str.maketrans("Y", "Ү")
_CYRILLIC = re.compile("[а-яёөүңА-ЯЁӨҮҢ]")


def score_answer(key: Key, language: str, given: Given | None) -> int:
    """1 if all of the answer is what the key counts as right, else 0; one left blank or of another kind is 0."""
    kind = key["kind"]
    if kind == "any":  # a corrected key: several answers are right
        return max(score_answer(each, language, given) for each in key["of"])
    if given is None or given.get("kind") != ANSWERED_BY[kind]:
        return 0
    answer = given.get(ANSWERED_BY[kind])
    if kind in ("number", "text"):
        return _score_text(key, language, answer)
    if kind == "options":
        return int(isinstance(answer, list) and _is_set(answer) and set(answer) == set(key["correct"]))
    return int(answer == key["correct"])


def right_answer(key: Key, language: str) -> dict[str, Any]:
    """An answer that the key counts as right; a rubric has none."""
    if key["kind"] == "text":
        return {"kind": "text", "text": key["accepted"][language][0]}
    if key["kind"] == "number":
        return {"kind": "text", "text": key["value"]}
    return {"kind": key["kind"], key["kind"]: key["correct"]}


def read_number(text: str) -> Fraction | None:
    """The exact value of "-3,5", "1 000", "3/4" or "1 3/4"; None if it is no such number."""
    if len(text) > LONGEST_TEXT:
        return None
    plain = _SPACE.sub(" ", text.translate(_MINUS)).strip()
    plain = _AROUND_SIGN.sub(lambda found: found[1] or "", plain)
    if len(plain) > LONGEST_NUMBER:
        return None
    if (ratio := _RATIO.fullmatch(plain)) is not None:
        sign, whole, over, under = ratio.groups()
        if int(under) == 0:
            return None
        value = Fraction(int(over), int(under)) + int(whole or 0)
        return -value if sign == "-" else value
    if (decimal := _DECIMAL.fullmatch(plain)) is None or not (decimal[2] or decimal[3]):
        return None
    digits, places = (decimal[2] or "0").replace(" ", ""), decimal[3] or ""
    value = Fraction(int(digits + places), 10 ** len(places))
    return -value if decimal[1] == "-" else value


def plain_text(text: str) -> str:
    """A text as it is compared: composed, small letters, single spaces, ё as е, one kind of hyphen."""
    composed = unicodedata.normalize("NFC", text[:LONGEST_TEXT]).translate(_MINUS)
    return _SPACE.sub(" ", composed).strip().casefold().replace("ё", "е")


def _score_text(key: Key, language: str, text: object) -> int:
    if not isinstance(text, str) or not text.strip():
        return 0
    if key["kind"] == "number":
        return _score_number(key, text)
    return int(_is_accepted(key["accepted"][language], text))


def _is_set(answer: list[object]) -> bool:
    """True if these are names, none twice."""
    return all(isinstance(each, str) for each in answer) and len(set(answer)) == len(answer)


def _score_number(key: Key, text: str) -> int:
    value = read_number(text)
    if value is None:
        return 0
    return int(abs(value - Fraction(key["value"])) <= Fraction(key["tolerance"]))


def _is_accepted(accepted: list[str], text: str) -> bool:
    """A Latin letter that looks like a Cyrillic one is that one where the expected answer is Cyrillic."""
    if len(text) > LONGEST_TEXT:
        return False
    composed = unicodedata.normalize("NFC", text)
    in_cyrillic = {
        plain_text(composed.translate(_TO_CYRILLIC)),
        plain_text(composed.translate(_Y_AS_KYRGYZ_U).translate(_TO_CYRILLIC)),
    }
    as_typed = {plain_text(composed)}
    return any(plain_text(e) in (in_cyrillic if _CYRILLIC.search(e) else as_typed) for e in accepted)
