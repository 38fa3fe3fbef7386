"""What a candidate can say to an item: one kind of answer for each way in which items are answered."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from server.edge.wire import Wire

OptionId = Annotated[str, Field(max_length=8)]


class OptionGiven(Wire):
    kind: Literal["option"]
    option: OptionId


class OptionsGiven(Wire):
    kind: Literal["options"]
    options: Annotated[list[OptionId], Field(max_length=26)]


class OrderGiven(Wire):
    """All options, first to last."""

    kind: Literal["order"]
    order: Annotated[list[OptionId], Field(max_length=26)]


class PlacesGiven(Wire):
    """What stands in each slot: right sides beside left ones, words in gaps."""

    kind: Literal["places"]
    places: Annotated[dict[OptionId, OptionId], Field(max_length=26)]


class TextGiven(Wire):
    kind: Literal["text"]
    text: Annotated[str, Field(max_length=200)]


LONGEST_TEXT = 20_000


def _plain(text: str) -> str:
    """The text in composed letters; ValueError for signs that no keyboard writes."""
    composed = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in composed):
        raise ValueError("no control characters")
    return composed


class ExtendedGiven(Wire):
    """The whole text of a written task; lines end by a line feed alone."""

    kind: Literal["extended"]
    extended: Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_plain)]


# What a candidate can say to an item; a new type of item that needs more adds a member.
Given = Annotated[
    OptionGiven | OptionsGiven | OrderGiven | PlacesGiven | TextGiven | ExtendedGiven, Field(discriminator="kind")
]
