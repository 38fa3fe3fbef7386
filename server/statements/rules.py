"""Judgements on what a statement of the confirmed right says: exemptions and admissions that follow from it.
Pure: facts in, Ruling out; lists of papers, subjects and profiles come from the edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server.core.regulation import Rule, Ruling, rule
from server.core.terms import Named, codes, find


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
