"""What a withdrawal would touch, shown before it is done: pools, sittings to come, tests that run, results given."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy import select

from irt.assembly import Feasible, Quota, feasibility
from itembank.authoring.states import of_versions
from itembank.blueprints.models import Blueprint, Pool, PoolItem, PoolWritten
from itembank.blueprints.pool import attributes_of
from itembank.blueprints.spec import Spec
from itembank.withdrawals.queries import in_force, versions_in_force
from itembank.withdrawals.service import items_of, versions_of
from server.core.work import Work
from server.reports.leaks import knowing, meeting
from server.reports.leaks.holdings import Holdings, holdings


@dataclass(frozen=True)
class PoolEffect:
    """A pool that holds some of them: whether lawful tests are left without them, and written tasks among them."""

    id: int
    subject: str
    n_items: int
    n_withdrawn: int
    is_possible: bool
    written: tuple[str, ...]


@dataclass(frozen=True)
class Effects:
    """All that the withdrawal of these items touches, or would."""

    states: Mapping[str, str]
    standing: frozenset[str]
    pools: Sequence[PoolEffect]
    planned: Sequence[meeting.Planned]
    sittings: Sequence[meeting.SittingMet]
    holdings: Holdings

    @property
    def n_running(self) -> int:
        """Tests that have begun and may still come to one of them."""
        return sum(each.n_running for each in self.planned)

    @property
    def is_short(self) -> bool:
        """Whether a pool of theirs gives no lawful test without them."""
        return not all(each.is_possible for each in self.pools)

    @property
    def n_results(self) -> int:
        """Sessions that met one of them."""
        return sum(len(each.before | each.after) for each in self.sittings)


def effects(work: Work, codes: Collection[str], leaked_at: datetime | None) -> Effects:
    """What would be touched; Invalid names codes that no item has."""
    items, versions = items_of(work, codes), versions_of(work, codes)
    states = {
        f"{versions[row.item_version_id]} ({row.number})": row.state
        for row in of_versions(work, versions) if row.item_version_id is not None
    }  # fmt: skip
    standing = {items[each.item_id] for each in in_force(work, items)}
    pool_ids = knowing.pools_with(work, versions)
    gone = {version_id for version_id, _standing in versions_in_force(work)} | set(versions)
    return Effects(
        states, frozenset(standing), [_pool_effect(work, pool_id, versions, gone) for pool_id in pool_ids],
        meeting.planned(work, pool_ids), meeting.by_sitting(work, meeting.meetings(work, versions), leaked_at),
        holdings(work, items, versions),
    )  # fmt: skip


def _pool_effect(
    work: Work, pool_id: int, versions: Mapping[int, str], withdrawn: Collection[int]
) -> PoolEffect:  # fmt: skip
    pool = work.db.get_one(Pool, pool_id)
    query = select(PoolItem).where(PoolItem.pool_id == pool_id).order_by(PoolItem.position)
    rows = list(work.db.execute(query).scalars())
    gone = np.array([row.item_version_id in withdrawn for row in rows], dtype=np.bool_)
    written = select(PoolWritten.item_version_id).where(
        PoolWritten.pool_id == pool_id, PoolWritten.item_version_id.in_(versions)
    )
    constraints = Spec.from_json(work.db.get_one(Blueprint, pool.blueprint_id).spec).constraints(
        attributes_of(rows, pool.sigma)
    )
    without = replace(constraints, quotas=(*constraints.quotas, Quota("withdrawn", 0, 0, gone)))
    return PoolEffect(
        pool_id, pool.subject, len(rows), sum(row.item_version_id in versions for row in rows),
        isinstance(feasibility(without), Feasible),
        tuple(versions[id_] for id_ in work.db.execute(written.order_by(PoolWritten.position)).scalars()),
    )  # fmt: skip
