"""Spec: what a calibration is asked to do, as it is stored with the job and, for a repetition, with the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, get_args

from itembank.calibrations.policy import NEWEST, Design


@dataclass(frozen=True, kw_only=True)
class Spec:
    """Answers of one subject from these sittings, from sessions sealed until then, under one practice and seed.

    A fixed design ties the new items to the scale of `reference_run_id`, whose usable items are the anchors; a
    concurrent one estimates all, and links to the reference where there is one. `releases`: anchors that have moved
    are estimated anew."""

    subject: str
    sittings: tuple[int, ...]
    until: datetime
    design: Design
    reference_run_id: int | None = None
    releases: bool = True
    policy: str = NEWEST
    seed: int = 1

    def fault(self) -> str | None:
        """What of it cannot be; None if all can."""
        if self.design not in get_args(Design):
            return "design"
        if not self.sittings or len(set(self.sittings)) != len(self.sittings):
            return "sittings"
        if self.design == "fixed" and self.reference_run_id is None:
            return "reference"
        return None

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {**asdict(self), "sittings": list(self.sittings), "until": self.until.isoformat()}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Spec:
        """What `to_json` wrote."""
        until = datetime.fromisoformat(stored["until"])
        return cls(**{**stored, "sittings": tuple(stored["sittings"]), "until": until})
