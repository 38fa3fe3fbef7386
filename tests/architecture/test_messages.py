"""Every code that is raised or refused has its sentence, every sentence its facts, a use and translations.

Read from the syntax trees: what `raise Kind("code", fact=…)` and `rule.refuse("code", **facts)` say.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from server.jobs.catalogues import LANGUAGES, PLACEHOLDER, forms_of, load
from server.web.messages import MESSAGES, PLACE, SECTIONS
from server.web.messages.facts import derived
from server.web.messages.words import WORDS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("server", "proctor", "itembank")
KINDS = {"NotFound", "Invalid", "Refused", "Stale", "Denied", "NotSignedIn", "CatError", "Unfit"}
# Its facts are also those of the ruling, which is made elsewhere.
OPEN = {"Refused"}
IN_A_PAGE = re.compile(r'sentence\("(\w+)"')


@dataclass(frozen=True)
class Use:
    """A place that raises or refuses with a code, and the facts it is seen to give; None: not to be seen."""

    place: str
    code: str
    facts: frozenset[str] | None


@cache
def trees() -> Mapping[str, ast.Module]:
    files = (path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in files}


@cache
def uses() -> tuple[Use, ...]:
    return tuple(use for file, tree in trees().items() for use in _uses_in(file, tree))


def _uses_in(file: str, tree: ast.Module) -> Iterator[Use]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            code = _code_argument(call)
            if code is not None:
                facts = None if _name(call.func) in OPEN else _facts(call, function)
                for each in _literals(code, function, tree):
                    yield Use(f"{file}:{call.lineno}", each, facts)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _code_argument(call: ast.Call) -> ast.expr | None:
    name, args = _name(call.func), call.args
    if args and (name in KINDS or name == "refuse"):
        return args[0]
    is_refusal = name == "answer" and len(args) > 1 and getattr(args[0], "value", None) is False
    return args[1] if is_refusal else None


def _literals(code: ast.expr, function: ast.FunctionDef, tree: ast.Module) -> Iterator[str]:
    """The codes it may be: a literal, either side of a condition, or what callers pass for a parameter."""
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        yield code.value
    elif isinstance(code, ast.IfExp):
        yield from _literals(code.body, function, tree)
        yield from _literals(code.orelse, function, tree)
    elif isinstance(code, ast.Name):
        names = [arg.arg for arg in function.args.args if arg.arg != "self"]
        if code.id in names:
            at = names.index(code.id)
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                if _name(call.func) == function.name and len(call.args) > at:
                    yield from (arg.value for arg in [call.args[at]]
                                if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def _facts(call: ast.Call, function: ast.FunctionDef) -> frozenset[str] | None:
    given: set[str] = set()
    for keyword in call.keywords:
        if keyword.arg is not None:
            given.add(keyword.arg)
            continue
        spread = _dictionary(keyword.value, function)
        if spread is None:
            return None
        given |= spread
    return frozenset(given)


def _dictionary(value: ast.expr, function: ast.FunctionDef) -> set[str] | None:
    """The keys of the one dictionary written out in this function under that name."""
    written = [
        node.value for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(value, ast.Name)
        and any(isinstance(target, ast.Name) and target.id == value.id for target in node.targets)
    ]  # fmt: skip
    if len(written) != 1 or not isinstance(written[0], ast.Dict):
        return None
    keys = written[0].keys
    return {str(key.value) for key in keys if isinstance(key, ast.Constant)} if None not in keys else None


def test_the_reader_of_the_code_sees_what_is_there() -> None:
    seen = {use.code for use in uses()}
    assert {"late_arrival", "start_hour", "delivered_late", "delivery_overdue", "step_is_past"} <= seen
    assert len(seen) > 150


def test_every_code_has_a_sentence() -> None:
    assert [f"{use.place}: {use.code}" for use in uses() if use.code not in MESSAGES] == []


def test_a_code_has_one_sentence_only() -> None:
    assert [code for code, n in Counter(code for each in SECTIONS for code in each).items() if n > 1] == []


def test_every_sentence_is_given_its_facts() -> None:
    poor = {}
    for use in uses():
        if use.facts is not None and use.code in MESSAGES:
            given = use.facts | {made for fact in use.facts for made in derived(fact)}
            wanting = set(PLACE.findall(MESSAGES[use.code])) - given
            if wanting:
                poor[f"{use.place}: {use.code}"] = sorted(wanting)
    assert poor == {}


def test_no_sentence_is_unused() -> None:
    written = {
        node.value for file, tree in trees().items() if not file.startswith("server/web/messages/")
        for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }  # fmt: skip
    pages = (path for folder in SOURCES for path in (ROOT / folder).rglob("templates/**/*.html"))
    shown = {code for page in pages for code in IN_A_PAGE.findall(page.read_text("utf-8"))}
    made = {f"list_{use.code}" for use in uses()} | {f"list_{column}_unknown" for column in written}
    assert sorted(set(MESSAGES) - written - made - shown) == []


def test_a_sentence_ends_and_has_no_other_placeholders() -> None:
    for code, text in MESSAGES.items():
        assert text[0].isupper() or text[0] in "“%", code
        assert text.count("%") == len(PLACE.findall(text)), code
        assert text.endswith((".", "+ -")), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    catalogue = load(language)
    wrong = []
    for text in (*MESSAGES.values(), *WORDS.values()):
        entry = catalogue.get(text)
        forms = forms_of(entry)
        if entry is None or entry.fuzzy or len(forms) != 1:
            wrong.append(text)
        elif set(PLACEHOLDER.findall(forms[0])) != set(PLACEHOLDER.findall(text)):
            wrong.append(forms[0])
    assert wrong == []


def test_no_text_hides_in_an_f_string() -> None:
    """The extractor does not look inside f-strings on older Pythons: such a text would never be translated."""
    hidden = [
        f"{file}:{call.lineno}"
        for file, tree in trees().items()
        for string in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
        for call in (node for node in ast.walk(string) if isinstance(node, ast.Call))
        if isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext", "N_"}
    ]
    assert hidden == []
