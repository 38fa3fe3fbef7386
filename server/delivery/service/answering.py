"""An answer comes in: the hot path. One read of where the session stands, one of its history, four rows written.

It speaks Core, not ORM: at a thousand answers a minute the difference is half the machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from itembank import score_answer
from server.core.errors import CatError, Denied, Stale
from server.core.work import Work
from server.delivery.bench import BENCHES, Bench
from server.delivery.events import announce
from server.delivery.models import ExamSession, LateAnswer, Response, Section, Sitting, Step
from server.delivery.policy import edition_of
from server.delivery.rules import SectionTimeRule
from server.delivery.service import ending
from server.delivery.timing import is_due
from server.delivery.wire import Answer, ProgressView

PLACE = "response"

STANDING = select(
    ExamSession.id, ExamSession.state, ExamSession.lease, ExamSession.seed, ExamSession.topic,
    ExamSession.sitting_id, ExamSession.registration_id, ExamSession.data_key, ExamSession.ends_at,
    ExamSession.paused_at, Section.id.label("section_id"), Section.state.label("section_state"),
    Section.ends_at.label("section_ends_at"), Section.answered, Section.length, Section.subject,
    Section.position, Section.language, Section.pool_id,
    Sitting.edition_code, Sitting.edition_version, Sitting.edition_digest,
).join(Section, Section.session_id == ExamSession.id).join(Sitting, Sitting.id == ExamSession.sitting_id)  # fmt: skip

STEPS = (
    select(Step.item_index, Response.score, Response.key)
    .outerjoin(Response, (Response.section_id == Step.section_id) & (Response.seq == Step.seq))
    .order_by(Step.seq)
)


@dataclass(frozen=True)
class Accepted:
    """The answer is counted. `next_step` is (item_index, option_order), or None where the section is done."""

    section_id: int
    seq: int
    next_step: tuple[int, str] | None
    is_repeat: bool


def submit_response(work: Work, ask: Answer) -> Accepted | CatError:
    """The answer is counted once, whatever is sent twice; or the refusal, returned so that a late answer is kept."""
    at = _standing(work, ask.section_id)
    steps = _steps(work, at.section_id)
    if ask.seq <= at.answered:
        return _again(ask, steps)
    refusal = _refusal(at, ask, len(steps))
    if refusal is not None:
        return refusal
    if _is_late(work, at):
        return _keep_late(work, at, ask)
    bench = BENCHES.get(work, at.pool_id)
    indices = [step.item_index for step in steps]
    score = score_answer(bench.pool.keys[indices[-1]], at.language, ask.choice, ask.text)
    scores = [*(step.score for step in steps[:-1]), score]
    _write(work, at, ask, score)
    following = _follow(work, at, bench, indices, scores)
    return Accepted(ask.section_id, ask.seq, following, is_repeat=False)


def _standing(work: Work, section_id: int) -> Row[Any]:
    query = STANDING.where(ExamSession.id == work.actor.id, Section.id == section_id)
    row = work.db.execute(query.with_for_update(of=(ExamSession, Section))).one_or_none()
    if row is None:
        raise Stale("step_is_past")
    if row.lease != work.actor.lease:
        raise Denied("other_device")
    return row


def _steps(work: Work, section_id: int) -> Sequence[Row[Any]]:
    return work.db.execute(STEPS.where(Step.section_id == section_id)).all()


def _again(ask: Answer, steps: Sequence[Row[Any]]) -> Accepted | CatError:
    """The reply to an answer that stands already: the same as the first time, or stale if it is another."""
    if steps[ask.seq - 1].key != str(ask.key):
        return Stale("step_is_past")
    return Accepted(ask.section_id, ask.seq, None, is_repeat=True)


def _refusal(at: Row[Any], ask: Answer, n_steps: int) -> CatError | None:
    if at.state in ("removed", "absent"):
        return Denied("session_is_over")
    if at.state == "submitted" or at.section_state == "done":
        return None  # too late, and kept as such
    if at.section_state != "running" or ask.seq != at.answered + 1 or ask.seq != n_steps:
        return Stale("step_is_past")
    return None


def _is_late(work: Work, at: Row[Any]) -> bool:
    if at.section_state == "done":
        return True
    edition = edition_of(at)
    grace_s = edition.get("DC-12", SectionTimeRule).grace_s
    return is_due(at.section_ends_at, at.paused_at or work.now, grace_s)


def _keep_late(work: Work, at: Row[Any], ask: Answer) -> CatError:
    ended: datetime = at.section_ends_at
    late_ms = (work.now - ended) // timedelta(milliseconds=1)
    known = select(LateAnswer.id).where(LateAnswer.session_id == at.id, LateAnswer.key == str(ask.key))
    if work.db.execute(known).first() is None:
        work.db.execute(
            insert(LateAnswer).values(
                session_id=at.id, section_id=at.section_id, seq=ask.seq, key=str(ask.key),
                answer_sealed=_sealed(work, at, ask), received_at=work.now, late_ms=late_ms,
            )
        )  # fmt: skip
    session = work.db.get_one(ExamSession, at.id)
    ending.expire(work, session, 0)
    return Denied("time_is_up", clause="DC-12", late_s=max(1, late_ms // 1000))


def _write(work: Work, at: Row[Any], ask: Answer, score: int) -> None:
    values = {
        "session_id": at.id, "section_id": at.section_id, "seq": ask.seq, "key": str(ask.key),
        "answer_sealed": _sealed(work, at, ask), "score": score, "spent_ms": ask.spent_ms,
        "received_at": work.now,
    }  # fmt: skip
    try:
        work.db.execute(insert(Response).values(values))
    except IntegrityError as error:
        raise Stale("step_is_past") from error
    work.db.execute(update(Section).where(Section.id == at.section_id).values(answered=ask.seq))


def _sealed(work: Work, at: Row[Any], ask: Answer) -> bytes:
    key = work.vault.unwrap(at.data_key, f"exam_session:{at.sitting_id}:{at.registration_id}")
    text = json.dumps({"choice": ask.choice, "text": ask.text}, ensure_ascii=False)
    return work.vault.seal(key, text.encode(), f"{PLACE}:{at.id}:{at.section_id}:{ask.seq}")


def _follow(
    work: Work, at: Row[Any], bench: Bench, indices: list[int], scores: list[int]
) -> tuple[int, str] | None:
    """The next step is open, or the section is done; consoles hear of it either way."""
    if len(scores) >= at.length:
        session = work.db.get_one(ExamSession, at.id)
        section = next(s for s in session.sections if s.id == at.section_id)
        work.db.refresh(section)
        ending.finish_section(work, session, section)
        ending.publish_changed(work, session)
        return None
    chosen = bench.select(at.seed, at.position, indices, scores)
    work.db.execute(
        insert(Step).values(
            session_id=at.id, section_id=at.section_id, seq=len(indices) + 1, item_index=chosen.item_index,
            item_version_id=chosen.item_version_id, option_order=chosen.option_order, is_reached=True,
            trace=chosen.trace, made_at=work.now,
        )
    )  # fmt: skip
    if at.topic:
        announce(work, at.topic, at.id, _progress(at, len(scores)))
    return chosen.item_index, chosen.option_order


def _progress(at: Row[Any], answered: int) -> ProgressView:
    return ProgressView(
        state=at.state, is_signed_in=True, subject=at.subject, position=at.position, answered=answered,
        length=at.length, ends_at=at.section_ends_at.isoformat(),
        paused_at=at.paused_at.isoformat() if at.paused_at else None,
    )  # fmt: skip
