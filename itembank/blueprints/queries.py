"""What the bank's pages show: counts, blueprints, pools and parameters. Nothing here opens an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select

from irt.models import Items
from itembank.blueprints.models import Blueprint, Pool, PoolItem, PoolWritten
from itembank.blueprints.plot import Plot, information_plot
from itembank.blueprints.spec import Spec
from itembank.calibrations.models import CalibrationRun
from itembank.items.content import TIERS
from itembank.items.models import Item, ItemVersion
from server.core.errors import NotFound
from server.core.i18n import _
from server.core.work import Work


@dataclass(frozen=True)
class BlueprintRow:
    """A blueprint with who approved it."""

    id: int
    version: int
    length: int
    tiers: Mapping[str, tuple[int, int]]
    approved_by: str
    approved_order: str
    approved_at: datetime


@dataclass(frozen=True)
class PoolRow:
    """A pool as the list shows it."""

    id: int
    blueprint_version: int
    languages: tuple[str, ...]
    n_items: int
    digest: str
    published_at: datetime
    is_demonstration: bool


@dataclass(frozen=True)
class SubjectRow:
    """How many items a subject has by area and tier, and what was published from them."""

    subject: str
    counts: Mapping[str, Mapping[str, int]]
    area_titles: Mapping[str, Mapping[str, str]]
    blueprints: tuple[BlueprintRow, ...]
    pools: tuple[PoolRow, ...]

    def total(self, tier: str | None = None) -> int:
        """Items of a tier, or all."""
        return sum(n for row in self.counts.values() for at, n in row.items() if tier in (None, at))


@dataclass(frozen=True)
class QuotaRow:
    """A quota of a blueprint beside what the pool has of it."""

    kind: str
    name: str
    minimum: int
    maximum: int
    supply: int


@dataclass(frozen=True)
class ItemRow:
    """An item of a pool without its content."""

    position: int
    code: str
    tier: str
    area: str
    type: str
    family: str | None
    a: float
    b: float
    c: float
    is_reference: bool


@dataclass(frozen=True)
class PoolPage:
    """One pool with its blueprint, the proof of feasibility, its items' figures and its information."""

    pool: PoolRow
    subject: str
    spec: Spec
    blueprint: BlueprintRow
    quotas: tuple[QuotaRow, ...]
    example: tuple[ItemRow, ...]
    n_enemy_groups: int
    regulation: Mapping[str, Any]
    model: str
    scale: str
    n_persons: int
    items: tuple[ItemRow, ...]
    written: tuple[str, ...]
    plot: Plot
    rehearsal_id: int | None
    run_id: int

    @property
    def n_reference(self) -> int:
        """How many items the reference form has."""
        return sum(item.is_reference for item in self.items)


@dataclass(frozen=True)
class BlueprintPage:
    """An approved blueprint, the one before it, and the rehearsal that lay before the commission."""

    row: BlueprintRow
    subject: str
    spec: Spec
    before: Spec | None
    rehearsal_id: int | None


def blueprint_page(work: Work, blueprint_id: int) -> BlueprintPage:
    """The blueprint; NotFound if there is none."""
    row = work.db.get(Blueprint, blueprint_id)
    if row is None:
        raise NotFound("not_found")
    earlier = select(Blueprint).where(Blueprint.subject == row.subject, Blueprint.version < row.version)
    before = work.db.scalars(earlier.order_by(Blueprint.version.desc()).limit(1)).first()
    rehearsal = row.spec.get("rehearsal")
    return BlueprintPage(
        _blueprint(row), row.subject, Spec.from_json(row.spec), Spec.from_json(before.spec) if before else None,
        rehearsal[0] if rehearsal else None,
    )  # fmt: skip


def overview(work: Work) -> list[SubjectRow]:
    """Every subject that has items."""
    counted = work.db.execute(
        select(Item.subject, Item.area, Item.tier, func.count()).group_by(Item.subject, Item.area, Item.tier)
    ).all()
    blueprints = work.db.scalars(select(Blueprint).order_by(Blueprint.version.desc())).all()
    pools = _pools(work)
    found = []
    for subject in sorted({row[0] for row in counted}):
        counts: dict[str, dict[str, int]] = {}
        for _subject, area, tier, n in (row for row in counted if row[0] == subject):
            counts.setdefault(area, dict.fromkeys(TIERS, 0))[tier] = n
        own = [each for each in blueprints if each.subject == subject]
        titles = own[0].spec["area_titles"] if own else {}
        found.append(
            SubjectRow(
                subject,
                {area: counts[area] for area in sorted(counts, key=lambda a: _place(titles, a))},
                titles,
                tuple(_blueprint(each) for each in own),
                tuple(row for of, row in pools if of == subject),
            )
        )
    return found


def pool_page(work: Work, pool_id: int) -> PoolPage:
    """The pool's page; NotFound if there is none."""
    pool = work.db.get(Pool, pool_id)
    if pool is None:
        raise NotFound("not_found")
    blueprint = work.db.get_one(Blueprint, pool.blueprint_id)
    run = work.db.get_one(CalibrationRun, pool.calibration_run_id)
    spec, items, proof = Spec.from_json(blueprint.spec), items_of(work, pool.id), pool.proof["feasibility"]
    parameters = Items.from_lists([i.a for i in items], [i.b for i in items], [i.c for i in items])
    row = next(row for _subject, row in _pools(work) if row.id == pool.id)
    invented = _("demonstration parameters")
    return PoolPage(
        pool=row,
        subject=pool.subject,
        spec=spec,
        blueprint=_blueprint(blueprint),
        quotas=tuple(
            QuotaRow(kind, name, low, high, proof["supply"][name])
            for kind, bounds in (("tier", spec.tiers), ("area", spec.areas))
            for name, (low, high) in bounds.items()
        ),
        example=tuple(items[at] for at in proof["example"]),
        n_enemy_groups=proof["n_enemy_groups"],
        regulation=pool.proof["regulation"],
        model=run.model,
        scale=run.scale,
        n_persons=run.n_persons,
        items=tuple(items),
        written=_written(work, pool.id),
        plot=information_plot(
            parameters, np.array([item.is_reference for item in items]),
            f" ({invented})" if row.is_demonstration else "",
        ),
        rehearsal_id=(pool.proof.get("rehearsal") or [None])[0],
        run_id=run.id,
    )


def pools_with(work: Work, item_version_id: int) -> list[int]:
    """The pools in which the item version stands, as an adaptive item or as a written task."""
    adaptive = select(PoolItem.pool_id).where(PoolItem.item_version_id == item_version_id)
    written = select(PoolWritten.pool_id).where(PoolWritten.item_version_id == item_version_id)
    return sorted(set(work.db.execute(adaptive.union(written)).scalars()))


def pools_by_subject(work: Work) -> dict[str, list[PoolRow]]:
    """Every published pool under its subject, the newest first; nothing of what is in it."""
    found: dict[str, list[PoolRow]] = {}
    for subject, row in _pools(work):
        found.setdefault(subject, []).append(row)
    return found


def _pools(work: Work) -> list[tuple[str, PoolRow]]:
    rows = work.db.execute(
        select(Pool, Blueprint.version, CalibrationRun.source, func.count(PoolItem.id))
        .join(Blueprint, Blueprint.id == Pool.blueprint_id)
        .join(CalibrationRun, CalibrationRun.id == Pool.calibration_run_id)
        .join(PoolItem, PoolItem.pool_id == Pool.id)
        .group_by(Pool.id, Blueprint.version, CalibrationRun.source)
        .order_by(Pool.id.desc())
    )
    return [
        (
            pool.subject,
            PoolRow(
                pool.id, version, tuple(pool.languages), n, pool.digest, pool.published_at,
                source == "demonstration",
            ),
        )
        for pool, version, source, n in rows
    ]  # fmt: skip


def items_of(work: Work, pool_id: int) -> list[ItemRow]:
    """The items of a pool in order, without what they say."""
    rows = work.db.execute(
        select(PoolItem, Item.code, Item.type)
        .join(ItemVersion, ItemVersion.id == PoolItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(PoolItem.pool_id == pool_id)
        .order_by(PoolItem.position)
    )
    return [
        ItemRow(
            row.position, code, row.tier, row.area, kind, row.family, row.a, row.b, row.c, row.is_reference
        )
        for row, code, kind in rows
    ]


def _written(work: Work, pool_id: int) -> tuple[str, ...]:
    """The codes of the written tasks, in their order."""
    rows = work.db.scalars(
        select(Item.code)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(PoolWritten, PoolWritten.item_version_id == ItemVersion.id)
        .where(PoolWritten.pool_id == pool_id)
        .order_by(PoolWritten.position)
    )
    return tuple(rows)


def _blueprint(row: Blueprint) -> BlueprintRow:
    spec = Spec.from_json(row.spec)
    return BlueprintRow(
        row.id, row.version, spec.length, spec.tiers, row.approved_by, row.approved_order, row.approved_at
    )


def _place(titles: Mapping[str, Any], area: str) -> tuple[int, str]:
    """Areas stand in the blueprint's order, unknown ones last."""
    return (list(titles).index(area) if area in titles else len(titles), area)
