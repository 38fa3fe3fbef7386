"""What the pages of cases show, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from server import accounts
from server.accounts import signing
from server.accounts.signing import SignatureRef
from server.candidates.cases.machine import STANDS
from server.candidates.cases.policy import CLAUSE, CasePolicy, procedure
from server.candidates.cases.queries import CaseRef
from server.candidates.queries import ProgrammeRef
from server.candidates.rules import ExemptionRule, SubjectsRule
from server.core.deadlines import Deadline
from server.core.i18n import _, language
from server.core.regulation import Edition
from server.core.terms import codes, find
from server.core.work import Work
from server.grading import access
from server.grading.cases import taking_back
from server.grading.cases.service import document_of

TAGS = {"filed": "grey", "submitted": "yellow", "granted": "green", "assigned": "green", "refused": "red",
        "withdrawn": "grey", "taken_back": "red"}  # fmt: skip


@dataclass(frozen=True)
class CaseView:
    """A case with its words: kind, clause, ground, subjects, what may be done now and by whom."""

    case: CaseRef
    title: str
    clause: str
    ground: str
    subjects: str
    state: str
    tag: str
    zone: str
    filed_from: str
    is_overdue: bool
    due_at: datetime | None
    papers: tuple[tuple[str, str], ...]
    wanted: tuple[str, ...]
    may_file: bool
    may_decide: bool
    may_take_back: bool
    may_open_test: bool


def states() -> dict[str, str]:
    """How a case stands, in words."""
    return {
        "filed": _("Being prepared"), "submitted": _("Waits for a decision"), "granted": _("Granted"),
        "assigned": _("Has a place"), "refused": _("Refused"), "withdrawn": _("Withdrawn"),
        "taken_back": _("Taken back"),
    }  # fmt: skip


def view(work: Work, case: CaseRef) -> CaseView:
    """The case as its reader sees it."""
    edition, tongue, own = case.programme.edition, language(), accounts.organisation_of(
        work, work.actor.organisation_id or 0
    )  # fmt: skip
    policy, rule = CasePolicy.of(edition, case.kind), procedure(edition)
    ground, may_decide = find(policy.grounds(), case.ground), rule.judge_decider(policy.kind, own.kind).allowed
    return CaseView(
        case=case, title=policy.kind.title(tongue), clause=policy.kind.clause,
        ground=ground.title(tongue) if ground else "", subjects=subject_titles(edition, case.subjects),
        state=states()[case.state], tag=TAGS[case.state], zone=edition.zone.key,
        filed_from=accounts.organisation_of(work, case.filed_from).name(tongue),
        is_overdue=_deadline(case).state(work.now) == "overdue" if case.due_at else False, due_at=case.due_at,
        papers=tuple((each.code, each.title(tongue)) for each in policy.papers()),
        wanted=tuple(each.title(tongue) for each in policy.papers()
                     if each.code not in {paper.kind for paper in case.papers}),
        may_file=rule.judge_filing(case.kind, own.kind).allowed,
        may_decide=may_decide, may_take_back=may_decide and case.state in STANDS,
        may_open_test=case.session_id is not None and access.may_act(work, edition),
    )  # fmt: skip


def subject_titles(edition: Edition, subjects: tuple[str, ...]) -> str:
    """The subjects by their titles."""
    known = {each.code: each.title(language()) for each in edition.get("DC-3", SubjectsRule).subjects}
    return ", ".join(known.get(each, each) for each in subjects)


def choices(work: Work, programme: ProgrammeRef, kind: str) -> dict[str, object]:
    """What the form of one kind of case offers: its grounds, its papers, whether a day is asked for."""
    policy, tongue = CasePolicy.of(programme.edition, kind), language()
    return {
        "kind": kind, "title": policy.kind.title(tongue), "clause": programme.edition.label(policy.kind.clause, tongue),
        "grounds": {each.code: each.title(tongue) for each in policy.grounds()},
        "papers": [each.title(tongue) for each in policy.papers()], "asks_day": kind == "extension",
    }  # fmt: skip


def kinds_for(work: Work, edition: Edition) -> dict[str, str]:
    """The kinds of case that the actor's office may hand in, by title."""
    own, rule = accounts.organisation_of(work, work.actor.organisation_id or 0), procedure(edition)
    return {each.code: each.title(language()) for each in rule.kinds if rule.judge_filing(each.code, own.kind).allowed}


def signatures(work: Work, case: CaseRef) -> tuple[SignatureRef, ...]:
    """The signatures under the decision, each held against the case as it now reads."""
    return signing.signatures_under(work, document_of(case)) if case.decision is not None else ()


def signatures_after(work: Work, case: CaseRef) -> tuple[SignatureRef, ...]:
    """Those under the decision that took it back."""
    return signing.signatures_under(work, taking_back.document_of(case)) if case.taken_back is not None else ()


def deadlines(work: Work, found: list[CaseRef]) -> list[Deadline]:
    """By when each of these cases is to be decided, and when it was."""
    return [_deadline(case) for case in found if case.due_at is not None and case.state != "withdrawn"]


def _deadline(case: CaseRef) -> Deadline:
    if case.due_at is None:
        raise ValueError("a case that was not handed in has no deadline")
    edition = case.programme.edition
    kind = find(procedure(edition).kinds, case.kind)
    subject = f"{case.who.registration_no}, {kind.title(language()) if kind else case.kind}"
    done_at = case.decision.decided_at if case.decision else None
    return Deadline("case_decision", subject, f"/office/cases/{case.id}", kind.clause if kind else CLAUSE, case.due_at,
                    done_at, edition.zone.key)  # fmt: skip


def file_types(edition: Edition) -> str:
    """The endings a file may have, for the browser's chooser."""
    endings = {"application/pdf": ".pdf", "image/jpeg": ".jpg,.jpeg", "image/png": ".png"}
    return ",".join(endings.get(each, each) for each in procedure(edition).file_types)


def paper_titles(edition: Edition) -> dict[str, str]:
    """Every kind of paper that may go with a case, by title."""
    return {
        each.code: each.title(language())
        for kind in codes(procedure(edition).kinds) for each in CasePolicy.of(edition, kind).papers()
    }  # fmt: skip


def latest_day(programme: ProgrammeRef, first: date) -> date:
    """The last day on which an application for exemption counts (DC-17)."""
    return programme.edition.get("DC-17", ExemptionRule).latest_on(first)
