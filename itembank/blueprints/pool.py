"""FrozenPool: a published pool opened and proved unchanged, with all that delivery and grading need of it.
Opening decrypts every item, so callers keep the pool; the journal notes each opening."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import select

from irt.ability import Grid
from irt.arrays import Bools
from irt.assembly import Constraints
from irt.models import Items
from irt.response_times import TimeParameters
from irt.selection import Rule
from itembank.blueprints.limits import Attributes
from itembank.blueprints.models import Blueprint, Pool, PoolItem, PoolWritten
from itembank.blueprints.spec import Spec
from itembank.calibrations.models import CalibrationRun
from itembank.items.content import ItemContent, canonical
from itembank.items.models import Item, ItemVersion, KeyVersion
from itembank.items.service import open_version, read
from server.core.errors import NotFound
from server.core.vault import Tampered, Vault, digest
from server.core.work import Work

SEAL = 16
Row = TypeVar("Row", bound=PoolItem | PoolWritten)


@dataclass(frozen=True, eq=False)
class FrozenPool:
    """A pool as it was published; position i of every column is the item that steps name i.

    The first `len(items)` are the adaptive ones, of which alone the engine hears: `items`, `attributes`, `reference`
    and `constraints` speak of them. The `written` tasks stand behind them and have neither parameters nor a key."""

    id: int
    digest: str
    subject: str
    languages: tuple[str, ...]
    length: int
    items: Items
    attributes: Attributes
    codes: tuple[str, ...]
    item_version_ids: tuple[int, ...]
    key_version_ids: tuple[int, ...]
    written_tiers: tuple[str, ...]
    contents: tuple[ItemContent, ...]
    keys: tuple[dict[str, Any], ...]
    reference: Bools
    constraints: Constraints
    rule: Rule
    grid: Grid
    spec: Spec
    is_demonstration: bool

    @property
    def written(self) -> range:
        """The indices of the written tasks, in the order in which they come."""
        return range(len(self.items), len(self.codes))

    @property
    def longest(self) -> int:
        """How many tasks a test has at most: the adaptive ones and the written ones."""
        return self.length + len(self.written)

    @property
    def tiers(self) -> Sequence[str]:
        """The tier of each adaptive item."""
        return self.attributes.tiers

    @property
    def areas(self) -> Sequence[str]:
        """The content area of each adaptive item."""
        return self.attributes.areas

    @property
    def reference_items(self) -> Items:
        """The items of the reference form."""
        return self.items[self.reference]


@dataclass(frozen=True)
class Member:
    """One adaptive item of a pool with its opened content and key."""

    row: PoolItem
    code: str
    content: bytes
    key: bytes

    def facts(self) -> dict[str, Any]:
        """All that the digest covers of this item."""
        row = self.row
        return {
            "position": row.position, "code": self.code,
            "item_version_id": row.item_version_id, "key_version_id": row.key_version_id,
            "content": digest(self.content), "key": digest(self.key),
            "a": row.a, "b": row.b, "c": row.c, "alpha": row.alpha, "beta": row.beta, "tier": row.tier,
            "area": row.area, "family": row.family, "passage": row.passage, "is_reference": row.is_reference,
        }  # fmt: skip


@dataclass(frozen=True)
class Task:
    """One written task of a pool with its opened content and rubric."""

    row: PoolWritten
    code: str
    content: bytes
    key: bytes

    def facts(self) -> dict[str, Any]:
        """All that the digest covers of this task."""
        row = self.row
        return {
            "written": row.position, "code": self.code,
            "item_version_id": row.item_version_id, "key_version_id": row.key_version_id,
            "content": digest(self.content), "rubric": digest(self.key), "tier": row.tier, "area": row.area,
        }  # fmt: skip


def load_pool(work: Work, pool_id: int) -> FrozenPool:
    """The pool, decrypted and equal to what was digested; Tampered names the item that is not."""
    pool = work.db.get(Pool, pool_id)
    if pool is None:
        raise NotFound("not_found")
    blueprint = work.db.get_one(Blueprint, pool.blueprint_id)
    run = work.db.get_one(CalibrationRun, pool.calibration_run_id)
    members, tasks = _opened(work, pool)
    if pool_digest(pool, blueprint, members, tasks) != pool.digest:
        raise Tampered(f"pool:{pool.id} is not what was published: its blueprint, clause or list was changed")
    work.record("pool_opened", f"pool:{pool.id}", clause="DC-7", n_items=len(members) + len(tasks))
    return _frozen(pool, Spec.from_json(blueprint.spec), members, tasks, run.source == "demonstration")


def pool_digest(
    pool: Pool, blueprint: Blueprint, members: Sequence[Member], tasks: Sequence[Task] = ()
) -> str:
    """SHA-256 over everything the pool fixes: items, keys, parameters, form, written tasks, blueprint, tier clause."""
    whole = {
        "format": 2,
        "subject": pool.subject,
        "languages": list(pool.languages),
        "blueprint": {"subject": blueprint.subject, "version": blueprint.version, "spec": blueprint.spec},
        "regulation": pool.proof["regulation"],
        "calibration_run_id": pool.calibration_run_id,
        "sigma": pool.sigma,
        "items": [member.facts() for member in members],
        "written": [task.facts() for task in tasks],
    }
    return digest(canonical(whole))


def member_seal(vault: Vault, member: Member | Task) -> str:
    """A keyed digest of one item of the pool, by which a changed one is found among the others."""
    return vault.mac("pool item", canonical(member.facts()))[:SEAL].hex()


def _opened(work: Work, pool: Pool) -> tuple[list[Member], list[Task]]:
    """The members and the written tasks in order, each as it was sealed."""
    members = [Member(*each) for each in _rows(work, PoolItem, pool.id)]
    tasks = [Task(*each) for each in _rows(work, PoolWritten, pool.id)]
    _check_seals(work, pool, members, pool.proof["seals"])
    _check_seals(work, pool, tasks, pool.proof["written_seals"])
    return members, tasks


def _check_seals(work: Work, pool: Pool, found: Sequence[Member | Task], seals: Sequence[str]) -> None:
    positions = {each.row.position for each in found}
    for position in range(len(seals)):
        if position not in positions:
            raise Tampered(f"pool:{pool.id} lacks its item at position {position}")
    for each, seal in zip(found, seals, strict=True):
        if member_seal(work.vault, each) != seal:
            raise Tampered(f"pool:{pool.id}: {each.code} is not as it was published")


def _rows(work: Work, table: type[Row], pool_id: int) -> Iterator[tuple[Row, str, bytes, bytes]]:
    rows = work.db.execute(
        select(table, ItemVersion, KeyVersion, Item.code)
        .join(ItemVersion, ItemVersion.id == table.item_version_id)
        .join(KeyVersion, KeyVersion.id == table.key_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(table.pool_id == pool_id)
        .order_by(table.position)
    )
    for row, version, key, code in rows:
        yield row, code, *open_version(work, version, key)


def attributes_of(rows: Sequence[PoolItem], sigma: float | None) -> Attributes:
    """What a blueprint looks at in these items; with times where they were calibrated."""
    times = None
    if sigma is not None:
        alpha, beta = ([getattr(row, name) for row in rows] for name in ("alpha", "beta"))
        times = TimeParameters(np.array(alpha), np.array(beta), sigma)
    return Attributes(
        tiers=tuple(row.tier for row in rows), areas=tuple(row.area for row in rows),
        families=tuple(row.family for row in rows), passages=tuple(row.passage for row in rows), times=times,
    )  # fmt: skip


def _frozen(
    pool: Pool, spec: Spec, members: Sequence[Member], tasks: Sequence[Task], is_demonstration: bool
) -> FrozenPool:
    rows = [member.row for member in members]
    every: list[Member | Task] = [*members, *tasks]
    attributes = attributes_of(rows, pool.sigma)
    return FrozenPool(
        id=pool.id,
        digest=pool.digest,
        subject=pool.subject,
        languages=tuple(pool.languages),
        length=spec.length,
        items=Items.from_lists([row.a for row in rows], [row.b for row in rows], [row.c for row in rows]),
        attributes=attributes,
        codes=tuple(each.code for each in every),
        item_version_ids=tuple(each.row.item_version_id for each in every),
        key_version_ids=tuple(each.row.key_version_id for each in every),
        written_tiers=tuple(task.row.tier for task in tasks),
        contents=tuple(ItemContent(read(each.content)) for each in every),
        keys=tuple(read(each.key) for each in every),
        reference=np.array([row.is_reference for row in rows], dtype=np.bool_),
        constraints=spec.constraints(attributes),
        rule=spec.rule,
        grid=spec.grid,
        spec=spec,
        is_demonstration=is_demonstration,
    )
