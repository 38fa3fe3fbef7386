"""Protocols of removals as they stand: the last version of each, who must sign it, and who has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from unicodedata import category, normalize

from sqlalchemy import func, select

from proctor.irregularities.models import Irregularity, Protocol
from proctor.irregularities.rules import ViolationsRule
from server import accounts
from server.accounts import signing
from server.core.regulation import Ruling
from server.core.ruling import Json
from server.core.work import Work

Progress = Literal["none", "missing", "unsigned", "signed"]
# Latin letters that print as Cyrillic ones do, some in capitals only; and the two dots that are often left out.
ALIKE = str.maketrans("abceëёhikmoöptxy", "авсееенікмоөртху")


@dataclass(frozen=True)
class Signer:
    """Somebody whom a protocol names to sign it, and the signature if there is a valid one."""

    role: Literal["reporter", "witness"]
    name: str
    position: str
    staff_id: int | None
    signature: signing.SignatureRef | None

    @property
    def key(self) -> str:
        """By which rules tell signers apart."""
        return f"staff:{self.staff_id}" if self.staff_id else plain_name(self.name)


@dataclass(frozen=True)
class ProtocolRef:
    """A version of a protocol with its signers; `broken` are signatures under another text than this."""

    id: int
    irregularity_id: int
    version: int
    reason: str
    narrative: str
    witnesses: tuple[dict[str, Any], ...]
    is_statement_asked: bool
    statement: str
    written_by: int
    written_at: datetime
    signers: tuple[Signer, ...]
    broken: tuple[signing.SignatureRef, ...]
    digest: str

    @property
    def is_signed(self) -> bool:
        """Whether everybody named has signed."""
        return all(each.signature for each in self.signers)

    def judge(self, rule: ViolationsRule) -> Ruling:
        """Whether it is signed as it must be."""
        keys = [each.key for each in self.signers]
        return rule.judge_signatures(keys, [each.key for each in self.signers if each.signature])


def plain_name(name: str) -> str:
    """A name as two people would read it the same, however it is spaced, cased or put together of letters."""
    seen = "".join(each for each in normalize("NFKC", name) if category(each) != "Cf")
    return " ".join(seen.casefold().split()).translate(ALIKE)


def document_of(row: Protocol, act: Irregularity) -> signing.Document:
    """What the signers of a version attest to."""
    content: dict[str, Json] = {
        "violation": act.violation, "consequence": act.consequence, "happened_at": act.reported_at.isoformat(),
        "reported_by": act.reported_by, "session": act.session_id, "version": row.version, "reason": row.reason,
        "facts": row.facts, "narrative": row.narrative, "witnesses": row.witnesses,
        "is_statement_asked": row.is_statement_asked, "statement": row.statement, "written_by": row.written_by,
        "written_at": row.written_at.isoformat(),
    }  # fmt: skip
    return signing.Document(f"protocol:{row.id}", content)


def protocol_of(work: Work, irregularity_id: int) -> ProtocolRef | None:
    """The version that stands; None while nothing is written."""
    versions = protocols_of(work, irregularity_id)
    return versions[-1] if versions else None


def protocols_of(work: Work, irregularity_id: int) -> tuple[ProtocolRef, ...]:
    """Every version, the oldest first."""
    act = work.db.get_one(Irregularity, irregularity_id)
    found = select(Protocol).where(Protocol.irregularity_id == irregularity_id).order_by(Protocol.version)
    return tuple(_reference(work, row, act) for row in work.db.execute(found).scalars())


def removal_of(work: Work, session_id: int) -> Irregularity | None:
    """The violation by which this candidate was removed."""
    found = select(Irregularity).where(Irregularity.session_id == session_id, Irregularity.consequence == "removal")
    return work.db.execute(found).scalar_one_or_none()


def progress(work: Work, session_ids: Collection[int]) -> dict[int, Progress]:
    """How far the protocol of each removed candidate among these has come."""
    removals = select(Irregularity.id, Irregularity.session_id).where(
        Irregularity.session_id.in_(session_ids), Irregularity.consequence == "removal"
    )
    acts = {row.id: row.session_id for row in work.db.execute(removals)}
    if not acts:
        return {}
    last = select(func.max(Protocol.id)).where(Protocol.irregularity_id.in_(acts)).group_by(Protocol.irregularity_id)
    written = work.db.execute(select(Protocol).where(Protocol.id.in_(last))).scalars()
    found: dict[int, Progress] = dict.fromkeys(acts.values(), "missing")
    for row in written:
        ref = _reference(work, row, work.db.get_one(Irregularity, row.irregularity_id))
        found[acts[row.irregularity_id]] = "signed" if ref.is_signed else "unsigned"
    return found


def _reference(work: Work, row: Protocol, act: Irregularity) -> ProtocolRef:
    document = document_of(row, act)
    under = signing.signatures_under(work, document)
    valid = [each for each in under if each.is_valid]
    names = accounts.staff_names(work, [row.written_by])
    signers = [Signer("reporter", names.get(row.written_by, ""), "", row.written_by, _by(valid, row.written_by, ""))]
    signers += [
        Signer("witness", each["name"], each["position"], each["staff_id"], _by(valid, each["staff_id"], each["name"]))
        for each in row.witnesses
    ]
    return ProtocolRef(
        row.id, row.irregularity_id, row.version, row.reason, row.narrative, tuple(row.witnesses),
        row.is_statement_asked, row.statement, row.written_by, row.written_at, tuple(signers),
        tuple(each for each in under if not each.is_valid), document.digest,
    )  # fmt: skip


def _by(valid: list[signing.SignatureRef], staff_id: int | None, name: str) -> signing.SignatureRef | None:
    for each in valid:
        if staff_id is not None and each.staff_id == staff_id:
            return each
        if staff_id is None and each.staff_id is None and plain_name(each.name) == plain_name(name):
            return each
    return None
