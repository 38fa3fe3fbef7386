"""When a test has said enough: length and precision. Time left is the server's affair.

Quotas come first: no rule stops a test for precision before its minima are met.
"""

import math
from dataclasses import dataclass
from typing import Literal

StopReason = Literal["length", "precision"]


@dataclass(frozen=True)
class StoppingRule:
    """Stop at `maximum` items; from `minimum` on also once the standard error is at most `se` (if any)."""

    minimum: int
    maximum: int
    se: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.minimum <= self.maximum:
            raise ValueError("lengths must satisfy 1 <= minimum <= maximum")
        if self.se is not None and not (math.isfinite(self.se) and self.se > 0):
            raise ValueError("the standard error to stop at must be positive")


def stop(rule: StoppingRule, n_administered: int, se: float, is_met: bool) -> StopReason | None:
    """Why the test is over, or None while it goes on; `is_met` says whether every quota has its minimum."""
    if n_administered < 0 or math.isnan(se):
        raise ValueError("a number of items and a standard error are needed")
    if n_administered >= rule.maximum:
        return "length"
    if rule.se is not None and is_met and n_administered >= rule.minimum and se <= rule.se:
        return "precision"
    return None
