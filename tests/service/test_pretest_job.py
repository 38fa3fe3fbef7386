"""Simulated candidates try a plan out without HTTP: whole, sealed sessions that replay."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from server import delivery, grading
from server.core.regulation import load_edition
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery.models import Response, Step
from server.delivery.pretests.models import PretestCount
from server.jobs import pretest
from tests.factories import delivery as make
from tests.factories.accounts import a_staff_member, an_organisation


@pytest.fixture
def plan_id(platform: Platform) -> int:
    with open_work(platform, SYSTEM) as work:
        a_staff_member(work, Role.CENTRE, organisation_id=an_organisation(work, "centre", "centre").id, login="centre")
        edition = load_edition("kg-distinction", "2013")
        return make.a_plan(work, make.a_pool(work, edition, "history"), n_items=4, needed=6)


def test_so_many_come_answer_everything_and_are_sealed(platform: Platform, plan_id: int) -> None:
    told: list[int] = []
    sitting_id = pretest.sit(platform, plan_id, 12, tell=told.append)
    assert told == list(range(1, 13))
    with open_work(platform, SYSTEM) as work:
        refs = delivery.sessions_of_sitting(work, sitting_id)
        assert {ref.state for ref in refs} == {"submitted"}
        assert all(delivery.verify_seal(work, ref.id) for ref in refs)
        assert [grading.replay(work, ref.id) for ref in refs[:3]] == [[]] * 3
        scores = select(Response.score, func.count()).join(
            Step, (Step.section_id == Response.section_id) & (Step.seq == Response.seq)
        ).where(Step.is_pretest).group_by(Response.score)  # fmt: skip
        found = {score: n for score, n in work.db.execute(scores)}  # noqa: C416
        assert sum(found.values()) == 12
        assert set(found) == {0, 1}, "some know it, some do not"
        counts = work.db.execute(select(PretestCount)).scalars().all()
        assert sum(sum(row.expected) for row in counts) == 12_000
        assert all(max(row.expected) - min(row.expected) <= 1_000 for row in counts)


def test_only_a_demonstration_is_answered_by_robots(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    for name in ("MASTER", "SECRET"):
        monkeypatch.setenv(f"SYNAK_{name}_KEY", "A" * 43 + "=")
    monkeypatch.setenv("SYNAK_DATABASE_URL", database_url)
    monkeypatch.delenv("SYNAK_DEMONSTRATION", raising=False)
    monkeypatch.setattr("sys.argv", ["pretest", "1"])
    with pytest.raises(SystemExit, match="no demonstration"):
        pretest.main()
