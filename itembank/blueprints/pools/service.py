"""The pool that a psychometrician asks for: the items that may enter, the rehearsal that speaks for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from itembank.blueprints.choice import entries
from itembank.blueprints.drafts.law import in_force
from itembank.blueprints.models import Blueprint, Pool, PoolItem
from itembank.blueprints.service import NewPool, publish_pool
from itembank.blueprints.spec import Spec
from itembank.rehearsals.models import Rehearsal
from server.core.errors import Invalid, NotFound
from server.core.work import Work


def publish_chosen(
    work: Work,
    blueprint_id: int,
    run_id: int,
    *,
    languages: Sequence[str],
    written: Sequence[str],
    rehearsal_id: int,
    left_out: int,
) -> int:
    """The pool of all items of the run that may enter stands; `left_out` is how many were shown as left out.

    Invalid if they are others by now, or if no rehearsal of this blueprint on these items lies before it."""
    # Lock before reading: of two who publish the same at once, the second sees the pool of the first.
    blueprint = work.db.get(Blueprint, blueprint_id, with_for_update=True)
    if blueprint is None:
        raise NotFound("not_found")
    spec = Spec.from_json(blueprint.spec)
    rehearsal = work.db.get(Rehearsal, rehearsal_id)
    if rehearsal is None or rehearsal.calibration_run_id != run_id or rehearsal.spec != spec.to_json():
        raise Invalid("pool_not_rehearsed")
    if not languages:
        raise Invalid("pool_no_language")
    found = entries(work, run_id)
    fit = [each.version_id for each in found if each.fault(spec.areas, languages) is None]
    if len(found) - len(fit) != left_out:
        raise Invalid("pool_left_out", n=len(found) - len(fit))
    if (twin := _twin(work, blueprint_id, run_id, languages, fit)) is not None:
        raise Invalid("pool_stands", pool=twin)
    new = NewPool(
        blueprint_id=blueprint_id, calibration_run_id=run_id, languages=tuple(languages), written=tuple(written),
        versions=tuple(fit), rehearsal=(rehearsal.id, rehearsal.digest),
    )  # fmt: skip
    return publish_pool(work, new, in_force())


def _twin(
    work: Work, blueprint_id: int, run_id: int, languages: Sequence[str], version_ids: Sequence[int]
) -> int | None:
    """The pool of exactly these items under this blueprint, if it stands already."""
    pools = select(Pool).where(Pool.blueprint_id == blueprint_id, Pool.calibration_run_id == run_id)
    for pool in work.db.scalars(pools.order_by(Pool.id.desc())):
        members = work.db.scalars(select(PoolItem.item_version_id).where(PoolItem.pool_id == pool.id))
        if pool.languages == sorted(languages) and set(members) == set(version_ids):
            return pool.id
    return None
