"""Whether votes, protocols, decisions and final lists of appeals are what they were: the command that verifies asks.
What was drawn up, voted and decided is held against the journal, and each against the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from server import marking
from server.accounts.signing import signatures_under
from server.appeals import protocols
from server.appeals.cases import decision_of, sitting_of
from server.appeals.models import Appeal, AppealDecision, AppealList, AppealMotion, AppealProtocol, AppealVote
from server.appeals.protocols import AS, DECISION
from server.appeals.rules import DecisionRule, Signature
from server.appeals.sealing import place
from server.appeals.telling import is_genuine
from server.appeals.voting import MARKS
from server.core.journal import acts_on
from server.core.work import Work

DECIDED = ("decided", "told", "closed")


def appeal_faults(work: Work, appeal_id: int) -> Iterator[str]:
    """A case is decided where there is a decision, and the journal knows of it."""
    row, name = work.db.get_one(Appeal, appeal_id), place(appeal_id)
    known = bool(acts_on(work.db, name, "appeal:decided"))
    if len({row.state in DECIDED, decision_of(work, appeal_id) is not None, known}) > 1:
        yield f"{name}: it is {row.state}, and its decision and the journal say otherwise"


def vote_faults(work: Work, vote_id: int) -> Iterator[str]:
    """The vote is the one that was cast."""
    row = work.db.get_one(AppealVote, vote_id)
    motion = work.db.get_one(AppealMotion, row.motion_id)
    cast = {(facts["by"], facts["motion"]): facts["choice"]
            for facts in acts_on(work.db, place(motion.appeal_id), "appeal:voted")}  # fmt: skip
    if cast.get((row.staff_id, motion.number)) != row.choice:
        yield f"appeal_vote:{vote_id}: it is not the vote that was cast"


def protocol_faults(work: Work, protocol_id: int) -> Iterator[str]:
    """The protocol says what it said when it was drawn up, and the votes it counts are there."""
    row, name = work.db.get_one(AppealProtocol, protocol_id), f"appeal_protocol:{protocol_id}"
    document = protocols.document_of(work, work.db.get_one(Appeal, row.appeal_id), row)
    drawn = {facts["version"]: facts["digest"]
             for facts in acts_on(work.db, place(row.appeal_id), "appeal:protocol")}  # fmt: skip
    if drawn.get(row.version) != document.digest:
        yield f"{name}: it is not the one the journal knows"
    content: Mapping[str, Any] = document.content
    there = set(work.db.scalars(select(AppealVote.staff_id).where(AppealVote.motion_id == row.motion_id)))
    for each in content["votes"]:
        if each["staff_id"] not in there:
            yield f"{name}: the vote of {each['name']}, which it counts, is not there"


def decision_faults(work: Work, decision_id: int) -> Iterator[str]:
    """The decision is that of its protocol, under the signatures that make one (DC-28)."""
    row, name = work.db.get_one(AppealDecision, decision_id), f"appeal_decision:{decision_id}"
    appeal = work.db.get_one(Appeal, row.appeal_id)
    document = protocols.document_of(work, appeal, work.db.get_one(AppealProtocol, row.protocol_id))
    content: Mapping[str, Any] = document.content
    if (row.digest, row.is_unchanged) != (document.digest, content["is_unchanged"]):
        yield f"{name}: it is not what its protocol decides"
    if row.digest not in {facts["digest"] for facts in acts_on(work.db, place(appeal.id), "appeal:decided")}:
        yield f"{name}: it is not the one the journal knows"
    roles = {each["staff_id"]: each["role"] for each in content["present"]}
    signed = [
        Signature(str(each.staff_id), roles[each.staff_id])
        for each in signatures_under(work, document)
        if each.is_valid and each.staff_id in roles and each.role == AS + roles[each.staff_id]
    ]
    if not sitting_of(work, appeal).edition.get(DECISION, DecisionRule).judge(signed).allowed:
        yield f"{name}: its protocol bears too few signatures that fit"
    yield from _mark_faults(work, appeal, name, content["tasks"])


def _mark_faults(work: Work, appeal: Appeal, name: str, tasks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The marks that the decision gave are on record, and say what it says."""
    wanted = {each["seq"]: Decimal(each["points"]) for each in tasks if each["outcome"] == MARKS}
    for mark_id, session_id, seq, points in marking.remarks_because(work, name):
        if session_id != appeal.session_id or wanted.pop(seq, None) != points:
            yield f"mark:{mark_id}: it is not what {name} gives"
    for seq in wanted:
        yield f"{name}: the points it gives for task {seq} are not on record"


def list_faults(work: Work, list_id: int) -> Iterator[str]:
    """The final list is what the office sealed, and the one the journal knows."""
    row, name = work.db.get_one(AppealList, list_id), f"appeal_list:{list_id}"
    if not is_genuine(work, row):
        yield f"{name}: its seal does not fit its rows"
    issued = [(facts["digest"], facts["version"]) for facts in acts_on(work.db, name, "appeal_list:issued")]
    if issued != [(row.digest, row.version)]:
        yield f"{name}: it is not the one the journal knows"
