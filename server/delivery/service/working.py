"""The working area is saved (DC-13), and the text of a written task while it is typed: by requests of their own.

The last version wins while its step is open; once the step is left, what stands stays."""

from __future__ import annotations

import json

from sqlalchemy import select

from server.core.errors import Denied, Invalid, Refused, Stale
from server.core.work import Work
from server.delivery import wire
from server.delivery.bench import BENCHES
from server.delivery.machine import OVER
from server.delivery.models import ExamSession, Section, Step, Working, working_place
from server.delivery.policy import edition_of, times_of
from server.delivery.queries import held
from server.delivery.rules import WorkingAreaRule
from server.delivery.timing import is_due

LARGEST = 64 * 1024  # bytes; a page of writing and a drawing of three hundred lines take a third of it


def save_working(work: Work, ask: wire.Working) -> int:
    """The version stands beside the open step; one that is sent twice is saved once. The version that now stands."""
    session = held(work, to_change=True)
    section = _open_section(work, session, ask)
    _check_kinds(work, session, section, ask)
    content = json.dumps({"text": ask.text, "strokes": ask.strokes}, ensure_ascii=False, separators=(",", ":"))
    if len(content.encode()) > LARGEST:
        raise Invalid("working_too_large", clause="DC-13")
    at = select(Working).where(Working.section_id == section.id, Working.seq == ask.seq)
    row = work.db.execute(at).scalar_one_or_none()
    if row is None:
        row = Working(session_id=session.id, section_id=section.id, seq=ask.seq, version=0, key="")
        work.db.add(row)
    if row.key == str(ask.key):
        return row.version
    if ask.version <= row.version:
        raise Stale("working_is_newer")
    key = work.vault.unwrap(session.data_key, session.place)
    place = working_place(session.id, section.id, ask.seq)
    row.content_sealed = work.vault.seal(key, content.encode(), place)
    row.version, row.key, row.saved_at = ask.version, str(ask.key), work.now
    return ask.version


def _open_section(work: Work, session: ExamSession, ask: wire.Working) -> Section:
    """The running section whose open step this is; what is past is refused, as an answer would be."""
    if session.state in OVER:
        raise Denied("session_is_over")
    section = next((s for s in session.sections if s.id == ask.section_id), None)
    if section is None or section.state != "running" or section.ends_at is None or ask.seq != section.answered + 1:
        raise Stale("step_is_past")
    if is_due(section.ends_at, session.paused_at or work.now, times_of(session).grace_s):
        raise Stale("step_is_past", clause="DC-12")
    return section


def _check_kinds(work: Work, session: ExamSession, section: Section, ask: wire.Working) -> None:
    """What is typed to a written task is its answer on the way, in every subject; the rest goes by the edition."""
    rule = edition_of(session.sitting).get("DC-13", WorkingAreaRule)
    is_written = _is_written(work, section, ask.seq)
    ruling = rule.judge(section.subject)
    if not ruling.allowed and not is_written:
        raise Refused.by(ruling)
    for kind, given in (("text", ask.text and not is_written), ("drawing", ask.strokes)):
        ruling = rule.judge_kind(section.subject, kind)
        if given and not ruling.allowed:
            raise Refused.by(ruling)


def _is_written(work: Work, section: Section, seq: int) -> bool:
    of_step = select(Step.item_index).where(Step.section_id == section.id, Step.seq == seq)
    return BENCHES.of(work, section).is_written(work.db.execute(of_step).scalar_one())
