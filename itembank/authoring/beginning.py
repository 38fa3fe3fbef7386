"""A new item is begun: what it may be of (subjects of the law and the bank, their areas), and its empty draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from itembank.authoring import service
from itembank.authoring.blank import Tier, blank
from itembank.blueprints.models import Blueprint
from itembank.items.content import TIERS
from itembank.items.models import Item
from itembank.items.parts import TYPES, ItemType
from server.core.errors import Invalid
from server.core.terms import LANGUAGES
from server.core.work import Work

Titles = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class NewDraft:
    """What a writer says of an item before the first word of it is written."""

    subject: str
    tier: str
    area: str
    type: str
    languages: tuple[str, ...]
    origin: str


def begin(work: Work, new: NewDraft) -> int:
    """An empty draft of the actor's stands under a code of its own; the manuscript's id."""
    problems = {
        "subject": new.subject not in subjects(work),
        "area": new.area not in areas(work, new.subject),
        "tier": new.tier not in TIERS,
        "type": new.type not in TYPES,
        "languages": not new.languages or not set(new.languages) <= set(LANGUAGES),
        "origin": new.origin not in new.languages,
    }
    wrong = [part for part, is_wrong in problems.items() if is_wrong]
    if wrong:
        raise Invalid("draft_incomplete", parts=wrong)
    item = blank(new.subject, new.area, cast(Tier, new.tier), cast(ItemType, new.type), new.languages)
    return service.begin(work, item, new.origin)


def subjects(work: Work) -> list[str]:
    """The subjects that have a blueprint or an item."""
    of_items = select(Item.subject).distinct()
    of_blueprints = select(Blueprint.subject).distinct()
    return sorted({*work.db.scalars(of_items), *work.db.scalars(of_blueprints)})


def areas(work: Work, subject: str) -> Titles:
    """Code → titles of the subject's areas: those of its newest blueprint in their order, then those of its items."""
    newest = select(Blueprint.spec).where(Blueprint.subject == subject).order_by(Blueprint.version.desc()).limit(1)
    spec = work.db.scalars(newest).first()
    titles: dict[str, Mapping[str, str]] = dict(spec["area_titles"]) if spec else {}
    known = select(Item.area).where(Item.subject == subject).distinct().order_by(Item.area)
    return titles | {area: {} for area in work.db.scalars(known) if area not in titles}
