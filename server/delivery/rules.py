"""Judgements on when a sitting starts, how long a section lasts, who is late and what is sealed.
Pure: facts and `now` in, Ruling out; numbers come from the edition. Countdowns are in delivery.timing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, codes, find, in_time, whole_seconds


@rule("start_time")
@dataclass(frozen=True, kw_only=True)
class StartRule(Rule):
    """The hour of the start and the briefing before it (DC-11)."""

    start: time
    briefing_s: int
    other_start: Literal["by_order", "never"]

    def briefing_at(self, starts_at: datetime) -> datetime:
        """When the briefing of a sitting begins."""
        return starts_at - timedelta(seconds=self.briefing_s)

    def judge(self, starts_at: datetime, order: str = "") -> Ruling:
        """Whether a sitting may be scheduled to start then."""
        local = starts_at.astimezone(self.zone).time()
        facts = {"starts_at": starts_at, "local": local, "lawful": self.start, "order": order}
        if local == self.start:
            return self.allow("start_lawful", **facts)
        return self._by_order("start_by_order", "start_hour", order, facts)

    def judge_start(self, starts_at: datetime, now: datetime, order: str = "") -> Ruling:
        """Whether tasks may be opened now: before the scheduled start only by order."""
        facts = {"starts_at": starts_at, "now": now, "order": order}
        if now >= starts_at:
            return self.allow("start_reached", **facts)
        return self._by_order("early_start_by_order", "start_early", order, facts)

    def judge_briefing(self, briefed_at: datetime, now: datetime) -> Ruling:
        """Whether the briefing has had its time."""
        facts = {"briefed_s": whole_seconds(briefed_at, now), "briefing_s": self.briefing_s}
        if facts["briefed_s"] >= self.briefing_s:
            return self.allow("briefing_complete", **facts)
        return self.refuse("briefing_short", **facts)

    def _by_order(self, allowed: str, refused: str, order: str, facts: Mapping[str, object]) -> Ruling:
        if self.other_start == "by_order" and order.strip():
            return self.allow(allowed, **facts)
        return self.refuse(refused, **facts)


@rule("section_time")
@dataclass(frozen=True, kw_only=True)
class SectionTimeRule(Rule):
    """The time of each section and of the whole test, and what a task not reached counts (DC-12)."""

    limits_s: Mapping[str, int]
    order: tuple[str, ...]
    break_s: int
    total_min_s: int
    total_includes_briefing: bool
    not_reached: Literal["wrong", "omitted"]
    grace_s: int

    def __post_init__(self) -> None:
        require(set(self.order) == set(self.limits_s), "order", "not the subjects of limits_s")

    def limit_s(self, subject: str, extra_s: int = 0) -> int:
        """The seconds a candidate has for a subject; a subject without a limit is a bug of the programme."""
        return self.limits_s[subject] + extra_s

    def judge(self, subject: str, started_at: datetime, now: datetime, extra_s: int = 0) -> Ruling:
        """Whether an answer arriving now still counts."""
        limit = self.limit_s(subject, extra_s)
        last = started_at + timedelta(seconds=limit + self.grace_s)
        facts = {
            "subject": subject,
            "elapsed_s": whole_seconds(started_at, now),
            "limit_s": limit,
            "grace_s": self.grace_s,
            "ends_at": started_at + timedelta(seconds=limit),
        }
        if in_time(now, last):
            return self.allow("section_running", **facts)
        return self.refuse("section_over", **facts)

    def judge_timetable(self, starts_at: datetime, closes_at: datetime, briefing_s: int = 0) -> Ruling:
        """Whether a sitting is not planned to end before the least total time has passed."""
        total = whole_seconds(starts_at, closes_at) + (briefing_s if self.total_includes_briefing else 0)
        facts = {"total_s": total, "total_min_s": self.total_min_s, "closes_at": closes_at}
        if total >= self.total_min_s:
            return self.allow("total_time_kept", **facts)
        return self.refuse("total_time_short", **facts)


@rule("lost_time")
@dataclass(frozen=True, kw_only=True)
class LostTimeRule(Rule):
    """From which silence on time counts as lost, and how much of it may be given back (DC-12)."""

    gap_min_s: int
    give_back_max_s: int
    reason_required: bool
    incidents: tuple[Named, ...]
    incident_back_max_s: int

    def room_s(self, lost_s: int, given_s: int) -> int:
        """How much may still be given back to one who lost that much and was given that much."""
        return max(0, min(lost_s, self.give_back_max_s) - given_s)

    def judge(self, asked_s: int, lost_s: int, given_s: int, reason: str) -> Ruling:
        """Whether that much may be given back now: never more than was lost, nor than the edition allows."""
        left = self.room_s(lost_s, given_s)
        facts = {"asked_s": asked_s, "lost_s": lost_s, "given_s": given_s, "left_s": left,
                 "most_s": self.give_back_max_s, "reason": reason}  # fmt: skip
        if self.reason_required and not reason.strip():
            return self.refuse("give_back_reason_missing", **facts)
        if asked_s < 1 or asked_s > left:
            return self.refuse("give_back_beyond_loss", **facts)
        return self.allow("time_given_back", **facts)

    def judge_standing(self, heard_at: datetime, again_at: datetime, ends_at: datetime) -> Ruling | None:
        """Time that ran out in a silence between these signs of life stands still till it is decided; else None."""
        facts = {"heard_at": heard_at, "again_at": again_at, "ends_at": ends_at, "gap_min_s": self.gap_min_s}
        if again_at - heard_at >= timedelta(seconds=self.gap_min_s):
            return self.allow("time_stands", **facts)
        return None

    def judge_incident(self, kind: str, ago_s: int = 0) -> Ruling:
        """Whether the edition knows incidents of this kind, and lets one be noted so long after it began."""
        facts = {"kind": kind, "kinds": codes(self.incidents), "ago_s": ago_s, "back_max_s": self.incident_back_max_s}
        if find(self.incidents, kind) is None:
            return self.refuse("incident_kind_unknown", **facts)
        if ago_s > self.incident_back_max_s:
            return self.refuse("incident_too_far_back", **facts)
        return self.allow("incident_noted", **facts)


@rule("pace")
@dataclass(frozen=True, kw_only=True)
class PaceRule(Rule):
    """What counts as a quick answer: a sign for the proctor, never a judgement of the candidate (DC-12)."""

    quick_s: int
    quick_percent: int

    def least_s(self, expected_s: float | None) -> float:
        """The seconds below which an answer is quick: a part of what the calibration expects, if it expects any."""
        return self.quick_s if expected_s is None else expected_s * self.quick_percent / 100


@rule("working_area")
@dataclass(frozen=True, kw_only=True)
class WorkingAreaRule(Rule):
    """In which subjects the solution is written beside the answer, and how (DC-13)."""

    subjects: tuple[str, ...]
    kinds: tuple[Named, ...]

    def judge(self, subject: str) -> Ruling:
        """Whether the subject has a working area."""
        if subject in self.subjects:
            return self.allow("working_area", subject=subject, kinds=codes(self.kinds))
        return self.refuse("no_working_area", subject=subject, subjects=self.subjects)

    def kinds_of(self, subject: str) -> tuple[str, ...]:
        """What may stand in the working area of the subject; nothing where it has none."""
        return codes(self.kinds) if subject in self.subjects else ()

    def judge_kind(self, subject: str, kind: str) -> Ruling:
        """Whether that may stand in the working area of the subject."""
        if kind in self.kinds_of(subject):
            return self.allow("working_kind", subject=subject, kind=kind)
        return self.refuse("no_working_kind", subject=subject, kind=kind)


@rule("seal_required")
@dataclass(frozen=True, kw_only=True)
class SealRule(Rule):
    """Answers are marked only under an intact seal (DC-14)."""

    required: bool

    def judge(self, is_sealed: bool, is_intact: bool) -> Ruling:
        """Whether an attempt may be marked; one whose seal is broken never may."""
        if is_sealed and not is_intact:
            return self.refuse("seal_broken")
        if self.required and not is_sealed:
            return self.refuse("seal_missing")
        return self.allow("seal_accepted", is_sealed=is_sealed)


@rule("lateness")
@dataclass(frozen=True, kw_only=True)
class LatenessRule(Rule):
    """Until when a latecomer is let in, and what absence costs (DC-16)."""

    limit_s: int
    extra_time: bool
    absentee_forfeits: bool

    def admits_until(self, starts_at: datetime) -> datetime:
        """The last moment of admission."""
        return starts_at + timedelta(seconds=self.limit_s)

    def judge(self, starts_at: datetime, now: datetime) -> Ruling:
        """Whether a candidate who stands at the door now is let in; a started second is not yet late."""
        late = max(0, whole_seconds(starts_at, now))
        facts = {"late_s": late, "limit_s": self.limit_s, "starts_at": starts_at, "arrived_at": now}
        if late > self.limit_s:
            return self.refuse("late_arrival", **facts)
        if late:
            return self.allow("late_admitted", extra_s=late if self.extra_time else 0, **facts)
        return self.allow("on_time", extra_s=0, **facts)

    def judge_absence(self, has_valid_reason: bool) -> Ruling:
        """Whether a candidate who did not come keeps the right to the certificate."""
        if has_valid_reason or not self.absentee_forfeits:
            return self.allow("absence_excused", has_valid_reason=has_valid_reason)
        return self.refuse("absence_forfeits", has_valid_reason=has_valid_reason)


@rule("session_committee")
@dataclass(frozen=True, kw_only=True)
class CommitteeRule(Rule):
    """The committee that answers for a session (CS-1, CS-2)."""

    order_required: bool
    members_min: int

    def judge(self, members: Collection[str], order: str) -> Ruling:
        """Whether the committee is appointed by an order and large enough."""
        facts = {"members": len(set(members)), "members_min": self.members_min, "order": order}
        if self.order_required and not order.strip():
            return self.refuse("order_missing", **facts)
        if len(set(members)) < self.members_min:
            return self.refuse("committee_too_small", **facts)
        return self.allow("committee_appointed", **facts)


@rule("session_order")
@dataclass(frozen=True, kw_only=True)
class SessionOrderRule(Rule):
    """A sitting names the order that approved it (CS-7, CS-8, CS-14.1)."""

    order_required: bool

    def judge(self, order: str) -> Ruling:
        """Whether a sitting may be published under this order number."""
        if self.order_required and not order.strip():
            return self.refuse("order_missing", order=order)
        return self.allow("order_given", order=order)


@rule("numbered_forms")
@dataclass(frozen=True, kw_only=True)
class NumberedFormsRule(Rule):
    """What each delivered form must carry (CS-14.3)."""

    numbered: bool
    sealed: bool
    signed: bool

    def judge(self, number: str, is_sealed: bool, is_signed: bool) -> Ruling:
        """Whether a form carries everything it must."""
        has = {"numbered": bool(number.strip()), "sealed": is_sealed, "signed": is_signed}
        wanted = {"numbered": self.numbered, "sealed": self.sealed, "signed": self.signed}
        missing = [mark for mark, needed in wanted.items() if needed and not has[mark]]
        if missing:
            return self.refuse("form_marks_missing", number=number, missing=missing)
        return self.allow("form_complete", number=number)


@dataclass(frozen=True, kw_only=True)
class AccreditationState(Named):
    """A state of accreditation and whether it lets a centre hold sittings."""

    may_hold: bool


@rule("centre_accreditation")
@dataclass(frozen=True, kw_only=True)
class CentreAccreditationRule(Rule):
    """Which centres may hold sittings (AC-3, AC-4)."""

    states: tuple[AccreditationState, ...]

    def judge(self, state: str) -> Ruling:
        """Whether a sitting may be scheduled at a centre in this state; an unknown state may not."""
        found = find(self.states, state)
        if found is not None and found.may_hold:
            return self.allow("centre_may_hold", state=state)
        return self.refuse("centre_not_accredited", state=state)
