"""What a statement says, taken from the frozen list that was approved; and whether it is still what was sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server import accounts, delivery
from server.accounts.signing import Document
from server.core.errors import NotFound
from server.core.regulation import Edition
from server.core.ruling import Json
from server.core.vault import verify_signature
from server.core.work import Work
from server.delivery import SittingRef
from server.grading.lists import queries as lists
from server.grading.lists.standing import Row
from server.statements.queries import ApprovalRef, StatementRef, approval
from server.statements.rules import CollegeBenefitRule, ExemptPapersRule, UniversityBenefitRule

EXEMPT, UNIVERSITY, COLLEGE = "DC-30", "DC-33", "DC-34"


@dataclass(frozen=True)
class Said:
    """A statement with all that it rests on: the approved list's row, the order, the edition."""

    ref: StatementRef
    approval: ApprovalRef
    sitting: SittingRef
    row: Row


def said_of(work: Work, ref: StatementRef) -> Said:
    """What the statement says."""
    given = approval(work, ref.approval_id)
    rows = lists.rows_with(work, given.list_id, [ref.session_id])
    if not rows:
        raise NotFound("not_found")
    return Said(ref, given, delivery.sitting_ref(work, given.sitting_id), rows[0])


def rights(edition: Edition) -> Mapping[str, list[Json]]:
    """What a confirmed candidate has by the edition: papers, subject tests, colleges left out."""
    papers, tests = edition.get(EXEMPT, ExemptPapersRule), edition.get(UNIVERSITY, UniversityBenefitRule)
    colleges = edition.get(COLLEGE, CollegeBenefitRule)
    return {
        "exempt": [each.code for each in papers.papers if papers.judge(each.code, is_confirmed=True).allowed],
        "university": [each.code for each in tests.subjects if tests.judge(each.code, is_confirmed=True).allowed],
        "not_colleges": [each.code for each in colleges.excluded_profiles],
    }


def document(serial: str, given: ApprovalRef, sitting: SittingRef, row: Row) -> Document:
    """All that the issuing organisation's seal stands for."""
    grades: list[Json] = [[each["subject"], each["percent"], each["grade"]] for each in row.grades]
    content: dict[str, Json] = {
        "statement": "synak statement 1", "name": row.name, "registration_no": row.registration_no,
        "school": row.school, "sitting": sitting.id, "list": given.list_id, "order": given.order_no,
        "edition": [sitting.edition.code, sitting.edition.version, sitting.edition.digest], "grades": grades,
        "rights": dict(rights(sitting.edition)),
    }  # fmt: skip
    return Document(f"statement:{serial}", content)


def is_genuine(work: Work, said: Said) -> bool:
    """Whether the statement says what was sealed when it was issued."""
    now = document(said.ref.serial, said.approval, said.sitting, said.row).digest
    key = accounts.organisation_of(work, said.ref.organisation_id).seal_key
    return bool(now == said.ref.digest and key and verify_signature(key, said.ref.seal, now.encode()))
