"""Judgements on corrections: whether one may lower a result, and whose signatures apply it. Pure: facts in, Ruling
out; both are the edition's to say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule

ALONE = 1
NOISE = Decimal("1e-9")  # what differs by less is one percent, so that nobody is lowered by the arithmetic


def _exact(percent: float) -> Decimal:
    """The decimal percent a float stands for, free of binary noise."""
    return Decimal(repr(float(percent))).quantize(NOISE, rounding=ROUND_HALF_EVEN)


@rule("rescoring")
@dataclass(frozen=True, kw_only=True)
class RescoringRule(Rule):
    """What a corrected key, a struck item or changed marks do to results that stand (DC-28)."""

    lowers: Literal["always", "before_release", "never"]
    signatures: int

    def __post_init__(self) -> None:
        require(self.signatures > ALONE, "signatures", "one person alone would correct results")

    def judge(self, before: float, after: float, told: float | None) -> Ruling:
        """Whether this result takes the place of the one that stands; `told` is what the candidate knows of it."""
        was, will = _exact(before), _exact(after)
        facts = {"before": was, "after": will, "told": None if told is None else _exact(told)}
        least = was if self.lowers == "never" else None if told is None else _exact(told)
        if will >= was:
            return self.allow("corrected", **facts)
        if self.lowers == "always" or least is None or will >= least:
            return self.allow("corrected_downwards", **facts)
        return self.refuse("not_lowered", **facts)

    def judge_signatures(self, signers: Collection[int], proposer: int | None) -> Ruling:
        """Whether enough persons have signed, not only whoever proposed it."""
        facts = {"n": len(set(signers)), "needed": self.signatures, "proposer": proposer}
        if len(set(signers)) < self.signatures or not set(signers) - {proposer}:
            return self.refuse("rescoring_unsigned", **facts)
        return self.allow("signed_by_enough", **facts)
