"""An answer comes in: the hot path. One read of where the session stands, one of its history, five rows written.

It speaks Core, not ORM: at a thousand answers a minute the difference is half the machine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from irt.decider import Ended
from irt.stopping import StopReason
from server.core.errors import CatError, Denied, Stale
from server.core.work import Work
from server.delivery.bench import BENCHES, Begun, Selection
from server.delivery.events import announce, publish_changed
from server.delivery.models import (
    ExamSession,
    LateAnswer,
    Response,
    Section,
    Sitting,
    answer_place,
    session_place,
)
from server.delivery.policy import edition_of
from server.delivery.pretests.seeds import Seeds
from server.delivery.rules import PaceRule, SectionTimeRule
from server.delivery.seb.check import still_holds
from server.delivery.service import browsers, ending, seeding, stepping
from server.delivery.timing import is_due
from server.delivery.wire import Answer, ProgressView
from server.delivery.withheld import withheld

SESSION, SECTION = ExamSession.__table__, Section.__table__

# Statements are built once; building them anew would cost more than running them.
STANDING = (
    select(
        SESSION.c.id, SESSION.c.state, SESSION.c.lease, SESSION.c.seed, SESSION.c.topic, SESSION.c.sitting_id,
        SESSION.c.registration_id, SESSION.c.data_key, SESSION.c.ends_at, SESSION.c.paused_at, SESSION.c.held_at,
        SECTION.c.id.label("section_id"), SECTION.c.state.label("section_state"),
        SECTION.c.ends_at.label("section_ends_at"), SECTION.c.started_at.label("section_started_at"),
        SECTION.c.answered, SECTION.c.length, SECTION.c.subject,
        SECTION.c.position, SECTION.c.language, SECTION.c.pool_id, SECTION.c.limit_s,
        SECTION.c.extra_s, SECTION.c.open_items, SECTION.c.pretest, SECTION.c.met, SECTION.c.quick,
        Sitting.edition_code, Sitting.edition_version, Sitting.edition_digest,
        SESSION.c.seb_way, SESSION.c.seb_key, SESSION.c.seb_fault, SESSION.c.claims,
        Sitting.seb_policy,
    )
    .select_from(SESSION.join(SECTION, SECTION.c.session_id == SESSION.c.id).join(Sitting))
    .where(SESSION.c.id == bindparam("session_id"), SECTION.c.id == bindparam("section_id"))
    .with_for_update(of=(SESSION, SECTION))
)  # fmt: skip
ADD_RESPONSE = insert(Response)
COUNT_ANSWER = (
    update(Section)
    .where(SECTION.c.id == bindparam("of_section"))
    .values(answered=bindparam("count"), quick=bindparam("in_row"))
)
MS = 1000


Standing = Any  # a row of STANDING: where the session and its section stood when the answer came


@dataclass(frozen=True)
class Accepted:
    """The answer is counted. `next_step` is (item_index, option_order); None where the section is done.

    `at` is where the session stood before, `length` the tasks of the section now; `is_repeat` if the answer had been
    counted before."""

    seq: int
    next_step: tuple[int, str] | None
    at: Standing
    is_repeat: bool
    length: int


@dataclass(frozen=True)
class Draft:
    """What an answer leads to: its score (None of a written task), its sealed text, the next selection, or why the
    section ends.

    `quick` is how many answers in a row, with this one, came sooner than usual; `length` how many tasks there are;
    `ended` if from now on none of them is tried out."""

    score: int | None
    sealed: bytes
    quick: int
    chosen: Selection | Ended
    length: int
    ended: Seeds | None


def submit_response(work: Work, ask: Answer) -> Accepted | CatError:
    """The answer is counted once, whatever is sent twice; or the refusal, returned so that a late answer is kept."""
    connection = work.db.connection()
    at = _standing(work, connection, ask.section_id)
    if not still_holds(at.seb_policy, at.seb_way, at.seb_key, work.actor.hashes):
        return browsers.lost(work, at.id)
    if ask.seq <= at.answered:
        return _again(connection, at, ask)
    refusal = _refusal(at)
    if refusal is not None:
        return refusal
    if at.section_state == "done":
        return _keep_late(work, at, ask)
    if _stands(work, at):
        return Denied("is_paused", clause="DC-12.lost_time")
    ready = _draft(work, connection, at, ask)
    if isinstance(ready, CatError):
        return ready
    _write(work, connection, at, ask, ready)
    return Accepted(ask.seq, _follow(work, at, ask, ready), at, is_repeat=False, length=ready.length)


def _standing(work: Work, connection: Connection, section_id: int) -> Standing:
    keys = {"session_id": work.actor.id, "section_id": section_id}
    row = connection.execute(STANDING, keys).one_or_none()
    if row is None:
        raise Stale("step_is_past")
    if row.lease != work.actor.lease:
        raise Denied("other_device")
    return row


def _draft(work: Work, connection: Connection, at: Standing, ask: Answer) -> Draft | CatError:
    steps = connection.execute(stepping.STEPS, {"section_id": at.section_id}).all()
    if not ask.seq == at.answered + 1 == len(steps):
        return Stale("step_is_past")
    bench, edition = BENCHES.of(work, at), edition_of(at)
    indices = [step.item_index for step in steps]
    said = _said(ask)
    score = bench.score_of(indices[-1], at.language, said)
    scores = [*(step.score for step in steps[:-1]), score]
    kept = withheld(work, bench, at.section_started_at)
    begun = Begun(at.seed, at.position, at.open_items, Seeds.of(at.pretest), kept, tuple(at.met or ()))
    chosen, ended = seeding.next_task(bench, begun, (indices, scores))
    least_s = edition.get("DC-12.pace", PaceRule).least_s(bench.expected_s(indices[-1]))
    quick = at.quick + 1 if ask.spent_ms < least_s * MS else 0
    length = at.length - (ended.count - sum(map(bench.is_pretest, indices)) if ended else 0)
    return Draft(score, _sealed(work, at, ask.seq, said), quick, chosen, length, ended)


def _again(connection: Connection, at: Standing, ask: Answer) -> Accepted | CatError:
    """The reply to an answer that stands already: the same as the first time, or stale if it is another."""
    steps = connection.execute(stepping.STEPS, {"section_id": at.section_id}).all()
    if steps[ask.seq - 1].key != str(ask.key):
        return Stale("step_is_past")
    return Accepted(ask.seq, None, at, is_repeat=True, length=at.length)


def _refusal(at: Standing) -> CatError | None:
    if at.state in ("removed", "absent"):
        return Denied("session_is_over")
    if at.section_state == "pending":
        return Stale("step_is_past")
    return None  # one that is done is late, and kept as such


def _stands(work: Work, at: Standing) -> bool:
    """True if time ran out and nobody has decided yet whether some was lost: the page keeps its answer till then."""
    return at.held_at is not None or is_due(at.section_ends_at, at.paused_at or work.now, _grace_s(at))


def _grace_s(at: Standing) -> int:
    return edition_of(at).get("DC-12", SectionTimeRule).grace_s


def _keep_late(work: Work, at: Standing, ask: Answer) -> CatError:
    ended: datetime = at.section_ends_at
    late_ms = (work.now - ended) // timedelta(milliseconds=1)
    known = select(LateAnswer.id).where(LateAnswer.session_id == at.id, LateAnswer.key == str(ask.key))
    if work.db.execute(known).first() is None:
        work.db.execute(
            insert(LateAnswer).values(
                session_id=at.id, section_id=at.section_id, seq=ask.seq, key=str(ask.key),
                answer_sealed=_sealed(work, at, ask.seq, _said(ask)), received_at=work.now, late_ms=late_ms,
            )
        )  # fmt: skip
    return Denied("time_is_up", clause="DC-12", late_s=max(1, late_ms // 1000))


def _write(work: Work, connection: Connection, at: Standing, ask: Answer, ready: Draft) -> None:
    values = {
        "session_id": at.id, "section_id": at.section_id, "seq": ask.seq, "key": str(ask.key),
        "answer_sealed": ready.sealed, "is_written": ready.score is None, "score": ready.score,
        "spent_ms": ask.spent_ms, "received_at": work.now,
    }  # fmt: skip
    try:
        connection.execute(ADD_RESPONSE, values)
    except IntegrityError as error:  # the same key under another step, or two requests at once on PostgreSQL
        raise Stale("step_is_past") from error
    connection.execute(COUNT_ANSWER, {"of_section": at.section_id, "count": ask.seq, "in_row": ready.quick})
    if ready.ended is not None:
        fewer = {"pretest": ready.ended.to_json(), "length": ready.length}
        connection.execute(update(Section).where(SECTION.c.id == at.section_id).values(**fewer))


def _said(ask: Answer) -> dict[str, Any] | None:
    """The answer as it is scored and sealed."""
    return None if ask.given is None else ask.given.model_dump()


def _sealed(work: Work, at: Standing, seq: int, said: dict[str, Any] | None) -> bytes:
    key = work.vault.unwrap(at.data_key, session_place(at.sitting_id, at.registration_id))
    text = json.dumps(said, ensure_ascii=False)
    return work.vault.seal(key, text.encode(), answer_place(at.id, at.section_id, seq))


def _follow(work: Work, at: Standing, ask: Answer, ready: Draft) -> tuple[int, str] | None:
    """The next step is open, or the section is done; consoles hear of it either way."""
    chosen = ready.chosen
    if isinstance(chosen, Ended):
        _finish(work, at, ask.seq, chosen.reason)
        return None
    stepping.add_step(work, (at.id, at.section_id, ask.seq + 1), chosen, is_reached=True)
    if at.topic:
        announce(work, at.topic, at.id, _progress(at, ask.seq, ready))
    return chosen.item_index, chosen.option_order


def _finish(work: Work, at: Standing, n_given: int, reason: StopReason) -> None:
    session = work.db.get_one(ExamSession, at.id)
    section = next(s for s in session.sections if s.id == at.section_id)
    section.length, section.stop_reason = n_given, reason
    ending.finish_section(work, session, section)
    publish_changed(work, session)


def _progress(at: Standing, answered: int, ready: Draft) -> ProgressView:
    return ProgressView(
        state=at.state, is_signed_in=True, subject=at.subject, position=at.position, answered=answered,
        length=ready.length, ends_at=at.section_ends_at.isoformat(), whole_ends_at=at.ends_at.isoformat(),
        paused_at=at.paused_at.isoformat() if at.paused_at else None, seb_way=at.seb_way, seb_fault=at.seb_fault,
        quick=ready.quick, claims=at.claims,
    )  # fmt: skip
