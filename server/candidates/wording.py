"""Faults of a list as a page shows them: columns, titles and places in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.candidates.columns import BY_CODE, Column
from server.candidates.text_table import Fault
from server.core.i18n import language
from server.core.terms import Named


@dataclass(frozen=True)
class FaultView:
    """One row of the table of faults; the sentence is made from code and facts."""

    line: int | None
    column: str
    code: str
    facts: Mapping[str, object]
    clause: str | None


def view_of(fault: Fault) -> FaultView:
    """The fault in the reader's language."""
    column = BY_CODE[fault.column].title(language()) if fault.column else ""
    facts = {name: _said(value) for name, value in fault.facts.items()}
    return FaultView(fault.line, column, fault.code, facts, fault.clause)


def _said(value: object) -> object:
    if isinstance(value, list | tuple):
        return ", ".join(str(_said(each)) for each in value)
    if isinstance(value, Named | Column):
        return value.title(language())
    return value
