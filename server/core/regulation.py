"""Regulations as data: one TOML file per edition, one rule class per tag, one instance per clause.
Features register their rules when imported; nothing here knows a feature. Rulings are in core.ruling."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.core.ruling import Json, Ruling, plain
from server.core.terms import EVERY_DAY, LANGUAGES, Calendar
from server.core.typed import FieldError, build, require

__all__ = ["Clause", "Edition", "Json", "RegulationError", "Rule", "Ruling",
           "editions", "load_edition", "recorded_digests", "registered", "require", "rule"]

REGULATIONS = Path(__file__).parent / "regulations"
_registry: dict[str, type[Rule]] = {}


class RegulationError(ValueError):
    """An edition is not usable as it stands: says the file, the clause and the field."""

    def __init__(self, file: str, clause: str, field: str, reason: str) -> None:
        super().__init__(f"{file}, clause {clause or '-'}, field {field or '-'}: {reason}")
        self.file, self.clause, self.field, self.reason = file, clause, field, reason


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every rule is given besides its own fields: the clause it carries out, the law's time zone and calendar."""

    clause: str
    zone: ZoneInfo
    calendar: Calendar = EVERY_DAY

    def allow(self, code: str, **facts: object) -> Ruling:
        """A ruling that allows, under this clause."""
        return self.answer(True, code, **facts)

    def refuse(self, code: str, **facts: object) -> Ruling:
        """A ruling that refuses, under this clause."""
        return self.answer(False, code, **facts)

    def answer(self, allowed: bool, code: str, /, **facts: object) -> Ruling:
        """A ruling of either kind, its facts made storable."""
        return Ruling(allowed, self.clause, {name: plain(value) for name, value in facts.items()}, code)


R = TypeVar("R", bound=Rule)


def rule(tag: str) -> Callable[[type[R]], type[R]]:
    """Registers a frozen dataclass as the logic of a tag; a tag belongs to one class for ever."""

    def register(cls: type[R]) -> type[R]:
        if not is_dataclass(cls) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise TypeError(f"the rule {tag!r} is no frozen dataclass")
        known = _registry.get(tag)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"the tag {tag!r} belongs to {known.__module__}.{known.__qualname__}")
        _registry[tag] = cls
        return cls

    return register


def registered() -> Mapping[str, type[Rule]]:
    """The rule class of each tag known so far."""
    return dict(_registry)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One clause as the file states it: its place in the act, its title, its policy choices, its fields."""

    id: str
    rule: str
    source: str
    title: Mapping[str, str]
    choice: bool = False
    chosen: tuple[str, ...] = ()
    note: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _three_languages(self.title)
        require(self.choice == bool(self.note), "note", "a policy choice and its note come together")
        require(self.choice == bool(self.chosen), "chosen", "a policy choice names its fields")
        for name in self.chosen:
            require(name.partition(".")[0] in self.fields, "chosen", f"{name!r} is no field of this clause")


def paragraph(clause: str) -> str:
    """A clause as people cite it; what tells apart the rules of one paragraph stays inside: "DC-12.pace" is DC-12."""
    number, dot, tag = clause.rpartition(".")
    return number if dot and not tag[0].isdigit() else clause


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition of a regulation, pinned by the digest of its file."""

    code: str
    version: str
    digest: str
    file: str
    zone: ZoneInfo
    title: Mapping[str, str]
    fictitious: bool
    clauses: Mapping[str, Clause]
    calendar: Calendar = EVERY_DAY
    _rules: dict[str, Rule] = field(default_factory=dict, repr=False, compare=False)

    def rule(self, clause: str) -> Rule:
        """The rule of a clause, built once."""
        if clause not in self._rules:
            self._rules[clause] = self._build(clause)
        return self._rules[clause]

    def get(self, clause: str, cls: type[R]) -> R:
        """The rule of a clause as the class the caller knows."""
        found = self.rule(clause)
        if not isinstance(found, cls):
            raise RegulationError(self.file, clause, "rule", f"{type(found).__name__}, not {cls.__name__}")
        return found

    def all_of(self, cls: type[R]) -> tuple[R, ...]:
        """Every rule of a class, in the order of the clauses; other features' tags need not be known."""
        tags = {tag for tag, known in _registry.items() if issubclass(known, cls)}
        return tuple(self.get(each.id, cls) for each in self.clauses.values() if each.rule in tags)

    def label(self, clause: str, language: str) -> str:
        """A clause as a screen cites it: "DC-16 · Lateness"."""
        return f"{paragraph(clause)} · {self.clauses[clause].title[language]}"

    def verify(self) -> None:
        """Every rule is built, so a broken edition is refused at start-up; import all features first."""
        for clause in self.clauses:
            self.rule(clause)

    def _build(self, clause: str) -> Rule:
        stated = self.clauses.get(clause)
        if stated is None:
            raise RegulationError(self.file, clause, "", "no such clause in this edition")
        cls = _registry.get(stated.rule)
        if cls is None:
            raise RegulationError(self.file, clause, "rule", f"unknown tag {stated.rule!r}")
        try:
            return build(cls, stated.fields, clause=clause, zone=self.zone, calendar=self.calendar)
        except FieldError as error:
            raise RegulationError(self.file, clause, error.field, error.reason) from error


@cache
def load_edition(code: str, version: str, *, digest: str | None = None, root: Path = REGULATIONS) -> Edition:
    """The edition, read once; with `digest`, refused if the file is not the one that was pinned."""
    path = root / f"{code}-{version}.toml"
    if not path.is_file():
        raise RegulationError(path.name, "", "", "no such edition")
    edition = _parse(path)
    if (edition.code, edition.version) != (code, version):
        raise RegulationError(path.name, "", "edition", "code and version differ from the file name")
    if digest not in (None, edition.digest):
        raise RegulationError(path.name, "", "digest", f"pinned {digest}, found {edition.digest}")
    return edition


def editions(root: Path = REGULATIONS) -> tuple[Edition, ...]:
    """Every edition on file, by code and version."""
    names = sorted(path.stem.rpartition("-") for path in root.glob("*.toml"))
    return tuple(load_edition(code, version, root=root) for code, _, version in names)


def recorded_digests(root: Path = REGULATIONS) -> Mapping[str, str]:
    """The digest of each released file as recorded when it was released, in the format of sha256sum."""
    lines = (root / "DIGESTS").read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def _parse(path: Path) -> Edition:
    content = path.read_bytes()
    try:
        # Decimal, not float: 1.5 in a law is one and a half exactly.
        tables = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RegulationError(path.name, "", "", str(error)) from error
    try:
        header = build(_Header, tables.pop("edition", {}))
    except FieldError as error:
        raise RegulationError(path.name, "", f"edition.{error.field}", error.reason) from error
    clauses = dict(_clauses(path.name, tables.pop("clause", {})))
    if tables:
        raise RegulationError(path.name, "", ", ".join(tables), "unknown table")
    return Edition(code=header.code, version=header.version, digest=hashlib.sha256(content).hexdigest(),
                   file=path.name, zone=ZoneInfo(header.timezone), title=header.title,
                   fictitious=header.fictitious, clauses=clauses, calendar=header.calendar)


@dataclass(frozen=True, kw_only=True)
class _Header:
    code: str
    version: str
    timezone: str
    act: str
    title: Mapping[str, str]
    fictitious: bool = False
    calendar: Calendar = EVERY_DAY

    def __post_init__(self) -> None:
        _three_languages(self.title)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise FieldError("timezone", f"{self.timezone!r} is no time zone") from None


_META = ("rule", "source", "title", "choice", "chosen", "note")


def _clauses(file: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, Clause]]:
    for name, table in tables.items():
        stated = {key: value for key, value in table.items() if key in _META}
        rest = {key: value for key, value in table.items() if key not in _META}
        try:
            yield name, build(Clause, stated, id=name, fields=rest)
        except FieldError as error:
            raise RegulationError(file, name, error.field, error.reason) from error


def _three_languages(title: Mapping[str, str]) -> None:
    for language in LANGUAGES:
        require(bool(title.get(language)), f"title.{language}", "missing")
