"""Rows as lines of text, made by the database where they lie and the same on both: digests of many are taken so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Integer,
    LargeBinary,
    String,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import ColumnElement

from server.core.db import UTCDateTime, batches

INSTANT = "YYYY-MM-DD HH24:MI:SS.US"  # as SQLite keeps it
SEPARATOR = "\n"

Column = InstrumentedAttribute[Any]


def lines_by(db: Session, key: Column, columns: Collection[Column], ids: Collection[int]) -> dict[int, list[str]]:
    """By the value of `key`, for those among these ids, each row's columns as one line; the lines sorted.

    No two rows have one line: numbers and instants hold no separator, of text the bytes are counted before it."""
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    whole = func.aggregate_strings(_line(columns, is_sqlite), SEPARATOR)
    query = select(key, whole).where(key.in_(bindparam("ids", expanding=True))).group_by(key)
    found: dict[int, list[str]] = {}
    for some in batches(ids):
        for id_, text in db.execute(query, {"ids": some}):
            found[id_] = sorted(text.split(SEPARATOR))
    return found


def _line(columns: Collection[Column], is_sqlite: bool) -> ColumnElement[str]:
    parts: list[ColumnElement[Any]] = []
    template = []
    for column in columns:
        text, is_counted = _text(column, is_sqlite)
        template.append("%s:%s" if is_counted else "%s")
        # In bytes: a zero byte ends a text for SQLite's functions, and not for whoever reads it.
        length = func.length(cast(text, LargeBinary)) if is_sqlite else func.octet_length(text)
        parts += [length, text] if is_counted else [text]
    write = func.printf if is_sqlite else func.format
    return write(literal("|".join(template)), *parts, type_=Text)


def _text(column: Column, is_sqlite: bool) -> tuple[ColumnElement[Any], bool]:
    """The column as text, and whether it may hold any sign."""
    kind = column.type
    if isinstance(kind, UTCDateTime):
        stored = type_coerce(column, Text)
        return (stored if is_sqlite else func.to_char(func.timezone("UTC", column), INSTANT)), False
    if isinstance(kind, LargeBinary):
        return (func.hex(column) if is_sqlite else func.upper(func.encode(column, "hex"))), False
    if isinstance(kind, JSON):
        return (type_coerce(column, Text) if is_sqlite else cast(column, Text)), True
    if isinstance(kind, Boolean):
        return cast(column, Integer), False
    if isinstance(kind, Integer):
        return type_coerce(column, Integer), False
    if isinstance(kind, String):
        return type_coerce(column, Text), True
    raise ValueError(f"{column} is of no kind that has one text on every database")
