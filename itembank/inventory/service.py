"""Acts on many items at once: first what would happen to each, then the act. Each item follows by itself, so that one
that cannot keeps no other back, and all that follow do so in one unit of work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from itembank.authoring import states
from itembank.authoring.commission.standing import bound
from itembank.authoring.machine import FROZEN, MANUSCRIPT
from itembank.authoring.models import Manuscript
from itembank.items.models import Item
from itembank.items.service import set_family
from itembank.withdrawals.queries import in_force
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
class Ask:
    """What is to be done, as it was typed; Denied if it is not the actor's to do, Invalid says what is missing."""

    act: str
    reason: str
    family: str

    @classmethod
    def read(cls, work: Work, act: str, reason: str, family: str) -> Ask:
        """The act with its words in order."""
        if act not in ACTS:
            raise Invalid("unreadable")
        if not work.actor.may(*ACTS[act]):
            raise Denied("not_allowed")
        reason, family = " ".join(reason.split()), " ".join(family.split())
        if act != "family" and not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
            raise Invalid("bulk_reason", least=SHORTEST_REASON, most=LONGEST_REASON)
        if len(family) > LONGEST_FAMILY:
            raise Invalid("bulk_family", most=LONGEST_FAMILY)
        return cls(act, reason, family)


@dataclass(frozen=True)
class Line:
    """An item as the act meets it; `fault` is why it stays as it is, empty where it follows."""

    manuscript_id: int
    code: str
    state: str
    fault: str


@dataclass(frozen=True)
class Outcome:
    """What an act does, or did: to which items, and which it leaves as they are."""

    ask: Ask
    lines: tuple[Line, ...]

    @property
    def done(self) -> list[Line]:
        """Those that follow."""
        return [each for each in self.lines if not each.fault]

    @property
    def left(self) -> list[Line]:
        """Those that stay as they are."""
        return [each for each in self.lines if each.fault]


def look_ahead(work: Work, manuscript_ids: Sequence[int], ask: Ask) -> Outcome:
    """What the act would do to each of these items now; nothing is done."""
    return Outcome(ask, tuple(line for line, _manuscript, _item in _met(work, manuscript_ids, ask)))


def act_on(work: Work, manuscript_ids: Sequence[int], ask: Ask) -> Outcome:
    """The act is done on all of these that can follow, each with a line of the journal; the others say why not."""
    met = _met(work, manuscript_ids, ask)
    with work.db.no_autoflush:  # no item's move is read for another's: one flush at the end, not one for each
        for line, manuscript, item in met:
            if not line.fault:
                _do(work, ask, manuscript, item)
    return Outcome(ask, tuple(line for line, _manuscript, _item in met))


def _met(work: Work, manuscript_ids: Sequence[int], ask: Ask) -> list[tuple[Line, Manuscript, Item]]:
    ids = sorted(set(manuscript_ids))
    if not 1 <= len(ids) <= MOST:
        raise Invalid("bulk_number", most=MOST)
    query = select(Manuscript, Item).join(Item, Item.id == Manuscript.item_id).where(Manuscript.id.in_(ids))
    rows = [(manuscript, item) for manuscript, item in work.db.execute(query.order_by(Item.code))]
    gone = {each.item_id for each in in_force(work, [item.id for _manuscript, item in rows])}
    decided = bound(work, [manuscript.id for manuscript, _item in rows], ask.act)
    faults = [
        _fault(work, ask, manuscript, item, gone) or ("decided" if manuscript.id in decided else "")
        for manuscript, item in rows
    ]
    return [
        (Line(manuscript.id, item.code, manuscript.state, fault), manuscript, item)
        for (manuscript, item), fault in zip(rows, faults, strict=True)
    ]


def _fault(work: Work, ask: Ask, manuscript: Manuscript, item: Item, withdrawn: Collection[int]) -> str:
    """Why the item cannot follow; empty if it can."""
    if ask.act == "family":
        return "same" if (item.family or "") == ask.family else ""
    # Nobody alone decides what becomes of what they wrote.
    if manuscript.author_id is not None and manuscript.author_id == work.actor.id:
        return "own"
    if not allows(ask.act, manuscript.state):
        return "state"
    return "withdrawn" if ask.act == "wake" and item.id in withdrawn else ""


def allows(act: str, state: str) -> bool:
    """Whether an item in that state can follow the act."""
    if act == "wake":
        return state == "resting"
    return act == "family" or (state in FROZEN and MANUSCRIPT.allows(act, state))


def _do(work: Work, ask: Ask, manuscript: Manuscript, item: Item) -> None:
    if ask.act == "family":
        set_family(work, item, ask.family)  # has its own line in the journal
        return
    if ask.act == "rest" and manuscript.item_version_id is not None:
        states.rest(work, [manuscript.item_version_id], ask.reason)
    elif ask.act == "wake":
        states.wake(work, manuscript, ask.reason)
    else:
        states.retire(work, manuscript, ask.reason)
    work.record("item_acted_on", f"item:{item.code}", clause="DC-7", what=ask.act, reason=ask.reason)
