"""Seeds: which items may be tried out in one section, fixed when it begins and kept with it, so that a replay knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Seeds:
    """Up to `count` unscored items of a plan, out of those `offered` (positions in the plan, in order of preference).

    `offered` is None before the section begins. After `ended_after` tasks no more of them come: time was short."""

    plan_id: int
    count: int
    offered: tuple[int, ...] | None = None
    ended_after: int | None = None

    def may_follow(self, n_tasks: int) -> bool:
        """Whether one may come when so many tasks have been given."""
        return bool(self.offered) and (self.ended_after is None or n_tasks < self.ended_after)

    def begun(self, offered: tuple[int, ...]) -> Seeds:
        """The same when the section begins and these are offered."""
        return replace(self, offered=offered, count=min(self.count, len(offered)))

    def ended(self, n_tasks: int) -> Seeds:
        """The same, but none comes any more now that so many tasks have been given."""
        return self if self.ended_after is not None else replace(self, ended_after=n_tasks)

    def to_json(self) -> dict[str, Any]:
        """As it is stored with the section."""
        offered = None if self.offered is None else list(self.offered)
        return {"plan": self.plan_id, "count": self.count, "offered": offered, "ended_after": self.ended_after}

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Seeds | None:
        """What `to_json` wrote; None of a section that tries nothing out."""
        if stored is None:
            return None
        offered = None if stored["offered"] is None else tuple(stored["offered"])
        return cls(stored["plan"], stored["count"], offered, stored["ended_after"])
