"""Written work for tests: sessions with written tasks, markers, and a marking that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from server import accounts
from server.core.regulation import load_edition
from server.core.roles import Actor, Role
from server.core.work import Work
from server.marking import drawing, giving, intake, opening
from server.marking.models import Allotment, Marking, WrittenWork
from tests.factories import delivery as make
from tests.factories.accounts import a_staff_member, an_organisation

SUBJECT = "history"


@dataclass(frozen=True)
class World:
    """A sitting whose sessions wait for their marks: by the office, by these markers."""

    work: Work
    sitting: make.Planned
    session_ids: tuple[int, ...]
    markers: tuple[int, ...]
    office: Work

    @property
    def marking(self) -> Marking:
        return opening.opened(self.work, self.sitting.id)

    def works(self) -> list[WrittenWork]:
        return list(self.work.db.scalars(select(WrittenWork).order_by(WrittenWork.id)))

    def turns(self, written: WrittenWork) -> dict[int, int]:
        """Turn → the marker who holds the work in it now."""
        live = select(Allotment).where(Allotment.work_id == written.id, Allotment.id.not_in(drawing.BACK))
        return {row.turn: row.staff_id for row in self.work.db.scalars(live)}

    def mark(self, written: WrittenWork, turn: int, points: int, **more: Any) -> bool:
        """The marker of that turn gives so many points."""
        me = as_marker(self.work, self.turns(written)[turn])
        return giving.give_mark(me, written.ref, giving.Given(points, more.pop("key", uuid4()), **more))

    def mark_all(self, first: int = 8, second: int = 8) -> None:
        for written in self.works():
            self.mark(written, 1, first)
            self.mark(written, 2, second)


def as_marker(work: Work, staff_id: int) -> Work:
    """The same work in the name of a marker."""
    return replace(work, actor=Actor(frozenset({Role.STAFF, Role.MARKER}), staff_id))


def office_of(work: Work) -> Work:
    """The same work in the name of the testing centre's office."""
    ntc = an_organisation(work, "ntc")
    staff_id = a_staff_member(work, Role.OFFICE, organisation_id=ntc.id)
    return replace(work, actor=Actor(frozenset({Role.STAFF, Role.OFFICE}), staff_id, organisation_id=ntc.id))


def a_world(
    work: Work, n_sessions: int = 2, n_markers: int = 4, *, n_written: int = 1,
    languages: Sequence[str] = ("ky", "ru"), is_open: bool = True,
    answers: make.Answers = make.every_second,
) -> World:  # fmt: skip
    """A sitting in history whose tests end with written tasks; its works are taken in and drawn."""
    law = load_edition("kg-distinction", "2013")
    pool_id = make.a_pool(work, law, SUBJECT, n_written=n_written)
    sitting = make.a_sitting(work, edition=law, pools={SUBJECT: pool_id})
    sessions = tuple(make.finished_session(work, sitting, answers) for _ in range(n_sessions))
    office = office_of(work)
    markers = tuple(a_marker(work, n) for n in range(n_markers))
    world = World(work, sitting, sessions, markers, office)
    if is_open:
        opening.open_marking(office, sitting.id, {})
        for marker in markers:
            opening.call_marker(office, sitting.id, marker, [SUBJECT], languages)
        take_in(world)
    return world


def world_of(work: Work, sitting: make.Planned) -> World:
    """The world of a sitting again, in another unit of work; whoever holds a work acts there."""
    return World(work, sitting, (), (), work)


def take_in(world: World) -> None:
    """What is sealed is taken in, and markers are drawn for it."""
    intake.take_in(world.work, world.marking, intake.pending(world.work, world.marking))
    drawing.draw(world.work, world.marking)


def a_marker(work: Work, n: int = 0, organisation_id: int | None = None) -> int:
    """Somebody with the role of a marker, of an organisation that knows no candidate."""
    home = organisation_id or accounts.create_organisation(
        work, "department", f"home-{uuid4().hex[:8]}", {"ky": "Үй", "ru": "Дом", "en": "Home"}
    ).id
    return a_staff_member(work, Role.MARKER, organisation_id=home, name=f"Маркерова {n}")
