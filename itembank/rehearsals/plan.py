"""Who sits a rehearsal: how many candidates, of which abilities, drawn with which seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from irt.simulate import Normal
from server.core.errors import Invalid

MOST_CANDIDATES, FEWEST_CANDIDATES = 20_000, 100
MOST_SEED = 2**31 - 1
BATCHES = 50
# Populations by name: the prior of the test, and those a commission asks about. Two parts are two groups in one year.
CROWDS: Mapping[str, tuple[Normal, ...]] = {
    "standard": (Normal(),),
    "able": (Normal(0.5, 1.0),),
    "weak": (Normal(-0.5, 1.0),),
    "narrow": (Normal(0.0, 0.7),),
    "two_groups": (Normal(-0.8, 0.7, 1.0), Normal(0.8, 0.7, 1.0)),
}


@dataclass(frozen=True)
class Plan:
    """`n` candidates of a crowd; the same seed gives the same candidates and the same draws."""

    n: int
    crowd: str
    seed: int

    def __post_init__(self) -> None:
        known = self.crowd in CROWDS and 0 <= self.seed <= MOST_SEED
        if not known or not FEWEST_CANDIDATES <= self.n <= MOST_CANDIDATES:
            raise Invalid("rehearsal_plan", least=FEWEST_CANDIDATES, most=MOST_CANDIDATES)

    @property
    def parts(self) -> tuple[Normal, ...]:
        """The crowd as a mixture."""
        return CROWDS[self.crowd]

    @property
    def batch(self) -> int:
        """How many sit at the same time and meet the same counters of exposure."""
        return max(1, self.n // BATCHES)

    def to_json(self) -> dict[str, Any]:
        """The plan as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Plan:
        """The plan that `to_json` wrote."""
        return cls(stored["n"], stored["crowd"], stored["seed"])
