"""`python -m server.jobs.verify`: names whatever was changed behind the product's back; exit code 1 if anything was.

Journal, wrapped keys, organisations' keys, signatures, admission lists, pools, seals, cases that were taken back, lists
of results and receipts, appeals, approvals, statements; with --replay every decision and grade."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from itembank import load_pool
from itembank.blueprints.models import Pool
from itembank.pretests.models import PretestPlan
from itembank.pretests.plan import load_plan
from server import accounts, candidates, delivery, grading
from server.accounts.models import Organisation, Signature
from server.accounts.signing import proving as signing
from server.appeals import proving as appeals
from server.appeals.models import Appeal, AppealDecision, AppealList, AppealProtocol, AppealVote
from server.candidates.cases.models import CandidateCase
from server.candidates.models import AdmissionList
from server.core import journal
from server.core.journal import JournalEntry, JournalHead
from server.core.regulation import RegulationError
from server.core.roles import SYSTEM
from server.core.vault import Tampered, verify_signature
from server.core.work import Platform, Work, open_reading, open_work
from server.core.wrapped import key_columns, strays
from server.delivery import sheets
from server.delivery.models import ExamSession, Seal
from server.grading.cases import proving as cases
from server.grading.lists import proving as lists
from server.grading.lists.models import DeliveryReceipt, DepartmentDelivery, ResultList
from server.jobs.proving import prove_bank
from server.statements import proving as statements
from server.statements.models import ResultApproval, Statement, StatementEnd
from server.web.all_models import metadata
from server.web.config import Config, Misconfigured

SEALED = ("submitted", "removed")
SEALING = "session:sealed"
PROBE = b"synak-verify"
KEYS_AT_ONCE = 500

Check = Callable[[Work, int], Iterator[str]]
RESULTS: tuple[tuple[str, Any, Check], ...] = (
    ("signatures", Signature, signing.faults), ("cases of candidates", CandidateCase, cases.faults),
    ("result lists", ResultList, lists.faults),
    ("deliveries", DepartmentDelivery, lists.delivery_faults), ("receipts", DeliveryReceipt, lists.receipt_faults),
    ("appeals", Appeal, appeals.appeal_faults), ("votes", AppealVote, appeals.vote_faults),
    ("appeal protocols", AppealProtocol, appeals.protocol_faults),
    ("appeal decisions", AppealDecision, appeals.decision_faults),
    ("lists of appeals", AppealList, appeals.list_faults),
    ("approvals", ResultApproval, statements.approval_faults),
    ("statements", Statement, statements.statement_faults), ("ended statements", StatementEnd, statements.end_faults),
)  # fmt: skip


@dataclass
class Report:
    """How much of each kind was looked at, one sentence for each fault, and where the journal ends (number:mac)."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    journal_end: str = "0"


def verify(platform: Platform, *, replays: bool = False) -> Report:
    """All that can prove itself was asked to; that this was done is in the journal."""
    report = Report()
    with open_reading(platform, SYSTEM) as work:
        report.faults += journal.verify(work.db, work.vault)
        head = work.db.get(JournalHead, 1)
        report.journal_end = f"{head.seq}:{head.mac.hex()}" if head else report.journal_end
        sealed = _journalled_seals(work)  # before the ids: what is sealed meanwhile is no fault
    _wrapped_keys(platform, report)
    _each(platform, report, "organisations", Organisation, _organisation)
    _each(platform, report, "admission lists", AdmissionList, _admission_list)
    counted, faults = prove_bank(platform)
    report.counts |= counted
    report.faults += faults
    _each(platform, report, "pools", Pool, _pool)
    _each(platform, report, "pretest plans", PretestPlan, _plan)
    there = _each(platform, report, "sessions", ExamSession, _session)
    for kind, model, check in RESULTS:
        _each(platform, report, kind, model, check)
    if replays:
        _each(platform, report, "replays", ExamSession, _replay)
    for subject in sorted(sealed - {f"session:{id_}" for id_ in there}):
        report.faults.append(f"{subject}: it was sealed, the journal says, and is not there")
    with open_work(platform, SYSTEM) as work:
        if report.journal_end != "0" and not any(fault.startswith("journal") for fault in report.faults):
            number, _, mac = report.journal_end.partition(":")
            journal.keep_proof(work.db, work.vault, int(number), bytes.fromhex(mac), work.now)
        work.record("verified", "system", faults=len(report.faults), looked_at=report.counts)
    return report


def _wrapped_keys(platform: Platform, report: Report) -> None:
    """Every wrapped key opens for its place, and lies where wrapped keys are known to lie."""
    report.counts["keys"] = 0
    for column in key_columns(metadata):
        batch = None
        while batch is None or batch.looked_at:
            with open_reading(platform, SYSTEM) as work:
                batch = column.prove(work.db, platform.vault, batch and batch.last, KEYS_AT_ONCE)
            report.counts["keys"] += batch.looked_at
            report.faults += batch.faults
    with open_reading(platform, SYSTEM) as work:
        for name in strays(work.db, metadata, platform.vault):
            report.faults.append(f"{name}: wrapped keys lie there, and no rotation would reach them")


def _each(platform: Platform, report: Report, kind: str, model: Any, check: Check) -> list[int]:
    """The ids of all rows of the model, each checked by itself so that memory holds one at a time."""
    with open_reading(platform, SYSTEM) as work:
        ids = list(work.db.execute(select(model.id).order_by(model.id)).scalars())
    report.counts[kind] = len(ids)
    for id_ in ids:
        with open_reading(platform, SYSTEM) as work:
            try:
                report.faults += check(work, id_)
            except (Tampered, RegulationError) as error:
                report.faults.append(f"{model.__tablename__}:{id_}: {error}")
            except Exception as error:  # rows that were tampered with may fail anywhere; the rest is looked at
                report.faults.append(f"{model.__tablename__}:{id_}: {type(error).__name__}: {error}")
    return ids


def _organisation(work: Work, id_: int) -> Iterator[str]:
    """Its public key is that of the private key, which only the master key opens."""
    row = work.db.get_one(Organisation, id_)
    if row.sealing_private is not None or row.sealing_public is not None:
        if row.sealing_private is None or row.sealing_public is None:
            yield f"organisation:{id_}: half of its sealing key is missing"
        elif not verify_signature(row.sealing_public, accounts.sealing(work, id_, PROBE)[0], PROBE):
            yield f"organisation:{id_}: its public key is not the one it seals with"


def _admission_list(work: Work, id_: int) -> Iterator[str]:
    if not candidates.verify_admission_list(work, id_):
        yield f"admission_list:{id_}: who is registered is not who was certified"


def _pool(work: Work, id_: int) -> Iterator[str]:
    load_pool(work, id_)
    yield from ()


def _plan(work: Work, id_: int) -> Iterator[str]:
    load_plan(work, id_)
    yield from ()


def _session(work: Work, id_: int) -> Iterator[str]:
    """Its seal fits, was made by its centre, and is the one the journal knows; none where nothing is over."""
    session, name = work.db.get_one(ExamSession, id_), f"session:{id_}"
    delivery.sitting_ref(work, session.sitting_id)  # refuses an edition that is not the pinned one
    row = work.db.execute(select(Seal).where(Seal.session_id == id_)).scalar_one_or_none()
    line = select(JournalEntry.facts).where(JournalEntry.subject == name, JournalEntry.act == SEALING)
    noted = work.db.execute(line).scalars().first()
    if row is None:
        if session.state in SEALED or noted is not None:
            yield f"{name}: it is {session.state} and its seal is missing"
        return
    if session.state not in SEALED:
        yield f"{name}: it is sealed and yet {session.state}"
    if row.public_key != accounts.organisation_of(work, session.centre_id).seal_key:
        yield f"{name}: its seal was not made with its centre's key"
    elif not delivery.verify_seal(work, id_):
        yield f"{name}: its seal does not fit its tasks and answers"
    if noted is None or row.digest != json.loads(noted)["digest"]:
        yield f"{name}: its seal is not the one the journal knows"
    yield from _sheets(work, id_)


def _sheets(work: Work, id_: int) -> Iterator[str]:
    """What was sealed for scoring is what every answer, opened and judged by the pool's key, comes to."""
    sealed = {each.section_id: each.sheet for each in sheets.sheets_of(work, [id_]).get(id_, ())}
    for each in sheets.made_anew(work, [id_]).get(id_, ()):
        if sealed.get(each.section_id) != each.sheet:
            yield f"session:{id_}: {each.subject}: its answer sheet is not what its answers come to"


def _replay(work: Work, id_: int) -> Iterator[str]:
    for each in grading.replay(work, id_):
        at = "" if each.seq is None else f", task {each.seq}"
        yield f"session:{id_}: {each.subject}{at}: {each.what} is {each.stored}, a replay gives {each.found}"


def _journalled_seals(work: Work) -> set[str]:
    """Every session that was sealed, as the journal names it."""
    return set(work.db.execute(select(JournalEntry.subject).where(JournalEntry.act == SEALING)).scalars())


def main() -> int:
    """The command; every fault on a line of its own."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.verify", description=__doc__)
    parser.add_argument("--replay", action="store_true", help="every decision and grade is made once more")
    options = parser.parse_args()
    try:
        platform = Config.from_env().make_platform()
    except Misconfigured as error:
        print(error, file=sys.stderr)
        return 2
    report = verify(platform, replays=options.replay)
    platform.database.close()
    for fault in report.faults:
        print(fault)
    looked_at = ", ".join(f"{n} {kind}" for kind, n in report.counts.items())
    print(f"The journal up to {report.journal_end}", file=sys.stderr)
    print(f"{looked_at}: {len(report.faults)} faults", file=sys.stderr)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
