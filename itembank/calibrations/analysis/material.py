"""The answers a run rests on, as arrays, and the digest by which the same answers are known again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress

import numpy as np

from irt.arrays import Bools, Floats, Ints
from irt.models import Items, log_prob
from itembank.calibrations.policy import Policy
from server.core.errors import Invalid

# tell(stage, done, total): shows how far it is; raises where the run is no longer wanted.
Tell = Callable[[str, int, int], None]


class Unfit(Invalid):
    """The answers do not allow this run."""


@dataclass(frozen=True)
class Known:
    """Parameters that an item has already on the reference scale."""

    a: float
    b: float
    c: float
    se_a: float | None = None
    se_b: float | None = None


@dataclass(frozen=True)
class Column:
    """One item version: what a run must know of it. `key` is the right of `n_options`, where one option is chosen."""

    item_version_id: int
    area: str
    n_options: int = 0
    key: int = 0
    can_guess: bool = False
    known: Known | None = None


@dataclass(frozen=True, eq=False)
class Material:
    """Scores, options, seconds (n_persons, n_items), nan where an item was not seen, and the groups of persons.

    An omitted answer is a wrong one, its option `n_options`; an item not reached is not seen. A group "" is unknown."""

    columns: tuple[Column, ...]
    x: Floats
    chosen: Floats
    seconds: Floats
    groups: Mapping[str, tuple[str, ...]]

    @property
    def n_persons(self) -> int:
        """How many persons there are."""
        return int(self.x.shape[0])

    @cached_property
    def seen(self) -> Bools:
        """Who saw what, (n_persons, n_items)."""
        seen: Bools = ~np.isnan(self.x)
        return seen

    @cached_property
    def n(self) -> Ints:
        """Persons who saw each item, (n_items,)."""
        counted: Ints = self.seen.sum(axis=0)
        return counted

    @cached_property
    def is_known(self) -> Bools:
        """Items with parameters on the reference scale, (n_items,)."""
        return np.array([each.known is not None for each in self.columns], dtype=np.bool_)

    def known_items(self, columns: Ints) -> Items:
        """The known parameters of these columns."""
        known = [each for each in (self.columns[at].known for at in columns) if each is not None]
        return Items.from_lists([k.a for k in known], [k.b for k in known], [k.c for k in known])

    def persons(self, kept: Bools) -> Material:
        """The same of these persons alone."""
        groups = {name: tuple(compress(of, kept.tolist())) for name, of in self.groups.items()}
        return replace(self, x=self.x[kept], chosen=self.chosen[kept], seconds=self.seconds[kept], groups=groups)

    def digest(self) -> str:
        """SHA-256 over every answer with its item, and over the groups: equal only for the same data in this order."""
        found = hashlib.sha256()
        heads = [(c.item_version_id, c.area, c.n_options, c.key, c.can_guess, vars(c.known) if c.known else None)
                 for c in self.columns]  # fmt: skip
        found.update(json.dumps([heads, sorted(self.groups.items())], ensure_ascii=False).encode())
        for array in (self.x, self.chosen, self.seconds):
            found.update(np.ascontiguousarray(np.nan_to_num(array, nan=-1.0), dtype="<f8").tobytes())
        return found.hexdigest()


@dataclass(frozen=True)
class Ability:
    """EAP and posterior sd of each person, (n_persons,), and the population they were taken from."""

    theta: Floats
    se: Floats
    mean: float
    sd: float


NODES = np.linspace(-6.0, 6.0, 61)
_ROUNDS, _CLOSE, _LEAST_SD = 200, 1e-6, 0.2


def ability(x: Floats, items: Items, population: tuple[float, float] | None = None) -> Ability:
    """Everybody's EAP under the normal population given, or under the one that suits these persons best (EM)."""
    logs = log_prob(NODES, items)
    likelihood = (x == 1) @ logs[:, :, 1].T + (x == 0) @ logs[:, :, 0].T
    mean, sd = population or (0.0, 1.0)
    for _ in range(1 if population else _ROUNDS):
        mass = likelihood - 0.5 * ((NODES - mean) / sd) ** 2
        mass = np.exp(mass - mass.max(axis=1, keepdims=True))
        mass /= mass.sum(axis=1, keepdims=True)
        theta = mass @ NODES
        variance = np.maximum(mass @ NODES**2 - theta**2, 1e-12)
        if population:
            break
        before = (mean, sd)
        mean, sd = float(theta.mean()), max(float(np.sqrt(theta.var() + variance.mean())), _LEAST_SD)
        if max(abs(mean - before[0]), abs(sd - before[1])) < _CLOSE:
            break
    return Ability(theta, np.sqrt(variance), mean, sd)


def correlation(first: Floats, second: Floats) -> float:
    """Pearson's r; nan where either does not vary."""
    if first.size < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def models_of(material: Material, policy: Policy, columns: Ints) -> list[str | None]:
    """The model of each of these columns by the number of its answers; None where they are not enough."""
    return [policy.ladder(material.columns[at].can_guess).model(int(material.n[at])) for at in columns]
