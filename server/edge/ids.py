"""Ids of rows as they come from outside: in addresses, forms and queries, never larger than a row can have."""

from __future__ import annotations

from flask import request
from werkzeug.routing import IntegerConverter, ValidationError

from server.core.errors import Invalid

ID_MAX = 2**31 - 1  # what PostgreSQL's integer holds
DIGITS = len(str(ID_MAX))


class RowId(IntegerConverter):
    """`<int:room_id>` in a route: an address with a larger number is one that does not exist."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        if len(value) > DIGITS or int(value) > ID_MAX:
            raise ValidationError
        return int(value)


def row_id(text: str) -> int:
    """The id in a form or a query; ValueError where it cannot be one, as for what is no number."""
    if len(text) > DIGITS or not 0 <= int(text) <= ID_MAX:
        raise ValueError(text)
    return int(text)


def refuse_nul() -> None:
    """Nothing, unless a form or query has a NUL: no field means one, and PostgreSQL stores none."""
    if request.is_json and not request.query_string:  # an answer: looking for a form would cost more than all else
        return
    for values in (request.args, request.form):
        for name, text in values.items(multi=True):
            if "\0" in name or "\0" in text:
                raise Invalid("unreadable")
