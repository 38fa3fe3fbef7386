"""Why the engine gave a task, as facts: what the blueprint still asked for, how much the answer was going to tell, how
many tasks might have come, what exposure control and withdrawals kept back. `telling` puts them into words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from irt.arrays import Bools
from irt.models import prob
from server.delivery.bench import Bench
from server.delivery.queries import GivenSection, GivenStep


@dataclass(frozen=True)
class Quota:
    """How many tasks of a tier or an area had been given, and between which bounds the blueprint wants them."""

    kind: Literal["tier", "area"]
    code: str
    given: int
    least: int
    most: int

    @property
    def owed(self) -> int:
        """How many are still to come at least."""
        return max(0, self.least - self.given)


@dataclass(frozen=True)
class Funnel:
    """How many tasks of the pool were left, step by step: in the pool, open to this candidate, not withheld, neither
    given nor too like one given, and in the end those that might come."""

    pool: int
    open: int
    not_withheld: int
    fresh: int
    eligible: int


@dataclass(frozen=True)
class Chosen:
    """Why a task of the adaptive part came. `rank` is its place among the `n_drawn` that were drawn from."""

    number: int
    length: int
    tier: str
    area: str
    quotas: tuple[Quota, ...]
    theta: float
    se: float
    se_after: float
    chance: float
    rank: int
    n_drawn: int
    funnel: Funnel
    is_progressive: bool
    is_mask_dropped: bool
    n_withheld: int
    n_met: int
    is_withdrawn: bool
    assembled_at: int | None
    passage_seqs: tuple[int, ...]

    @property
    def places_left(self) -> int:
        """How many tasks were to come yet, this one among them."""
        return self.length - self.number + 1

    @property
    def own(self) -> tuple[Quota, ...]:
        """The cell of the blueprint that the task stands in: its tier and its area."""
        return tuple(
            each for each in self.quotas if each.code == (self.tier if each.kind == "tier" else self.area)
        )

    @property
    def is_forced(self) -> bool:
        """Whether every place left was owed to a minimum of the tiers, or of the areas."""
        owed = [sum(each.owed for each in self.quotas if each.kind == kind) for kind in ("tier", "area")]
        return max(owed) >= self.places_left


@dataclass(frozen=True)
class TriedOut:
    """A task that is tried out: it counts for nothing. It came as the `number`th such, one of `n_offered`."""

    number: int
    n_offered: int


@dataclass(frozen=True)
class Written:
    """A written task: the same for every candidate, after the adaptive part, which ended for that reason."""

    number: int
    n_tasks: int
    ended: str


Reason = Chosen | TriedOut | Written


def reason_of(bench: Bench, section: GivenSection, step: GivenStep) -> Reason | None:
    """The reason that stands with the step; None where what is stored is none, which the replay names."""
    if not bench.knows(step.item_index, step.item_version_id):
        return None
    try:
        if bench.is_pretest(step.item_index):
            return TriedOut(int(step.trace["pretest"]), len(step.trace["offered"]))
        if bench.is_written(step.item_index):
            number, ended = int(step.trace["written"]), str(step.trace["adaptive_end"])
            return Written(number, len(bench.pool.written), ended)
        return _chosen(bench, section, step)
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def _chosen(bench: Bench, section: GivenSection, step: GivenStep) -> Chosen:
    earlier = _earlier(bench, section, step)
    given, trace = [each.item_index for each in earlier], step.trace
    theta, se, top = float(trace["theta"]), float(trace["se"]), [int(each) for each in trace["top"]]
    attributes, at = bench.pool.attributes, step.item_index
    telling = float(bench.decider.table.at(theta)[at])
    exposure = bench.pool.spec.exposure
    return Chosen(
        number=len(given) + 1,
        length=bench.pool.length,
        tier=attributes.tiers[at],
        area=attributes.areas[at],
        quotas=(*_quotas("tier", bench.pool.spec.tiers, attributes.tiers, given),
                *_quotas("area", bench.pool.spec.areas, attributes.areas, given)),
        theta=theta,
        se=se,
        se_after=1.0 / math.sqrt(1.0 / se**2 + telling),
        chance=float(prob(theta, bench.pool.items[np.array([at])])[0, 0]),
        rank=top.index(at) + 1,
        n_drawn=len(top),
        funnel=_funnel(bench, section, given, trace),
        is_progressive=exposure is not None and exposure.method == "progressive_restricted",
        is_mask_dropped=bool(trace.get("is_mask_dropped", False)),
        n_withheld=len(trace.get("withdrawn", ())),
        n_met=len(trace.get("met", ())),
        is_withdrawn=bool(trace.get("withdrawn_given", False)),
        assembled_at=None if "assembled_at" not in trace else int(trace["assembled_at"]),
        passage_seqs=_same_passage(bench, earlier, at),
    )  # fmt: skip


def _earlier(bench: Bench, section: GivenSection, step: GivenStep) -> list[GivenStep]:
    """The tasks of the adaptive part before it; ValueError where one of them is none of the pool."""
    before = [each for each in section.steps if each.seq < step.seq and not bench.is_pretest(each.item_index)]
    if not all(0 <= each.item_index < len(bench.pool.items) for each in before):
        raise ValueError("an earlier task is none of the adaptive part")
    return before


def _quotas(
    kind: Literal["tier", "area"],
    bounds: Mapping[str, tuple[int, int]],
    codes: Sequence[str],
    given: Sequence[int],
) -> list[Quota]:
    labels = [codes[at] for at in given]
    return [Quota(kind, code, labels.count(code), least, most) for code, (least, most) in bounds.items()]


def _funnel(bench: Bench, section: GivenSection, given: Sequence[int], trace: Mapping[str, Any]) -> Funnel:
    left: Bools = np.ones(len(bench.pool.items), np.bool_)
    if section.open_items is not None and not trace.get("is_mask_dropped"):
        left &= bench.unpacked(section.open_items)
    n_open = int(left.sum())
    kept_back = {*trace.get("withdrawn", ()), *trace.get("met", ())} - set(given)
    left[[at for at in kept_back if at < left.size]] = False
    n_not_withheld = int(left.sum())
    left[list(given)] = False
    for group in bench.pool.constraints.enemies:
        if np.isin(group, given).any():
            left[group] = False
    return Funnel(len(bench.pool.items), n_open, n_not_withheld, int(left.sum()), int(trace["n_eligible"]))


def _same_passage(bench: Bench, earlier: Sequence[GivenStep], at: int) -> tuple[int, ...]:
    """The tasks before it that are read beside the same text."""
    passages = bench.pool.attributes.passages
    own = passages[at]
    return () if own is None else tuple(each.seq for each in earlier if passages[each.item_index] == own)
