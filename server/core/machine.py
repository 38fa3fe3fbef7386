"""State machines as tables `verb: (from-states, to-state)`, and the row that each move leaves behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.core.db import APPEND_ONLY, Base, batches
from server.core.errors import Stale


class Stateful(Protocol):
    id: Any
    state: Any


@dataclass(frozen=True)
class Machine:
    """A named table of verbs. States outside the table do not exist."""

    name: str
    verbs: Mapping[str, tuple[Iterable[str], str]]

    @property
    def states(self) -> frozenset[str]:
        """Every state some verb starts from or leads to."""
        return frozenset(
            state for sources, target in self.verbs.values() for state in (*sources, target)
        )

    def target(self, verb: str, state: str) -> str:
        """The state after `verb`; Stale if the row is not where the verb starts (somebody was faster)."""
        sources, target = self.verbs[verb]
        if state not in sources:
            raise Stale("not_in_state", machine=self.name, verb=verb, state=state)
        return target

    def allows(self, verb: str, state: str) -> bool:
        """True if `verb` may be done in `state`."""
        return state in self.verbs[verb][0]


class Transition(Base):
    """One move of one row: from where, to where, when, by whom, why and under which ruling."""

    __tablename__ = "transition"
    __table_args__ = (Index("ix_transition_machine_row_id", "machine", "row_id"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    machine: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    verb: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(String(500))
    ruling: Mapped[dict[str, Any] | None]


@dataclass(frozen=True)
class Move:
    """One move as others may know it."""

    row_id: int
    verb: str
    from_state: str
    to_state: str
    at: datetime
    actor: str
    reason: str | None
    ruling: Mapping[str, Any] | None = None


def moves_of(db: Session, machine: str, row_ids: Collection[int], verb: str | None = None) -> list[Move]:
    """Every move of these rows of a machine, or every one by this verb, in the order in which they were made."""
    found = select(Transition).where(Transition.machine == machine)
    if verb is not None:
        found = found.where(Transition.verb == verb)
    rows = [row for some in batches(row_ids) for row in db.scalars(found.where(Transition.row_id.in_(some)))]
    return [
        Move(row.row_id, row.verb, row.from_state, row.to_state, row.at, row.actor, row.reason, row.ruling)
        for row in sorted(rows, key=lambda row: row.id)
    ]
