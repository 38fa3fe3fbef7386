"""Judgements on what reports say.
Pure: facts in, Ruling out; lists of subjects, profiles and parts come from the edition."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from server.core.regulation import Rule, Ruling, rule
from server.core.terms import Named, codes


@rule("aggregates")
@dataclass(frozen=True, kw_only=True)
class AggregatesRule(Rule):
    """By what results are analysed (DC-2)."""

    breakdowns: tuple[Named, ...]

    def judge(self, breakdown: str) -> Ruling:
        """Whether results may be broken down so."""
        if breakdown in codes(self.breakdowns):
            return self.allow("breakdown_offered", breakdown=breakdown)
        return self.refuse("breakdown_unknown", breakdown=breakdown, offered=codes(self.breakdowns))


@rule("area_strengths")
@dataclass(frozen=True, kw_only=True)
class AreaStrengthsRule(Rule):
    """When a report says that a candidate, or a group, is stronger in a content area than in the rest (DC-2)."""

    spread: Decimal
    level: Decimal
    margin_points: int

    def judge(self, n_tasks: int, p_ahead: float, p_alike: float) -> Ruling:
        """What may be said of the area, given how probable it is; refused where the tasks are too few to tell."""
        facts = {"tasks": n_tasks, "p_ahead": round(p_ahead, 2), "p_alike": round(p_alike, 2)}
        if n_tasks and p_ahead >= self.level:
            return self.allow("area_ahead", **facts)
        if n_tasks and 1 - p_ahead >= self.level:
            return self.allow("area_behind", **facts)
        if n_tasks and p_alike >= self.level:
            return self.allow("area_alike", **facts)
        return self.refuse("too_few_tasks", **facts)

    def judge_group(self, n: int, p_ahead: float, claims: int) -> Ruling:
        """The same of a group of n in one of so many areas; all that is claimed together is as probable as one is."""
        facts = {"n": n, "p_ahead": round(p_ahead, 2)}
        doubt = (1 - self.level) / max(1, claims)
        if n and 1 - p_ahead <= doubt:
            return self.allow("area_ahead", **facts)
        if n and p_ahead <= doubt:
            return self.allow("area_behind", **facts)
        return self.refuse("no_clear_difference", **facts)


@rule("group_figures")
@dataclass(frozen=True, kw_only=True)
class GroupFiguresRule(Rule):
    """How many candidates a group has at least whose figures stand beside those of others (DC-2)."""

    group_min: int

    def judge(self, n: int) -> Ruling:
        """Whether figures of so many candidates are shown."""
        if n >= self.group_min:
            return self.allow("group_shown", n=n)
        return self.refuse("group_too_small", group_min=self.group_min)


@rule("outcome_lists")
@dataclass(frozen=True, kw_only=True)
class OutcomeListsRule(Rule):
    """Which lists the outcome of a session consists of (CS-10, CS-13)."""

    lists: tuple[Named, ...]

    def judge(self, present: Collection[str]) -> Ruling:
        """Whether the outcome has every list."""
        missing = [each for each in codes(self.lists) if each not in present]
        if missing:
            return self.refuse("outcome_lists_missing", missing=missing)
        return self.allow("outcome_complete", lists=codes(self.lists))


@rule("low_grades")
@dataclass(frozen=True, kw_only=True)
class LowGradesRule(Rule):
    """Who stands on the list of those with low grades only (CS-11)."""

    grades: tuple[str, ...]

    def judge(self, grades: Collection[str]) -> Ruling:
        """Whether a candidate with these grades belongs on the list."""
        if grades and set(grades) <= set(self.grades):
            return self.allow("low_grades_only", grades=sorted(grades))
        return self.refuse("not_low_grades_only", grades=sorted(grades))


@rule("parents_told")
@dataclass(frozen=True, kw_only=True)
class ParentsToldRule(Rule):
    """Which lists are shown to whom (CS-16)."""

    lists: tuple[str, ...]
    shown_to: tuple[str, ...]

    def judge(self, name: str, told: Collection[str]) -> Ruling:
        """Whether everybody who must see the list has been shown it."""
        missing = [who for who in self.shown_to if name in self.lists and who not in told]
        if missing:
            return self.refuse("list_not_shown", list=name, missing=missing)
        return self.allow("list_shown", list=name, told=sorted(told))
