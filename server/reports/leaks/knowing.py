"""Who of the staff could know these items: who wrote, opened or exported them, when and from which sign-in."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, or_, select

from itembank.authoring import watermark
from itembank.authoring.models import Manuscript
from itembank.blueprints.models import Pool, PoolItem, PoolWritten
from itembank.items.models import Item, ItemVersion
from server.accounts import staff_names
from server.accounts.models import StaffLogin
from server.accounts.queries import staff_id_of
from server.core.journal import JournalEntry
from server.core.work import Work
from server.reports.leaks.chance import Overlap

SEEING = ("item_opened", "item_exported")
MARKED = (*SEEING, "recipe_opened", "card_printed")
COOKING = ("recipe_opened", "recipe_saved")
POOL_OPENED = "pool_opened"
AT_ONCE = 500


@dataclass(frozen=True)
class Sight:
    """Somebody had an item before them: as its author, by opening it, or in a file or on paper."""

    at: datetime
    actor: str
    name: str
    act: str
    code: str
    purpose: str
    mark: str
    login_id: int | None = None
    signed_in_at: datetime | None = None


@dataclass(frozen=True)
class Person:
    """One of the staff with what of the leaked items they had seen by then; `all_hits` counts later sights too."""

    actor: str
    name: str
    codes: tuple[str, ...]
    all_hits: int
    overlap: Overlap


def sights(work: Work, codes: Collection[str]) -> list[Sight]:
    """Every time somebody of the staff had one of these items before them, oldest first."""
    found = [*_authored(work, codes), *_journalled(work, [f"item:{code}" for code in codes]), *_cooked(work, codes)]
    return _signed_in(work, _named(work, sorted(found, key=lambda each: (each.at, each.code, each.actor))))


def marked(work: Work, read: str) -> list[tuple[Sight, bool]]:
    """The openings whose mark was photographed, and whether it is the mark letter by letter, those first."""
    wanted = watermark.patterns(read)
    if not wanted:
        return []
    like = [JournalEntry.facts.like(f'%"mark": "{pattern}"%') for pattern in wanted]
    rows = work.db.execute(select(JournalEntry).where(JournalEntry.act.in_(MARKED), or_(*like))).scalars()
    found = _signed_in(work, _named(work, [_sight(row) for row in rows]))
    with_exact = [(each, watermark.is_exact(each.mark, read)) for each in found]
    return sorted(with_exact, key=lambda each: (not each[1], each[0].at))


def people(work: Work, codes: Collection[str], seen: Sequence[Sight], until: datetime | None) -> list[Person]:
    """Everybody who had seen one of them by then, who saw most first; among equals whom chance explains least."""
    n_opened, n_items = _opened_by(work, codes, until), _n_items(work, codes)
    everybody = {each.actor: each.name for each in seen if each.actor.startswith("staff:")}
    found = []
    for actor, name in everybody.items():
        own = [each for each in seen if each.actor == actor]
        by_then = [each for each in own if until is None or each.at <= until]
        hits = {each.code for each in by_then}
        opened = max(n_opened.get(actor, 0), len(hits))
        overlap = Overlap(len(hits), len(set(codes)), min(opened, n_items), n_items)
        found.append(Person(actor, name, tuple(sorted(hits)), len({each.code for each in own}), overlap))
    return sorted(found, key=lambda each: (-each.overlap.hits, each.overlap.by_chance, each.name))


def pool_openings(work: Work, version_ids: Collection[int]) -> list[tuple[datetime, str, int]]:
    """When a process opened a pool that holds one of them: (when, who, pool)."""
    pools = pools_with(work, version_ids)
    subjects = {f"pool:{pool_id}": pool_id for pool_id in pools}
    query = select(JournalEntry.at, JournalEntry.actor, JournalEntry.subject).where(
        JournalEntry.act == POOL_OPENED, JournalEntry.subject.in_(subjects)
    )
    return [(at, actor, subjects[subject]) for at, actor, subject in work.db.execute(query.order_by(JournalEntry.seq))]


def pools_with(work: Work, version_ids: Collection[int]) -> list[int]:
    """The pools that hold one of these item versions."""
    adaptive = select(PoolItem.pool_id).where(PoolItem.item_version_id.in_(version_ids))
    written = select(PoolWritten.pool_id).where(PoolWritten.item_version_id.in_(version_ids))
    return list(work.db.execute(select(Pool.id).where(Pool.id.in_(adaptive.union(written)))).scalars())


def _authored(work: Work, codes: Collection[str]) -> Iterable[Sight]:
    rows = work.db.execute(
        select(Manuscript, Item.code).join(Item, Item.id == Manuscript.item_id)
        .where(Item.code.in_(codes), Manuscript.author_id.is_not(None))
    )  # fmt: skip
    begun = _first_acts(work, [f"item:{code}" for code in codes])
    for manuscript, code in rows:
        actor = f"staff:{manuscript.author_id}"
        at = begun.get((f"item:{code}", actor), manuscript.saved_at)
        yield Sight(at, actor, "", "manuscript_begun", code, "author", "")


def _first_acts(work: Work, subjects: Sequence[str]) -> dict[tuple[str, str], datetime]:
    query = select(JournalEntry.subject, JournalEntry.actor, func.min(JournalEntry.at)).where(
        JournalEntry.subject.in_(subjects)
    ).group_by(JournalEntry.subject, JournalEntry.actor)  # fmt: skip
    return {(subject, actor): at for subject, actor, at in work.db.execute(query)}


def _cooked(work: Work, codes: Collection[str]) -> Iterable[Sight]:
    """Who had the recipe of an item before them knows what comes of it."""
    query = select(Item.code, JournalEntry).join(
        JournalEntry, JournalEntry.subject == literal("item_recipe:") + Item.family
    ).where(Item.code.in_(codes), JournalEntry.act.in_(COOKING))  # fmt: skip
    for code, row in work.db.execute(query):
        yield Sight(row.at, row.actor, "", row.act, code, "", "")


def _journalled(work: Work, subjects: Sequence[str]) -> Iterable[Sight]:
    for at in range(0, len(subjects), AT_ONCE):
        query = select(JournalEntry).where(
            JournalEntry.subject.in_(subjects[at : at + AT_ONCE]), JournalEntry.act.in_(SEEING)
        )
        yield from (_sight(row) for row in work.db.execute(query).scalars())


def _sight(row: JournalEntry) -> Sight:
    facts: Mapping[str, Any] = json.loads(row.facts)
    code, purpose = row.subject.partition(":")[2], str(facts.get("purpose", ""))
    return Sight(row.at, row.actor, "", row.act, code, purpose, str(facts.get("mark", "")))


def _named(work: Work, found: Sequence[Sight]) -> list[Sight]:
    ids = {each.actor: staff_id_of(each.actor) for each in found}
    names = staff_names(work, [id_ for id_ in ids.values() if id_ is not None])
    return [
        Sight(each.at, each.actor, names.get(ids[each.actor] or 0, each.actor), each.act, each.code, each.purpose,
              each.mark)
        for each in found
    ]  # fmt: skip


def _signed_in(work: Work, found: Sequence[Sight]) -> list[Sight]:
    """The same with the sign-in each was made from, as far as one was open then."""
    ids = {staff_id_of(each.actor) for each in found} - {None}
    logins: dict[str, list[StaffLogin]] = {}
    query = select(StaffLogin).where(StaffLogin.staff_id.in_(ids)).order_by(StaffLogin.id)
    for row in work.db.execute(query).scalars():
        logins.setdefault(f"staff:{row.staff_id}", []).append(row)
    with_login = []
    for each in found:
        own = [row for row in logins.get(each.actor, []) if row.made_at <= each.at <= (row.ended_at or row.expires_at)]
        with_login.append(
            Sight(each.at, each.actor, each.name, each.act, each.code, each.purpose, each.mark,
                  own[-1].id if own else None, own[-1].made_at if own else None)
        )  # fmt: skip
    return with_login


def _subjects(codes: Collection[str]) -> Any:
    return select(Item.subject).where(Item.code.in_(codes)).distinct()


def _n_items(work: Work, codes: Collection[str]) -> int:
    """How many items of these subjects somebody could have opened: all that have a text."""
    query = select(func.count(Item.id)).where(Item.subject.in_(_subjects(codes)))
    return int(work.db.execute(query).scalar_one())


def _opened_by(work: Work, codes: Collection[str], until: datetime | None) -> dict[str, int]:
    """How many items of these subjects each of the staff had opened."""
    query = (
        select(JournalEntry.actor, func.count(JournalEntry.subject.distinct()))
        .join(Item, JournalEntry.subject == literal("item:") + Item.code)
        .where(JournalEntry.act.in_(SEEING), Item.subject.in_(_subjects(codes)))
        .group_by(JournalEntry.actor)
    )
    if until is not None:
        query = query.where(JournalEntry.at <= until)
    return {row[0]: row[1] for row in work.db.execute(query)}


def known_items(work: Work, codes: Collection[str]) -> list[str]:
    """Those of these codes that an item has, also one that is only a draft."""
    return list(work.db.execute(select(Item.code).where(Item.code.in_(codes)).order_by(Item.code)).scalars())


def versions_of(work: Work, codes: Collection[str]) -> dict[int, str]:
    """Every version of these items → its item's code."""
    query = select(ItemVersion.id, Item.code).join(Item, Item.id == ItemVersion.item_id).where(Item.code.in_(codes))
    return {row.id: row.code for row in work.db.execute(query)}
