"""A published pool made ready for decisions: tables computed once, shared by all sessions of the process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from irt.ability import Estimate, LogLikTable, posterior, posterior_moments
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
    assembly: Assembly | None
    shadow: Live
    _views: dict[tuple[int, str], ItemView] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, pool: FrozenPool) -> Bench:
        """The bench of a pool; takes the time of a few table look-ups per item."""
        likelihood, table = LogLikTable.of(pool.items, pool.grid), InfoTable.of(pool.items, pool.grid)
        policy = Policy(Assembler.of(pool.constraints), pool.rule)
        assembly = Assembly.of(pool.constraints) if pool.spec.method == "eligible" else None
        return cls(pool, likelihood, table, assembly, Live(policy, likelihood, table))

    def select(self, seed: int, position: int, indices: Sequence[int], scores: Sequence[int]) -> Selection:
        """The next item after these answers: the same for the same pool, seed and answers, always."""
        step = position * STEPS_A_SECTION + len(indices) + 1
        mass = posterior(self.likelihood, indices, scores)
        choose = self._from_shadow_test if self.assembly is None else self._from_eligible
        index, choice = choose(mass, indices, scores, Draws(seed, step))
        trace = {**_estimate(posterior_moments(self.pool.grid, mass)), **choice}
        return Selection(index, self.pool.item_version_ids[index], self._option_order(index, seed, step), trace)

    def _from_eligible(
        self, mass: Floats, indices: Sequence[int], _scores: Sequence[int], rng: Draws
    ) -> tuple[int, dict[str, object]]:
        """Out of all items after which some full test remains possible."""
        assert self.assembly is not None
        values = information(self.information, mass, self.pool.rule)
        choice = next_item(values, self.assembly.eligible(indices), rng, self.pool.rule)
        return choice.index, _choice(choice)

    def _from_shadow_test(
        self, _mass: Floats, indices: Sequence[int], scores: Sequence[int], rng: Draws
    ) -> tuple[int, dict[str, object]]:
        """Out of the free items of the best full test that contains what was given."""
        decision = self.shadow.decide(indices, scores, rng)
        if decision is None:
            raise ValueError("no full test contains what was given")
        of_shadow = {"shadow": list(decision.shadow.items), "assembled_at": decision.assembled_at}
        return decision.index, _choice(decision) | of_shadow

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


def _estimate(estimate: Estimate) -> dict[str, object]:
    return {"theta": estimate.theta, "se": estimate.se}


def _choice(choice: Choice | Decision) -> dict[str, object]:
    return {"information": choice.information, "n_eligible": choice.n_eligible, "top": list(choice.top)}


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
