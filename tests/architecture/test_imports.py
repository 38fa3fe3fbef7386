"""Who imports whom, who asks for the time, who catches everything: read from the syntax trees."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("irt", "itembank", "proctor", "server")
WEB = {"flask", "flask_socketio", "socketio", "engineio", "werkzeug", "jinja2"}
CLOCK = "server/core/clock.py"
# What tells the time of day. Durations (time.monotonic) and waiting are not meant.
NOW = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("datetime", "fromtimestamp"),
       ("date", "today"), ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
       ("time", "ctime"), ("time", "strftime"), ("func", "now"), ("func", "current_timestamp"),
       ("func", "localtime")}  # fmt: skip
# The middle of the pipeline, read by all who come after; and commands, which are a feature's own.
WIDE_DOORS = {"server/delivery/__init__.py", "server/delivery/service/__init__.py", "proctor/rooms/service/__init__.py"}
# A realtime process is a Flask application of its own.
WEB_JOBS = {"server/jobs/realtime.py"}

# Benchmarks compare with mirt and catsim; the product never asks them.
HOMES = {"girth": {"irt/_girth.py"}, "highspy": {"irt/shadow/search.py"}, "mirt": set(), "catsim": set(),
         "typst": {"server/core/paper/press.py"}, "xlsxwriter": {"server/core/workbook.py"},
         "segno": {"server/core/qr.py"},
         "botocore": {"proctor/archive/s3.py"}}  # fmt: skip


@cache
def trees() -> Mapping[str, ast.Module]:
    files = (path for folder in PACKAGES for path in sorted((ROOT / folder).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in files}


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each import as module and name; the name is empty where a module is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def test_the_contracts_of_the_pipeline_hold() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    found = str(command) if command.exists() else shutil.which("lint-imports")
    assert found, "import-linter is not installed"
    run = subprocess.run([found, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def test_estimators_solvers_and_typesetters_of_others_stand_behind_one_module_each() -> None:
    seen: dict[str, set[str]] = {name: set() for name in HOMES}
    for file, tree in trees().items():
        for package in {module.split(".")[0] for module, _name in imported(tree)} & set(HOMES):
            seen[package].add(file)
    assert seen == HOMES


def test_only_the_edge_knows_the_web_framework() -> None:
    outside = {}
    for file, tree in trees().items():
        parts = Path(file).with_suffix("").parts
        is_edge = file.startswith(("server/web/", "server/edge/")) or {"routes", "sockets"} & set(parts)
        found = {module.split(".")[0] for module, _name in imported(tree)} & WEB
        if found and not is_edge and file not in WEB_JOBS:
            outside[file] = sorted(found)
    assert outside == {}


def test_a_front_door_is_small_and_knows_no_flask() -> None:
    """An `__init__.py` names at most twelve things; importing the core builds no application."""
    for file, tree in trees().items():
        if not file.endswith("__init__.py") or file.startswith("server/web/messages"):
            continue
        names = [element for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets
                 if isinstance(target, ast.Name) and target.id == "__all__" and isinstance(node.value, ast.List)
                 for element in node.value.elts]  # fmt: skip
        most = 20 if file.startswith("irt/") else 14 if file in WIDE_DOORS else 12  # the engine is a library
        assert len(names) <= most, file
    assert (ROOT / "server" / "__init__.py").read_bytes() == b""


def test_importing_the_core_loads_nothing_else() -> None:
    code = ("import sys, server.core.work, server.core.regulation; "
            "print(sorted(m for m in sys.modules if m.split('.')[0] in {'flask', 'itembank', 'proctor', 'irt'} "
            "or m.startswith('server.') and not m.startswith('server.core')))")  # fmt: skip
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_only_the_clock_asks_for_the_time() -> None:
    asking = []
    for file, tree in trees().items():
        if file == CLOCK:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and (_last(node.value), node.attr) in NOW:
                asking.append(f"{file}:{node.lineno}: {_last(node.value)}.{node.attr}")
        asking += [f"{file}: from {module} import {name}" for module, name in imported(tree) if (module, name) in NOW]
    assert asking == []


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_the_reader_of_clocks_sees_them() -> None:
    tree = trees()[CLOCK]
    assert any(isinstance(node, ast.Attribute) and (_last(node.value), node.attr) in NOW for node in ast.walk(tree))


def test_only_jobs_and_web_catch_everything() -> None:
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and not file.startswith(("server/jobs/", "server/web/")):
                caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                names = {_last(each) if each is not None else "" for each in caught}
                assert not names & {"", "Exception", "BaseException"}, f"{file}:{node.lineno}"


def test_nobody_suppresses_everything() -> None:
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _last(node.func) == "suppress":
                assert not {_last(each) for each in node.args} & {"Exception", "BaseException"}, f"{file}:{node.lineno}"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_is_named_after_nothing(package: str) -> None:
    vague = {"helpers.py", "utils.py", "util.py", "shared.py", "common.py", "misc.py", "managers.py", "repositories.py"}
    assert [path for path in (ROOT / package).rglob("*.py") if path.name in vague] == []
