"""Whatever is said of an item that came in has its sentence, and the sentence gets its facts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from server.web.messages import MESSAGES, PLACE
from server.web.messages.interchange import INTERCHANGE

FOLDER = Path(__file__).resolve().parents[2] / "itembank" / "interchange"
SAYING = {"note", "problem", "Remark", "Invalid", "Ill"}
OF_A_ROW = {"row", "column"}  # given by the row itself


def said() -> Iterator[tuple[str, set[str]]]:
    """Each code that is written out in the package, with the facts beside it."""
    for path in FOLDER.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name not in SAYING or not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            facts = {each.arg for each in call.keywords if each.arg}
            more = [each for each in call.args[1:] if isinstance(each, ast.Dict)]
            facts |= {key.value for each in more for key in each.keys if isinstance(key, ast.Constant)}
            is_open = any(isinstance(each, ast.Name) for each in call.args[1:])
            code = str(call.args[0].value)
            if code.startswith("table_") and name == "problem":
                facts |= OF_A_ROW
            yield code, set(PLACE.findall(MESSAGES[code])) if is_open else facts


def test_every_code_has_a_sentence_that_is_given_its_facts() -> None:
    found = list(said())
    assert len({code for code, _facts in found}) > 80
    wanting = {code: missing for code, facts in found if (missing := set(PLACE.findall(MESSAGES[code])) - facts)}
    assert wanting == {}


def test_no_sentence_of_imports_is_unused() -> None:
    assert set(INTERCHANGE) - {code for code, _facts in said()} == set()
