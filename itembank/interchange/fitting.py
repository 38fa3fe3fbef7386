"""An item from outside among those of the bank: its subject and area are known ones, its code is nobody else's.
What had to be changed is said."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from sqlalchemy import select

from itembank.authoring import access
from itembank.interchange.qti.names import code
from itembank.interchange.remarks import Defaults, Slate
from itembank.items.content import NewItem
from itembank.items.models import Item
from server.core.work import Work


@dataclass(frozen=True)
class Bank:
    """The subjects of the bank and their areas."""

    areas: Mapping[str, AbstractSet[str]]


def fitted(work: Work, item: NewItem, defaults: Defaults, bank: Bank, slate: Slate) -> NewItem:
    """The item as it can be begun: with a code of its own if that of the file is somebody else's."""
    subject, area = item.subject, item.area
    if subject not in bank.areas:
        slate.note("import_subject", subject=defaults.subject)
        subject = defaults.subject
    if area not in bank.areas[subject]:
        slate.note("import_area")
        area = defaults.area if subject == defaults.subject else min(bank.areas[subject])
    return replace(
        item, subject=subject, area=area, code=_code(work, item.code, slate), is_demonstration=False,
        family=code(item.family) or None if item.family else None,
        passage=code(item.passage) or None if item.passage else None,
    )  # fmt: skip


def _code(work: Work, wanted: str, slate: Slate) -> str:
    """The code that is wanted if it is new or the actor wrote its newest text; else none, and the bank gives one."""
    wanted = code(wanted)
    item_id = work.db.execute(select(Item.id).where(Item.code == wanted)).scalar_one_or_none()
    if item_id is None:
        return wanted
    if access.is_own_code(work, item_id):
        return wanted
    slate.note("import_renamed", item=wanted)
    return ""
