"""One candidate's session for the office: figures, every step with its theta, the seal, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

import proctor
from server import delivery, grading
from server.accounts.queries import organisation_of
from server.core.charts import Chart
from server.core.i18n import language
from server.core.journal import JournalEntry
from server.core.machine import Transition
from server.core.regulation import Ruling
from server.core.vault import Tampered
from server.core.work import Work
from server.delivery import SessionRef, SittingRef
from server.delivery.bench import BENCHES, Bench
from server.delivery.media import heard
from server.delivery.models import Section
from server.delivery.queries import GivenSection
from server.delivery.rolls import briefs
from server.delivery.rules import NumberedFormsRule
from server.delivery.working import GivenWorking, workings_of
from server.grading import Difference, GradeRef, walk
from server.grading.access import WHOLE_COUNTRY
from server.grading.models import Hold
from server.grading.plots import theta_plot
from server.grading.policy import Policy
from server.grading.queries import decision_text, eligibility_of, reason_texts
from server.grading.scoring import Unscorable, check_evidence, percent_curve


@dataclass(frozen=True)
class StepRow:
    """One task: the answer in words, theta and se after it, None where the evidence allows no estimate, what stood
    beside it (DC-26), when its recording was given to be heard, and which plays were given back, and why."""

    seq: int
    tier: str
    outcome: str
    spent_ms: int | None
    theta: float | None
    se: float | None
    working: GivenWorking | None
    answer: tuple[str, ...]
    plays: tuple[datetime, ...] = ()
    plays_back: tuple[tuple[datetime, str], ...] = ()
    is_pretest: bool = False


@dataclass(frozen=True)
class Beside:
    """What a session holds beside its answers, by section and seq; whether the reader may know what is tried out."""

    workings: Mapping[tuple[int, int], GivenWorking]
    plays: Mapping[tuple[int, int], list[datetime]]
    plays_back: Mapping[tuple[int, int], list[tuple[datetime, str]]]
    shows_tried: bool


@dataclass(frozen=True)
class SectionPage:
    """One subject: its steps, the plot of theta, and its grade if it has one."""

    subject: str
    title: str
    language: str
    length: int
    steps: tuple[StepRow, ...]
    plot: Chart | None
    fault: str | None
    grade: GradeRef | None
    is_demonstration: bool


@dataclass(frozen=True)
class SessionPage:
    """All that the office may see of a session. `seal` is True, False (broken) or None (there is none).

    `state` is "called_off" where the place was taken back, else that of the session."""

    ref: SessionRef
    state: str
    sitting: SittingRef
    policy: Policy
    centre: str
    seal: bool | None
    sections: tuple[SectionPage, ...]
    fault: str | None
    decision: str | None
    is_eligible: bool | None
    reasons: tuple[str, ...]
    holds: tuple[Hold, ...]
    watched: proctor.Watched
    transitions: tuple[Transition, ...]
    journal: tuple[JournalEntry, ...]

    @property
    def form(self) -> Ruling:
        """Whether the form carries its number, its seal and its signature (CS-14.3)."""
        rule = self.sitting.edition.get("CS-14.3", NumberedFormsRule)
        return rule.judge(self.ref.form_no, is_sealed=self.seal is not None, is_signed=self.seal is True)


def session_page(work: Work, session: SessionRef) -> SessionPage:
    """The session as it stands now; its seal is checked now too, not taken from the past."""
    sitting = delivery.sitting_ref(work, session.sitting_id)
    policy = Policy.of(sitting.edition)
    grades = grading.grades_of(work, [session.id]).get(session.id, {})
    decided = eligibility_of(work, session.id)
    sections, fault = _sections(work, policy, session.id, grades)
    holds = work.db.execute(select(Hold).where(Hold.session_id == session.id).order_by(Hold.id)).scalars()
    return SessionPage(
        ref=session,
        state=briefs(work, [session.id])[0].state,
        sitting=sitting,
        policy=policy,
        centre=organisation_of(work, session.centre_id).name(language()),
        seal=delivery.verify_seal(work, session.id),
        sections=sections,
        fault=fault,
        decision=decision_text(decided.is_eligible) if decided else None,
        is_eligible=decided.is_eligible if decided else None,
        reasons=tuple(reason_texts(policy, decided.ruling)) if decided else (),
        holds=() if decided else tuple(holds),
        watched=proctor.watched(work, session.id, sitting.edition),
        transitions=_transitions(work, session.id),
        journal=_journal(work, session.id),
    )


def replay_page(work: Work, session_id: int) -> tuple[list[Difference], str | None]:
    """What a replay finds, or why there can be none."""
    try:
        return grading.replay(work, session_id), None
    except Tampered as error:
        return [], str(error)


def _sections(
    work: Work, policy: Policy, session_id: int, grades: Mapping[str, GradeRef]
) -> tuple[tuple[SectionPage, ...], str | None]:
    try:
        given = delivery.evidence(work, session_id)
        beside = Beside(
            workings_of(work, session_id), heard.plays_of(work, session_id), _plays_back(work, session_id),
            _shows_tried(work),
        )  # fmt: skip
        return tuple(_section(work, policy, each, grades.get(each.subject), beside) for each in given), None
    except Tampered as error:
        return (), str(error)


def _section(
    work: Work, policy: Policy, section: GivenSection, grade: GradeRef | None,
    beside: Beside,
) -> SectionPage:  # fmt: skip
    bench, fault = BENCHES.of(work, section), None
    try:
        check_evidence(bench, section)
        path = walk.path_of(bench, section, policy)
    except Unscorable as error:
        path, fault = {}, error.code
    steps = tuple(
        StepRow(
            step.seq, bench.tier(step.item_index), walk.outcome_of(step), step.spent_ms,
            path[step.seq].theta if step.seq in path else None, path[step.seq].se if step.seq in path else None,
            walk.working_beside(beside.workings.get((section.section_id, step.seq)), step),
            walk.answer_of(bench, section, step),
            tuple(beside.plays.get((section.section_id, step.seq), ())),
            tuple(beside.plays_back.get((section.section_id, step.seq), ())), step.is_pretest and beside.shows_tried,
        )
        for step in section.steps
    )  # fmt: skip
    return SectionPage(
        section.subject, policy.subject_titles(language())[section.subject], section.language, section.length, steps,
        _plot(policy, bench, section.subject, steps), fault, grade, bench.pool.is_demonstration,
    )  # fmt: skip


def _shows_tried(work: Work) -> bool:
    """Which tasks are tried out is for the testing centre and the ministry to know, not for a department."""
    own = work.actor.organisation_id
    return own is None or organisation_of(work, own).kind in WHOLE_COUNTRY


def _plays_back(work: Work, session_id: int) -> dict[tuple[int, int], list[tuple[datetime, str]]]:
    found = heard.returns_of(work, session_id).items()
    return {place: [(row.given_at, row.reason) for row in rows] for place, rows in found}


def _plot(policy: Policy, bench: Bench, subject: str, steps: tuple[StepRow, ...]) -> Chart | None:
    path = [(s.seq, s.outcome, s.theta, s.se) for s in steps if s.theta is not None and s.se is not None]
    if not path:
        return None
    bands = (band for band in policy.cuts.grades if band.min_percent)
    cuts = {band.title(language()): float(band.min_percent) for band in bands}
    title = policy.subject_titles(language())[subject]
    return theta_plot((subject, title), path, cuts, percent_curve(bench), bench.pool.is_demonstration)


def _transitions(work: Work, session_id: int) -> tuple[Transition, ...]:
    sections = select(Section.id).where(Section.session_id == session_id)
    of_session = (Transition.machine == "exam_session") & (Transition.row_id == session_id)
    of_section = (Transition.machine == "section") & Transition.row_id.in_(sections)
    query = select(Transition).where(of_session | of_section).order_by(Transition.at, Transition.id)
    return tuple(work.db.execute(query).scalars())


def _journal(work: Work, session_id: int) -> tuple[JournalEntry, ...]:
    lines = select(JournalEntry).where(JournalEntry.subject == f"session:{session_id}")
    return tuple(work.db.execute(lines.order_by(JournalEntry.seq)).scalars())
