"""Ruling: what a rule answered about a case, in a form that can be stored on the row it justified.
Which rule answers what is the features' business."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from server.core.errors import Refused

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Ruling:
    """A rule's answer: whether it is allowed, under which clause, why (`code`) and on which facts."""

    allowed: bool
    clause: str
    facts: Mapping[str, Json]
    code: str

    def to_json(self) -> dict[str, Json]:
        """The ruling as plain JSON values."""
        return {"allowed": self.allowed, "clause": self.clause, "facts": dict(self.facts), "code": self.code}

    @classmethod
    def from_json(cls, stored: Mapping[str, Json]) -> Ruling:
        """The ruling that `to_json` wrote."""
        try:
            allowed, clause, facts, code = (stored[name] for name in ("allowed", "clause", "facts", "code"))
        except KeyError as error:
            raise ValueError(f"not a stored ruling, {error} is missing") from None
        return cls(bool(allowed), str(clause), dict(facts) if isinstance(facts, dict) else {}, str(code))

    def or_refuse(self) -> Ruling:
        """Itself if it allows, else Refused."""
        if not self.allowed:
            raise Refused.by(self)
        return self


def plain(value: object) -> Json:
    """The JSON value that stands for a fact; instants become UTC text, decimals text, sets sorted lists."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, AbstractSet):
        return [plain(each) for each in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    raise TypeError(f"a ruling cannot store a {type(value).__name__}")


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a ruling stores aware instants only")
    return value.astimezone(UTC).isoformat()
