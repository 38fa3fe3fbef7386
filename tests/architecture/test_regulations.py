"""Editions, rules and docs fit: tags resolve, released files stand, no number of law is in code."""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
import re
from itertools import pairwise
from pathlib import Path

import pytest

from server.core.regulation import REGULATIONS, Edition, Rule, editions, recorded_digests, registered

ROOT = Path(__file__).parents[2]
RULES = sorted(path.relative_to(ROOT) for top in ("server", "proctor", "itembank")
               for path in (ROOT / top).rglob("rules.py"))
# Not law: nothing, one, the exponent of a square, a pair, a whole in percent.
ARITHMETIC = {0, 1, 2, 100}


def module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


@pytest.fixture(scope="module")
def laws() -> tuple[Edition, ...]:
    for path in RULES:
        importlib.import_module(module(path))
    return editions()


def test_every_tag_of_every_edition_resolves(laws: tuple[Edition, ...]) -> None:
    assert {(law.code, law.version) for law in laws} >= {("kg-distinction", "2013"), ("zz-trial", "2030")}
    for law in laws:
        law.verify()


def test_no_rule_is_unused(laws: tuple[Edition, ...]) -> None:
    used = {clause.rule for law in laws for clause in law.clauses.values()}
    assert {tag for tag, rule in registered().items() if module_is_ours(rule)} == used


def module_is_ours(rule: type[Rule]) -> bool:
    return rule.__module__.split(".")[0] in {"server", "proctor", "itembank"}


def test_every_rule_class_is_registered(laws: tuple[Edition, ...]) -> None:
    for path in RULES:
        found = importlib.import_module(module(path))
        for name, each in inspect.getmembers(found, inspect.isclass):
            if issubclass(each, Rule) and each is not Rule and each.__module__ == found.__name__:
                assert each in registered().values(), f"{path}: {name} has no tag"


def test_released_files_are_never_edited() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in REGULATIONS.glob("*.toml")}
    assert found == dict(recorded_digests())


def test_the_trial_edition_changes_every_clause(laws: tuple[Edition, ...]) -> None:
    for one, other in pairwise(laws):
        assert list(one.clauses) == list(other.clauses)
        assert [each for each in one.clauses if one.clauses[each].fields == other.clauses[each].fields] == []
        assert one.zone != other.zone


@pytest.mark.parametrize("path", RULES, ids=str)
def test_no_number_of_law_is_in_code(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    numbers = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)
               and isinstance(node.value, int | float) and not isinstance(node.value, bool)}
    assert numbers <= ARITHMETIC


@pytest.mark.parametrize("path", RULES, ids=str)
def test_no_subject_grade_or_document_of_law_is_in_code(path: Path, laws: tuple[Edition, ...]) -> None:
    lists = {"DC-3": "subjects", "DC-9": "documents", "DC-15": "violations", "DC-17": "grounds",
             "DC-20": "grades", "DC-24": "roles", "DC-33": "subjects", "EM-2": "strata", "EM-13": "areas"}
    words = {entry["code"] for law in laws for clause, name in lists.items()
             for entry in law.clauses[clause].fields[name]}
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {each for each in constants if isinstance(each, str)} & words == set()


@pytest.mark.parametrize("path", RULES, ids=str)
def test_rules_are_pure(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    asked = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    asked |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert asked <= {"__future__", "collections", "collections.abc", "dataclasses", "datetime", "decimal",
                     "itertools", "typing", "server.core.regulation", "server.core.terms"}
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert calls & {"now", "utcnow", "today"} == set()


def documented() -> dict[str, list[str]]:
    """The rows of docs/clauses.md by clause."""
    lines = (ROOT / "docs" / "clauses.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in lines if re.match(r"\| [A-Z]{2}-", line)]
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row[1:] for row in rows}


def test_docs_name_every_clause_its_data_and_its_rule(laws: tuple[Edition, ...]) -> None:
    rows = documented()
    for law in laws:
        for clause in law.clauses.values():
            cls = type(law.rule(clause.id))
            _meaning, data, rule, _screen, _test = rows[clause.id]
            assert rule == f"`{cls.__module__.removesuffix('.rules')}.{cls.__name__}`"
            assert set(re.findall(r"`(\w+)`", data)) == set(clause.fields)


def test_docs_cite_only_clauses_and_tests_that_exist(laws: tuple[Edition, ...]) -> None:
    for clause, (_meaning, _data, rule, _screen, test) in documented().items():
        if rule.startswith("`"):
            assert clause in laws[0].clauses
            file, _, name = test.strip("`").partition("::")
            assert f"def {name}" in (ROOT / "tests" / "unit" / file).read_text("utf-8")
        else:
            cited = re.fullmatch(r"with ([A-Z]{2}-[\w.]+)|none: .+", rule)
            assert cited is not None, clause
            assert cited[1] is None or cited[1] in laws[0].clauses


def test_every_clause_has_a_test_of_its_name(laws: tuple[Edition, ...]) -> None:
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests" / "unit").glob("test_rules_*.py"))
    names = re.findall(r"def (test_\w+)", text)
    parts = set(re.findall(r"[A-Z]{2}-\w+", re.findall(r"^PARTS = (.+)$", text, re.M)[0]))
    for clause in laws[0].clauses:
        stem = re.sub(r"\W", "_", clause.lower())
        assert clause in parts or any(re.search(rf"_{stem}(_|$)", name) for name in names), clause
