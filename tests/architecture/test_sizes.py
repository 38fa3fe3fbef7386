"""Files and functions stay small, and every module says what it is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("irt", "itembank", "proctor", "server", "tests")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
LINES, TEST_LINES, FUNCTION_LINES, DOC_LINES = 500, 600, 40, 3
# Why each may be longer than the rest.
LONG_FUNCTIONS = {
    "tests/e2e/test_path.py::test_from_the_doors_to_the_grade": "one walk through the product, told in order",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_is_small_and_says_what_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= (TEST_LINES if path.is_relative_to(ROOT / "tests") else LINES)
    doc = ast.get_docstring(tree)
    assert doc or not text.strip()
    assert len([line for line in (doc or "").splitlines() if line.strip()]) <= DOC_LINES


def lines_of_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring: shapes, errors and sources may take the room they need."""
    first = node.body[0]
    doc = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
    return (node.end_lineno or 0) - node.lineno + 1 - doc


def test_functions_are_short() -> None:
    long = {
        f"{name(path)}::{node.name}": lines_of_code(node)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }  # fmt: skip
    assert {each: n for each, n in long.items() if n > FUNCTION_LINES and each not in LONG_FUNCTIONS} == {}


def test_no_exception_is_out_of_date() -> None:
    for each in LONG_FUNCTIONS:
        file, _, function = each.partition("::")
        assert f"def {function}(" in (ROOT / file).read_text("utf-8")
