"""Said: one sentence in the three languages of the bank, written with neutral numbers and localised here.
Neutral means: a point in decimals (prose only), a semicolon between the members of a pair (formulas only)."""

import re
from dataclasses import dataclass
from fractions import Fraction

LANGUAGES = ("ky", "ru", "en")
NO_BREAK = "\u00a0"

_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
_BEFORE_UNIT = re.compile(r"(?<=[\d$]) (?=%|(?:см|м|г|сом|cm|m|g)\b)")


@dataclass(frozen=True)
class Said:
    ky: str
    ru: str
    en: str

    def in_language(self, language: str) -> str:
        """The sentence as a reader of that language expects its numbers."""
        text: str = getattr(self, language)
        # Odd pieces are formulas: they lie between dollar signs.
        return "$".join(
            _formula(piece, language) if i % 2 else _prose(piece, language)
            for i, piece in enumerate(_BEFORE_UNIT.sub(NO_BREAK, text).split("$"))
        )


def everywhere(text: str) -> Said:
    """The same text in each language: a formula, a number."""
    return Said(text, text, text)


def measured(latex: str, unit: str, unit_en: str) -> Said:
    """A formula with its unit: $5\\sqrt{2}$ см."""
    return Said(ky=f"${latex}$ {unit}", ru=f"${latex}$ {unit}", en=f"${latex}$ {unit_en}")


def decimal(value: Fraction | int) -> str:
    """An exact decimal with a point, "0.75"; ValueError where the expansion never ends."""
    value = Fraction(value)
    places = next((n for n in range(7) if 10**n % value.denominator == 0), None)
    if places is None:
        raise ValueError(f"{value} has no short exact decimal")
    digits = f"{abs(value) * 10**places}".rjust(places + 1, "0")
    whole = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{whole}" if value < 0 else whole


def _formula(latex: str, language: str) -> str:
    return latex.replace("; ", ", ") if language == "en" else latex


def _prose(text: str, language: str) -> str:
    return text if language == "en" else _DECIMAL.sub(",", text)
