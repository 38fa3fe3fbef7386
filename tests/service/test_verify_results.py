"""What the command that verifies says of results: appeals, lists and receipts, approvals, statements. Each tampering is
one row changed behind the product's back, and that row is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from server.accounts.models import Signature, Staff
from server.appeals import telling
from server.appeals.models import Appeal, AppealDecision, AppealList, AppealProtocol, AppealVote
from server.appeals.voting import Outcome
from server.core.db import append_only_ddl
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.grading.lists.models import DeliveryReceipt, DepartmentDelivery, ResultList, ResultRow
from server.jobs.verify import verify
from server.statements import issuing
from server.statements.models import ResultApproval, Statement, StatementEnd
from tests.factories.appeals import a_chamber
from tests.factories.results import corrected
from tests.factories.statements import after_release

DAY = timedelta(days=1)


@pytest.fixture
def proved(platform: Platform) -> Platform:
    """A decided appeal on a sealed list; a result that was released, signed for, approved, stated, and revised."""
    with open_work(platform, SYSTEM) as work:
        chamber = a_chamber(work, n=1)
        appeal_id = chamber.decided(chamber.sessions[0], Outcome(1, "unchanged"))
        telling.tell(chamber.secretary, appeal_id)
        telling.issue_list(chamber.office, chamber.sitting.id)
        after = after_release(work).later()
        after.approved()
        issuing.issue(after.office, after.sitting.id)
        corrected(after.work, after.confirmed, "95", "excellent")
        again = after.anew().later()
        assert again.approve(order="712/2") is None
        issuing.issue(again.office, again.sitting.id)
    return platform


def change(work: Work, model: type, id_: int, **values: object) -> None:
    """One row is changed by somebody who holds the database."""
    table = model.__table__  # type: ignore[attr-defined]
    if table.info.get("append_only"):
        for statement in append_only_ddl(table.name, work.db.get_bind().dialect.name)[1]:
            work.db.execute(text(statement))
    work.db.execute(update(table).where(table.c.id == id_).values(**values))
    work.db.expire_all()


def take_away(work: Work, model: type, id_: int) -> None:
    """One row is taken out by somebody who holds the database."""
    table = model.__table__  # type: ignore[attr-defined]
    for statement in append_only_ddl(table.name, work.db.get_bind().dialect.name)[1]:
        work.db.execute(text(statement))
    work.db.execute(table.delete().where(table.c.id == id_))
    work.db.expire_all()


def first(work: Work, model: type) -> int:
    return int(work.db.execute(select(func.min(model.id))).scalar_one())  # type: ignore[attr-defined]


def test_a_whole_world_of_results_has_no_fault(proved: Platform) -> None:
    report = verify(proved)
    assert report.faults == []
    kinds = ("signatures", "result lists", "deliveries", "receipts", "appeals", "votes", "appeal protocols",
             "appeal decisions", "lists of appeals", "approvals", "statements", "ended statements")  # fmt: skip
    assert all(report.counts[kind] for kind in kinds), report.counts
    assert (report.counts["approvals"], report.counts["statements"], report.counts["ended statements"]) == (2, 2, 1)


@dataclass(frozen=True)
class Damage:
    """A row that is changed, and the one that is named with what is said of it."""

    model: type
    values: Callable[[Work, int], dict[str, object]]
    says: str
    named: str = ""


def _later(column: str) -> Callable[[Work, int], dict[str, object]]:
    return lambda work, _id: {column: work.now + DAY}


def _fixed(**values: object) -> Callable[[Work, int], dict[str, object]]:
    return lambda _work, _id: values


def _other_body(work: Work, id_: int) -> dict[str, object]:
    sealed = work.db.get_one(AppealProtocol, id_).body_sealed
    return {"body_sealed": sealed[:-1] + bytes([sealed[-1] ^ 1])}


def _other_line(work: Work, id_: int) -> dict[str, object]:
    rows = work.db.get_one(AppealList, id_).rows
    return {"rows": [{**rows[0], "is_changed": True}, *rows[1:]]}


NONE = "0" * 64
def _who_did_not_vote(work: Work) -> int:
    voters = select(AppealVote.staff_id)
    return work.db.scalars(select(Staff.id).where(Staff.id.not_in(voters)).limit(1)).one()


DAMAGES = {
    "a vote": Damage(AppealVote, _fixed(choice="against"), "it is not the vote that was cast"),
    "whose vote": Damage(AppealVote, lambda w, _: {"staff_id": _who_did_not_vote(w)},
                         "it is not the vote that was cast"),
    "a protocol": Damage(AppealProtocol, _other_body, "does not open"),
    "the version of a protocol": Damage(AppealProtocol, _fixed(version=7), "does not open"),
    "a decision": Damage(AppealDecision, _fixed(is_unchanged=False), "it is not what its protocol decides"),
    "the digest of a decision": Damage(AppealDecision, _fixed(digest=NONE), "it is not what its protocol decides"),
    "the state of a case": Damage(Appeal, _fixed(state="heard"), "its decision and the journal say otherwise"),
    "a line of the final list": Damage(AppealList, _other_line, "its seal does not fit its rows"),
    "the version of the final list": Damage(AppealList, _fixed(version=9), "it is not the one the journal knows"),
    "who signed": Damage(Signature, _fixed(name="Somebody else"), "it is not as it was written"),
    "in which role": Damage(Signature, _fixed(role="appeals_chair_"), "it is not as it was written"),
    "the order of an approval": Damage(ResultApproval, _fixed(order_no="1"), "the journal knows"),
    "when it was approved": Damage(ResultApproval, _later("approved_at"), "the ministry's signature under it"),
    "until when people are told": Damage(ResultApproval, _later("told_by_at"), "is not that of its edition"),
    "what a statement says": Damage(Statement, _fixed(digest=NONE), "its seal does not fit what it says"),
    "the code of a statement": Damage(Statement, _fixed(code_digest=NONE), "the code on its paper does not find it"),
    "the result of a statement": Damage(Statement, _fixed(fingerprint=NONE), "does not confirm what it says"),
    "how a statement ended": Damage(StatementEnd, _fixed(kind="revoked"), "the journal does not know"),
    "why a statement ended": Damage(StatementEnd, _fixed(reason="Because"), "the journal does not know"),
    "what was delivered": Damage(DepartmentDelivery, _fixed(n_rows=1), "not what the journal says was delivered"),
    "when it was received": Damage(DeliveryReceipt, _later("received_at"), "no signature under what was delivered"),
    "a row of a list": Damage(ResultRow, _fixed(school="Another"), "its rows are not those that were frozen",
                              "result_list"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_changed_is_named(proved: Platform, damage: str) -> None:
    asked = DAMAGES[damage]
    with open_work(proved, SYSTEM) as work:
        id_ = first(work, asked.model)
        change(work, asked.model, id_, **asked.values(work, id_))
        if asked.named == "result_list":
            id_ = first(work, ResultList)
    name = f"{asked.named or asked.model.__tablename__}:{id_}: "  # type: ignore[attr-defined]
    faults = verify(proved).faults
    assert any(fault.startswith(name) and asked.says in fault for fault in faults), faults
    of_its_kind = [fault for fault in faults if fault.split(":")[0] == name.split(":")[0]]
    assert all(fault.startswith(name) for fault in of_its_kind), faults


def test_a_signature_that_was_taken_out_leaves_a_decision_without_it(proved: Platform) -> None:
    with open_work(proved, SYSTEM) as work:
        decision = first(work, AppealDecision)
        subject = f"appeal_protocol:{work.db.get_one(AppealDecision, decision).protocol_id}"
        chair = work.db.scalars(select(Signature.id).where(Signature.subject == subject)).first()
        take_away(work, Signature, chair or 0)
    assert verify(proved).faults == [f"appeal_decision:{decision}: its protocol bears too few signatures that fit"]


def test_a_vote_and_the_end_of_a_statement_that_were_taken_out_are_missed(proved: Platform) -> None:
    with open_work(proved, SYSTEM) as work:
        take_away(work, AppealVote, first(work, AppealVote))
        take_away(work, StatementEnd, first(work, StatementEnd))
        protocol, statement = first(work, AppealProtocol), first(work, Statement)
    vote, ended = verify(proved).faults
    assert vote.startswith(f"appeal_protocol:{protocol}: the vote of Member 0")
    assert ended == f"statement:{statement}: a later one stands in its stead, and nothing ended it"


def test_who_signs_for_the_chair_without_the_vault_is_found_out(proved: Platform) -> None:
    """A signature copied under another document is not one, whoever's it was."""
    with open_work(proved, SYSTEM) as work:
        some = work.db.scalars(select(Signature).order_by(Signature.id)).first()
        assert some is not None
        forged = Signature(**{c.name: getattr(some, c.name) for c in Signature.__table__.columns if c.name != "id"})
        forged.subject = "appeal_protocol:99"
        work.db.add(forged)
        work.db.flush()
        named = forged.id
    assert verify(proved).faults == [f"signature:{named}: it is not as it was written under appeal_protocol:99"]
