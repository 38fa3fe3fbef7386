"""The reply to an answer, made from what the hot path holds already: no further query."""

from __future__ import annotations

from server.core.work import Work
from server.delivery import queries
from server.delivery.bench import BENCHES, Bench
from server.delivery.models import ExamSession, Section
from server.delivery.policy import edition_of
from server.delivery.service.answering import Accepted
from server.delivery.timing import Facts, clockface
from server.delivery.wire import AnswerReply, SectionView, StepView
from server.delivery.working import working_kinds


def answer_reply(work: Work, accepted: Accepted) -> AnswerReply:
    """What the page is told: that the answer is saved, the clock, and what comes next."""
    if accepted.next_step is None:
        return _from_rows(work, accepted)
    at = accepted.at
    bench = BENCHES.of(work, at)
    clock = clockface(Facts(at.state, work.now, at.ends_at, at.paused_at, at.section_ends_at, True), work.now)
    step = None
    if clock.phase == "running":
        item = bench.view(accepted.next_step[0], at.language, accepted.next_step[1])
        step = StepView(section_id=at.section_id, seq=accepted.seq + 1, length=accepted.length, item=item)
    return AnswerReply(
        saved_section_id=at.section_id,
        saved_seq=accepted.seq,
        clock=queries.clock_view(clock),
        section=_section(bench, accepted),
        step=step,
    )


def _section(bench: Bench, accepted: Accepted) -> SectionView:
    at = accepted.at
    return SectionView(
        section_id=at.section_id, position=at.position, subject=at.subject,
        title=queries.subject_titles(edition_of(at))[at.subject], language=at.language, state="running",
        length=accepted.length, may_end_early=bench.may_end_early, answered=accepted.seq, limit_s=at.limit_s,
        extra_s=at.extra_s,
        working_kinds=working_kinds(edition_of(at), at.subject),
    )  # fmt: skip


def _from_rows(work: Work, accepted: Accepted) -> AnswerReply:
    """The same for an answer that was repeated, or that ended its section."""
    session = work.db.get_one(ExamSession, accepted.at.id)
    section = work.db.get_one(Section, accepted.at.section_id)
    clock = queries.clock_of(work, session)
    step = queries.open_step_view(work, section) if clock.phase == "running" else None
    edition = edition_of(session.sitting)
    return AnswerReply(
        saved_section_id=section.id,
        saved_seq=accepted.seq,
        clock=queries.clock_view(clock),
        section=queries.section_view(
            work, section, queries.subject_titles(edition), working_kinds(edition, section.subject)
        ),
        step=step,
    )
