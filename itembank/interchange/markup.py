"""XML as it is written: elements as strings, every value escaped here and nowhere else."""

from __future__ import annotations

from itembank.interchange.xml import is_writable
from server.core.errors import Invalid

_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_VALUE = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;",
})  # fmt: skip
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def escaped(text: str) -> str:
    """The text as it stands between tags; Invalid if XML has no way to write a character of it."""
    return _checked(text).translate(_IN_TEXT)


def el(tag: str, /, *children: str, **attributes: str | None) -> str:
    """An element of children that are markup already; `_` in an attribute's name is a hyphen, `__` a colon."""
    named = "".join(
        f' {name.strip("_").replace("__", ":").replace("_", "-")}="{_checked(value).translate(_IN_VALUE)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{tag}{named}>{inside}</{tag}>" if inside else f"<{tag}{named}/>"


def _checked(text: str) -> str:
    if not is_writable(text):
        raise Invalid("item_unwritable")
    return text
