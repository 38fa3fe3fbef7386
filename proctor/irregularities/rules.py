"""Judgements on forbidden acts: what follows them, what a protocol needs, how reports from outside are kept.
Pure: facts in, Ruling out; the catalogue and its consequences come from the edition."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, codes, end_of_day, find, in_time, local_day

PROTOCOL = {"what", "happened_at", "reported_by", "witnesses", "statement_asked"}


@dataclass(frozen=True, kw_only=True)
class Violation(Named):
    """A forbidden act, how grave it is and what follows; `chosen`: listed by policy, not by the act."""

    severity: Literal["minor", "serious", "grave"]
    consequence: Literal["warning", "pause", "removal"]
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """A protocol of removal as written; persons are ids, or names where they have no account."""

    what: str
    happened_at: datetime | None
    reported_by: str
    witnesses: Collection[str]
    statement_asked: bool


@rule("violations")
@dataclass(frozen=True, kw_only=True)
class ViolationsRule(Rule):
    """The catalogue of forbidden acts and tools, and when a candidate is removed (DC-15)."""

    violations: tuple[Violation, ...]
    forbidden_tools: tuple[Named, ...]
    protocol: tuple[Named, ...]
    witnesses_min: int
    reporter_may_witness: bool
    warnings_max: int
    forfeits_certificate: bool
    may_reenter: bool
    signed_by_closing: bool = True

    def __post_init__(self) -> None:
        require(set(codes(self.protocol)) <= PROTOCOL, "protocol", f"knows {', '.join(sorted(PROTOCOL))}")

    def judge(self, code: str, earlier_warnings: int = 0) -> Ruling:
        """Whether the candidate goes on, warned or after a pause, or is removed; an unknown act is a bug."""
        act = find(self.violations, code)
        if act is None:
            raise ValueError(f"no violation {code!r}")
        facts = {"violation": code, "severity": act.severity, "earlier_warnings": earlier_warnings,
                 "warnings_max": self.warnings_max}
        if act.consequence == "removal" or earlier_warnings >= self.warnings_max:
            return self.refuse("removal", forfeits_certificate=self.forfeits_certificate, **facts)
        return self.allow(act.consequence, **facts)

    def judge_protocol(self, protocol: Protocol) -> Ruling:
        """Whether the protocol holds all that a removal needs."""
        witnesses = {each for each in protocol.witnesses if each.strip()}
        if not self.reporter_may_witness:
            witnesses.discard(protocol.reported_by)
        filled = {"what": bool(protocol.what.strip()), "happened_at": protocol.happened_at is not None,
                  "reported_by": bool(protocol.reported_by.strip()),
                  "witnesses": len(witnesses) >= self.witnesses_min,
                  "statement_asked": protocol.statement_asked}
        missing = [field for field in codes(self.protocol) if not filled[field]]
        facts = {"witnesses": len(witnesses), "witnesses_min": self.witnesses_min}
        if missing:
            return self.refuse("protocol_incomplete", missing=missing, **facts)
        return self.allow("protocol_complete", forfeits_certificate=self.forfeits_certificate, **facts)

    def judge_signatures(self, signers: Collection[str], signed: Collection[str]) -> Ruling:
        """Whether everybody named in the protocol has signed it: who wrote it, and each witness."""
        unsigned = sorted(set(signers) - set(signed))
        if unsigned:
            return self.refuse("protocol_unsigned", unsigned=unsigned)
        return self.allow("protocol_signed", signers=len(set(signers)))

    def judge_closing(self, unsigned: int) -> Ruling:
        """Whether the room may be closed with so many removals whose protocol is not written or not signed."""
        if unsigned and self.signed_by_closing:
            return self.refuse("protocols_unsigned", n=unsigned)
        return self.allow("protocols_in_order", n=unsigned)

    def judge_tool(self, tool: str) -> Ruling:
        """Whether a tool may be used in the room."""
        if tool in codes(self.forbidden_tools):
            return self.refuse("tool_forbidden", tool=tool)
        return self.allow("tool_not_forbidden", tool=tool)

    def judge_entry(self, was_removed: bool) -> Ruling:
        """Whether a candidate may enter, having been removed or not."""
        if was_removed and not self.may_reenter:
            return self.refuse("removed_for_good")
        return self.allow("entry_open", was_removed=was_removed)


@rule("trust_line")
@dataclass(frozen=True, kw_only=True)
class TrustLineRule(Rule):
    """What is kept of an anonymous report and by when it is considered (CS-4)."""

    answer_days: int
    kept: tuple[str, ...]

    def judge_fields(self, fields: Collection[str]) -> Ruling:
        """Whether nothing is kept that could tell who wrote."""
        extra = sorted(set(fields) - set(self.kept))
        if extra:
            return self.refuse("report_not_anonymous", fields=extra)
        return self.allow("report_anonymous", fields=sorted(fields))

    def judge(self, received_at: datetime, considered_at: datetime | None, now: datetime) -> Ruling:
        """Whether a report was considered in time, or still can be."""
        last = end_of_day(local_day(received_at, self.zone) + timedelta(days=self.answer_days), self.zone)
        facts = {"received_at": received_at, "due_at": last, "considered_at": considered_at}
        if not in_time(considered_at or now, last):
            return self.refuse("considered_late" if considered_at else "consideration_overdue", **facts)
        return self.allow("considered_in_time" if considered_at else "consideration_due", **facts)
