"""Turns a TOML table into a frozen dataclass by its annotations, refusing anything that does not fit.
Knows nothing of regulations: the caller adds file and clause to the FieldError."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from server.core.terms import MonthDay

T = TypeVar("T")


class FieldError(ValueError):
    """One field of a table does not fit its type; `field` is its dotted path."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def require(fits: bool, field: str, reason: str) -> None:
    """Nothing if it fits, else FieldError: for the `__post_init__` of rules."""
    if not fits:
        raise FieldError(field, reason)


def build(cls: type[T], table: Mapping[str, object], path: str = "", **given: object) -> T:
    """The dataclass of a table; `given` fills the fields that do not come from the table."""
    hints = get_type_hints(cls)
    wanted = {field.name: field for field in fields(cls) if field.name not in given}  # type: ignore[arg-type]
    for name in table:
        require(name in wanted, path + name, "unknown field")
    values: dict[str, Any] = {}
    for name, field in wanted.items():
        if name in table:
            values[name] = convert(hints[name], table[name], path + name)
        else:
            has_default = field.default is not MISSING or field.default_factory is not MISSING
            require(has_default, path + name, "missing")
    return cls(**values, **given)


def convert(hint: Any, raw: object, path: str) -> Any:
    """The value as its annotation wants it; FieldError if it is of another type."""
    origin = get_origin(hint)
    if origin is Literal:
        require(raw in get_args(hint), path, f"{raw!r} is none of {', '.join(map(repr, get_args(hint)))}")
        return raw
    if origin in (Union, types.UnionType):
        return convert(next(arg for arg in get_args(hint) if arg is not types.NoneType), raw, path)
    if origin is tuple:
        entries = _of(list, raw, path)
        return tuple(convert(get_args(hint)[0], each, f"{path}[{n}]") for n, each in enumerate(entries))
    if origin is Mapping:
        table = _of(dict, raw, path)
        return {key: convert(get_args(hint)[1], each, f"{path}.{key}") for key, each in table.items()}
    return _scalar(hint, raw, path)


def _scalar(hint: Any, raw: object, path: str) -> Any:
    if hint is MonthDay:
        text = _of(str, raw, path)
        try:
            return MonthDay.parse(text)
        except ValueError:
            raise FieldError(path, f"{raw!r} is no day of the year, write month-day") from None
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, _of(dict, raw, path), path + ".")
    if hint is Decimal and type(raw) is int:
        return Decimal(raw)
    if hint not in (bool, int, str, Decimal, time, date):
        raise TypeError(f"{path}: policy data has no fields of type {hint}")
    value = _of(hint, raw, path)
    if hint in (int, Decimal):
        require(value >= 0, path, "a negative number")
    return value


def _of(kind: type[T], raw: object, path: str) -> T:
    # `type is`, not isinstance: True is an int and a datetime a date, in Python but not in a regulation.
    if type(raw) is not kind:
        raise FieldError(path, f"{kind.__name__} expected, {type(raw).__name__} found")
    return raw
