"""A published pool, with what is tried out beside it, made ready for decisions: tables computed once, shared by all
sessions of the process."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Pool

from irt.ability import LogLikTable
from irt.arrays import Bools
from irt.assembly import Feasible, Quota, feasibility
from irt.decider import Decider, DrawsOf, Ended, NextItem
from irt.domain import DomainCurve
from irt.draws import Draws
from irt.exposure import Counters
from irt.selection import InfoTable
from itembank import FrozenPool, load_pool, score_answer
from itembank.items.content import ItemContent
from itembank.pretests.plan import FrozenPlan, load_plan
from server.core.work import Work
from server.delivery.pretests.seeds import Seeds
from server.delivery.pretests.tryout import Tryout
from server.delivery.wire import ItemView, OptionView

Name = tuple[int, int | None]  # of a pool and of the plan beside it
STEPS_A_SECTION = 1000
MOST_WITHOUT = 64
ORDER_STREAM, EXPOSURE_STREAM, PRETEST_STREAM = 1_000_000, 2_000_000, 3_000_000


@dataclass(frozen=True)
class Begun:
    """What is fixed when a section begins: the session's seed, the section's place in it, the items that
    exposure control leaves open to this candidate, as packed bits (None for all), and those to be tried out.

    `withdrawn` may grow while it runs: items that were taken back since their pool was frozen (`withheld`). `met` are
    those that the candidate knows from another test, and that this one never gives (`unseen`)."""

    seed: int
    position: int
    open_items: bytes | None = None
    seeds: Seeds | None = None
    withdrawn: tuple[int, ...] = ()
    met: tuple[int, ...] = ()


@dataclass(frozen=True)
class Selection:
    """One decision: the item, the order of its options, and the trace that lets anyone repeat it."""

    item_index: int
    item_version_id: int
    option_order: str
    trace: dict[str, object]
    is_pretest: bool = False


@dataclass(frozen=True, eq=False)
class Bench:
    """Pool, tables and the items as candidates see them; behind the items of the pool those of the pretest plan."""

    pool: FrozenPool
    decider: Decider
    tryout: Tryout | None = None
    _views: dict[tuple[int, str], ItemView] = field(default_factory=dict, repr=False)
    _without: dict[frozenset[int], Decider] = field(default_factory=dict, repr=False)

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

    def beside(self, plan: FrozenPlan) -> Bench:
        """The same with what is tried out beside the pool."""
        if plan.pool_id != self.pool.id:
            raise ValueError("the plan is of another pool")
        early = self.pool.spec.early_end
        least = self.pool.length if early is None else early.minimum
        return Bench(
            self.pool, self.decider, Tryout(plan, len(self.pool.codes), least, self.pool.attributes.passages)
        )

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

    @cached_property
    def places(self) -> dict[int, int]:
        """Item version → its index."""
        tried = () if self.tryout is None else self.tryout.plan.item_version_ids
        return {version: at for at, version in enumerate((*self.pool.item_version_ids, *tried))}

    @cached_property
    def curve(self) -> DomainCurve:
        """The percent of marks on the reference form, ready for many candidates."""
        return DomainCurve.of(self.pool.items[self.pool.reference], self.pool.grid)

    @property
    def reference_points(self) -> float:
        """How many points the reference form has."""
        return float((self.pool.items[self.pool.reference].n_categories - 1).sum())

    def version(self, item_index: int) -> int:
        """The item version that stands at that index."""
        versions, at = self._column(item_index, "item_version_ids")
        found: int = versions[at]
        return found

    def knows(self, item_index: int, item_version_id: int) -> bool:
        """Whether the item of that version stands at that index."""
        versions, at = self._column(item_index, "item_version_ids")
        return 0 <= at < len(versions) and versions[at] == item_version_id

    @property
    def contents(self) -> tuple[ItemContent, ...]:
        """What its items say, those that are tried out last."""
        return (*self.pool.contents, *(() if self.tryout is None else self.tryout.plan.contents))

    def content(self, item_index: int) -> ItemContent:
        """What the item says."""
        contents, at = self._column(item_index, "contents")
        found: ItemContent = contents[at]
        return found

    def key(self, item_index: int) -> dict[str, Any]:
        """What is right."""
        keys, at = self._column(item_index, "keys")
        found: dict[str, Any] = keys[at]
        return found

    def code(self, item_index: int) -> str:
        """The name of the item in the bank."""
        codes, at = self._column(item_index, "codes")
        return str(codes[at])

    def tier(self, item_index: int) -> str:
        """Its tier; empty where no item has that index."""
        tried = () if self.tryout is None else self.tryout.plan.tiers
        tiers = (*self.pool.tiers, *self.pool.written_tiers, *tried)
        return tiers[item_index] if 0 <= item_index < len(tiers) else ""

    def _column(self, item_index: int, name: str) -> tuple[Sequence[Any], int]:
        """A column that pool and plan both have, and where the item stands in it."""
        if self.tryout is not None and item_index in self.tryout.indices:
            return getattr(self.tryout.plan, name), item_index - self.tryout.start
        return getattr(self.pool, name), item_index

    def is_written(self, item_index: int) -> bool:
        """Whether people mark it: it has no score, and the engine never hears of it."""
        return item_index in self.pool.written

    def is_pretest(self, item_index: int) -> bool:
        """Whether it is tried out: it has a score that counts for nothing, and the engine never hears of it."""
        return self.tryout is not None and item_index in self.tryout.indices

    def score_of(self, item_index: int, language: str, said: Mapping[str, Any] | None) -> int | None:
        """1 or 0 by the key; None of a written task."""
        return None if self.is_written(item_index) else score_answer(self.key(item_index), language, said)

    def select(
        self, begun: Begun, indices: Sequence[int], scores: Sequence[int | None]
    ) -> Selection | Ended:
        """The next task after these answers, or why there is none: the same for the same pool, beginning and
        answers, always. The written tasks follow when the adaptive part has ended, whatever was answered there.

        What is tried out is left out of all this: the others are chosen as if it were not there, and with the same
        work at every step, so that no time tells it apart."""
        first = begun.position * STEPS_A_SECTION + 1
        counted = [at for at, index in enumerate(indices) if not self.is_pretest(index)]
        kept, marks = [indices[at] for at in counted], [scores[at] for at in counted]
        n = next((at for at, index in enumerate(kept) if self.is_written(index)), len(kept))
        chosen = self._decide(begun, kept[:n], marks[:n], lambda n: Draws(begun.seed, first + n))
        if isinstance(chosen, Ended):
            return self._written(chosen, kept[n:])
        if n < len(kept):
            raise ValueError("a written task stands before the end of the adaptive part")
        tried = self._to_try(begun, indices, chosen)
        if tried is not None:
            return tried
        version = self.pool.item_version_ids[chosen.index]
        order = self._option_order(chosen.index, Draws(begun.seed, ORDER_STREAM + first + len(kept)))
        return Selection(chosen.index, version, order, {**_trace(chosen), **_withheld(begun, chosen.index)})

    def _decide(
        self, begun: Begun, given: Sequence[int], marks: Sequence[int | None], draws: DrawsOf
    ) -> NextItem | Ended:
        """What comes next without what was withdrawn. Where the blueprint allows no test without it, it comes last.

        What was met before never comes: that a test without it exists is proved before the candidate is let in."""
        mask = None if begun.open_items is None else self.unpacked(begun.open_items)
        met = self._hidden(begun.met, given)
        hidden = self._hidden(begun.withdrawn, given)
        if hidden - met:
            try:
                return self._decider_without(hidden | met).decide(given, marks, draws, mask)
            except ValueError:  # no lawful test does without: the blueprint is law, the trace says what was done
                mask = np.ones(len(self.pool.items), np.bool_) if mask is None else mask
                mask[list(hidden)] = False
        return self._decider_without(met).decide(given, marks, draws, mask)

    def _hidden(self, indices: Sequence[int], given: Sequence[int]) -> frozenset[int]:
        """The adaptive items among these that were not given yet."""
        return frozenset(index for index in indices if index < len(self.pool.items)) - frozenset(given)

    def has_test_without(self, hidden: Collection[int]) -> bool:
        """Whether a lawful test exists in which none of these items stands, written tasks among them."""
        if any(self.is_written(index) for index in hidden):
            return False
        return isinstance(feasibility(self._decider_without(self._hidden(tuple(hidden), ())).constraints), Feasible)

    def _decider_without(self, hidden: frozenset[int]) -> Decider:
        """The decider of the same pool, for tests in which none of these items may stand."""
        known = self._without.get(hidden) if hidden else self.decider
        if known is None:
            members = np.zeros(len(self.pool.items), np.bool_)
            members[list(hidden)] = True
            quotas = (*self.decider.constraints.quotas, Quota("withdrawn", 0, 0, members))
            known = replace(self.decider, constraints=replace(self.decider.constraints, quotas=quotas))
            if len(self._without) >= MOST_WITHOUT:
                self._without.clear()
            self._without[hidden] = known
        return known

    def is_missed(self, begun: Begun, indices: Sequence[int]) -> bool:
        """Whether something was to be tried out and has no place in the test any more."""
        return self.tryout is not None and begun.seeds is not None and self.tryout.is_missed(begun.seeds, indices)

    def _to_try(self, begun: Begun, indices: Sequence[int], following: NextItem) -> Selection | None:
        """What is tried out now, before the scored item that would follow; None where that one comes."""
        seeds = self._seeds_left(begun)
        if self.tryout is None or seeds is None:
            return None
        stream, estimate = PRETEST_STREAM + begun.position * STEPS_A_SECTION, following.estimate
        facts = (following.index, estimate.theta)
        found = self.tryout.find(seeds, indices, facts, Draws(begun.seed, stream))
        if found is None:
            return None
        n_met = sum(map(self.is_pretest, indices))
        trace: dict[str, object] = {
            "theta": estimate.theta, "se": estimate.se, "pretest": n_met + 1, "due": found.due,
            "offered": list(found.offered), **_withheld(begun, found.index),
        }  # fmt: skip
        order = self._option_order(found.index, Draws(begun.seed, ORDER_STREAM + stream + n_met))
        version = self.tryout.plan.item_version_ids[found.at]
        return Selection(found.index, version, order, trace, is_pretest=True)

    def _seeds_left(self, begun: Begun) -> Seeds | None:
        """What may be tried out, without what was withdrawn since it was offered."""
        seeds, tryout = begun.seeds, self.tryout
        kept = {*begun.withdrawn, *begun.met}
        if tryout is None or seeds is None or seeds.offered is None or not kept:
            return seeds
        left = tuple(at for at in seeds.offered if tryout.start + at not in kept)
        return replace(seeds, offered=left, count=min(seeds.count, len(left)))

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
        is_timed = 0 <= item_index < len(self.pool.items)
        return None if times is None or not is_timed else math.exp(float(times.beta[item_index]))

    def view(self, item_index: int, language: str, option_order: str) -> ItemView:
        """The item as the candidate sees it: no key, no parameter, options in this candidate's order."""
        known = self._views.get((item_index, language))
        if known is None:
            known = self._views[item_index, language] = ItemView(
                **self.content(item_index).view(language)
            )
        if not known.options:
            return known
        by_id: dict[str, OptionView] = {option.id: option for option in known.options}
        return known.model_copy(update={"options": [by_id[i] for i in option_order]})

    def _option_order(self, item_index: int, draws: Draws) -> str:
        content = self.content(item_index)
        ids = list(content.option_ids)
        if ids and content.is_shuffled:
            ids = [ids[place] for place in draws.order(len(ids))]
        return "".join(ids)


def _withheld(begun: Begun, index: int) -> dict[str, object]:
    """What a step keeps of items that were withdrawn, and of those the candidate knew; nothing where none was."""
    met: dict[str, object] = {"met": list(begun.met)} if begun.met else {}
    if not begun.withdrawn:
        return met
    given: dict[str, object] = {"withdrawn_given": True} if index in begun.withdrawn else {}
    return {"withdrawn": list(begun.withdrawn), **given, **met}


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


class Placed(Protocol):
    """A section, or a row with what names its bench."""

    @property
    def pool_id(self) -> Any: ...
    @property
    def pretest(self) -> Any: ...


class Benches:
    """The benches of each database, the least used leaving first; pools and plans are frozen, so none goes stale.

    Ids count within one database, so a database's benches are its own and leave with it."""

    def __init__(self, most: int = 32) -> None:
        self._most, self._lock = most, threading.Lock()
        self._known: WeakKeyDictionary[Connection | Pool, OrderedDict[Name, Bench]] = WeakKeyDictionary()

    def get(self, work: Work, pool_id: int, plan_id: int | None = None) -> Bench:
        """The bench of a pool and of the plan beside it, decrypted and checked against their digests the first time."""
        with self._lock:
            known = self._known.setdefault(database_of(work), OrderedDict())
            bench = self._found(known, (pool_id, None), lambda: Bench.of(load_pool(work, pool_id)))
            if plan_id is None:
                return bench
            return self._found(known, (pool_id, plan_id), lambda: bench.beside(load_plan(work, plan_id)))

    def of(self, work: Work, section: Placed) -> Bench:
        """The bench of a section."""
        seeds = Seeds.of(section.pretest)
        return self.get(work, section.pool_id, None if seeds is None else seeds.plan_id)

    def _found(self, known: OrderedDict[Name, Bench], name: Name, make: Callable[[], Bench]) -> Bench:
        bench = known.get(name)
        if bench is None:
            bench = known[name] = make()
            if len(known) > self._most:
                known.popitem(last=False)
        known.move_to_end(name)
        return bench


def database_of(work: Work) -> Connection | Pool:
    """What all works on one database share: the pool of its connections, or the one connection they are given."""
    bind = work.db.get_bind()
    return bind if isinstance(bind, Connection) else bind.pool


BENCHES = Benches()
