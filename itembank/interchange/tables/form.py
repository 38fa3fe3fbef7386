"""The form that writers fill in: an empty table with lists to choose from, and how to, in Kyrgyz and Russian."""

from __future__ import annotations

from collections.abc import Mapping

from itembank.interchange.tables import columns
from itembank.interchange.tables.instructions import LINES, NAMES
from server.core.workbook import Sheet, workbook

ITEMS = {"ky": "Тапшырмалар", "ru": "Задания", "en": "Items"}
WIDTHS = {"code": 14, "area": 30, "tier": 22, "type": 30, "correct": 14, "stem": 50, "accepted": 24}
USUAL_WIDTH = 18
LEFT_OUT = {"subject", "family", "shuffle"}  # chosen on the page, or left to those who know what they are for


def form(language: str, areas: Mapping[str, Mapping[str, str]]) -> bytes:
    """The empty form of a subject; `areas` are its areas with their titles by language."""
    tongues = ("ky", "ru") if language != "en" else ("ky", "ru", "en")
    keys = [key for key in columns.keys(tongues) if key not in LEFT_OUT]
    words = {
        "area": [f"{titles.get(language) or code} [{code}]" for code, titles in areas.items()],
        "tier": [columns.choice(each, language) for each in columns.TIERS],
        "type": [columns.choice(each, language) for each in columns.TYPES],
    }
    sheet = Sheet(
        ITEMS[language], [[columns.heading(key, language) for key in keys]],
        [WIDTHS.get(key.split("_")[0], USUAL_WIDTH) for key in keys],
        {keys.index(key): listed for key, listed in words.items() if listed},
    )  # fmt: skip
    order = ("ru", "ky") if language == "ru" else ("ky", "ru")
    told = [Sheet(NAMES[tag], [[line] for line in LINES[tag]], (120,), is_form=False) for tag in order]
    return workbook([sheet, *told])
