"""A cut of the line takes no minute and no subject from anybody, and gives none (DC-12): two subjects, any cuts.

Time goes in steps of five minutes; a line is up or down at each. What the candidates had of each subject while the
line was up is compared with what they would have had without any cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from proctor.incidents import service as incidents
from proctor.monitoring.models import Heartbeat
from proctor.monitoring.outages import fate_of
from proctor.monitoring.silences import silences
from proctor.monitoring.wire import GiveTimeAsk
from proctor.rooms import service
from proctor.rooms.service.running import let_go
from server.core.clock import FrozenClock
from server.core.errors import Denied, Refused, Stale
from server.core.regulation import Edition
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import expire_due_sessions, queries, verify_seal
from server.delivery.models import ExamSession, Section
from server.delivery.rules import LostTimeRule, SectionTimeRule
from server.delivery.service import conduct
from server.delivery.service.planning import total_s
from server.delivery.wire import RunnerState
from tests.factories.itembank import published_pool
from tests.factories.proctor import EDITIONS, Day, a_day, the_edition
from tests.service.test_lost_time import beat

WHY = "The power was cut"
STEP_S, AFTER_S = 300, 10  # looked at ten seconds after each step, when what ended on it is closed
SUBJECTS = ("mathematics", "history")


@dataclass
class Life:
    """One candidate: when the line is down, how long they rest between the subjects, what the proctor does."""

    down: frozenset[int]
    rest: int
    proctor: str
    rested: int = 0
    had_s: dict[str, int] = field(default_factory=dict)


def a_day_of_two(platform: Platform, clock: FrozenClock, edition: Edition, n: int) -> Day:
    with open_work(platform, SYSTEM) as work:
        pools = {subject: published_pool(work, subject=subject, prefix=f"{subject[:3]}{work.now:%d}")
                 for subject in SUBJECTS}  # fmt: skip
    day = a_day(platform, clock, n, edition=edition, pools=pools)
    day.run(*day.scene.sessions)
    day.at(AFTER_S)
    beat(day, *day.scene.sessions)
    return day


def candidate(session: int) -> Actor:
    return Actor(frozenset({Role.CANDIDATE}), session)


def page(day: Day, session: int) -> RunnerState:
    with open_reading(day.platform, candidate(session)) as work:
        return queries.runner_state(work, queries.held(work))


def begin(day: Day, session: int) -> None:
    """The candidate presses for the second subject, twice."""
    with day.platform.database.reading() as db:
        second = db.execute(select(Section.id).where(Section.session_id == session, Section.position == 2)).scalar_one()
    for _again in range(2):
        with open_work(day.platform, candidate(session)) as work:
            conduct.begin_next_section(work, second)


def care(day: Day) -> int:
    return expire_due_sessions(day.platform, fate_of)


def heard(day: Day, *sessions: int) -> None:
    """Their pages were heard until now."""
    with open_work(day.platform, SYSTEM) as work:
        work.db.execute(update(Heartbeat).where(Heartbeat.session_id.in_(sessions)).values(seen_at=work.now))


def rows(day: Day, session: int) -> tuple[ExamSession, list[Section]]:
    with day.platform.database.reading() as db:
        row = db.get_one(ExamSession, session)
        return row, list(row.sections)


def give(day: Day, session: int | None = None) -> bool:
    try:
        day.do(incidents.give_time, GiveTimeAsk(reason=WHY), session)
    except (Refused, Stale):
        return False
    return True


def decide(day: Day, session: int, life: Life, *, is_up: bool) -> None:
    """What the proctor does now, pressing twice; the second press changes nothing."""
    is_held = rows(day, session)[0].held_at is not None
    if life.proctor != "never":
        if (is_up or life.proctor == "at once") and give(day, session):
            assert not give(day, session)
    elif is_held:
        day.do(let_go, WHY, session)
        with pytest.raises(Stale):
            day.do(let_go, WHY, session)


def live(day: Day, session: int, life: Life, n: int) -> None:
    """One candidate's step: heard or not, closed or held, decided, worked."""
    is_up, was_up = n not in life.down, n - 1 not in life.down
    if is_up and not was_up:
        beat(day, session)
        care(day)
    if not was_up or not is_up:
        decide(day, session, life, is_up=is_up)
    if not is_up:
        return
    shown = page(day, session)
    if shown.clock.phase == "between":
        if life.rested >= life.rest:
            begin(day, session)
            shown = page(day, session)
        elif n + 1 not in life.down:
            life.rested += 1
    if shown.clock.phase == "running" and n + 1 not in life.down:
        subject = next(each.subject for each in shown.sections if each.state == "running")
        spent_s = min(STEP_S, (shown.clock.remaining_ms or 0) // 1000)
        life.had_s[subject] = life.had_s.get(subject, 0) + spent_s


def all_lost_s(day: Day, session: int) -> int:
    """What silences took in all, as they stand on record."""
    with open_reading(day.platform, SYSTEM) as work:
        return sum(int((b - a).total_seconds()) for a, b in silences(work, session))


def lost_s(day: Day, session: int, section: Section) -> int:
    """What silences took of a subject, as they stand on record."""
    with open_reading(day.platform, SYSTEM) as work:
        spans = silences(work, session)
    ends_at, started_at = section.ends_at, section.started_at
    assert ends_at is not None
    assert started_at is not None
    parts = [(max(a, started_at), min(b, ends_at)) for a, b in spans]
    return sum(int((b - a).total_seconds()) for a, b in parts if a < b)


def lives(most: int, rest: int) -> st.SearchStrategy[Life]:
    """Up to `most` steps without a line, in one cut or many; up to `rest` steps of rest between the subjects."""
    down = st.frozensets(st.integers(2, 36), min_size=1, max_size=3).flatmap(
        lambda starts: st.integers(1, most).map(
            lambda n: frozenset(sorted({each + k for each in starts for k in range(n)})[:most])
        )
    )
    return st.builds(Life, down, st.integers(0, rest), st.sampled_from(["when heard", "at once", "never"]))


def cut_steps(life: Life) -> int:
    """Steps in which the line was down at either end."""
    return len({n for each in life.down for n in (each - 1, each)})


@pytest.mark.parametrize(("code", "version"), EDITIONS)
def test_DC_12_no_cut_takes_or_gives_a_minute_of_a_subject(
    platform: Platform, clock: FrozenClock, code: str, version: str
) -> None:
    edition = the_edition(code, version)
    times = edition.get("DC-12", SectionTimeRule)
    most = edition.get("DC-12.lost_time", LostTimeRule).give_back_max_s // STEP_S - 1

    limits = [times.limit_s(each) for each in times.order if each in SUBJECTS]
    rest = (total_s(times, limits) - limits[0]) // STEP_S - 2

    @settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(lives(most, rest).filter(lambda life: cut_steps(life) <= most + 1), min_size=6, max_size=6))
    def check(chosen: list[Life]) -> None:
        clock.advance(86_400 - (clock.now().hour * 3600) + 3600)
        day = a_day_of_two(platform, clock, edition, len(chosen))
        for life in chosen:
            life.had_s = {next(each for each in times.order if each in SUBJECTS): AFTER_S}
        for n in range(1, 62):
            seated = list(zip(day.scene.sessions, chosen, strict=True))
            heard(day, *(session for session, life in seated if not {n - 1, n - 2} & life.down))
            care(day)
            for session, life in seated:
                live(day, session, life, n - 1)
            day.at(n * STEP_S + AFTER_S)
        care(day)
        for session, life in zip(day.scene.sessions, chosen, strict=True):
            judge(day, session, life, times)

    check()


def judge(day: Day, session: int, life: Life, times: SectionTimeRule) -> None:
    """Each subject had its limit, less only what was lost and never given, or what the candidate rested away."""
    row, sections = rows(day, session)
    limits = [section.limit_s for section in sections]
    rested_s = life.rested * STEP_S + AFTER_S
    left_s = total_s(times, limits) - limits[0] - rested_s
    lost = [lost_s(day, session, section) if life.proctor == "never" else 0 for section in sections]
    if life.proctor == "never":
        left_s -= all_lost_s(day, session) - sum(lost)
    wanted = [limits[0] - lost[0], max(0, min(limits[1], left_s) - lost[1])]
    assert row.state == "submitted"
    assert [life.had_s.get(section.subject, 0) for section in sections] == wanted, life
    with open_reading(day.platform, SYSTEM) as work:
        assert verify_seal(work, session)


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """Two candidates between their subjects; the line went down five minutes before the end of the whole."""
    day = a_day_of_two(platform, clock, the_edition(), 2)
    return waiting(day, 300)


def waiting(day: Day, before_s: int) -> Day:
    day.at(3600 - 5)
    heard(day, *day.scene.sessions)
    day.at(3602)
    heard(day, *day.scene.sessions)
    assert care(day) == 2
    day.at(14400 - before_s)
    heard(day, *day.scene.sessions)
    return day


def test_DC_12_between_subjects_the_end_of_the_whole_stands_still_in_a_cut(day: Day) -> None:
    one, two = day.scene.sessions
    day.at(14410)
    with pytest.raises(Denied) as refused:
        begin(day, one)
    assert refused.value.code == "is_paused"
    assert care(day) == 2
    day.at(15000)
    assert page(day, one).times.is_held
    beat(day, one)
    assert give(day, one)
    assert not give(day, one)
    begin(day, one)
    _row, sections = rows(day, one)
    assert sections[1].ends_at == day.clock.now() + timedelta(seconds=300)
    assert rows(day, two)[0].held_at is not None
    day.do(let_go, WHY, two)
    assert [each.state for each in rows(day, two)[1]] == ["done", "done"]


def test_DC_12_what_a_cut_between_took_of_the_next_subject_is_given_back_in_it(day: Day) -> None:
    one, _two = day.scene.sessions
    day.at(14400 - 60)
    beat(day, one)
    begin(day, one)
    _row, sections = rows(day, one)
    assert (sections[1].short_s, sections[1].ends_at) == (2640, day.scene.starts_at + timedelta(seconds=14400))
    assert give(day, one)
    assert not give(day, one)
    _row, sections = rows(day, one)
    assert (sections[1].short_s, sections[1].ends_at) == (2400, day.scene.starts_at + timedelta(seconds=14640))


def test_DC_12_minutes_lost_in_one_subject_are_none_of_the_next(platform: Platform, clock: FrozenClock) -> None:
    day = a_day_of_two(platform, clock, the_edition(), 1)
    (one,) = day.scene.sessions
    day.at(610)
    beat(day, one)
    waiting_s = 3602
    day.at(waiting_s - 5)
    heard(day, one)
    day.at(waiting_s)
    heard(day, one)
    care(day)
    begin(day, one)
    assert not give(day, one)
    day.at(waiting_s + 120)
    beat(day, one)
    assert give(day, one)
    _row, sections = rows(day, one)
    assert sections[1].ends_at == day.clock.now() + timedelta(seconds=2700)


def test_DC_12_a_room_is_not_closed_over_a_subject_that_can_follow(platform: Platform, clock: FrozenClock) -> None:
    day = a_day_of_two(platform, clock, the_edition(), 1)
    (one,) = day.scene.sessions
    day.at(3700)
    assert care(day) == 1
    assert rows(day, one)[0].held_at is not None
    with pytest.raises(Refused) as refused:
        day.do(service.close_room)
    assert refused.value.code == "sessions_unfinished"
    day.at(14400 + 5)
    day.do(service.close_room)
    row, sections = rows(day, one)
    assert (row.state, {each.state for each in sections}) == ("submitted", {"done"})
