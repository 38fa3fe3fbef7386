"""Acts on many items at once: each item by itself, so that one that cannot follow keeps no other back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from itembank.authoring import states
from itembank.authoring.machine import FROZEN, MANUSCRIPT
from itembank.authoring.models import Manuscript
from itembank.items.models import Item
from itembank.items.service import set_family
from server.core.errors import Denied, Invalid
from server.core.roles import Role
from server.core.work import Work

ACTS = {
    "rest": (Role.COMMISSION, Role.SECURITY), "wake": (Role.COMMISSION,), "retire": (Role.COMMISSION,),
    "family": (Role.COMMISSION, Role.PSYCHOMETRICIAN),
}  # fmt: skip
MOST = 500
SHORTEST_REASON, LONGEST_REASON = 5, 500
LONGEST_FAMILY = 40


@dataclass(frozen=True)
class Outcome:
    """The codes of the items that followed, and of those that could not in their state."""

    act: str
    done: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def act_on(work: Work, manuscript_ids: Sequence[int], act: str, reason: str, family: str = "") -> Outcome:
    """The act is done on all of these that are in a state for it; the others are named with their state."""
    if act not in ACTS:
        raise Invalid("unreadable")
    if not work.actor.may(*ACTS[act]):
        raise Denied("not_allowed")
    ids, reason, family = sorted(set(manuscript_ids)), " ".join(reason.split()), " ".join(family.split())
    if not 1 <= len(ids) <= MOST:
        raise Invalid("bulk_number", most=MOST)
    if act != "family" and not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid("bulk_reason", least=SHORTEST_REASON, most=LONGEST_REASON)
    if len(family) > LONGEST_FAMILY:
        raise Invalid("bulk_family", most=LONGEST_FAMILY)
    query = select(Manuscript, Item).join(Item, Item.id == Manuscript.item_id).where(Manuscript.id.in_(ids))
    done, left = [], []
    for manuscript, item in work.db.execute(query.order_by(Item.code)):
        # Nobody alone decides what becomes of what they wrote.
        is_own = act != "family" and manuscript.author_id is not None and manuscript.author_id == work.actor.id
        if is_own or not _allows(act, manuscript.state):
            left.append((item.code, manuscript.state))
            continue
        _do(work, act, manuscript, item, reason, family)
        done.append(item.code)
    work.record("items_acted_on", "bank", clause="DC-7", what=act, items=done, reason=reason or None)
    return Outcome(act, tuple(done), tuple(left))


def _allows(act: str, state: str) -> bool:
    if act == "wake":
        return state == "resting"
    return act == "family" or (state in FROZEN and MANUSCRIPT.allows(act, state))


def _do(work: Work, act: str, manuscript: Manuscript, item: Item, reason: str, family: str) -> None:
    if act == "rest" and manuscript.item_version_id is not None:
        states.rest(work, [manuscript.item_version_id], reason)
    elif act == "wake":
        states.wake(work, manuscript, reason)
    elif act == "retire":
        states.retire(work, manuscript, reason)
    else:
        set_family(work, item, family)
