"""Which items may be tried out beside a pool, and what keeps the others from it: metadata alone, nothing is opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from itembank.authoring.models import Manuscript
from itembank.blueprints.models import Blueprint, Pool, PoolItem, PoolWritten
from itembank.blueprints.spec import Spec
from itembank.items.models import Item, ItemVersion, KeyVersion
from itembank.items.service import KEY_DOUBTED
from itembank.items.written import TYPE as WRITTEN
from itembank.pretests.places import Kin
from server.core.errors import Invalid, NotFound
from server.core.work import Work

STATE = "pretest"
ANYWHERE = 0.0  # the guess of a difficulty of which the pool tells nothing


@dataclass(frozen=True)
class Beside:
    """A pool as the items to be tried out beside it see it; `least` is the fewest scored items of a test."""

    pool_id: int
    subject: str
    languages: tuple[str, ...]
    length: int
    least: int
    item_ids: frozenset[int]
    families: frozenset[str]
    passages: frozenset[str]
    b_of_tier: Mapping[str, float]
    area_titles: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Trial:
    """An item version that might be tried out, under its newest key; `state` is that of its manuscript."""

    item: Item
    version: ItemVersion
    key_version_id: int
    state: str | None

    @property
    def kin(self) -> Kin:
        """What keeps it out of a test with others."""
        return Kin(self.item.family, self.item.passage)


def beside(work: Work, pool_id: int) -> Beside:
    """The pool; NotFound if there is none."""
    pool = work.db.get(Pool, pool_id)
    if pool is None:
        raise NotFound("not_found")
    spec = Spec.from_json(work.db.get_one(Blueprint, pool.blueprint_id).spec)
    rows = work.db.execute(select(PoolItem).where(PoolItem.pool_id == pool_id)).scalars().all()
    written = select(PoolWritten.item_version_id).where(PoolWritten.pool_id == pool_id)
    versions = [row.item_version_id for row in rows] + list(work.db.execute(written).scalars())
    items = select(ItemVersion.item_id).where(ItemVersion.id.in_(versions))
    tiers: dict[str, list[float]] = {}
    for row in rows:
        tiers.setdefault(row.tier, []).append(row.b)
    return Beside(
        pool_id, pool.subject, tuple(pool.languages), spec.length,
        spec.length if spec.early_end is None else spec.early_end.minimum,
        frozenset(work.db.execute(items).scalars()), frozenset(row.family for row in rows if row.family),
        frozenset(row.passage for row in rows if row.passage),
        {tier: sum(bs) / len(bs) for tier, bs in tiers.items()}, spec.area_titles,
    )  # fmt: skip


def trials(work: Work, subject: str, item_version_ids: Collection[int] | None = None) -> list[Trial]:
    """The versions with these ids; or, without ids, those of the subject whose manuscripts wait to be tried out."""
    query = (
        select(Item, ItemVersion, KeyVersion.id, Manuscript.state)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(KeyVersion, (KeyVersion.item_version_id == ItemVersion.id) & KeyVersion.supersedes_id.is_(None))
        .outerjoin(Manuscript, Manuscript.item_version_id == ItemVersion.id)
        .where(Item.subject == subject, ItemVersion.id.not_in(KEY_DOUBTED))
        .order_by(Item.code, ItemVersion.version)
    )
    if item_version_ids is None:
        query = query.where(Manuscript.state == STATE)
    else:
        query = query.where(ItemVersion.id.in_(item_version_ids))
    return [Trial(*row) for row in work.db.execute(query)]


def obstacle(pool: Beside, trial: Trial) -> Invalid | None:
    """Why the item may not be tried out beside the pool; None if it may."""
    item, code = trial.item, trial.item.code
    missing = sorted(set(pool.languages) - set(trial.version.languages))
    if item.type == WRITTEN:
        return Invalid("pretest_written", item=code)
    if trial.state != STATE:
        return Invalid("pretest_state", item=code)
    if missing:  # DC-4: whoever gets it gets it in the language of the test
        return Invalid("pretest_language", clause="DC-4", item=code, languages=", ".join(missing))
    if item.id in pool.item_ids:
        return Invalid("pretest_operational", item=code, pool=pool.pool_id)
    if item.family in pool.families:
        return Invalid("pretest_family", item=code, family=item.family, pool=pool.pool_id)
    if item.passage in pool.passages:
        return Invalid("pretest_passage", item=code, passage=item.passage, pool=pool.pool_id)
    return None
