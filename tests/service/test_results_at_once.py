"""Two of the office press the same at once: it is done once, and whoever was slower is told so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from server.accounts import signing
from server.core.clock import FrozenClock
from server.core.db import Base, Database
from server.core.errors import CatError
from server.core.roles import SYSTEM, Actor
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.grading import lists
from server.grading.lists.models import Release, ResultList
from server.statements import issuing, service
from server.statements.models import ResultApproval, Statement
from tests.conftest import MASTER, SECRET
from tests.factories.accounts import PIN
from tests.factories.results import an_office, corrected
from tests.factories.statements import After, after_release
from tests.service.test_exam_room_race import at_once

LATER = timedelta(days=8)


@pytest.fixture
def platform(own_database: Database, clock: FrozenClock) -> Platform:
    return Platform(own_database, clock, Vault(MASTER, SECRET))


@pytest.fixture
def after(platform: Platform, clock: FrozenClock) -> After:
    """Results that a department has, the time to appeal over."""
    with open_work(platform, SYSTEM) as work:
        made = after_release(work)
    clock.advance(LATER.total_seconds())
    return made


def count(platform: Platform, after: After, model: type[Base]) -> int:
    """How many rows there are of the sitting; of statements, of its confirmed candidate."""
    columns: Any = model
    here = (
        columns.session_id == after.confirmed
        if model is Statement
        else columns.sitting_id == after.sitting.id
    )
    with platform.database.reading() as db:
        return db.execute(select(func.count()).select_from(model).where(here)).scalar_one()


def by(platform: Platform, actor: Actor, command: Callable[[Work], object]) -> Callable[[], object]:
    def press() -> object:
        with open_work(platform, actor) as work:
            return command(work)

    return press


def test_of_two_who_approve_at_once_one_does(platform: Platform, after: After) -> None:
    def approve(work: Work) -> object:
        attempt = signing.check_pin(work, work.actor.id or 0, PIN)
        return service.approve(work, after.sitting.id, after.list_id, "712/1", attempt)

    got = at_once(*[by(platform, after.ministry.actor, approve)] * 3)
    assert count(platform, after, ResultApproval) == 1
    assert [isinstance(each, CatError) for each in got].count(False) == 1


def test_of_two_persons_who_approve_at_once_the_second_is_told(platform: Platform, after: After) -> None:
    with open_work(platform, SYSTEM) as work:
        other = an_office(work, "ministry").actor

    def approve(work: Work) -> object:
        attempt = signing.check_pin(work, work.actor.id or 0, PIN)
        return service.approve(work, after.sitting.id, after.list_id, "712/1", attempt)

    got = at_once(*[by(platform, actor, approve) for actor in (after.ministry.actor, other)])
    assert count(platform, after, ResultApproval) == 1
    assert [isinstance(each, CatError) for each in got].count(False) == 1, got


def test_of_two_who_issue_at_once_each_candidate_has_one_statement(platform: Platform, after: After) -> None:
    with open_work(platform, after.ministry.actor) as work:
        attempt = signing.check_pin(work, work.actor.id or 0, PIN)
        assert service.approve(work, after.sitting.id, after.list_id, "712/1", attempt) is None
    at_once(*[by(platform, after.office.actor, lambda work: issuing.issue(work, after.sitting.id))] * 3)
    assert count(platform, after, Statement) == 1


def test_of_two_who_freeze_and_release_at_once_there_is_one_list(platform: Platform, after: After) -> None:
    with open_work(platform, SYSTEM) as work:
        corrected(work, after.other, "90", "excellent")
    freezes = by(
        platform, after.office.actor, lambda work: lists.freeze(work, after.sitting.id, because="Corrected.")
    )
    at_once(freezes, freezes, freezes)
    assert count(platform, after, ResultList) == 2
    with open_work(platform, SYSTEM) as work:
        newest = lists.queries.newest(work, after.sitting.id)
        assert newest is not None
    for actor in (after.office.actor, after.office2.actor):
        with open_work(platform, actor) as work:
            attempt = signing.check_pin(work, actor.id or 0, PIN)
            assert lists.sign_list(work, newest.id, attempt) is None
    at_once(*[by(platform, after.office.actor, lambda work: lists.release(work, newest.id))] * 3)
    assert count(platform, after, Release) == 2
