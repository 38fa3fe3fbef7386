"""The appellant is told, the paper handed over, the final list issued under seal, the cases closed (DC-28)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from server import accounts, delivery
from server.appeals import protocols
from server.appeals.cases import decision_of, keep_case, number_of
from server.appeals.correcting import open_corrections
from server.appeals.filing import find
from server.appeals.machine import APPEAL, FINISHED
from server.appeals.models import Appeal, AppealList, AppealNotice, AppealProtocol
from server.appeals.rules import DecisionRule
from server.appeals.sealing import place
from server.core.db import batches
from server.core.errors import Stale
from server.core.ruling import plain
from server.core.vault import digest, verify_signature
from server.core.work import Work
from server.delivery import SessionRef
from server.grading import access, grades_of

CLAUSE = "DC-28"


def tell(work: Work, appeal_id: int) -> None:
    """The appellant reads the decision on their page, and whether the result is another; only once it stands."""
    case = keep_case(work, appeal_id)
    if case.appeal.state != "decided":
        raise Stale("not_in_state", machine=APPEAL.name, verb="tell", state=case.appeal.state)
    left = open_corrections(work, appeal_id)
    if left:
        raise Stale("appeal_correction_open", n=len(left))
    _notice(work, case.appeal, "page")
    work.move(case.appeal, APPEAL, "tell")


def hand_over(work: Work, appeal_id: int) -> None:
    """The notice on paper is handed over by the office in whose circle the candidate is."""
    appeal = find(work, appeal_id, to_change=True)
    session = delivery.session_ref(work, appeal.session_id)
    access.require_act(work, delivery.sitting_ref(work, session.sitting_id).edition, session)
    if appeal.state not in ("told", "closed"):
        raise Stale("not_in_state", machine=APPEAL.name, verb="tell", state=appeal.state)
    _notice(work, appeal, "paper")


def issue_list(work: Work, sitting_id: int) -> int:
    """The final list of the sitting's appeals stands under the seal of the office, and every case is closed."""
    sitting = delivery.sitting_ref(work, sitting_id)
    access.require_whole(work, sitting.edition)
    office = access.office_of(work, sitting.edition)
    rows = work.db.scalars(
        select(Appeal).where(Appeal.sitting_id == sitting_id).order_by(Appeal.id).with_for_update()
    ).all()
    open_ones = [row for row in rows if row.state not in ("told", *FINISHED)]
    if open_ones or not rows:
        raise Stale("appeals_open", n=len(open_ones))
    before = last_list(work, sitting_id)
    lines = [_line(work, row) for row in rows]
    found = digest(canonical(sitting_id, lines))
    if before is not None and before.digest == found:
        raise Stale("appeal_list_issued_already", version=before.version)
    signature, _public = accounts.sealing(work, office.id, message(sitting_id, found))
    made = AppealList(
        sitting_id=sitting_id, version=before.version + 1 if before else 1, rows=lines, digest=found,
        organisation_id=office.id, signature=signature, issued_at=work.now, issued_by=work.actor.label,
        supersedes_id=before.id if before else None,
    )  # fmt: skip
    work.db.add(made)
    work.db.flush()  # its id stands in the journal
    work.record("appeal_list:issued", f"appeal_list:{made.id}", clause=CLAUSE, digest=found, version=made.version)
    rule = sitting.edition.get(CLAUSE, DecisionRule)
    for row in rows:
        if row.state == "told":
            ruling = rule.judge_closing(is_told=notice_of(work, row.id) is not None, has_sealed_list=True)
            work.move(row, APPEAL, "close", ruling=ruling.or_refuse())
    return made.id


def last_list(work: Work, sitting_id: int) -> AppealList | None:
    """The final list of the sitting as it stands."""
    query = select(AppealList).where(AppealList.sitting_id == sitting_id).order_by(AppealList.version.desc())
    return work.db.scalars(query.limit(1)).first()


def is_genuine(work: Work, row: AppealList) -> bool:
    """Whether the rows are those that the office sealed."""
    key = accounts.organisation_of(work, row.organisation_id).seal_key
    is_whole = digest(canonical(row.sitting_id, row.rows)) == row.digest
    return bool(is_whole and key and verify_signature(key, row.signature, message(row.sitting_id, row.digest)))


def canonical(sitting_id: int, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """What the digest of a list is taken of."""
    return json.dumps([sitting_id, list(rows)], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def message(sitting_id: int, found: str) -> bytes:
    """What is sealed."""
    return f"synak/appeal-list/{sitting_id}/{found}".encode()


def notice_of(work: Work, appeal_id: int) -> AppealNotice | None:
    """The first notice: what the appellant was told."""
    return next((each[0] for each in notices_of(work, [appeal_id]).values()), None)


def notices_of(work: Work, appeal_ids: Collection[int]) -> dict[int, list[AppealNotice]]:
    """Appeal → every notice, the oldest first."""
    found: dict[int, list[AppealNotice]] = {}
    for some in batches(appeal_ids):
        query = select(AppealNotice).where(AppealNotice.appeal_id.in_(some)).order_by(AppealNotice.id)
        for row in work.db.scalars(query):
            found.setdefault(row.appeal_id, []).append(row)
    return found


def _notice(work: Work, appeal: Appeal, way: str) -> None:
    decision = decision_of(work, appeal.id)
    assert decision is not None  # nobody is told before
    protocol = work.db.get_one(AppealProtocol, decision.protocol_id)
    content: Mapping[str, Any] = protocols.document_of(work, appeal, protocol).content
    first = notice_of(work, appeal.id)
    before = dict(content["before"] or {})
    after = dict(first.after) if first else _standing(work, appeal)
    work.db.add(
        AppealNotice(
            appeal_id=appeal.id, way=way, is_changed=before != after, before=before, after=after, told_at=work.now,
            told_by=work.actor.label,
        )
    )  # fmt: skip
    work.record("appeal:told", place(appeal.id), clause=CLAUSE, way=way, is_changed=before != after)


def _standing(work: Work, appeal: Appeal) -> dict[str, Any]:
    found = grades_of(work, [appeal.session_id]).get(appeal.session_id, {}).get(appeal.subject)
    return {"percent": plain(found.percent), "grade": found.grade} if found else {}


def _line(work: Work, appeal: Appeal) -> dict[str, Any]:
    """A case on the list: by registration number, never by name."""
    session: SessionRef = delivery.session_ref(work, appeal.session_id)
    decision, notice = decision_of(work, appeal.id), notice_of(work, appeal.id)
    return {
        "registration_no": session.registration_no, "case": number_of(appeal.id), "subject": appeal.subject,
        "filed_at": plain(appeal.filed_at), "state": "decided" if decision else appeal.state,
        "decided_at": plain(decision.decided_at) if decision else None,
        "protocol": decision.digest if decision else None, "is_changed": notice.is_changed if notice else None,
        "before": notice.before if notice else None, "after": notice.after if notice else None,
    }  # fmt: skip


