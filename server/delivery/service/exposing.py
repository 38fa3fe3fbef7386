"""How often items are seen: counted when a section is over, looked at when one begins."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from irt.exposure import Counters
from server.core.work import Work
from server.delivery.bench import BENCHES
from server.delivery.models import PoolExposure, Section, Step


def ready(work: Work, pool_id: int) -> None:
    """The pool's counters stand, if its blueprint controls exposure."""
    pool = BENCHES.get(work, pool_id).pool
    if pool.spec.exposure is None:
        return
    none = [0] * len(pool.items)
    insert = sqlite.insert if work.db.connection().dialect.name == "sqlite" else postgresql.insert
    # One statement: two sittings may be published on one pool at once.
    work.db.execute(
        insert(PoolExposure)
        .values(pool_id=pool_id, n_candidates=0, administered=none, eligible=none)
        .on_conflict_do_nothing(index_elements=["pool_id"])
    )


def controlled(work: Work, pool_ids: Iterable[int]) -> dict[int, Counters]:
    """The counters of those of these pools whose blueprint controls exposure."""
    exposure = {pool_id: BENCHES.get(work, pool_id).pool.spec.exposure for pool_id in set(pool_ids)}
    return {pool_id: counters(work, pool_id) for pool_id, control in exposure.items() if control is not None}


def counters(work: Work, pool_id: int) -> Counters:
    """How often each item of a pool under exposure control has been seen by now."""
    row = work.db.get(PoolExposure, pool_id)
    if row is None:  # lost: no reason to keep a room from its test
        return Counters.none(len(BENCHES.get(work, pool_id).pool.items))
    return Counters(np.array(row.n_candidates), np.array(row.administered), np.array(row.eligible))


def count(work: Work, section: Section) -> None:
    """What was shown in a section that is over counts from now on; nothing where exposure is not controlled."""
    if section.open_items is None:
        return
    shown = work.db.execute(
        select(Step.item_index).where(Step.section_id == section.id, Step.is_reached)
    ).scalars()  # fmt: skip
    bench = BENCHES.of(work, section)
    was_open = bench.unpacked(section.open_items)
    was_shown = np.zeros_like(was_open)
    was_shown[[index for index in shown if index < len(was_open)]] = True  # everybody gets the written tasks
    row = _locked(work, section.pool_id)
    administered = np.array(row.administered) + was_shown
    # An item outside the mask that the blueprint could not do without was open after all.
    eligible = np.array(row.eligible) + (was_open | was_shown)
    row.n_candidates += 1
    row.administered, row.eligible = administered.tolist(), eligible.tolist()


def begin_counting(work: Work, pool_id: int, rehearsed: Counters) -> bool:
    """The counters begin with those of a rehearsal, so that the first candidates are spread too; False if
    candidates have been counted already."""
    if rehearsed.n_administered.shape != (len(BENCHES.get(work, pool_id).pool.items),):
        raise ValueError("the rehearsal was one of another pool")
    row = _locked(work, pool_id)
    if row.n_candidates:
        return False
    row.n_candidates = int(rehearsed.n_candidates)
    row.administered = [int(n) for n in rehearsed.n_administered]
    row.eligible = [int(n) for n in rehearsed.n_eligible]
    work.record("exposure:begun", f"pool:{pool_id}", n_candidates=row.n_candidates)
    return True


def _locked(work: Work, pool_id: int) -> PoolExposure:
    """The counters, locked: other workers end sections of the same pool at the same time.

    A work holds one such lock at most, and takes it after those of session and section, so none waits in a ring."""
    row = work.db.get(PoolExposure, pool_id, with_for_update=True, populate_existing=True)
    if row is None:
        ready(work, pool_id)
        row = work.db.get_one(PoolExposure, pool_id, with_for_update=True, populate_existing=True)
    return row
