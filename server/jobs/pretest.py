"""`python -m server.jobs.pretest PLAN`: simulated candidates try the items of a plan out, in a sitting of their own.

For the demonstration alone: robots answer no real plan. Nothing goes over HTTP, so hundreds take seconds."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import select

from itembank.blueprints.drafts import law
from itembank.pretests.queries import get_plan
from server import candidates
from server.accounts.models import Staff
from server.accounts.queries import find_organisation
from server.core.errors import CatError
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery import service
from server.delivery.bench import BENCHES
from server.delivery.models import ExamSession
from server.delivery.rules import LatenessRule
from server.delivery.service import answering, seeding, stepping
from server.jobs.demonstration.people import admission_list, people
from server.jobs.sat import an_answer, as_sent
from server.web.config import Config

ORDER = "DEMO-P"
MEAN, SD = 0.2, 1.0  # of the ability of those who come
TITLES = {"ky": "Тапшырмаларды сынап көрүү", "ru": "Апробация заданий", "en": "Pretest of items"}


def sit(
    platform: Platform, plan_id: int, count: int, *, seed: int = 1, tell: Callable[[int], None] = lambda _n: None
) -> int:
    """So many simulated candidates have sat the pool of the plan, with its items tried out; the id of their sitting.

    `tell` is called with the number of those who are done."""
    with open_work(platform, SYSTEM) as work:
        sitting_id, session_ids = _prepared(work, plan_id, count)
    for done, session_id in enumerate(session_ids, start=1):
        rng = random.Random(f"{seed}:{session_id}")
        with open_work(platform, Actor(frozenset({Role.CANDIDATE}), session_id)) as work:
            _answer_all(work, session_id, rng)
        tell(done)
    return sitting_id


def _prepared(work: Work, plan_id: int, count: int) -> tuple[int, Sequence[int]]:
    """A sitting that takes the plan, with new candidates who have all begun."""
    plan, edition = get_plan(work, plan_id), law.in_force()
    centre = find_organisation(work, "centre")
    programme_id = candidates.create_programme(
        work, code=f"pretest-{uuid4().hex[:8]}", year=law.this_year(work), titles=TITLES, edition=edition,
        order_no=ORDER, subjects=law.subjects(),
    )  # fmt: skip
    staff_id = work.db.execute(select(Staff.id).where(Staff.login == "centre")).scalar_one()
    manager = replace(work, actor=Actor(frozenset({Role.CENTRE}), staff_id, "centre", centre.id))
    made = candidates.certify_admission_list(
        manager, programme_id=programme_id, file_name="pretest.csv", content=admission_list(people(count))
    )
    new = service.NewSitting(
        programme_id, edition, TITLES, work.now, ORDER, {plan.subject: plan.pool_id}, early_start_order=ORDER
    )
    sitting_id = service.publish_sitting(work, new)
    seeding.take_plan(work, sitting_id, plan_id, is_taken=True)
    lateness = edition.get("DC-16", LatenessRule).judge(work.now, work.now)
    sessions = [
        service.prepare_session(work, sitting_id, who.id, centre.id)
        for who in candidates.registrations_of(work, programme_id, made.id)
    ]
    for session_id in sessions:
        service.admit_session(work, session_id, lateness, None)
    service.begin_sessions(work, sessions, work.now)
    return sitting_id, sessions


def _answer_all(work: Work, session_id: int, rng: random.Random) -> None:
    """Every task is answered by the candidate's own command."""
    theta, pace = rng.gauss(MEAN, SD), rng.lognormvariate(0, 0.3)
    (section,) = work.db.get_one(ExamSession, session_id).sections
    bench = BENCHES.of(work, section)
    (index,), _ = stepping.history(work, section)
    seq = 1
    while True:
        given = an_answer(bench, section, index, theta, rng)
        seconds = pace * rng.lognormvariate(10.3, 0.5) / 1000
        outcome = answering.submit_response(work, as_sent(section, seq, given, seconds, rng))
        if isinstance(outcome, CatError):
            raise outcome
        if outcome.next_step is None:
            return
        seq, index = seq + 1, outcome.next_step[0]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.pretest", description=__doc__)
    parser.add_argument("plan", type=int)
    parser.add_argument("--count", type=int, default=200, help="candidates")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    config = Config.from_env()
    if not config.is_demonstration:
        sys.exit("This server holds no demonstration. Simulated candidates answer nothing real.")
    platform = config.make_platform()
    sitting_id = sit(platform, options.plan, options.count, seed=options.seed, tell=_tell)
    print(f"\n{options.count} simulated candidates have tried plan {options.plan} out in sitting {sitting_id}.")
    platform.database.close()
    return 0


def _tell(done: int) -> None:
    print(f"\r  {done} done", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
