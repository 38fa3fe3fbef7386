"""Whether an item that came in could go to its reviewers as it is, and what is still to be done to it.
A draft may be incomplete; that it is so is said, not hidden."""

from __future__ import annotations

from dataclasses import replace

from itembank.interchange.remarks import Slate
from itembank.items.bounds import over
from itembank.items.content import NewItem, content_of, key_of
from server.core.errors import Invalid

_SEED, _NAMELESS = b"looked at, never kept", "-"


def look(item: NewItem, slate: Slate) -> None:
    """Notes what the item lacks; what is longer than the bank keeps is a problem. No fact of either is a word of it."""
    for part, most in over(item):
        slate.problem("import_long", part=part, most=most)
    if slate.problems:
        return
    try:
        named = replace(item, code=item.code or _NAMELESS)  # the bank will give it one
        content_of(named, _SEED)
        key_of(named, _SEED)
    except Invalid as error:
        if error.code == "item_formula":
            slate.note("interchange_formula", reason=error.facts["reason"])
        elif error.code == "item_incomplete":
            slate.note("import_unfinished", part=error.facts["part"])
        else:
            slate.note(error.code, **error.facts)
