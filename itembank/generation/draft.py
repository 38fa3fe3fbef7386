"""DraftItem: an item as an author or a template hands it in, in every language; the key is the first option.
Review, versions and encryption are the business of itembank.items."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Tier = Literal["basic", "medium", "raised"]
ItemType = Literal["choice", "text_entry"]


@dataclass(frozen=True)
class DraftText:
    """One language of an item; a numeric entry has neither options nor accepted texts."""

    stem: str
    options: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftItem:
    """`family`: items that must not meet in one session; `distractor_reasons[i]`: why option i+1 attracts."""

    code: str
    subject: str
    tier: Tier
    area: str
    type: ItemType
    family: str
    texts: Mapping[str, DraftText]
    number: str | None = None
    tolerance: str | None = None
    distractor_reasons: tuple[str, ...] = ()
