"""A published pool made ready for decisions: tables computed once, shared by all sessions of the process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from irt.ability import LogLikTable, posterior, posterior_moments
from irt.arrays import Floats
from irt.assembly import Assembly
from irt.draws import Draws
from irt.selection import Choice, InfoTable, information, next_item
from irt.shadow import Assembler, Decision, Live, Policy
from itembank import FrozenPool, load_pool
from server.core.work import Work
from server.delivery.wire import ItemView, OptionView

STEPS_A_SECTION = 1000
ORDER_STREAM = 1_000_000


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
    likelihood: LogLikTable
    information: InfoTable
    chooser: Assembly | Live
    _views: dict[tuple[int, str], ItemView] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, pool: FrozenPool) -> Bench:
        """The bench of a pool; takes the time of a few table look-ups per item."""
        likelihood, table = LogLikTable.of(pool.items, pool.grid), InfoTable.of(pool.items, pool.grid)
        if pool.spec.method == "eligible":
            return cls(pool, likelihood, table, Assembly.of(pool.constraints))
        return cls(pool, likelihood, table, Live(Policy(Assembler.of(pool.constraints), pool.rule), likelihood, table))

    def select(self, seed: int, position: int, indices: Sequence[int], scores: Sequence[int]) -> Selection:
        """The next item after these answers: the same for the same pool, seed and answers, always."""
        step = position * STEPS_A_SECTION + len(indices) + 1
        mass = posterior(self.likelihood, indices, scores)
        estimate = posterior_moments(self.pool.grid, mass)
        choice = self._choose(mass, indices, scores, Draws(seed, step))
        trace: dict[str, object] = {
            "theta": estimate.theta,
            "se": estimate.se,
            "information": choice.information,
            "n_eligible": choice.n_eligible,
            "top": list(choice.top),
        }
        if isinstance(choice, Decision):
            trace |= {"shadow": list(choice.shadow.items), "assembled_at": choice.assembled_at}
        version = self.pool.item_version_ids[choice.index]
        return Selection(choice.index, version, self._option_order(choice.index, seed, step), trace)

    def _choose(
        self, mass: Floats, indices: Sequence[int], scores: Sequence[int], rng: Draws
    ) -> Choice | Decision:
        """Out of all items after which a full test remains possible, or out of the best such test (Spec.method)."""
        if isinstance(self.chooser, Assembly):
            values = information(self.information, mass, self.pool.rule)
            return next_item(values, self.chooser.eligible(indices), rng, self.pool.rule)
        decision = self.chooser.decide(indices, scores, rng)
        if decision is None:
            raise ValueError("no full test contains what was given")
        return decision

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


class Benches:
    """The benches of this process, the least used leaving first; a pool is frozen, so none goes stale."""

    def __init__(self, most: int = 32) -> None:
        self._most, self._lock = most, threading.Lock()
        self._known: OrderedDict[int, Bench] = OrderedDict()

    def get(self, work: Work, pool_id: int) -> Bench:
        """The bench of a pool, decrypted and checked against its digest the first time."""
        with self._lock:
            bench = self._known.get(pool_id)
            if bench is None:
                bench = self._known[pool_id] = Bench.of(load_pool(work, pool_id))
                if len(self._known) > self._most:
                    self._known.popitem(last=False)
            self._known.move_to_end(pool_id)
            return bench

    def clear(self) -> None:
        """Nothing is kept in memory; for tests and for keys that are taken away."""
        with self._lock:
            self._known.clear()


BENCHES = Benches()
