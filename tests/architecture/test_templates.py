"""What templates imported without context say outside of their macros is said once for all languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.live import ROOT

IMPORTED = re.compile(r"{%-?\s*(?:from|import)\s+\"(?P<name>[\w/]+\.html)\"(?P<rest>[^%]*)%}")
MACRO = re.compile(r"{%-?\s*macro\b.*?{%-?\s*endmacro\s*-?%}", re.DOTALL)


def templates() -> Iterator[Path]:
    for place in ("server", "proctor", "itembank"):
        yield from (ROOT / place).rglob("templates/**/*.html")


def test_a_day_and_an_hour_are_typed_as_people_write_them_on_every_page() -> None:
    """A browser's own picker speaks the browser's language, not the page's."""
    assert [path.name for path in templates() if re.search(r'type="(date|time)"', path.read_text("utf-8"))] == []


def test_nothing_is_translated_outside_of_a_macro_that_is_imported_without_context() -> None:
    found = (match for path in templates() for match in IMPORTED.finditer(path.read_text("utf-8")))
    alone = {match["name"] for match in found if "with context" not in match["rest"]}
    mine = {path: path.read_text("utf-8") for path in templates() if "/".join(path.parts[-2:]) in alone}
    assert mine
    assert [path.name for path, text in mine.items() if "_(" in MACRO.sub("", text)] == []
