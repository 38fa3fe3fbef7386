"""Whether an item that came in could go to its reviewers as it is, and what is still to be done to it.
A draft may be incomplete; that it is so is said, not hidden."""

from __future__ import annotations

from itembank.interchange.remarks import Slate
from itembank.items.content import NewItem, content_of, key_of
from itembank.items.refused import Refusal
from server.core.errors import Invalid

_SEED = b"looked at, never kept"


def look(item: NewItem, slate: Slate) -> None:
    """Notes what the item lacks; no fact of the note is a word of it."""
    try:
        content_of(item, _SEED)
        key_of(item, _SEED)
    except Invalid as error:
        if error.code == "item_formula":
            slate.note("interchange_formula", reason=error.facts["reason"])
        else:
            slate.note(error.code, **error.facts)
    except Refusal as error:
        slate.note("interchange_formula", reason=str(error))
