"""The unit of work: one transaction with its instant, its actor, its journal and its events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from server.core import events, journal
from server.core.clock import Clock
from server.core.db import Base, Database
from server.core.errors import Stale
from server.core.events import Event
from server.core.journal import Act
from server.core.machine import Machine, Stateful, Transition
from server.core.regulation import Ruling
from server.core.roles import Actor
from server.core.vault import Vault


@dataclass(frozen=True)
class Platform:
    """What every unit of work stands on; `announce` is called after a commit that published events."""

    database: Database
    clock: Clock
    vault: Vault
    announce: Callable[[], None] = lambda: None


@dataclass
class Work:
    """What a service gets first: the session, the instant, who acts, and where acts and events are noted."""

    db: Session
    now: datetime
    actor: Actor
    vault: Vault
    _acts: list[Act] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)

    def move(
        self,
        row: Stateful,
        machine: Machine,
        verb: str,
        *,
        reason: str | None = None,
        ruling: Ruling | None = None,
    ) -> None:
        """`row` is in the state that `verb` leads to, with a Transition; Stale if it was elsewhere."""
        before, row.state = row.state, machine.target(verb, row.state)
        self.db.add(
            Transition(
                machine=machine.name,
                row_id=row.id,
                verb=verb,
                from_state=before,
                to_state=row.state,
                at=self.now,
                actor=self.actor.label,
                reason=reason,
                ruling=ruling.to_json() if ruling else None,
            )
        )

    def add_once(self, row: Base) -> None:
        """The row stands; Stale for who was slower than another that made the same one."""
        self.db.add(row)
        try:
            self.db.flush()  # of two at once the second learns it here
        except IntegrityError as error:
            raise Stale("changed_meanwhile") from error

    def record(self, act: str, subject: str, *, clause: str | None = None, **facts: Any) -> None:
        """The act will stand in the journal if the work commits."""
        self._acts.append(Act(act, subject, clause, facts))

    def publish(self, event: Event) -> None:
        """The event leaves after the commit, never before."""
        self._events.append(event)

    def close(self) -> bool:
        """Acts and events are written, last of all so that their locks are short; True if there are events."""
        if self._events:
            self.db.flush()
            events.append(self.db, self._events, self.now)
        if self._acts:
            journal.append(self.db, self.vault, self._acts, now=self.now, actor=self.actor.label)
        return bool(self._events)


@contextmanager
def open_work(platform: Platform, actor: Actor) -> Iterator[Work]:
    """A work that commits on leaving and rolls back on an error; two writers of one row: Stale for the second."""
    published = False
    try:
        with platform.database.writing() as db:
            work = Work(db, platform.clock.now(), actor, platform.vault)
            yield work
            published = work.close()
    except StaleDataError as error:
        raise Stale("changed_meanwhile") from error
    if published:
        platform.announce()


@contextmanager
def open_reading(platform: Platform, actor: Actor) -> Iterator[Work]:
    """A work that only reads one consistent state; that it read something secret is journalled afterwards."""
    with platform.database.reading() as db:
        work = Work(db, platform.clock.now(), actor, platform.vault)
        yield work
    if work._acts:
        with platform.database.writing() as db:
            journal.append(db, platform.vault, work._acts, now=work.now, actor=actor.label)
