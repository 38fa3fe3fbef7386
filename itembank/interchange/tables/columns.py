"""The columns of a table of items, their headings in three languages, and how words of a cell are written.
A heading is known by any of its names; `stem_ky` is one of them, whatever language the form speaks."""

from __future__ import annotations

import re

from server.core.terms import LANGUAGES, Named

LETTERS = "ABCDEFGH"
SIMPLE = ("choice", "multiple_choice", "text_entry")
COMMON = (
    Named(code="code", ky="Код", ru="Код", en="Code"),
    Named(code="subject", ky="Предмет", ru="Предмет", en="Subject"),
    Named(code="area", ky="Мазмун тармагы", ru="Область содержания", en="Area"),
    Named(code="tier", ky="Деңгээл", ru="Уровень", en="Tier"),
    Named(code="type", ky="Түрү", ru="Тип", en="Type"),
    Named(code="correct", ky="Туура жооп", ru="Правильный ответ", en="Right answer"),
    Named(code="number", ky="Сан", ru="Число", en="Number"),
    Named(code="tolerance", ky="Жол берилген четтөө", ru="Допуск", en="Tolerance"),
    Named(code="family", ky="Тукум", ru="Семейство", en="Family"),
    Named(code="shuffle", ky="Аралаштыруу", ru="Перемешивать", en="Shuffle"),
)
STEM = Named(code="stem", ky="Суроо", ru="Вопрос", en="Question")
ANSWERS = Named(code="accepted", ky="Жооптор", ru="Ответы", en="Answers")
TIERS = (
    Named(code="basic", ky="негизги", ru="базовый", en="basic"),
    Named(code="medium", ky="орто", ru="средний", en="medium"),
    Named(code="raised", ky="жогорулатылган", ru="повышенный", en="raised"),
)
TYPES = (
    Named(code="choice", ky="жоопту тандоо", ru="выбор ответа", en="choice of an answer"),
    Named(code="multiple_choice", ky="бир нече туура жооп", ru="несколько правильных ответов",
          en="several right answers"),
    Named(code="text_entry", ky="кыска жооп", ru="краткий ответ", en="short answer"),
)
YES_NO = (Named(code="yes", ky="ооба", ru="да", en="yes"), Named(code="no", ky="жок", ru="нет", en="no"))
_CODED = re.compile(r"\[([^\[\]]+)\]\s*$")


def keys(languages: tuple[str, ...] = LANGUAGES) -> list[str]:
    """The names of the columns in the order of the form."""
    of_text = [STEM.code, *LETTERS, ANSWERS.code]
    return [each.code for each in COMMON] + [f"{part}_{language}" for language in languages for part in of_text]


def heading(key: str, language: str) -> str:
    """What stands over a column of the form in that language."""
    part, _, tongue = key.partition("_")
    if not tongue:
        return next(each.title(language) for each in COMMON if each.code == key)
    title = part if part in LETTERS else (STEM if part == STEM.code else ANSWERS).title(language)
    return f"{title} ({tongue})"


def known(text: str) -> str | None:
    """The name of the column over which this stands; None if it is none of ours."""
    return _HEADINGS.get(" ".join(text.split()).casefold())


def choice(named: Named, language: str) -> str:
    """What a list of the form offers: the word, and the code by which it is known again."""
    return f"{named.title(language)} [{named.code}]"


def coded(text: str, among: tuple[Named, ...] = ()) -> str:
    """The code that a cell means: the one in brackets, or that of the word, or the cell itself."""
    plain = " ".join(text.split())
    if found := _CODED.search(plain):
        return found[1].strip()
    words = {word.casefold(): each.code for each in among for word in (each.code, each.ky, each.ru, each.en)}
    return words.get(plain.casefold(), plain)


_HEADINGS = {
    name.casefold(): key for key in keys() for name in (key, *(heading(key, language) for language in LANGUAGES))
}
