"""Sessions of the methodological commission: agenda, decisions, minutes that are signed and then in force."""

from itembank.authoring.commission.minutes import document_of, sign
from itembank.authoring.commission.service import (
    add_note,
    annul,
    close,
    confirm_presence,
    decide,
    open_session,
    put_item_on_agenda,
    put_on_agenda,
)

__all__ = [
    "add_note", "annul", "close", "confirm_presence", "decide", "document_of", "open_session",
    "put_item_on_agenda", "put_on_agenda", "sign",
]  # fmt: skip
