"""The centre's seal over all that a session holds (DC-14): set at its end, checked for one or for thousands at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from itertools import chain

from sqlalchemy import select

from server import accounts
from server.core.db import batches
from server.core.lines import SEPARATOR, Column, lines_by
from server.core.vault import digest, verify_signature
from server.core.work import Work
from server.delivery import forms, sheets
from server.delivery.media.models import PlayReturn, SoundPlay
from server.delivery.models import AnswerSheet, ExamSession, Response, Seal, Section, Step, TimeGrant, Working
from server.delivery.service import standing

SEAL_KIND = "synak-seal-v2"

# What the seal covers: by session its own row, sections, sheets, plays with those given back, and time given back ...
BY_SESSION: tuple[tuple[str, Column, tuple[Column, ...]], ...] = (
    ("session", ExamSession.id, (ExamSession.sitting_id, ExamSession.registration_no, ExamSession.seed)),
    ("section", Section.session_id, (
        Section.id, Section.position, Section.subject, Section.language, Section.pool_id, Section.length,
        Section.stop_reason, Section.open_items, Section.pretest, Section.met, Section.limit_s, Section.extra_s,
        Section.started_at, Section.ends_at)),
    ("sheet", AnswerSheet.session_id, (
        AnswerSheet.section_id, AnswerSheet.items, AnswerSheet.marks, AnswerSheet.fault, AnswerSheet.fault_seq)),
    ("play", SoundPlay.session_id, (
        SoundPlay.section_id, SoundPlay.seq, SoundPlay.digest, SoundPlay.play, SoundPlay.key, SoundPlay.played_at)),
    ("return", PlayReturn.session_id, (
        PlayReturn.play_id, PlayReturn.reason, PlayReturn.given_by, PlayReturn.given_at)),
    ("grant", TimeGrant.session_id, (
        TimeGrant.section_id, TimeGrant.given_s, TimeGrant.lost_s, TimeGrant.reason, TimeGrant.given_by,
        TimeGrant.given_at)),
)  # fmt: skip
# ... and by section every step with its trace, every answer and every working as they are stored.
BY_SECTION: tuple[tuple[str, Column, tuple[Column, ...]], ...] = (
    ("step", Step.section_id, (
        Step.section_id, Step.seq, Step.item_index, Step.item_version_id, Step.is_reached, Step.is_pretest,
        Step.made_at, Step.option_order, Step.trace)),
    ("answer", Response.section_id, (
        Response.section_id, Response.seq, Response.score, Response.spent_ms, Response.received_at, Response.key,
        Response.answer_sealed)),
    ("working", Working.section_id, (
        Working.section_id, Working.seq, Working.version, Working.saved_at, Working.key, Working.content_sealed)),
)  # fmt: skip


def seal(work: Work, session: ExamSession) -> None:
    """The centre's signature stands over every step and answer of the session, and over what they come to."""
    work.db.flush()
    sheets.keep(work, session.id)
    work.db.flush()  # the digest is taken where the rows lie
    value = evidence_digests(work, [session.id])[session.id]
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
    return verify_seals(work, [session_id])[session_id]


def verify_seals(work: Work, session_ids: Collection[int]) -> dict[int, bool | None]:
    """The same of each of these sessions; every row under the seals is read."""
    found: dict[int, bool | None] = dict.fromkeys(session_ids)
    key_of = cache(lambda centre_id: accounts.organisation_of(work, centre_id).seal_key)
    for some in batches(session_ids):
        rows = work.db.execute(
            select(Seal.session_id, Seal.digest, Seal.signature, Seal.public_key, ExamSession.centre_id)
            .join(ExamSession, ExamSession.id == Seal.session_id)
            .where(Seal.session_id.in_(some))
        ).all()
        digests = evidence_digests(work, [row.session_id for row in rows])
        for row in rows:
            value = digests[row.session_id]
            fits = row.public_key == key_of(row.centre_id) and value == row.digest
            found[row.session_id] = fits and verify_signature(row.public_key, row.signature, _message(value))
    return found


def seal_digests(work: Work, session_ids: Collection[int]) -> dict[int, str]:
    """The digest under the seal of each session that has one."""
    rows = work.db.execute(select(Seal.session_id, Seal.digest).where(Seal.session_id.in_(session_ids)))
    return {row.session_id: row.digest for row in rows}


def evidence_digests(work: Work, session_ids: Collection[int]) -> dict[int, str]:
    """SHA-256 over each session's form number, sections, sheets, steps, answers, workings, plays, clocks, stands and
    time given back."""
    parts: dict[int, list[str]] = {id_: [SEAL_KIND, forms.form_no(id_)] for id_ in session_ids}
    for name, key, columns in BY_SESSION:
        lines = lines_by(work.db, key, columns, session_ids)
        for id_, covered in parts.items():
            covered.append(_part(name, lines.get(id_, ())))
    sections = _sections(work, session_ids)
    every = [id_ for ids in sections.values() for id_ in ids]
    for name, key, columns in BY_SECTION:
        lines = lines_by(work.db, key, columns, every)
        for id_, covered in parts.items():
            covered.append(_part(name, chain.from_iterable(lines.get(at, ()) for at in sections.get(id_, ()))))
    stood = standing.stood(work, session_ids)
    for id_, covered in parts.items():
        covered.append(_part("stood", ["|".join(each) for each in stood.get(id_, ())]))
    return {id_: digest("\n".join(covered).encode()) for id_, covered in parts.items()}


def _part(name: str, lines: Iterable[str]) -> str:
    """The name of a part and the digest of its lines."""
    return f"{name} {digest(SEPARATOR.join(lines).encode())}"


def _sections(work: Work, session_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for some in batches(session_ids):
        rows = select(Section.session_id, Section.id).where(Section.session_id.in_(some)).order_by(Section.id)
        for session_id, section_id in work.db.execute(rows):
            found.setdefault(session_id, []).append(section_id)
    return found


def _message(value: str) -> bytes:
    return f"{SEAL_KIND}:{value}".encode()
