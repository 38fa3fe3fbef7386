"""Lists of results: frozen, signed, released, delivered; what everybody outside the testing centre goes by."""

from server.grading.lists.queries import (
    DeliveryRef,
    ListRef,
    list_ref,
    lists_of,
    newest_released,
    received_at,
    released_row,
    rows_of,
)
from server.grading.lists.service import freeze, receive, release, sign_list

__all__ = [
    "DeliveryRef", "ListRef", "freeze", "list_ref", "lists_of", "newest_released", "receive", "received_at",
    "release", "released_row", "rows_of", "sign_list",
]  # fmt: skip
