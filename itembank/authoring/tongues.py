"""What the checks know of Kyrgyz, Russian and English: answers that refer to others, words that deny, units."""

from __future__ import annotations

import re

_OF_ALL = {
    "ky": re.compile(
        r"\b(жогорудагы(лар|лардын)?\s+(баары|бардыгы)|баары\s+туура|туура\s+жооп\s+жок|эч\s+бири\s+эмес)"
    ),
    "ru": re.compile(
        r"\b(вс[её]\s+(из\s+)?(выше)?перечисленно\w*|все\s+(ответы|варианты)\s+верн\w*|нет\s+(верного|правильного)\s+"
        r"ответа|ни\s+один\s+из|ничего\s+из)"
    ),
    "en": re.compile(r"\b(all|none|both)\s+of\s+the(se)?\s+(above|answers|options)|\ball of these\b|\bnone of these\b"),
}
_DENIES = {
    "ky": re.compile(r"\b(эмес|тышкары|туура\s+келбе\w+|кирбе\w+|болбо\w+|жатпа\w+)"),
    "ru": re.compile(r"\b(неверн\w+|неправильн\w+|не\s+(явля\w+|относ\w+|име\w+|вход\w+|соответств\w+|мож\w+)|кроме)"),
    "en": re.compile(r"\b(not|except|incorrect|false|never)\b"),
}
# A unit and how it is written; the first is its name here.
_UNITS = (
    ("km", "км", "km"), ("cm", "см", "cm"), ("mm", "мм", "mm"), ("dm", "дм", "dm"), ("m", "м", "m"), ("kg", "кг", "kg"),
    ("g", "г", "g"), ("t", "т", "t"), ("l", "л", "l"), ("ml", "мл", "ml"), ("h", "саат", "ч", "час", "часа", "часов",
    "hour", "hours", "h"), ("min", "мүнөт", "мин", "минут", "минуты", "minute", "minutes", "min"),
    ("s", "секунд", "секунды", "сек", "с", "seconds", "second", "s"), ("som", "сом", "сома", "сомов", "som", "soms"),
    ("%", "%"), ("°C", "°C", "°С"), ("ha", "га", "ha"),
)  # fmt: skip
_UNIT_OF = {written: unit[0] for unit in _UNITS for written in unit[1:]}
_MEASURE = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*("
    + "|".join(re.escape(each) for each in sorted(_UNIT_OF, key=len, reverse=True))
    + r")(?![^\W\d_])"
)


def is_of_all(language: str, answer: str) -> bool:
    """Whether an answer says "all of the above" or "none of these"."""
    return _OF_ALL[language].search(answer.casefold()) is not None


def is_negative(language: str, sentence: str) -> bool:
    """Whether a question asks for what is not so."""
    return _DENIES[language].search(sentence.casefold()) is not None


def units(_language: str, text: str) -> list[str]:
    """The measured numbers of a text, as `5 km`, whatever the language writes."""
    return [f"{number.replace(',', '.')} {_UNIT_OF[unit]}" for number, unit in _MEASURE.findall(text)]
