"""Judgements on appeals: what is checked, by whom, until when, on what material, and when a decision stands.
Pure: facts in, Ruling out; terms, roles and signatures come from the edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, Term, codes, in_time


@rule("appeal_scope")
@dataclass(frozen=True, kw_only=True)
class AppealScopeRule(Rule):
    """What an appeal may ask to be checked (DC-23)."""

    grounds: tuple[Named, ...]

    def judge(self, ground: str) -> Ruling:
        """Whether the commission checks that."""
        if ground in codes(self.grounds):
            return self.allow("appeal_ground", ground=ground)
        return self.refuse("appeal_ground_unknown", ground=ground, grounds=codes(self.grounds))


@dataclass(frozen=True, kw_only=True)
class CommissionRole(Named):
    """A role in the commission and how many hold it."""

    minimum: int
    maximum: int


@dataclass(frozen=True)
class Member:
    """A member of the commission as appointed."""

    person: str
    role: str
    body: str


@dataclass(frozen=True)
class Vote:
    """How somebody voted, in which role of the commission."""

    person: str
    role: str
    choice: str


@rule("appeal_commission")
@dataclass(frozen=True, kw_only=True)
class CommissionRule(Rule):
    """Who approves the commission, sits in it, keeps its cases, votes, and must stand aside (DC-23, DC-24)."""

    approved_by: tuple[str, ...]
    order_required: bool
    roles: tuple[CommissionRole, ...]
    bodies: tuple[Named, ...]
    interests: tuple[Named, ...]
    keepers: tuple[str, ...]
    voters: tuple[str, ...]
    quorum: int

    def __post_init__(self) -> None:
        ordered = all(each.minimum <= each.maximum for each in self.roles)
        require(ordered, "roles", "a minimum above its maximum")
        require(set(self.keepers) <= set(codes(self.roles)), "keepers", "a role that nobody holds")
        require(set(self.voters) <= set(codes(self.roles)), "voters", "a role that nobody holds")

    def judge(self, members: Sequence[Member], order: str) -> Ruling:
        """Whether the commission is appointed by order, complete, and drawn from every body named."""
        held = Counter(member.role for member in members)
        wrong = [role.code for role in self.roles if not role.minimum <= held[role.code] <= role.maximum]
        wrong += sorted(set(held) - set(codes(self.roles)))
        present = {member.body for member in members}
        bodies = [body for body in codes(self.bodies) if body not in present]
        foreign = sorted(present - set(codes(self.bodies)))
        facts = {"order": order, "roles": wrong, "bodies": bodies, "foreign": foreign}
        if self.order_required and not order.strip():
            return self.refuse("order_missing", **facts)
        if len({member.person for member in members}) < len(members):
            return self.refuse("commission_person_twice", **facts)
        if wrong or bodies or foreign:
            return self.refuse("commission_incomplete", **facts)
        return self.allow("commission_appointed", **facts)

    def judge_approver(self, organisation: str) -> Ruling:
        """Whether an organisation of this kind approves who sits in the commission."""
        facts = {"organisation": organisation, "approved_by": self.approved_by}
        if organisation in self.approved_by:
            return self.allow("commission_approver", **facts)
        return self.refuse("commission_not_approver", **facts)

    def judge_member(self, interests: Collection[str]) -> Ruling:
        """Whether a member with these interests may decide a case; an interest not listed is a bug."""
        unknown = set(interests) - set(codes(self.interests))
        if unknown:
            raise ValueError(f"unknown interests {sorted(unknown)}")
        if interests:
            return self.refuse("conflict_of_interest", interests=sorted(interests))
        return self.allow("no_interest")

    def judge_keeper(self, role: str) -> Ruling:
        """Whether this role admits cases, calls hearings and draws up protocols."""
        if role in self.keepers:
            return self.allow("keeps_cases", role=role)
        return self.refuse("not_a_keeper", role=role, keepers=self.keepers)

    def judge_voter(self, role: str) -> Ruling:
        """Whether this role votes."""
        if role in self.voters:
            return self.allow("votes", role=role)
        return self.refuse("not_a_voter", role=role, voters=self.voters)

    def judge_motion(self, votes: Collection[Vote]) -> Ruling:
        """Whether a motion is carried: enough took part, and more for it than against; a tie changes nothing."""
        if not {vote.role for vote in votes} <= set(self.voters):
            raise ValueError("a vote in a role that has none")
        held = Counter({vote.person: vote.choice for vote in votes}.values())
        facts = {"for": held["for"], "against": held["against"], "abstain": held["abstain"], "quorum": self.quorum}
        if sum(held.values()) < self.quorum:
            return self.refuse("vote_without_quorum", **facts)
        if held["for"] <= held["against"]:
            return self.refuse("motion_not_carried", **facts)
        return self.allow("motion_carried", **facts)


@rule("appeal_window")
@dataclass(frozen=True, kw_only=True)
class AppealWindowRule(Rule):
    """Until when and by whom an appeal is filed (DC-25)."""

    term: Term
    filed_by: tuple[str, ...]

    def last(self, received_at: datetime) -> datetime:
        """The last moment to appeal against a result received then."""
        return self.term.last(received_at, self.zone, self.calendar)

    def judge(self, received_at: datetime | None, now: datetime, filed_by: str) -> Ruling:
        """Whether an appeal may be filed now; nobody appeals against a result not yet received."""
        facts = {"received_at": received_at, "filed_by": filed_by, "days": self.term.days}
        if filed_by not in self.filed_by:
            return self.refuse("appeal_not_by_you", may_file=self.filed_by, **facts)
        if received_at is None or now < received_at:
            return self.refuse("appeal_before_result", **facts)
        last = self.last(received_at)
        if not in_time(now, last):
            return self.refuse("appeal_window_closed", last_at=last, **facts)
        return self.allow("appeal_window_open", last_at=last, **facts)


@dataclass(frozen=True, kw_only=True)
class Instruction(Named):
    """What the act bids the commission go by in these subjects."""

    subjects: tuple[str, ...]


@rule("appeal_material")
@dataclass(frozen=True, kw_only=True)
class AppealMaterialRule(Rule):
    """On what an appeal in each subject is judged (DC-26)."""

    material: Mapping[str, tuple[str, ...]]
    instructions: tuple[Instruction, ...] = ()

    def judge(self, subject: str, material: str) -> Ruling:
        """Whether that kind of material counts in the subject."""
        counts = self.material.get(subject, ())
        if material in counts:
            return self.allow("material_counts", subject=subject, material=material)
        return self.refuse("material_not_considered", subject=subject, material=material, counts=counts)


@rule("unanswered_tasks")
@dataclass(frozen=True, kw_only=True)
class UnansweredRule(Rule):
    """How an appeal in languages and humanities is checked, and whether tasks without an answer are (DC-27)."""

    subjects: tuple[str, ...]
    reviewed: bool
    instructions: tuple[Instruction, ...] = ()

    def judge(self, subject: str, is_answered: bool) -> Ruling:
        """Whether the task is reviewed."""
        facts = {"subject": subject, "is_answered": is_answered}
        if is_answered or self.reviewed or subject not in self.subjects:
            return self.allow("task_reviewed", **facts)
        return self.refuse("unanswered_not_reviewed", **facts)


@dataclass(frozen=True)
class Signature:
    """Who signed a protocol, in which role of the commission."""

    person: str
    role: str


@rule("appeal_decision")
@dataclass(frozen=True, kw_only=True)
class DecisionRule(Rule):
    """Whose signatures make a decision, and what follows it (DC-28)."""

    signatures: Mapping[str, int]
    substitutes: Mapping[str, str]
    notice_required: bool
    sealed_list: bool

    def __post_init__(self) -> None:
        require(set(self.substitutes) <= set(self.signatures), "substitutes", "for a role that does not sign")

    def judge(self, signed: Collection[Signature]) -> Ruling:
        """Whether the protocol carries the signatures it needs; one person signs once."""
        once = {signature.person: signature.role for signature in signed}
        held = Counter(once.values())
        missing: dict[str, int] = {}
        for role, needed in self.signatures.items():
            substitute = self.substitutes.get(role)
            lacking = needed - held[role] - (held[substitute] if substitute else 0)
            if lacking > 0:
                missing[role] = lacking
        facts = {"missing": missing, "signed": [[each.person, each.role] for each in sorted(signed, key=str)]}
        if missing:
            return self.refuse("signatures_missing", **facts)
        return self.allow("decision_signed", **facts)

    def judge_closing(self, is_told: bool, has_sealed_list: bool) -> Ruling:
        """Whether a decided case may be closed."""
        wanted = {"notice": self.notice_required and not is_told,
                  "sealed_list": self.sealed_list and not has_sealed_list}
        missing = [each for each, lacking in wanted.items() if lacking]
        if missing:
            return self.refuse("appeal_not_closable", missing=missing)
        return self.allow("appeal_closable")


Stage = Literal["admit", "decide", "tell", "final_list"]


@rule("appeal_terms")
@dataclass(frozen=True, kw_only=True)
class AppealTermsRule(Rule):
    """By when the commission does its part: admits and decides a case, tells the appellant, issues the final list.

    `admit` and `decide` run from the filing, `tell` from the decision, `final_list` from the last notice."""

    admit: Term
    decide: Term
    tell: Term
    final_list: Term

    def last(self, stage: Stage, began_at: datetime) -> datetime:
        """The last moment of a stage that began then."""
        terms: Mapping[Stage, Term] = {
            "admit": self.admit, "decide": self.decide, "tell": self.tell, "final_list": self.final_list,
        }  # fmt: skip
        return terms[stage].last(began_at, self.zone, self.calendar)

    def due(self, state: str, filed_at: datetime, decided_at: datetime | None) -> datetime | None:
        """By when the commission does what a case in that state awaits; None where nothing more is awaited of it."""
        if state == "filed":
            return self.last("admit", filed_at)
        if state in ("admitted", "heard"):
            return self.last("decide", filed_at)
        return self.last("tell", decided_at) if state == "decided" and decided_at else None
