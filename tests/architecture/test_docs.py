"""The documents are true of the code: tables and writers, clauses, pages, roles, settings, commands, links."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from proctor.rooms.rules import SeatingRule
from proctor.rooms.seating import Seating, Sitter, grid
from server.core.db import Base
from server.core.regulation import load_edition
from server.edge.guard import allowed_roles
from server.jobs.demonstration.centre import COLUMNS, ROWS
from server.jobs.demonstration.people import people
from server.jobs.demonstration.sitting import SEED

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TOPS = ("server", "itembank", "proctor")
CLAUSE = re.compile(r"\b(?:DC|VS|CS|EM|AC)-\d+(?:\.\d+)?[a-e]?\b")
CITED_TEST = re.compile(r"`(test_\w+\.py)::(test_\w+)`")
# Set by a test or a benchmark for its own purposes.
NOT_OURS = re.compile(r"SYNAK_(TEST|BARE)_")

Table = dict[str, list[str]]


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def rows(page: str, head: str) -> Iterator[list[str]]:
    """The cells of each row of the table whose header begins with `head`."""
    is_inside = False
    for line in text(page).splitlines():
        is_inside = line.startswith(f"| {head} |") or (is_inside and line.startswith("|"))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if is_inside and cells[0] != head and not cells[0].startswith("---"):
            yield cells


def code_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the server by its name."""
    paths = [path for top in TOPS for path in sorted((ROOT / top).rglob("*.py"))]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return {name: ast.parse(path.read_text("utf-8")) for name, path in zip(names, paths, strict=True)}


@cache
def models() -> dict[tuple[str, str], str]:
    """(module, class) of every mapped class → its table."""
    for name, tree in modules().items():
        if any(isinstance(node, ast.Name) and node.id == "mapped_column" for node in ast.walk(tree)):
            importlib.import_module(name)
    return {(m.class_.__module__, m.class_.__name__): str(m.local_table.name) for m in Base.registry.mappers}


def known_models(module: str) -> dict[str, str]:
    """The names under which a module knows mapped classes → their tables."""
    found = {name: table for (of, name), table in models().items() if of == module}
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                table = models().get((node.module or "", alias.name))
                found |= {alias.asname or alias.name: table} if table else {}
    return found


def written(module: str) -> Iterator[str]:
    """The tables for which a module makes rows, or an insert, update or delete statement."""
    names = known_models(module)

    def table_of(node: ast.expr) -> str | None:
        plain = node.value if isinstance(node, ast.Attribute) and node.attr == "__table__" else node
        return names.get(plain.id) if isinstance(plain, ast.Name) else None

    for node in ast.walk(modules()[module]):
        if not isinstance(node, ast.Call):
            continue
        made = table_of(node.func)
        verb = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        changed = table_of(node.args[0]) if verb in ("insert", "update", "delete") and node.args else None
        yield from (table for table in (made, changed) if table)


def feature(module: str) -> str:
    return ".".join(module.split(".")[:2])


def documented() -> Table:
    """The table of tables: name → rows are, writer, readers."""
    found = [(code_in(row[0])[0], row[2:]) for row in rows("docs/flow.md", "table")]
    assert len(dict(found)) == len(found), "a table stands there twice"
    return dict(found)


def test_every_table_is_documented_once() -> None:
    assert set(documented()) == set(models().values())


def test_what_is_only_added_is_said_to_be() -> None:
    for name, (kind, *_rest) in documented().items():
        is_guarded = Base.metadata.tables[name].info.get("append_only", False)
        assert kind == ("only added" if is_guarded else "changed"), name


def test_each_table_has_one_writer() -> None:
    writers = {name: code_in(cells[1])[0] for name, cells in documented().items()}
    owners = {table: feature(module) for (module, _), table in models().items()}
    writing: dict[str, set[str]] = {}
    for module in modules():
        for table in written(module):
            writing.setdefault(table, set()).add(module)
    assert set(writing) == set(writers), "a table that nobody writes, or that is not documented"
    for table, writer in writers.items():
        assert importlib.import_module(writer).__name__.startswith(owners[table]), table
        strangers = {m for m in writing[table] if m != writer and not m.startswith(writer + ".")}
        assert not strangers, f"{table} belongs to {writer}"


def test_no_statement_is_written_by_hand() -> None:
    change = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\s", re.I)
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "text", "exec_driver_sql",
            ):  # fmt: skip
                said = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                assert not any(isinstance(each, str) and change.match(each) for each in said), module


def test_readers_of_tables_are_those_documented() -> None:
    reading: dict[str, set[str]] = {name: set() for name in documented()}
    owners = {table: feature(module) for (module, _), table in models().items()}
    for module in modules():
        for table in known_models(module).values():
            reading[table].add(feature(module))
    for table, cells in documented().items():
        assert set(code_in(cells[2])) == reading[table] - {owners[table]}, table


def test_clauses_exist() -> None:
    edition = load_edition("kg-distinction", "2013").clauses
    with_others = {row[0] for row in rows("docs/clauses.md", "clause") if not row[3].startswith("`")}
    for page in PAGES:
        cited = set(CLAUSE.findall(page.read_text("utf-8")))
        assert cited <= set(edition) | with_others, page.name
    assert {row[0] for row in rows("docs/clauses.md", "clause")} - with_others == set(edition)


def test_screens_are_pages_and_cited_tests_exist(app: Flask) -> None:
    paths = {re.sub(r"<int:\w+>", "<id>", str(rule)) for rule in app.url_map.iter_rules()}
    for row in rows("docs/clauses.md", "clause"):
        screen = [each for each in code_in(row[4]) if each.startswith("/")]
        assert screen or row[4].startswith(("not yet", "none needed")), row[0]
        assert set(screen) <= paths, row[0]
    for page in PAGES:
        for file, name in CITED_TEST.findall(page.read_text("utf-8")):
            found = list((ROOT / "tests").rglob(file))
            assert found, f"{page.name}: {file}"
            assert any(f"def {name}(" in path.read_text("utf-8") for path in found), f"{page.name}: {name}"


def test_the_roles_of_every_page_are_those_documented(app: Flask) -> None:
    stated = {path: roles for row in rows("docs/security.md", "pages") for path in code_in(row[0])
              for roles in [set(row[1].split(", "))]}  # fmt: skip
    pages: dict[str, set[str]] = {}  # who may do anything there
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            allowed = allowed_roles(app.view_functions[rule.endpoint])
            pages.setdefault(str(rule), set()).update(role.value for role in allowed)
    used = set()
    for page, roles in pages.items():
        begins = [each for each in stated if each.endswith("…") and page.startswith(each[:-1])]
        fits = page if page in stated else max(begins, key=len, default=None)
        assert fits is not None, page
        used.add(fits)
        assert roles == stated[fits], page
    assert used == set(stated)


def test_every_setting_is_documented() -> None:
    known = {name for row in rows("docs/operations.md", "variable") for name in code_in(row[0])}
    used = {name for module in modules() for name in re.findall(r"SYNAK_[A-Z_]*[A-Z]", source(module))}
    secrets = {"SYNAK_MASTER_KEY_FILE", "SYNAK_SECRET_KEY_FILE"}
    assert {name for name in used if not NOT_OURS.match(name)} | secrets == known


def source(module: str) -> str:
    return "\n".join(
        str(node.value) for node in ast.walk(modules()[module]) if isinstance(node, ast.Constant)
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_commands_and_paths_lead_somewhere(page: Path) -> None:
    said = page.read_text("utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", said):
        if not link.startswith(("http", "docs/screens/")):
            assert (page.parent / link).exists(), link
    for module in re.findall(r"python -m\s+(server[\w.]+)", said):
        assert module in modules(), module
        assert "__main__" in source(module) or f"{module}.__main__" in modules(), module
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.M))
    assert set(re.findall(r"`make (\w+)`", said)) <= targets
    for path in re.findall(r"`((?:server|irt|itembank|proctor|tests|client_web|migrations)/[\w/.-]*)`", said):
        assert (ROOT / path).exists(), path


def test_the_tree_in_the_readme_is_the_tree() -> None:
    tree = re.findall(r"^( *)(\w+)/(?: |$)", text("README.md").split("## Where things are")[1].split("## ")[0], re.M)
    assert {name for indent, name in tree if not indent} == {*TOPS, "irt", "client_web", "migrations", "tests",
                                                             "benchmarks", "docs"}  # fmt: skip
    inner = {name for indent, name in tree if indent}
    assert inner == {path.name for path in (ROOT / "server").iterdir() if path.is_dir()} - {"__pycache__"}
    assert all((ROOT / name).is_dir() for indent, name in tree if not indent)


def test_the_passports_in_the_readme_are_those_of_the_seats() -> None:
    persons = people(30)
    seats = dict(enumerate(grid(ROWS, COLUMNS, across_m=1.5, along_m=1.5), start=1))
    apart_mm = load_edition("kg-distinction", "2013").get("DC-10", SeatingRule).same_school_mm
    sitters = [Sitter(n, f"{n:05}", person.school) for n, person in enumerate(persons)]
    sits = {seat: person for person, seat in Seating(seats, {}, apart_mm, SEED).place(sitters).items()}
    stated = re.findall(r"`(AN\d+)`", text("README.md"))
    assert stated == [persons[sits[seat]].document_number for seat in (1, 2, 3)]
