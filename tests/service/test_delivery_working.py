"""The working area on a real database (DC-13): saved beside its step, restored, sealed, and kept as it was left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from server import delivery
from server.core.errors import Denied, Invalid, Refused, Stale
from server.core.regulation import load_edition
from server.core.roles import Actor, Role
from server.core.ruling import Ruling
from server.core.vault import Tampered
from server.core.work import Work
from server.delivery import queries, service
from server.delivery.models import ExamSession, Section, Working
from server.delivery.rules import SectionTimeRule, WorkingAreaRule
from server.delivery.service import answering, ending
from server.delivery.service.working import LARGEST, save_working
from server.delivery.wire import Answer, WorkingView
from server.delivery.wire import Working as Ask
from server.delivery.working import workings_of
from tests.factories import delivery as make

EDITIONS = (("kg-distinction", "2013"), ("zz-trial", "2030"))
LINE = [100, 100, 400, 300]


@pytest.fixture(params=EDITIONS, ids=lambda e: e[0])
def session(request: pytest.FixtureRequest, work: Work) -> ExamSession:
    """A session whose first subject has a working area and whose second has none."""
    edition = load_edition(*request.param)
    own = edition.get("DC-13", WorkingAreaRule).subjects[0]
    other = next(s for s in edition.get("DC-12", SectionTimeRule).order if s != own)
    sitting = make.a_sitting(work, edition=edition, subjects=[own, other])
    session = work.db.get_one(ExamSession, make.a_running_session(work, sitting))
    assert [s.subject for s in session.sections] == [own, other]
    return session


def as_candidate(work: Work, session: ExamSession, *, after_s: float = 0, lease: int = 0) -> Work:
    actor = Actor(frozenset({Role.CANDIDATE}), session.id, lease=session.lease + lease)
    return replace(work, actor=actor, now=work.now + timedelta(seconds=after_s))


def a_working(section: Section, seq: int = 1, **more: Any) -> Ask:
    known = {"section_id": section.id, "seq": seq, "key": uuid4(), "version": 1, "text": "√4 = 2", "strokes": [LINE]}
    return Ask(**{**known, **more})


def answer(me: Work, section: Section, seq: int = 1) -> None:
    me.db.flush()
    ask = Answer(section_id=section.id, seq=seq, key=uuid4(), spent_ms=5000)
    assert isinstance(answering.submit_response(me, ask), answering.Accepted)
    me.db.expire_all()


def restored(me: Work, session: ExamSession) -> WorkingView | None:
    me.db.flush()
    return queries.runner_state(me, session).working


def test_dc_13_what_was_written_and_drawn_is_there_again(work: Work, session: ExamSession) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    assert restored(me, session) is None
    save_working(me, a_working(section))
    view = restored(me, session)
    assert view == WorkingView(section_id=section.id, seq=1, version=1, text="√4 = 2", strokes=[LINE])
    kinds = [part.working_kinds for part in queries.runner_state(me, session).sections]
    assert "drawing" in kinds[0]
    assert kinds[1] == []
    answer(me, section)
    assert restored(me, session) is None, "the next step begins with an empty sheet"


def test_dc_13_formulas_are_kept_as_the_text_that_was_typed(work: Work, session: ExamSession) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    typed = "Демек, x^2 <= 3/4 && |x| < 1\n\troot(3)(8) = ∛8,  \"<math>\" \\frac"
    save_working(me, a_working(section, text=typed))
    view = restored(me, session)
    assert view is not None
    assert view.text == typed
    answer(me, section)
    assert workings_of(work, session.id)[(section.id, 1)].text == typed


def test_dc_13_the_last_version_wins_and_a_repeat_changes_nothing(work: Work, session: ExamSession) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    first, second = a_working(section), a_working(section, version=5, text="x")
    assert [save_working(me, ask) for ask in (first, first, second, second)] == [1, 1, 5, 5]
    for late in (first, a_working(section, version=5), a_working(section, version=4)):
        with pytest.raises(Stale, match="working_is_newer"):
            save_working(me, late)
    view = restored(me, session)
    assert view is not None
    assert view.text == "x"
    assert work.db.execute(select(func.count()).select_from(Working)).scalar_one() == 1


@pytest.mark.parametrize("seq", [1, 3, 1000])
def test_dc_13_only_the_open_step_has_a_sheet(work: Work, session: ExamSession, seq: int) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    save_working(me, a_working(section))
    answer(me, section)
    with pytest.raises(Stale, match="step_is_past"):
        save_working(me, a_working(section, seq, version=9))
    assert workings_of(work, session.id)[(section.id, 1)].text == "√4 = 2"


def test_dc_13_a_section_that_is_not_mine_or_not_begun_is_refused(work: Work, session: ExamSession) -> None:
    me = as_candidate(work, session)
    for section_id in (session.sections[1].id, 2**31 - 1):
        with pytest.raises(Stale, match="step_is_past"):
            save_working(me, a_working(session.sections[0]).model_copy(update={"section_id": section_id}))


def test_dc_13_other_subjects_have_none(work: Work, session: ExamSession) -> None:
    me, (first, second) = as_candidate(work, session), session.sections
    work.db.execute(update(Section).where(Section.id == first.id).values(subject=second.subject))
    work.db.expire_all()
    with pytest.raises(Refused, match="no_working_area") as refused:
        save_working(me, a_working(first))
    assert refused.value.ruling.clause == "DC-13"


def test_dc_13_the_size_is_bounded(work: Work, session: ExamSession) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    full = "я" * 15_000
    large = [[1000] * 4000] * 2
    assert save_working(me, a_working(section, text=full)) == 1
    with pytest.raises(Invalid, match="working_too_large"):
        save_working(me, a_working(section, text=full, strokes=large, version=2))
    assert len((full + str(large)).encode()) > LARGEST > len(full.encode())


def test_dc_13_another_device_is_refused(work: Work, session: ExamSession) -> None:
    with pytest.raises(Denied, match="other_device"):
        save_working(as_candidate(work, session, lease=-1), a_working(session.sections[0]))


def test_dc_13_the_last_second_counts_as_for_an_answer(work: Work, session: ExamSession) -> None:
    section, sitting = session.sections[0], delivery.sitting_ref(work, session.sitting_id)
    last_s = section.limit_s + sitting.edition.get("DC-12", SectionTimeRule).grace_s
    assert save_working(as_candidate(work, session, after_s=last_s + 0.9), a_working(section)) == 1
    with pytest.raises(Stale, match="step_is_past"):
        save_working(as_candidate(work, session, after_s=last_s + 1), a_working(section, version=2))


def test_dc_13_a_pause_takes_what_was_on_its_way(work: Work, session: ExamSession) -> None:
    section = session.sections[0]
    service.pause_session(work, session.id, "power failure")
    work.db.flush()
    later = as_candidate(work, session, after_s=section.limit_s * 2)
    assert save_working(later, a_working(section)) == 1


def test_dc_13_nothing_is_taken_after_the_end(work: Work, session: ExamSession) -> None:
    section, me = session.sections[0], as_candidate(work, session)
    ruling = Ruling(True, "DC-15", {"violation": "phone"}, "protocol_complete")
    service.remove_session(work, session.id, "phone", ruling)
    work.db.flush()
    with pytest.raises(Denied, match="session_is_over"):
        save_working(me, a_working(section))


def ended(work: Work, session: ExamSession) -> None:
    assert session.ends_at is not None
    ending.expire(replace(work, now=session.ends_at + timedelta(minutes=5)), session, 0)
    work.db.flush()
    work.db.expire_all()


@pytest.mark.parametrize("change", [{"content_sealed": b"\0" * 40}, {"version": 2}, {"seq": 2}], ids=list)
def test_dc_14_the_seal_stands_over_the_working(work: Work, session: ExamSession, change: dict[str, Any]) -> None:
    save_working(as_candidate(work, session), a_working(session.sections[0]))
    ended(work, session)
    assert delivery.verify_seal(work, session.id) is True
    work.db.execute(update(Working).values(**change))
    work.db.expire_all()
    assert delivery.verify_seal(work, session.id) is False


def test_dc_26_an_appeal_reads_what_stood_when_the_step_was_left(work: Work, session: ExamSession) -> None:
    me, section = as_candidate(work, session), session.sections[0]
    save_working(me, a_working(section))
    save_working(me, a_working(section, version=2, text="x = 5", strokes=[LINE, LINE]))
    answer(me, section)
    (given,) = workings_of(work, session.id).values()
    assert (given.text, given.strokes, given.version) == ("x = 5", (tuple(LINE), tuple(LINE)), 2)
    row = work.db.execute(select(Working)).scalar_one()
    assert b"x = 5" not in row.content_sealed
    row.seq = 2  # moved beside another step, it does not open
    with pytest.raises(Tampered):
        workings_of(work, session.id)
