"""The demonstration's past sitting, small: held by the services under the clock of then, graded, and not told twice."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise
from unittest import mock

import pytest
from sqlalchemy import select

from proctor.rooms.desk import latest_checks
from server import delivery, grading
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.journal import JournalEntry, verify
from server.core.roles import SYSTEM
from server.core.vault import Vault
from server.core.work import Platform, open_work
from server.delivery.models import Sitting
from server.grading.queries import eligibility_of
from server.jobs.demonstration import past, the_day
from tests.conftest import MASTER, SECRET, START
from tests.few import few

SMALL = (
    past.Where("centre", "bishkek", "centre", ("proctor", "proctor2"), 2, 4, 7),
    past.Where("centre2", "chuy", "centre2", ("proctor3",), 1, 2, 1),
)
ROLES = {"ABSENT": {0}, "ILL": {1}, "UNLIKE": {2}, "REMOVED": {3}, "SLOW": {4}}


@pytest.fixture(scope="module")
def held(own_database: Database) -> Platform:
    platform = Platform(own_database, FrozenClock(START), Vault(MASTER, SECRET))
    with ExitStack() as small:
        small.enter_context(mock.patch("itembank.demonstration.load.source_of", few))
        small.enter_context(mock.patch.object(past, "PLACES", SMALL))
        for name, numbers in ROLES.items():
            small.enter_context(mock.patch.object(the_day, name, numbers))
        past.ensure_past(platform, SYSTEM, lambda _what: None, 2, 1, 2)
        past.ensure_past(platform, SYSTEM, lambda _what: None, 2, 1, 2)
    return platform


def test_everybody_is_graded_as_the_day_went(held: Platform) -> None:
    with open_work(held, SYSTEM) as work:
        (sitting_id,) = work.db.execute(select(Sitting.id)).scalars()
        refs = delivery.sessions_of_sitting(work, sitting_id)
        assert Counter(ref.state for ref in refs) == {"submitted": 4, "absent": 3, "removed": 1}
        sat = [ref.id for ref in refs if ref.state == "submitted"]
        assert all(delivery.verify_seal(work, id_) for id_ in sat)
        assert {id_: len(grades) for id_, grades in grading.grades_of(work, sat).items()} == dict.fromkeys(sat, 4)
        assert grading.replay(work, sat[0]) == []
        reasons = {}
        for ref in refs:
            decided = eligibility_of(work, ref.id)
            assert decided is not None
            reasons[ref.id] = [each["reason"] for each in decided.ruling["facts"]["reasons"]]
        absent, ill, unlike, removed = (ref.id for ref in refs[:4])
        assert "absence" in reasons[absent]
        assert "absence" not in reasons[ill]
        assert "removal" in reasons[removed]
        assert latest_checks(work, [unlike])[unlike].verdict == "refused"


def test_it_was_some_days_ago_and_its_results_are_not_out(held: Platform) -> None:
    with open_work(held, SYSTEM) as work:
        (sitting_id,) = work.db.execute(select(Sitting.id)).scalars()
        sitting = delivery.sitting_ref(work, sitting_id)
        assert sitting.starts_at == START - timedelta(days=past.DAYS_AGO)
        assert not sitting.is_released_at_once
        rows = work.db.execute(select(JournalEntry).order_by(JournalEntry.seq)).scalars()
        lines = [(row.at, row.act) for row in rows]
        assert [(b, a) for b, a in pairwise(lines) if b[0] > a[0]] == []
        assert lines[-1][0] < work.now
        assert not list(verify(work.db, work.vault))


def test_time_ran_out_for_one_and_another_was_sent_away(held: Platform) -> None:
    with open_work(held, SYSTEM) as work:
        (sitting_id,) = work.db.execute(select(Sitting.id)).scalars()
        refs = delivery.sessions_of_sitting(work, sitting_id)
        steps = {ref.id: [step for part in delivery.evidence(work, ref.id) for step in part.steps] for ref in refs}
        unreached = {id_: sum(not step.is_reached for step in each) for id_, each in steps.items()}
        assert {id_: n for id_, n in unreached.items() if n} == {refs[4].id: 2}, "the third was open"
        assert len(steps[refs[3].id]) < 20, "who was sent away left in the first subject"
