"""Numerals in words where speech needs an inflected form: parts of fractions in Kyrgyz and Russian.
None where the number is too large to be said in few words."""

from __future__ import annotations

_KY_UNITS = ("", "бир", "эки", "үч", "төрт", "беш", "алты", "жети", "сегиз", "тогуз")
_KY_TENS = ("", "он", "жыйырма", "отуз", "кырк", "элүү", "алтымыш", "жетимиш", "сексен", "токсон")
# The ablative ("of so many") follows the vowel and the last sound of the numeral.
_KY_FROM = {
    "бир": "бирден", "эки": "экиден", "үч": "үчтөн", "төрт": "төрттөн", "беш": "бештен", "алты": "алтыдан",
    "жети": "жетиден", "сегиз": "сегизден", "тогуз": "тогуздан", "он": "ондон", "жыйырма": "жыйырмадан",
    "отуз": "отуздан", "кырк": "кырктан", "элүү": "элүүдөн", "алтымыш": "алтымыштан", "жетимиш": "жетимиштен",
    "сексен": "сексенден", "токсон": "токсондон", "жүз": "жүздөн", "миң": "миңден",
}  # fmt: skip

_RU_UNITS = ("", "одна", "две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
             "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать",
             "семнадцать", "восемнадцать", "девятнадцать")  # fmt: skip
_RU_TENS = ("", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят",
            "девяносто")  # fmt: skip
# Stems of ordinals; the ending is -ая after one, -ых after other numbers ("третья", "третьих" apart).
_RU_PARTS = ("", "перв", "втор", "трет", "четвёрт", "пят", "шест", "седьм", "восьм", "девят", "десят",
             "одиннадцат", "двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат", "семнадцат",
             "восемнадцат", "девятнадцат")  # fmt: skip
_RU_TEN_PARTS = ("", "", "двадцат", "тридцат", "сороков", "пятидесят", "шестидесят", "семидесят",
                 "восьмидесят", "девяност")  # fmt: skip


def kyrgyz(n: int) -> str | None:
    """12 is "он эки"; None outside 1 .. 100."""
    if n == 100:
        return "жүз"
    if not 0 < n < 100:
        return None
    return f"{_KY_TENS[n // 10]} {_KY_UNITS[n % 10]}".strip()


def kyrgyz_from(n: int) -> str | None:
    """12 is "он экиден"; None outside 1 .. 100 and 1000."""
    said = "миң" if n == 1000 else kyrgyz(n)
    if said is None:
        return None
    *before, last = said.split()
    return " ".join([*before, _KY_FROM[last]])


def russian_fraction(over: int, under: int) -> str | None:
    """3/4 is "три четвёртых", 1/2 "одна вторая"; None where it has no short form."""
    top, bottom = _russian_feminine(over), _russian_part(under, is_one=over % 10 == 1 and over % 100 != 11)
    return f"{top} {bottom}" if top and bottom else None


def russian_degrees(n: int) -> str:
    """The word "degree" in the form that follows a number."""
    if n % 100 in range(11, 15) or n % 10 not in range(1, 5):
        return "градусов"
    return "градус" if n % 10 == 1 else "градуса"


def _russian_feminine(n: int) -> str | None:
    if not 0 < n < 100:
        return None
    return _RU_UNITS[n] if n < 20 else f"{_RU_TENS[n // 10]} {_RU_UNITS[n % 10]}".strip()


def _russian_part(n: int, *, is_one: bool) -> str | None:
    if n in (100, 1000):
        return {100: "сот", 1000: "тысячн"}[n] + ("ая" if is_one else "ых")
    if not 1 < n < 100:
        return None
    tens, units = divmod(n, 10)
    if n < 20:
        tens, units = 0, n
    stem = _RU_PARTS[units] if units else _RU_TEN_PARTS[tens]
    ending = ("ья" if is_one else "ьих") if stem == "трет" else ("ая" if is_one else "ых")
    return f"{_RU_TENS[tens] if units else ''} {stem}{ending}".strip()
