"""Recordings on a real database: plays counted by the server, under the seal, and words for those who read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from itembank import NewItem
from itembank.items.sound import NewRecording
from server import delivery
from server.candidates import accommodating
from server.core.errors import NotFound, Refused, Stale
from server.core.regulation import Edition, load_edition
from server.core.roles import Actor, Role
from server.core.work import Work
from server.delivery import queries, service
from server.delivery.media import heard
from server.delivery.media.models import SoundPlay
from server.delivery.media.rules import ListeningRule
from server.delivery.models import ExamSession, Section
from server.delivery.rules import SectionTimeRule
from server.delivery.service import answering, sealing
from server.delivery.service.listening import Play, play
from server.delivery.wire import Answer, RecordingView
from server.delivery.wire import Play as Ask
from server.reports.candidate import session_page
from tests.factories import delivery as make
from tests.factories.itembank import new_item
from tests.unit.test_sound import wav

EDITION = load_edition("kg-distinction", "2013")
NOTICE = NewRecording(wav(seconds=2), "A notice", "The bus leaves at noon.", 2)


def audible(code: str, languages: tuple[str, ...], **changes: Any) -> NewItem:
    """An item with a recording that all of them share."""
    plain = new_item(code, languages, **changes)
    return replace(plain, texts={each: replace(one, recording=NOTICE) for each, one in plain.texts.items()})


@pytest.fixture(params=[EDITION, load_edition("zz-trial", "2030")], ids=lambda e: e.code)
def edition(request: pytest.FixtureRequest) -> Edition:
    found: Edition = request.param
    return found


@pytest.fixture
def session(work: Work, edition: Edition) -> ExamSession:
    """A session in its only subject, whose items have a recording."""
    subject = edition.get("DC-12", SectionTimeRule).order[0]
    with mock.patch("tests.factories.delivery.new_item", audible):
        sitting = make.a_sitting(work, edition=edition, subjects=[subject])
        return work.db.get_one(ExamSession, make.a_running_session(work, sitting))


def as_candidate(work: Work, session: ExamSession, after_s: float = 0) -> Work:
    work.db.flush()
    actor = Actor(frozenset({Role.CANDIDATE}), session.id, lease=session.lease)
    return replace(work, actor=actor, now=work.now + timedelta(seconds=after_s))


def ask(session: ExamSession, key: UUID | None = None, **more: Any) -> Ask:
    section = session.sections[0]
    return Ask(**{"section_id": section.id, "seq": section.answered + 1, "key": key or uuid4(), **more})


def view(work: Work, session: ExamSession) -> RecordingView:
    work.db.flush()
    step = queries.runner_state(as_candidate(work, session), session).step
    assert step is not None
    assert step.recording is not None
    return step.recording


def answer(me: Work, section: Section) -> None:
    seq = section.answered + 1
    accepted = answering.submit_response(me, Answer(section_id=section.id, seq=seq, key=uuid4(), spent_ms=5000))
    assert isinstance(accepted, answering.Accepted)
    me.db.flush()
    me.db.expire_all()


def finish(me: Work, section: Section) -> None:
    while section.state == "running":
        answer(me, section)


def most(edition: Edition) -> int:
    return min(NOTICE.plays, edition.get("DC-12.listening", ListeningRule).plays_max)


def test_dc_12_each_play_is_counted_until_there_is_none(work: Work, session: ExamSession, edition: Edition) -> None:
    me = as_candidate(work, session)
    assert (view(work, session).plays, view(work, session).used) == (most(edition), 0)
    for n in range(1, most(edition) + 1):
        given = play(me, ask(session))
        assert (given.number, given.file.type, given.file.data) == (n, "audio/wav", NOTICE.data)
        assert view(work, session).used == n
    with pytest.raises(Refused) as refused:
        play(me, ask(session))
    assert (refused.value.code, refused.value.ruling.clause) == ("plays_used_up", "DC-12.listening")
    assert len(work.db.scalars(select(SoundPlay)).all()) == most(edition)


def test_dc_12_a_torn_line_costs_nothing_and_gives_nothing_more(
    work: Work, session: ExamSession, edition: Edition
) -> None:
    key, margin_s = uuid4(), edition.get("DC-12.listening", ListeningRule).margin_s
    first = play(as_candidate(work, session), ask(session, key))
    for after_s in (0.5, 2, 2 + margin_s):
        assert play(as_candidate(work, session, after_s), ask(session, key)) == first
    assert view(work, session).used == 1
    with pytest.raises(Refused, match="play_is_over"):
        play(as_candidate(work, session, 2.1 + margin_s), ask(session, key))


def test_items_read_beside_one_recording_share_its_plays(work: Work, session: ExamSession, edition: Edition) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    for _ in range(most(edition)):
        play(me, ask(session))
    answer(me, section)
    assert view(work, session).used == most(edition)
    with pytest.raises(Refused, match="plays_used_up"):
        play(me, ask(session))


def test_only_the_open_step_is_heard(work: Work, session: ExamSession) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    answer(me, section)
    for wrong in ({"seq": 1}, {"seq": 3}, {"section_id": 2**31 - 1}):
        with pytest.raises(Stale, match="step_is_past"):
            play(me, ask(session, **wrong))
    service.pause_session(work, session.id, "a fire alarm")
    with pytest.raises(Stale, match="step_is_past"):
        play(me, ask(session))
    service.resume_session(work, session.id, "over")
    assert section.ends_at is not None
    late_s = (section.ends_at - work.now).total_seconds() + 60
    with pytest.raises(Stale, match="step_is_past"):
        play(as_candidate(work, session, late_s), ask(session))
    assert work.db.scalars(select(SoundPlay)).all() == []


def test_an_item_without_a_recording_has_none(work: Work) -> None:
    sitting = make.a_sitting(work, edition=EDITION, subjects=["history"])
    session = work.db.get_one(ExamSession, make.a_running_session(work, sitting))
    me, section = as_candidate(work, session), session.sections[0]
    step = queries.runner_state(me, session).step
    assert step is not None
    assert step.recording is None
    with pytest.raises(NotFound):
        play(me, Ask(section_id=section.id, seq=1, key=uuid4()))


@pytest.mark.parametrize("edition", [EDITION], ids=lambda e: e.code)
def test_dc_12_the_transcript_is_for_whom_it_was_decided(work: Work, session: ExamSession) -> None:
    assert (view(work, session).transcript, view(work, session).may_pause) == (None, False)
    decision = accommodating.NewDecision(
        session.registration_no, "transcript", 0, "12/3", "certificate 7", "the commission", work.now.date()
    )
    accommodating.record_accommodation(work, decision)
    shown = view(work, session)
    assert "noon" in str(shown.transcript)
    assert shown.may_pause


def test_DC_14_a_play_is_under_the_seal_and_on_record(work: Work, session: ExamSession) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    given: Play = play(me, ask(session))
    seq = section.answered + 1
    finish(me, section)
    assert given.number == 1
    assert heard.plays_of(work, session.id) == {(section.id, seq): [me.now]}
    page = session_page(work, delivery.session_ref(work, session.id))
    assert [step.plays for step in page.sections[0].steps][:2] == [(me.now,), ()]
    assert sealing.verify_seal(work, session.id) is True
    lift = {"sqlite": "DROP TRIGGER sound_play_no_update"}
    postgres = "DROP TRIGGER sound_play_append_only ON sound_play"
    work.db.execute(text(lift.get(work.db.get_bind().dialect.name, postgres)))
    work.db.execute(update(SoundPlay).values(play=2))
    work.db.expire_all()
    assert sealing.verify_seal(work, session.id) is False
