"""Judgements on what reports and certificate statements say.
Pure: facts in, Ruling out; lists of subjects, profiles and parts come from the edition."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from server.core.regulation import Rule, Ruling, rule
from server.core.terms import Named, codes, find


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


@dataclass(frozen=True, kw_only=True)
class Paper(Named):
    """A paper of the state attestation and its form."""

    form: Literal["written", "oral"]


@rule("exempt_papers")
@dataclass(frozen=True, kw_only=True)
class ExemptPapersRule(Rule):
    """From which papers a confirmed candidate is exempt (DC-30)."""

    papers: tuple[Paper, ...]

    def judge(self, paper: str, is_confirmed: bool) -> Ruling:
        """Whether the candidate is exempt from the paper."""
        found = find(self.papers, paper)
        if found is None or not is_confirmed:
            return self.refuse("paper_not_exempt", paper=paper, is_confirmed=is_confirmed)
        return self.allow("paper_exempt", paper=paper, form=found.form)


@rule("university_benefit")
@dataclass(frozen=True, kw_only=True)
class UniversityBenefitRule(Rule):
    """Which subject tests of the university test the certificate stands for (DC-33)."""

    subjects: tuple[Named, ...]
    counted_as: str

    def judge(self, subject: str, is_confirmed: bool) -> Ruling:
        """Whether the candidate is exempt from that subject test."""
        if is_confirmed and subject in codes(self.subjects):
            return self.allow("subject_test_exempt", subject=subject, counted_as=self.counted_as)
        return self.refuse("subject_test_not_exempt", subject=subject, is_confirmed=is_confirmed)


@rule("college_benefit")
@dataclass(frozen=True, kw_only=True)
class CollegeBenefitRule(Rule):
    """Which colleges admit the holder without exams (DC-34)."""

    excluded_profiles: tuple[Named, ...]

    def judge(self, profile: str, is_confirmed: bool) -> Ruling:
        """Whether a college of this profile admits the candidate without exams."""
        if is_confirmed and profile not in codes(self.excluded_profiles):
            return self.allow("college_without_exams", profile=profile)
        return self.refuse("college_with_exams", profile=profile, is_confirmed=is_confirmed)


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
