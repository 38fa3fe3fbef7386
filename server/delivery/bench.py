"""A published pool made ready for decisions: tables computed once, shared by all sessions of the process."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Pool

from irt.ability import LogLikTable
from irt.arrays import Bools
from irt.decider import Decider, Ended, NextItem
from irt.draws import Draws
from irt.exposure import Counters
from irt.selection import InfoTable
from itembank import FrozenPool, load_pool, score_answer
from server.core.work import Work
from server.delivery.wire import ItemView, OptionView

STEPS_A_SECTION = 1000
ORDER_STREAM, EXPOSURE_STREAM = 1_000_000, 2_000_000


@dataclass(frozen=True)
class Begun:
    """What is fixed when a section begins: the session's seed, the section's place in it, and the items that
    exposure control leaves open to this candidate, as packed bits; None for all."""

    seed: int
    position: int
    open_items: bytes | None = None


@dataclass(frozen=True)
class Selection:
    """One decision: the item, the order of its options, and the trace that lets anyone repeat it."""

    item_index: int
    item_version_id: int
    option_order: str
    trace: dict[str, object]


@dataclass(frozen=True, eq=False)
class Bench:
    """Pool, tables and the items as candidates see them."""

    pool: FrozenPool
    decider: Decider
    _views: dict[tuple[int, str], ItemView] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, pool: FrozenPool) -> Bench:
        """The bench of a pool; takes the time of a few table look-ups per item."""
        spec = pool.spec
        early = spec.early_end
        stopping = None if early is None else early.rule(spec.length, pool.reference_items)
        decider = Decider(
            LogLikTable.of(pool.items, pool.grid), InfoTable.of(pool.items, pool.grid), pool.constraints,
            pool.rule, spec.method, spec.exposure, stopping,
        )  # fmt: skip
        return cls(pool, decider)

    @property
    def likelihood(self) -> LogLikTable:
        """The log-likelihood of every answer at the nodes of the grid."""
        return self.decider.likelihood

    @property
    def may_end_early(self) -> bool:
        """Whether a test may have fewer items than the blueprint's length."""
        return self.pool.spec.early_end is not None

    def open_items(self, seed: int, position: int, counters: Counters) -> bytes | None:
        """`Begun.open_items` of a section that begins when the items have been seen so often."""
        mask = self.decider.open_items(counters, Draws(seed, EXPOSURE_STREAM + position))
        return None if mask is None else np.packbits(mask).tobytes()

    def unpacked(self, open_items: bytes) -> Bools:
        """The mask (n_items,) that was packed."""
        packed = np.frombuffer(open_items, dtype=np.uint8)
        return np.unpackbits(packed, count=len(self.pool.items)).astype(np.bool_)

    def is_written(self, item_index: int) -> bool:
        """Whether people mark it: it has no score, and the engine never hears of it."""
        return item_index in self.pool.written

    def score_of(self, item_index: int, language: str, said: Mapping[str, Any] | None) -> int | None:
        """1 or 0 by the key; None of a written task."""
        return None if self.is_written(item_index) else score_answer(self.pool.keys[item_index], language, said)

    def select(
        self, begun: Begun, indices: Sequence[int], scores: Sequence[int | None]
    ) -> Selection | Ended:
        """The next task after these answers, or why there is none: the same for the same pool, beginning and
        answers, always. The written tasks follow when the adaptive part has ended, whatever was answered there."""
        first = begun.position * STEPS_A_SECTION + 1
        mask = None if begun.open_items is None else self.unpacked(begun.open_items)
        n = next((at for at, index in enumerate(indices) if self.is_written(index)), len(indices))
        chosen = self.decider.decide(indices[:n], scores[:n], lambda n: Draws(begun.seed, first + n), mask)
        if isinstance(chosen, Ended):
            return self._written(chosen, indices[n:])
        if n < len(indices):
            raise ValueError("a written task stands before the end of the adaptive part")
        step = first + len(indices)
        version = self.pool.item_version_ids[chosen.index]
        return Selection(chosen.index, version, self._option_order(chosen.index, begun.seed, step), _trace(chosen))

    def _written(self, ended: Ended, given: Sequence[int]) -> Selection | Ended:
        """The written task after those given, or the end."""
        every = self.pool.written
        if list(given) != list(every[: len(given)]):
            raise ValueError("the written tasks come in their order")
        if len(given) == len(every):
            return ended
        index = every[len(given)]
        trace: dict[str, object] = {
            "theta": ended.estimate.theta, "se": ended.estimate.se, "written": len(given) + 1,
            "adaptive_end": ended.reason,
        }  # fmt: skip
        return Selection(index, self.pool.item_version_ids[index], "", trace)

    def expected_s(self, item_index: int) -> float | None:
        """The seconds a candidate of usual speed takes for the item, where response times were calibrated."""
        times = self.pool.attributes.times
        return None if times is None or self.is_written(item_index) else math.exp(float(times.beta[item_index]))

    def view(self, item_index: int, language: str, option_order: str) -> ItemView:
        """The item as the candidate sees it: no key, no parameter, options in this candidate's order."""
        known = self._views.get((item_index, language))
        if known is None:
            known = self._views[item_index, language] = ItemView(
                **self.pool.contents[item_index].view(language)
            )
        if not known.options:
            return known
        by_id: dict[str, OptionView] = {option.id: option for option in known.options}
        return known.model_copy(update={"options": [by_id[i] for i in option_order]})

    def _option_order(self, item_index: int, seed: int, step: int) -> str:
        content = self.pool.contents[item_index]
        ids = list(content.option_ids)
        if ids and content.is_shuffled:
            ids = [ids[place] for place in Draws(seed, ORDER_STREAM + step).order(len(ids))]
        return "".join(ids)


def _trace(chosen: NextItem) -> dict[str, object]:
    """Why this item, as it is stored with the step."""
    trace: dict[str, object] = {
        "theta": chosen.estimate.theta,
        "se": chosen.estimate.se,
        "information": chosen.information,
        "n_eligible": chosen.n_eligible,
        "top": list(chosen.top),
    }
    if chosen.shadow is not None:
        trace |= {"shadow": list(chosen.shadow.items), "assembled_at": chosen.assembled_at}
    if chosen.is_mask_dropped:
        trace["is_mask_dropped"] = True
    return trace


class Benches:
    """The benches of each database, the least used leaving first; a pool is frozen, so none goes stale.

    Ids count within one database, so a database's benches are its own and leave with it."""

    def __init__(self, most: int = 32) -> None:
        self._most, self._lock = most, threading.Lock()
        self._known: WeakKeyDictionary[Connection | Pool, OrderedDict[int, Bench]] = WeakKeyDictionary()

    def get(self, work: Work, pool_id: int) -> Bench:
        """The bench of a pool, decrypted and checked against its digest the first time."""
        with self._lock:
            known = self._known.setdefault(_database_of(work), OrderedDict())
            bench = known.get(pool_id)
            if bench is None:
                bench = known[pool_id] = Bench.of(load_pool(work, pool_id))
                if len(known) > self._most:
                    known.popitem(last=False)
            known.move_to_end(pool_id)
            return bench


def _database_of(work: Work) -> Connection | Pool:
    """What all works on one database share: the pool of its connections, or the one connection they are given."""
    bind = work.db.get_bind()
    return bind if isinstance(bind, Connection) else bind.pool


BENCHES = Benches()
