"""How sections and sessions end: by the last answer, by the clock, and always under the centre's seal (DC-14)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC

from sqlalchemy import select

from server import accounts
from server.core.vault import digest, verify_signature
from server.core.work import Work
from server.delivery import forms
from server.delivery.events import publish_changed
from server.delivery.machine import SECTION, SESSION
from server.delivery.media import heard
from server.delivery.models import ExamSession, Response, Seal, Section, Step, TimeGrant, Working
from server.delivery.service import exposing, seeding, standing, stepping
from server.delivery.timing import is_due

SEAL_KIND = "synak-seal-v1"


def finish_section(work: Work, session: ExamSession, section: Section) -> None:
    """The section is done by its last answer; the session too if it was the last section."""
    section.ended_at = work.now
    work.move(section, SECTION, "finish")
    exposing.count(work, section)
    seeding.count(work, section)
    if all(s.state == "done" for s in session.sections):
        _end(work, session, "submit")


def expire(work: Work, session: ExamSession, grace_s: int) -> bool:
    """What has run out of time is closed, not-reached items noted; True if anything was."""
    if session.state != "running":
        return False
    changed = False
    running = session.running
    if running is not None and is_due(running.ends_at, work.now, grace_s):
        _close_by_clock(work, session, running)
        changed = True
    if is_due(session.ends_at, work.now, grace_s) or all(s.state == "done" for s in session.sections):
        for section in session.sections:
            if section.state == "pending":
                section.started_at = section.ends_at = session.ends_at
                work.move(section, SECTION, "begin", reason="the session's time was over")
                _close_by_clock(work, session, section)
        _end(work, session, "expire")
        changed = True
    if changed:
        publish_changed(work, session)
    return changed


def _close_by_clock(work: Work, session: ExamSession, section: Section) -> None:
    missing = stepping.fill_not_reached(work, session, section)
    section.ended_at = work.now
    work.move(section, SECTION, "expire", reason=f"time was up; {missing} items not reached")
    exposing.count(work, section)
    seeding.count(work, section)


def _end(work: Work, session: ExamSession, verb: str) -> None:
    session.ended_at = work.now
    session.paused_at = session.break_until = session.held_at = None
    work.move(session, SESSION, verb)
    seal(work, session)


def seal(work: Work, session: ExamSession) -> None:
    """The centre's signature stands over every step and answer of the session."""
    work.db.flush()
    value = evidence_digest(work, session)
    signature, public_key = accounts.sealing(work, session.centre_id, _message(value))
    work.db.add(
        Seal(
            session_id=session.id,
            digest=value,
            signature=signature,
            public_key=public_key,
            sealed_at=work.now,
        )
    )
    work.record("session:sealed", f"session:{session.id}", clause="DC-14", digest=value, state=session.state)


def verify_seal(work: Work, session_id: int) -> bool | None:
    """True if the seal fits what the database now holds, False if it does not, None if there is none."""
    session = work.db.get_one(ExamSession, session_id)
    row = work.db.execute(select(Seal).where(Seal.session_id == session_id)).scalar_one_or_none()
    if row is None:
        return None
    value = evidence_digest(work, session)
    is_centres = row.public_key == accounts.organisation_of(work, session.centre_id).seal_key
    return is_centres and value == row.digest and verify_signature(row.public_key, row.signature, _message(value))


def seal_digests(work: Work, session_ids: Collection[int]) -> dict[int, str]:
    """The digest under the seal of each session that has one."""
    rows = work.db.execute(select(Seal.session_id, Seal.digest).where(Seal.session_id.in_(session_ids)))
    return {row.session_id: row.digest for row in rows}


def evidence_digest(work: Work, session: ExamSession) -> str:
    """SHA-256 over the session's form number, steps, answers, workings, plays, clocks, stands and time given back."""
    rows = work.db.execute(
        select(
            Step.section_id, Step.seq, Step.item_index, Step.item_version_id, Step.option_order,
            Step.is_reached, Step.is_pretest, Step.trace, Step.made_at, Response.key, Response.answer_sealed,
            Response.score, Response.spent_ms, Response.received_at,
        )
        .outerjoin(Response, (Response.section_id == Step.section_id) & (Response.seq == Step.seq))
        .where(Step.section_id.in_([s.id for s in session.sections]))
        .order_by(Step.section_id, Step.seq)
    )  # fmt: skip
    lines = [[_canonical(value) for value in row] for row in rows]
    head = [session.sitting_id, session.registration_no, forms.form_no(session.id), session.seed]
    parts = [
        [s.id, s.position, s.subject, s.language, s.pool_id, s.length, s.stop_reason, _canonical(s.open_items),
         s.pretest, s.limit_s, s.extra_s, _canonical(s.started_at), _canonical(s.ends_at)]
        for s in session.sections
    ]
    plays = [[_canonical(value) for value in line] for line in heard.lines_of(work, session.id)]
    whole = [SEAL_KIND, head, parts, lines, plays, _workings(work, session), _grants(work, session),
             standing.stood(work, session.id)]  # fmt: skip
    return digest(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode())


def _workings(work: Work, session: ExamSession) -> list[list[object]]:
    rows = work.db.execute(
        select(Working.section_id, Working.seq, Working.version, Working.key, Working.content_sealed, Working.saved_at)
        .where(Working.section_id.in_([s.id for s in session.sections]))
        .order_by(Working.section_id, Working.seq)
    )
    return [[_canonical(value) for value in row] for row in rows]


def _grants(work: Work, session: ExamSession) -> list[list[object]]:
    rows = work.db.execute(
        select(TimeGrant.section_id, TimeGrant.given_s, TimeGrant.lost_s, TimeGrant.reason, TimeGrant.given_by,
               TimeGrant.given_at)
        .where(TimeGrant.session_id == session.id)
        .order_by(TimeGrant.id)
    )  # fmt: skip
    return [[_canonical(value) for value in row] for row in rows]


def _canonical(value: object) -> object:
    if isinstance(value, bytes):
        return digest(value)
    if hasattr(value, "astimezone"):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _message(value: str) -> bytes:
    return f"{SEAL_KIND}:{value}".encode()
