"""Prior densities that keep what the data hardly know from running away, and the reasons for refusing an item."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

Reason: TypeAlias = Literal[
    "unseen", "one_category", "empty_category", "too_few", "negative_slope", "runaway", "not_identified"
]


@dataclass(frozen=True)
class Lognormal:
    """log a ~ N(mean, sd)."""

    mean: float = 0.2
    sd: float = 0.5

    def __post_init__(self) -> None:
        if not (self.sd > 0 and abs(self.mean) < 10):
            raise ValueError("a lognormal prior needs a finite mean and sd > 0")


@dataclass(frozen=True)
class Beta:
    """c ~ Beta(alpha, beta); the mode is (alpha - 1) / (alpha + beta - 2)."""

    alpha: float = 5.0
    beta: float = 17.0

    def __post_init__(self) -> None:
        if not (1 < self.alpha < math.inf and 1 < self.beta < math.inf):
            raise ValueError("a Beta prior needs finite alpha and beta above 1, or its mode lies at a bound")


@dataclass(frozen=True)
class Priors:
    """Priors by model; None means none.

    Attributes
    ----------
    slope : Lognormal or None
        On a of 1PL, 2PL and polytomous items. None by default.
    guessing_slope : Lognormal or None
        On a of 3PL and 4PL items.
    lower : Beta or None
        On c of 3PL and 4PL items.
    slip : Beta or None
        On 1 - d of 4PL items.

    References
    ----------
    Mislevy (1986), Psychometrika 51, 177-195.
    """

    slope: Lognormal | None = None
    guessing_slope: Lognormal | None = Lognormal()
    lower: Beta | None = Beta()
    slip: Beta | None = Beta(2.0, 20.0)


@dataclass(frozen=True)
class Refused:
    """An item that was not calibrated: its number in the columns of x, and why.

    unseen: nobody answered. one_category: all answers fall in one category. empty_category: a category between
    others was never given. too_few: fewer answers than parameters. negative_slope: a is not above zero, the key is
    probably wrong. runaway: the estimate leaves all reasonable bounds. not_identified: the information is singular
    there.
    """

    index: int
    reason: Reason
