"""The columns of an admission list: their names in the three languages, and how long a value may be."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from server.core.i18n import LANGUAGES


@dataclass(frozen=True)
class Column:
    """A column, whether each list has it, its longest value, and its header as ky, ru and en write it."""

    code: str
    maximum: int
    is_required: bool
    titles: Mapping[str, str]
    also: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """The header in a language of the product."""
        return self.titles[language]


def _column(
    code: str, maximum: int, titles: tuple[str, str, str], *also: str, optional: bool = False
) -> Column:
    return Column(code, maximum, not optional, dict(zip(LANGUAGES, titles, strict=True)), also)


COLUMNS = (
    _column("family_name", 80, ("Фамилиясы", "Фамилия", "Family name"), "surname", "last name"),
    _column("given_name", 80, ("Аты", "Имя", "Given name"), "first name", "name"),
    _column("patronymic", 80, ("Атасынын аты", "Отчество", "Patronymic"), "middle name", optional=True),
    _column("birth_date", 10, ("Туулган күнү", "Дата рождения", "Birth date"), "date of birth"),
    _column("school", 160, ("Мектеби", "Школа", "School"), "мектеп"),
    _column("language", 40, ("Окутуу тили", "Язык обучения", "Language"), "тили", "язык",
            "language of instruction"),
    _column("sex", 20, ("Жынысы", "Пол", "Sex"), "gender", optional=True),
    _column("document_kind", 120, ("Документтин түрү", "Вид документа", "Document kind"), "тип документа"),
    _column("document_number", 40, ("Документтин номери", "Номер документа", "Document number")),
    _column("subjects", 400, ("Предметтер", "Предметы", "Subjects"), "предметтери", optional=True),
    _column("photo", 120, ("Сүрөт", "Фотография", "Photo"), "сүрөтү", "фото", "photo file", optional=True),
)
BY_CODE = {column.code: column for column in COLUMNS}
# How a list may write it; it serves nothing but the comparison of items among girls and boys (EM-7).
SEXES = {"female": ("ж", "а", "f", "жен", "женский", "аял", "кыз", "female"),
         "male": ("м", "э", "m", "муж", "мужской", "эркек", "бала", "уул", "male")}  # fmt: skip
# A column of running numbers is no data of a candidate and may stand in any list.
COUNTERS = frozenset({"", "№", "n", "no", "#", "№ п/п", "п/п", "т/б", "номер"})


def header_key(cell: str) -> str:
    """A header cell as it is compared: case, spaces, underscores and ё do not matter."""
    text = unicodedata.normalize("NFC", cell).casefold().replace("ё", "е").replace("_", " ")
    return " ".join(text.strip(" *:.").split())


_NAMES = {
    header_key(name): column
    for column in COLUMNS
    for name in (column.code, *column.titles.values(), *column.also)
}


def column_of(cell: str) -> Column | None:
    """The column that a header cell names."""
    return _NAMES.get(header_key(cell))


def is_counter(cell: str) -> bool:
    """True for the header of running numbers, or of a column without a name."""
    return header_key(cell) in COUNTERS
