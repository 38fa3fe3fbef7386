"""Judgements on blueprints and pools: who approved the content, and whether every tier is done.
Pure: facts in, Ruling out; quotas and signatures come from the edition."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, codes


@dataclass(frozen=True)
class Approval:
    """The approval of a blueprint by a member of the methodological commission."""

    person: str
    is_chair: bool


@rule("content_approval")
@dataclass(frozen=True, kw_only=True)
class ContentApprovalRule(Rule):
    """Who must approve the content structure of a subject (DC-5)."""

    members_min: int
    chair_required: bool
    commission_years: int

    def judge(self, approvals: Collection[Approval], commission_year: int, year: int) -> Ruling:
        """Whether enough members of the commission formed for this year approved."""
        people = {approval.person for approval in approvals}
        has_chair = any(approval.is_chair for approval in approvals)
        facts = {"members": sorted(people), "members_min": self.members_min,
                 "commission_year": commission_year}
        if not 0 <= year - commission_year < self.commission_years:
            return self.refuse("commission_expired", year=year, **facts)
        if len(people) < self.members_min:
            return self.refuse("approvals_too_few", **facts)
        if self.chair_required and not has_chair:
            return self.refuse("chair_approval_missing", **facts)
        return self.allow("content_approved", **facts)


@rule("content_guarantees")
@dataclass(frozen=True, kw_only=True)
class ContentGuaranteesRule(Rule):
    """Whose items are used, and that each names the standard it follows (DC-6, DC-7)."""

    prepared_by: tuple[str, ...]
    standard_required: bool
    confidential: bool

    def judge(self, prepared_by: str, standard: str) -> Ruling:
        """Whether an item of this origin, with this reference to the standard, may enter a pool."""
        facts = {"prepared_by": prepared_by, "standard": standard}
        if prepared_by not in self.prepared_by:
            return self.refuse("foreign_item", lawful=self.prepared_by, **facts)
        if self.standard_required and not standard.strip():
            return self.refuse("standard_missing", **facts)
        return self.allow("item_conforms", **facts)


@rule("difficulty_tiers")
@dataclass(frozen=True, kw_only=True)
class TiersRule(Rule):
    """Every candidate does tasks of every tier (DC-8)."""

    mode: Literal["minimum", "exact"]
    tiers: tuple[Named, ...]
    quota: Mapping[str, int]

    def __post_init__(self) -> None:
        require(set(self.quota) == set(codes(self.tiers)), "quota", "not the tiers of this clause")

    def judge(self, planned: Mapping[str, int]) -> Ruling:
        """Whether a blueprint's quotas satisfy the clause."""
        return self._compare(planned, self.quota, "quota_kept")

    def judge_given(self, given: Mapping[str, int], planned: Mapping[str, int]) -> Ruling:
        """Whether what one candidate was given meets the quotas of the blueprint."""
        return self._compare(given, planned, "tiers_done")

    def _compare(self, found: Mapping[str, int], wanted: Mapping[str, int], allowed: str) -> Ruling:
        short = [tier for tier in codes(self.tiers) if found.get(tier, 0) < wanted.get(tier, 0)]
        over = [tier for tier in codes(self.tiers) if found.get(tier, 0) > wanted.get(tier, 0)]
        unknown = sorted(set(found) - set(codes(self.tiers)))
        facts = {"found": found, "wanted": wanted, "mode": self.mode}
        if unknown:
            return self.refuse("tier_unknown", tiers=unknown, **facts)
        if short:
            return self.refuse("tier_short", tiers=short, **facts)
        if over and self.mode == "exact":
            return self.refuse("tier_over", tiers=over, **facts)
        return self.allow(allowed, **facts)


@rule("review_board")
@dataclass(frozen=True, kw_only=True)
class ReviewBoardRule(Rule):
    """A subject commission approves the material before the session (CS-15, CS-17)."""

    minutes_required: bool
    members_min: int

    def judge(self, members: Collection[str], minutes: str) -> Ruling:
        """Whether the meeting was large enough and left minutes."""
        facts = {"members": len(set(members)), "members_min": self.members_min, "minutes": minutes}
        if len(set(members)) < self.members_min:
            return self.refuse("board_too_small", **facts)
        if self.minutes_required and not minutes.strip():
            return self.refuse("minutes_missing", **facts)
        return self.allow("material_approved", **facts)
