"""How often items are seen: counted when a section is over, looked at when one begins."""

from __future__ import annotations

import numpy as np
from sqlalchemy import select

from irt.exposure import Counters
from server.core.errors import NotFound
from server.core.work import Work
from server.delivery.bench import BENCHES
from server.delivery.models import PoolExposure, Section, Step


def ready(work: Work, pool_id: int) -> None:
    """The pool's counters stand, if its blueprint controls exposure."""
    bench = BENCHES.get(work, pool_id)
    if bench.pool.spec.exposure is not None and work.db.get(PoolExposure, pool_id) is None:
        none = [0] * len(bench.pool.items)
        work.db.add(PoolExposure(pool_id=pool_id, n_candidates=0, administered=none, eligible=none))


def open_items(work: Work, seed: int, section: Section) -> bytes | None:
    """What `Section.open_items` is to be now that the section begins."""
    bench = BENCHES.get(work, section.pool_id)
    if bench.pool.spec.exposure is None:
        return None
    return bench.open_items(seed, section.position, counters(work, section.pool_id))


def counters(work: Work, pool_id: int) -> Counters:
    """How often each item of a pool under exposure control has been seen by now."""
    row = work.db.get(PoolExposure, pool_id)
    if row is None:
        raise NotFound("not_found")
    return Counters(np.array(row.n_candidates), np.array(row.administered), np.array(row.eligible))


def count(work: Work, section: Section) -> None:
    """What was shown in a section that is over counts from now on; nothing where exposure is not controlled."""
    if section.open_items is None:
        return
    shown = work.db.execute(
        select(Step.item_index).where(Step.section_id == section.id, Step.is_reached)
    ).scalars()  # fmt: skip
    # Locked: other workers end sections of the same pool at the same time.
    row = work.db.get_one(PoolExposure, section.pool_id, with_for_update=True, populate_existing=True)
    administered, eligible = np.array(row.administered), np.array(row.eligible)
    administered[list(shown)] += 1
    eligible += BENCHES.get(work, section.pool_id).unpacked(section.open_items)
    # An item outside the mask that the blueprint could not do without was open after all.
    eligible = np.maximum(eligible, administered)
    row.n_candidates += 1
    row.administered, row.eligible = administered.tolist(), eligible.tolist()


def begin_counting(work: Work, pool_id: int, rehearsed: Counters) -> bool:
    """The counters begin with those of a rehearsal, so that the first candidates are spread too; False if
    candidates have been counted already."""
    row = work.db.get_one(PoolExposure, pool_id, with_for_update=True, populate_existing=True)
    if row.n_candidates:
        return False
    row.n_candidates = int(rehearsed.n_candidates)
    row.administered = [int(n) for n in rehearsed.n_administered]
    row.eligible = [int(n) for n in rehearsed.n_eligible]
    work.record("exposure:begun", f"pool:{pool_id}", n_candidates=row.n_candidates)
    return True
