"""A marker who was released from a marking reads and changes nothing of it any more; what they gave stays (CS-14.2)."""

from __future__ import annotations

from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import CatError, Stale
from server.core.roles import SYSTEM
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.marking import desk, drawing, giving, opening
from server.marking.models import Allotment, Mark
from tests.conftest import MASTER, SECRET
from tests.factories.marking import SUBJECT, World, a_world, as_marker, world_of


def marked_and_released(work: Work) -> tuple[World, str, int, int]:
    """A world, the name of its work, its mark, and the marker who gave it and was released."""
    world = a_world(work, n_sessions=1)
    (written,) = world.works()
    marker = world.turns(written)[1]
    world.mark(written, 1, 8)
    mark_id = work.db.scalars(select(Mark.id)).one()
    opening.release_marker(world.office, world.sitting.id, marker)
    return world, written.ref, mark_id, marker


def test_who_was_released_corrects_no_mark_though_there_were_time(work: Work) -> None:
    world, ref, mark_id, marker = marked_and_released(work)
    me = as_marker(work, marker)
    with pytest.raises(Stale, match="marker_released"):
        giving.give_mark(me, ref, giving.Given(1, uuid4(), replaces=mark_id))
    with pytest.raises(Stale, match="marker_released"):
        giving.give_back(me, ref, "knows_writer")
    assert [row.points for row in work.db.scalars(select(Mark))] == ["8"]
    assert [each.may_correct for each in desk.recent(me)] == [False]
    opening.call_marker(world.office, world.sitting.id, marker, [SUBJECT], ["ky", "ru"])
    assert [each.may_correct for each in desk.recent(me)] == [True]
    assert giving.give_mark(me, ref, giving.Given(7, uuid4(), replaces=mark_id))


def test_who_was_released_opens_neither_work_nor_task(work: Work) -> None:
    _world, ref, _mark, marker = marked_and_released(work)
    me = as_marker(work, marker)
    for read in (lambda: desk.sheet(me, ref, lambda _name: None), lambda: desk.figures(me, ref),
                 lambda: desk.figure(me, ref, "x")):  # fmt: skip
        with pytest.raises(Stale, match="marker_released"):
            read()


def test_who_is_released_while_marking_has_marked_or_has_not(
    own_database: Database, clock: FrozenClock
) -> None:
    platform = Platform(own_database, clock, Vault(MASTER, SECRET))
    with open_work(platform, SYSTEM) as work:
        world = a_world(work, n_sessions=1)
        (written,) = world.works()
        ref, marker, sitting = written.ref, world.turns(written)[1], world.sitting
        office = world.office.actor
    told: list[str] = []

    def mark() -> None:
        try:
            with open_work(platform, as_marker(work, marker).actor) as other:
                giving.give_mark(other, ref, giving.Given(3, uuid4()))
        except CatError as error:
            told.append(error.code)

    with open_work(platform, office) as work:
        opening.release_marker(work, sitting.id, marker)
        at_once = Thread(target=mark)
        at_once.start()
        at_once.join(0.5)
        assert at_once.is_alive(), "who marks waits until the release has committed"
    at_once.join(10)
    assert told == ["work_unknown"]
    with open_work(platform, SYSTEM) as work:
        assert work.db.scalar(select(func.count()).select_from(Mark)) == 0
        live = select(Allotment.staff_id).where(Allotment.id.not_in(drawing.BACK))
        assert marker not in set(work.db.scalars(live))
        assert set(world_of(work, sitting).turns(written)) == {1, 2}
