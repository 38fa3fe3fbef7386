"""Delivery on a real database: answers counted once, quotas kept, the clock, the seal, one device at a time."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from server import delivery
from server.candidates.rules import LanguageRule
from server.core import events
from server.core.clock import FrozenClock
from server.core.errors import CatError, Denied, Invalid, Refused, Stale
from server.core.regulation import load_edition
from server.core.roles import Actor, Role
from server.core.ruling import Ruling
from server.core.terms import codes
from server.core.work import Platform, Work
from server.delivery import queries, service
from server.delivery.bench import BENCHES, Begun, Selection
from server.delivery.codes import LOCK_S, TRIES
from server.delivery.models import ExamSession, LateAnswer, Response, Seal, Section, Step
from server.delivery.rules import LatenessRule, SectionTimeRule
from server.delivery.service import answering, conduct, ending, replying, signing_in
from server.delivery.wire import Answer
from tests.factories import delivery as make

EDITIONS = (("kg-distinction", "2013"), ("zz-trial", "2030"))


@pytest.fixture(params=EDITIONS, ids=lambda e: e[0])
def sitting(request: pytest.FixtureRequest, work: Work) -> make.Planned:
    return make.a_sitting(work, edition=load_edition(*request.param))


@pytest.fixture
def session(work: Work, sitting: make.Planned) -> ExamSession:
    return work.db.get_one(ExamSession, make.a_running_session(work, sitting))


def as_candidate(work: Work, session: ExamSession, *, after_s: float = 0, lease: int | None = None) -> Work:
    lease = session.lease if lease is None else lease
    actor = Actor(frozenset({Role.CANDIDATE}), session.id, lease=lease)
    return replace(work, actor=actor, now=work.now + timedelta(seconds=after_s))


def an_answer(section: Section, seq: int = 1, **more: Any) -> Answer:
    given = {"kind": "option", "option": "a"}
    known = {"section_id": section.id, "seq": seq, "key": uuid4(), "given": given, "spent_ms": 5000}
    return Answer(**{**known, **more})


def submit(work: Work, ask: Answer) -> answering.Accepted | CatError:
    outcome = answering.submit_response(work, ask)
    work.db.flush()
    work.db.expire_all()
    return outcome


def count(work: Work, table: type) -> int:
    return work.db.execute(select(func.count()).select_from(table)).scalar_one()


def test_an_answer_sent_twice_is_counted_once_and_answered_the_same(work: Work, session: ExamSession) -> None:
    me = as_candidate(work, session)
    ask = an_answer(session.sections[0])
    first = submit(me, ask)
    assert isinstance(first, answering.Accepted)
    reply = replying.answer_reply(me, first)
    again = submit(me, ask)
    assert isinstance(again, answering.Accepted)
    assert again.is_repeat
    assert replying.answer_reply(me, again) == reply
    assert count(work, Response) == 1


@pytest.mark.parametrize("seq", [1, 3, 1000])
def test_an_answer_to_another_item_is_stale(work: Work, session: ExamSession, seq: int) -> None:
    me = as_candidate(work, session)
    submit(me, an_answer(session.sections[0]))
    outcome = None
    try:
        outcome = submit(me, an_answer(session.sections[0], seq))
    except Stale as error:
        outcome = error
    assert isinstance(outcome, Stale)
    assert outcome.code == "step_is_past"
    assert count(work, Response) == 1


def test_an_answer_to_somebody_elses_section_is_stale(
    work: Work, sitting: make.Planned, session: ExamSession
) -> None:
    other = work.db.get_one(ExamSession, make.a_running_session(work, sitting))
    with pytest.raises(Stale):
        submit(as_candidate(work, session), an_answer(other.sections[0]))


def test_a_device_that_was_left_is_told_so(work: Work, session: ExamSession) -> None:
    service.renew_code(work, session.id, "the computer broke")
    with pytest.raises(Denied, match="other_device"):
        submit(as_candidate(work, session, lease=session.lease - 1), an_answer(session.sections[0]))


def test_dc_12_the_last_second_counts_then_the_answer_is_kept_but_not_counted(
    work: Work, sitting: make.Planned, session: ExamSession
) -> None:
    times = sitting.edition.get("DC-12", SectionTimeRule)
    section = session.sections[0]
    last_s = times.limit_s(section.subject) + times.grace_s
    me = as_candidate(work, session, after_s=last_s + 0.9)
    assert isinstance(submit(me, an_answer(section)), answering.Accepted)
    late = as_candidate(work, session, after_s=last_s + 1)
    outcome = submit(late, an_answer(section, 2))
    assert isinstance(outcome, Denied)
    assert outcome.code == "is_paused"  # nobody has looked yet whether the line was down
    assert (count(work, Response), count(work, LateAnswer)) == (1, 0)
    ending.expire(late, session, times.grace_s)
    assert section.state == "done"
    work.db.flush()
    judged = submit(late, an_answer(section, 2))
    assert isinstance(judged, Denied)
    assert judged.code == "time_is_up"
    assert (count(work, Response), count(work, LateAnswer)) == (1, 1)
    twice = submit(late, an_answer(section, 2))
    assert isinstance(twice, Denied)


def test_dc_12_what_was_not_reached_is_filled_so_that_dc_8_holds(work: Work, session: ExamSession) -> None:
    me = as_candidate(work, session)
    submit(me, an_answer(session.sections[0]))
    section = session.sections[0]
    assert section.ends_at is not None
    ending.expire(replace(work, now=section.ends_at + timedelta(seconds=60)), session, 0)
    given = delivery.evidence(work, session.id)[0]
    assert [step.is_reached for step in given.steps].count(False) == section.length - 2
    assert [step.score for step in given.steps[1:]] == [None] * (section.length - 1)
    pool = BENCHES.get(work, section.pool_id).pool
    assert not _broken_quotas(pool, [step.item_index for step in given.steps])


def _broken_quotas(pool: Any, indices: list[int]) -> list[str]:
    tiers = Counter(pool.tiers[i] for i in indices)
    return [t for t, (low, high) in pool.spec.tiers.items() if not low <= tiers[t] <= high]


@pytest.mark.parametrize("answers", [make.right, make.wrong, make.every_second, make.stop_after(3)])
def test_dc_8_every_candidate_gets_every_tier(
    work: Work, sitting: make.Planned, answers: make.Answers
) -> None:
    session_id = make.finished_session(work, sitting, answers)
    for given in delivery.evidence(work, session_id):
        pool = BENCHES.get(work, given.pool_id).pool
        indices = [step.item_index for step in given.steps]
        assert len(indices) == len(set(indices)) == given.length
        assert _broken_quotas(pool, indices) == []


def test_the_same_pool_seed_and_answers_give_the_same_steps(work: Work, sitting: make.Planned) -> None:
    session_id = make.finished_session(work, sitting)
    row = work.db.get_one(ExamSession, session_id)
    for given in delivery.evidence(work, session_id):
        bench, indices, scores = BENCHES.get(work, given.pool_id), [], []
        for step in given.steps:
            chosen = bench.select(Begun(row.seed, given.position), indices, scores)
            assert isinstance(chosen, Selection)
            assert (chosen.item_index, chosen.option_order, chosen.trace) == (
                step.item_index, step.option_order, step.trace,
            )  # fmt: skip
            indices.append(step.item_index)
            scores.append(step.score or 0)


def test_dc_14_the_seal_holds_until_anything_is_touched(work: Work, sitting: make.Planned) -> None:
    session_id = make.finished_session(work, sitting)
    assert delivery.verify_seal(work, session_id) is True
    trigger = {"sqlite": "DROP TRIGGER response_no_update",
               "postgresql": "ALTER TABLE response DISABLE TRIGGER response_append_only"}  # fmt: skip
    work.db.execute(text(trigger[work.db.connection().dialect.name]))
    one = work.db.execute(select(func.min(Response.id)).where(Response.session_id == session_id)).scalar_one()
    work.db.execute(text("UPDATE response SET score = 1 - score WHERE id = :id"), {"id": one})
    work.db.expire_all()
    assert delivery.verify_seal(work, session_id) is False


def test_dc_14_an_unfinished_session_has_no_seal(work: Work, session: ExamSession) -> None:
    assert delivery.verify_seal(work, session.id) is None


def test_dc_16_a_latecomer_has_what_remains(work: Work, sitting: make.Planned) -> None:
    session_id = make.a_session(work, sitting)
    lateness = sitting.edition.get("DC-16", LatenessRule)
    late = replace(work, now=work.now + timedelta(seconds=lateness.limit_s))
    service.admit_session(late, session_id, lateness.judge(work.now, late.now), work.now)
    row = work.db.get_one(ExamSession, session_id)
    section = row.sections[0]
    assert row.state == "running"
    assert section.ends_at == work.now + timedelta(seconds=section.limit_s)


def test_a_pause_gives_back_every_second(work: Work, session: ExamSession) -> None:
    before = (session.ends_at, session.sections[0].ends_at)
    service.pause_session(replace(work, now=work.now + timedelta(seconds=100)), session.id, "power cut")
    service.resume_session(
        replace(work, now=work.now + timedelta(seconds=400.5)), session.id, "power is back"
    )
    assert (session.ends_at, session.sections[0].ends_at) == tuple(
        each + timedelta(seconds=300.5) for each in before if each
    )


def test_an_answer_that_was_on_its_way_when_the_pause_came_is_kept(work: Work, session: ExamSession) -> None:
    service.pause_session(work, session.id, "power cut")
    work.db.flush()
    me = as_candidate(work, session)
    outcome = submit(me, an_answer(session.sections[0]))
    assert isinstance(outcome, answering.Accepted)
    reply = replying.answer_reply(me, outcome)
    assert (reply.clock.phase, reply.step) == ("paused", None)
    assert queries.runner_state(me, session).step is None


def test_dc_15_removal_ends_everything_at_once(work: Work, session: ExamSession) -> None:
    submit(as_candidate(work, session), an_answer(session.sections[0]))
    service.remove_session(work, session.id, "phone", Ruling(True, "DC-15", {}, "protocol_complete"))
    work.db.flush()
    outcome = submit(as_candidate(work, session), an_answer(session.sections[0], 2))
    assert isinstance(outcome, Denied)
    assert outcome.code == "session_is_over"
    state = queries.runner_state(as_candidate(work, session), session)
    assert (state.clock.phase, state.step) == ("removed", None)
    assert delivery.verify_seal(work, session.id) is True


def test_dc_4_no_language_is_replaced_silently(work: Work) -> None:
    edition = load_edition("kg-distinction", "2013")
    only = codes(edition.get("DC-4", LanguageRule).languages)[:1]
    pools = {"history": make.a_pool(work, edition, "history", languages=only)}
    sitting = make.a_sitting(work, edition=edition, pools=pools)
    with pytest.raises(Invalid, match="no_language_version"):
        make.a_session(work, sitting, language="ru")


def _pool_of(work: Work, sitting: make.Planned) -> int:
    from server.delivery.models import SittingSection

    query = select(SittingSection.pool_id).where(SittingSection.sitting_id == sitting.id).limit(1)
    return work.db.execute(query).scalar_one()


def test_dc_11_another_hour_needs_an_order(work: Work, sitting: make.Planned) -> None:
    new = service.NewSitting(
        sitting.programme_id, sitting.edition, make.TITLES, sitting.starts_at + timedelta(hours=1), " ",
        {"mathematics": _pool_of(work, sitting)},
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        service.publish_sitting(work, new)
    assert caught.value.ruling.clause == "DC-11"


def test_sections_are_sat_in_order(work: Work, session: ExamSession) -> None:
    me = as_candidate(work, session)
    with pytest.raises(Denied, match="section_out_of_order"):
        conduct.begin_next_section(me, session.sections[2].id)
    conduct.begin_next_section(me, session.sections[0].id)  # it runs already: harmless
    assert count(work, Step) == 1


class TestSigningIn:
    def test_a_code_lets_in_once(self, work: Work, sitting: make.Planned) -> None:
        session_id = make.a_session(work, sitting)
        ref, code = delivery.session_ref(work, session_id), service.issue_code(work, session_id)
        assert code is not None
        held = signing_in.sign_in(work, ref.registration_no.lower(), code.lower())
        assert isinstance(held, signing_in.SignedIn)
        assert service.issue_code(work, session_id) is None
        refused = signing_in.sign_in(work, ref.registration_no, code)
        assert isinstance(refused, Denied)
        assert refused.code == "code_used"

    def test_a_sign_in_whose_reply_was_lost_is_repeated_by_its_key_alone(
        self, work: Work, sitting: make.Planned
    ) -> None:
        session_id = make.a_session(work, sitting)
        ref, code, key = delivery.session_ref(work, session_id), service.issue_code(work, session_id), uuid4()
        assert code is not None
        first = signing_in.sign_in(work, ref.registration_no, code, key=key)
        assert isinstance(first, signing_in.SignedIn)
        assert signing_in.sign_in(work, ref.registration_no, code, key=key) == first
        for other in (uuid4(), None):
            assert isinstance(signing_in.sign_in(work, ref.registration_no, code, key=other), Denied)
        assert isinstance(signing_in.sign_in(work, ref.registration_no, "0000-0000", key=key), Denied)
        renewed = service.renew_code(work, session_id, "another seat")
        assert isinstance(signing_in.sign_in(work, ref.registration_no, code, key=key), Denied)
        moved = signing_in.sign_in(work, ref.registration_no, renewed)
        assert isinstance(moved, signing_in.SignedIn)
        assert isinstance(signing_in.sign_in(work, ref.registration_no, renewed, key=key), Denied)

    def test_moving_leaves_the_old_device_and_needs_the_new_code(
        self, work: Work, sitting: make.Planned
    ) -> None:
        session_id = make.a_session(work, sitting)
        ref, code = delivery.session_ref(work, session_id), service.issue_code(work, session_id)
        assert code is not None
        first = signing_in.sign_in(work, ref.registration_no, code)
        renewed = service.renew_code(work, session_id, "another seat")
        assert isinstance(signing_in.sign_in(work, ref.registration_no, code), Denied)
        second = signing_in.sign_in(work, ref.registration_no, renewed)
        assert isinstance(first, signing_in.SignedIn)
        assert isinstance(second, signing_in.SignedIn)
        assert second.lease > first.lease

    def test_guessing_is_slowed_down_and_says_for_how_long(self, work: Work, sitting: make.Planned) -> None:
        row = work.db.get_one(ExamSession, make.a_session(work, sitting))
        number, later = row.registration_no, replace(work, now=work.now + timedelta(seconds=LOCK_S))
        said = [signing_in.sign_in(work, number, "0000-0000") for _ in range(TRIES + 3)]
        said.append(signing_in.sign_in(later, number, "0000-0000"))
        told = [(each.code, each.facts.get("seconds")) for each in said if isinstance(each, Denied)]
        assert told == [("code_wrong", None)] * TRIES + [("code_locked", 61)] * 3 + [("code_wrong", None)]
        assert row.code_failed == TRIES + 1  # who goes on at once fills no journal

    def test_wrong_codes_typed_by_others_keep_nobody_out(self, work: Work, sitting: make.Planned) -> None:
        session_id = make.a_session(work, sitting)
        ref, code = delivery.session_ref(work, session_id), service.issue_code(work, session_id)
        assert code is not None
        for _ in range(3 * TRIES):
            assert isinstance(signing_in.sign_in(work, ref.registration_no, "0000-0000"), Denied)
        assert isinstance(signing_in.sign_in(work, ref.registration_no, code), signing_in.SignedIn)

    def test_an_unknown_number_is_refused_like_a_wrong_code(self, work: Work) -> None:
        refused = signing_in.sign_in(work, "26-000-00000-0", "0000-0000")
        assert isinstance(refused, Denied)
        assert refused.code == "code_wrong"


def test_the_clock_closes_what_is_over(
    platform: Platform, clock: FrozenClock, work: Work, sitting: make.Planned
) -> None:
    session_id = make.a_running_session(work, sitting)
    work.db.flush()
    assert delivery.expire_due_sessions(platform) == 0
    row = work.db.get_one(ExamSession, session_id)
    assert row.ends_at is not None
    clock.advance((row.ends_at - clock.now()).total_seconds() + 600)
    assert delivery.expire_due_sessions(platform) == 1
    work.db.expire_all()
    assert (row.state, {s.state for s in row.sections}) == ("submitted", {"done"})
    assert count(work, Seal) == 1


def test_each_answer_tells_the_console(work: Work, session: ExamSession) -> None:
    service.seat_session(work, session.id, "7", "room:test")
    session.code_used_at = work.now
    work.db.flush()
    submit(as_candidate(work, session), an_answer(session.sections[0]))
    work.close()
    frame = events.waiting(work.db)[-1]
    assert (frame.topic, frame.name) == ("room:test", "session:changed")
    assert frame.body == {
        "session_id": session.id,
        "progress": delivery.progress(work, [session.id])[session.id].model_dump(mode="json"),
    }


def test_the_page_gets_no_key_no_parameter_and_no_other_item(work: Work, session: ExamSession) -> None:
    me = as_candidate(work, session)
    sent = queries.runner_state(me, session).model_dump_json()
    outcome = submit(me, an_answer(session.sections[0]))
    assert isinstance(outcome, answering.Accepted)
    sent += replying.answer_reply(me, outcome).model_dump_json()
    for word in ("correct", "accepted_answers", "theta", "information", "tier", "item_version", "score"):
        assert word not in sent, word
    assert not re.search(r'"[abcd]":-?\d', sent)
