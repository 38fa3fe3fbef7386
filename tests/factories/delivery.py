"""Sittings and sessions for tests, made by delivery's own commands: valid by default, answered as asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from itembank import NewPool, add_item, publish_pool
from itembank.authoring.service import admit
from itembank.calibrations.service import Parameters
from itembank.pretests.candidates import beside
from itembank.pretests.places import Layout
from itembank.pretests.service import NewPlan, plan_pretest
from server import candidates, delivery
from server.candidates.rules import LanguageRule, SubjectsRule
from server.core.regulation import Edition, load_edition
from server.core.roles import SYSTEM, Actor, Role
from server.core.ruling import Ruling
from server.core.terms import codes
from server.core.work import Work
from server.delivery import service
from server.delivery.bench import BENCHES
from server.delivery.given import ExtendedGiven, OptionGiven
from server.delivery.models import ExamSession, Section
from server.delivery.rules import LatenessRule, StartRule
from server.delivery.service import answering, conduct, ending, stepping
from server.delivery.wire import Answer
from tests.factories.candidates import a_line, a_list
from tests.factories.itembank import AREAS, PLACES, blueprint, calibration, new_item, written_item

TEXT = "Менин айылым тоодо.\nАл жерде көл бар."
TITLES = {"ky": "Негизги тест", "ru": "Основной тест", "en": "Main test"}

# (subject, number of the task from one) → right, wrong, blank, or None: stop here and let time run out.
Answers = Callable[[str, int], bool | str | None]


def right(_subject: str, _seq: int) -> bool:
    """All tasks right."""
    return True


def wrong(_subject: str, _seq: int) -> bool:
    """All tasks wrong."""
    return False


def every_second(_subject: str, seq: int) -> bool:
    """Every second task right."""
    return seq % 2 == 1


def stop_after(n: int, answers: Answers = right) -> Answers:
    """The first n tasks of each subject answered, no more."""
    return lambda subject, seq: answers(subject, seq) if seq <= n else None


@dataclass(frozen=True)
class Planned:
    """A published sitting with its programme, ready for candidates."""

    id: int
    programme_id: int
    edition: Edition = field(repr=False)
    starts_at: datetime = field(repr=False)


def a_sitting(
    work: Work,
    *,
    edition: Edition | None = None,
    subjects: Sequence[str] | None = None,
    is_released_at_once: bool = False,
    pools: dict[str, int] | None = None,
) -> Planned:
    """A sitting at the lawful hour of today with a pool of its own for each subject of the edition."""
    edition = edition or load_edition("kg-distinction", "2013")
    subjects = subjects or [each.code for each in edition.get("DC-3", SubjectsRule).subjects]
    system = replace(work, actor=SYSTEM)
    programme_id = candidates.create_programme(
        system, code=f"programme-{uuid4().hex[:8]}", year=work.now.year, titles=TITLES, edition=edition,
        order_no="417/1", subjects=[each.code for each in edition.get("DC-3", SubjectsRule).subjects],
    )  # fmt: skip
    pools = pools or {subject: a_pool(system, edition, subject) for subject in subjects}
    starts_at = lawful_start(edition, work.now)
    sitting_id = service.publish_sitting(
        system,
        service.NewSitting(
            programme_id=programme_id, edition=edition, titles=TITLES, starts_at=starts_at, order_no="417/1",
            pools=pools, is_released_at_once=is_released_at_once,
        ),
    )  # fmt: skip
    return Planned(sitting_id, programme_id, edition, starts_at)


def a_pool(
    work: Work, edition: Edition, subject: str, b_shift: float = 0.0, *, languages: Sequence[str] = (),
    has_passages: bool = False, has_times: bool = False, n_written: int = 0, plan: Mapping[str, Any] | None = None,
    **run: Any,
) -> int:  # fmt: skip
    """A pool of 18 items in every language of the edition, six to a test; `b_shift` makes each harder.

    With passages the three items of a tier and area share one; with times the last of them takes longest. `n_written`
    tasks follow after the six. `plan` are changes of the blueprint, `run` of the calibration."""
    languages = tuple(languages) or codes(edition.get("DC-4", LanguageRule).languages)
    parameters = []
    for n, (tier, area, at) in enumerate((t, a, at) for t in PLACES for a in AREAS for at in range(3)):
        code = f"{subject[:6]}-{uuid4().hex[:6]}-{n}"
        passage = f"{subject[:6]}-{tier}-{area}" if has_passages else None
        item = new_item(code, languages, subject=subject, tier=tier, area=area, passage=passage)
        times = {"alpha": 2.0, "beta": 3.0 + 0.5 * at} if has_times else {}
        figures = (1.0 + 0.1 * at, PLACES[tier] + 0.2 * at + b_shift, 0.2)
        parameters.append(Parameters(add_item(work, item), *figures, **times))
    run_id = calibration(work, parameters, subject, **({"sigma": 0.3} if has_times else {}), **run)
    written = tuple(f"{subject[:6]}-{uuid4().hex[:6]}-w{n}" for n in range(n_written))
    for n, code in enumerate(written):
        add_item(work, written_item(code, languages, subject=subject, tier="raised", area=AREAS[n % 2]))
    blueprint_id = blueprint(work, subject, written=n_written, **(plan or {}))
    new = NewPool(blueprint_id=blueprint_id, calibration_run_id=run_id, languages=languages, written=written)
    return publish_pool(work, new, load_edition("kg-distinction", "2013"))


def a_plan(
    work: Work, pool_id: int, *, n_items: int = 6, per_candidate: int = 1, needed: int = 100, is_near: bool = False,
    first: int = 3, last: int = 2, apart: int = 1, **item: Any,
) -> int:  # fmt: skip
    """A plan that tries out so many new items beside the pool, in its languages."""
    pool = beside(work, pool_id)
    versions = [
        admit(work, new_item(f"try-{uuid4().hex[:6]}-{n}", pool.languages, subject=pool.subject,
                             tier=list(PLACES)[n % 3], area=AREAS[n % 2], **item), "pretest")
        for n in range(n_items)
    ]  # fmt: skip
    new = NewPlan(
        pool_id=pool_id, item_version_ids=versions, per_candidate=per_candidate, layout=Layout(first, last, apart),
        needed=dict.fromkeys(pool.languages, needed), is_near=is_near,
    )  # fmt: skip
    return plan_pretest(work, new, load_edition("kg-distinction", "2013"))


def lawful_start(edition: Edition, day: datetime) -> datetime:
    """The hour of the start that the edition names, on the day of that instant."""
    hour = edition.get("DC-11", StartRule).start
    return datetime.combine(day.astimezone(edition.zone).date(), hour, tzinfo=edition.zone).astimezone(UTC)


def a_session(work: Work, sitting: Planned, **line: str) -> int:
    """An expected session of a new candidate at a new centre."""
    language = codes(sitting.edition.get("DC-4", LanguageRule).languages)[0]
    made = a_list(work, a_line(**{"language": language, **line}), programme_id=sitting.programme_id)
    who = candidates.registrations_of(work, sitting.programme_id, made.id)[0]
    return service.prepare_session(work, sitting.id, who.id, made.centre_id)


def a_running_session(work: Work, sitting: Planned, **line: str) -> int:
    """A session that has begun, its first item open; `work.now` is taken for the start."""
    session_id = a_session(work, sitting, **line)
    lateness = sitting.edition.get("DC-16", LatenessRule).judge(work.now, work.now)
    service.admit_session(work, session_id, lateness, None)
    service.begin_sessions(work, [session_id], work.now)
    return session_id


def finished_session(work: Work, sitting: Planned, answers: Answers = every_second, **line: str) -> int:
    """A submitted, sealed session; where `answers` stops, the session's time runs out."""
    session_id = a_running_session(work, sitting, **line)
    answer_all(work, session_id, answers)
    row = work.db.get_one(ExamSession, session_id)
    if row.state != "submitted":
        assert row.ends_at is not None
        ending.expire(replace(work, now=row.ends_at + timedelta(minutes=1)), row, 0)
    work.db.flush()
    assert delivery.session_ref(work, session_id).state == "submitted"
    return session_id


def answer_all(work: Work, session_id: int, answers: Answers) -> None:
    """Every section is begun and answered through the candidate's own command, as far as `answers` goes."""
    candidate = replace(work, actor=Actor(frozenset({Role.CANDIDATE}), session_id))
    row = work.db.get_one(ExamSession, session_id)
    for section in row.sections:
        if section.state == "pending":
            conduct.begin_next_section(candidate, section.id)
        for seq in range(1, section.length + 1):
            if section.state == "done":  # early, by the blueprint's rule
                break
            wanted = answers(section.subject, seq)
            if wanted is None:
                _run_out(work, row, section)
                break
            outcome = answering.submit_response(candidate, _answer(work, section, seq, wanted))
            assert isinstance(outcome, answering.Accepted), outcome


def removed_session(work: Work, sitting: Planned, n_answered: int = 2, **line: str) -> int:
    """A session ended by removal after so many answers in its first subject (DC-15)."""
    session_id = a_running_session(work, sitting, **line)
    candidate = replace(work, actor=Actor(frozenset({Role.CANDIDATE}), session_id))
    section = work.db.get_one(ExamSession, session_id).sections[0]
    for seq in range(1, n_answered + 1):
        answering.submit_response(candidate, _answer(work, section, seq, True))
    ruling = Ruling(True, "DC-15", {"violation": "phone"}, "protocol_complete")
    service.remove_session(work, session_id, "phone", ruling)
    work.db.flush()
    return session_id


def absent_session(work: Work, sitting: Planned, **line: str) -> int:
    """A session of somebody who never came (DC-16)."""
    session_id = a_session(work, sitting, **line)
    ruling = sitting.edition.get("DC-16", LatenessRule).judge_absence(has_valid_reason=False)
    service.close_absent(work, [session_id], ruling)
    work.db.flush()
    return session_id


def _run_out(work: Work, session: ExamSession, section: Section) -> None:
    """The section's clock has run out; the session goes on if it has another section and time."""
    assert section.ends_at is not None
    ending.expire(replace(work, now=section.ends_at + timedelta(seconds=30)), session, 0)


def _answer(work: Work, section: Section, seq: int, wanted: bool | str) -> Answer:
    bench = BENCHES.of(work, section)
    indices, _ = stepping.history(work, section)
    content, key = bench.content(indices[seq - 1]), bench.key(indices[seq - 1])
    if key["kind"] == "rubric":
        text = None if wanted == "blank" else ExtendedGiven(kind="extended", extended=TEXT)
        return Answer(section_id=section.id, seq=seq, key=uuid4(), given=text, spent_ms=200_000)
    other = next(option for option in content.option_ids if option != key["correct"])
    option = key["correct"] if wanted is True else other
    given = None if wanted == "blank" else OptionGiven(kind="option", option=option)
    return Answer(section_id=section.id, seq=seq, key=uuid4(), given=given, spent_ms=20_000)
