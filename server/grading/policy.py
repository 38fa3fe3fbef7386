"""What the edition of a sitting says of scoring and of the right to the certificate, gathered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from proctor.irregularities.rules import ViolationsRule
from server import delivery
from server.candidates.rules import SubjectsRule
from server.core.regulation import Edition
from server.core.work import Work
from server.delivery.rules import LatenessRule, SealRule, SectionTimeRule
from server.grading.rules import DistinctionRule, GradeCutsRule


@dataclass(frozen=True)
class Policy:
    """The rules that grading asks, of one edition."""

    edition: Edition
    times: SectionTimeRule
    seal: SealRule
    violations: ViolationsRule
    lateness: LatenessRule
    cuts: GradeCutsRule
    distinction: DistinctionRule
    subjects: SubjectsRule

    @classmethod
    def of(cls, edition: Edition) -> Policy:
        """The policy of an edition."""
        return cls(
            edition,
            edition.get("DC-12", SectionTimeRule),
            edition.get("DC-14", SealRule),
            edition.get("DC-15", ViolationsRule),
            edition.get("DC-16", LatenessRule),
            edition.get("DC-20", GradeCutsRule),
            edition.get("DC-21", DistinctionRule),
            edition.get("DC-3", SubjectsRule),
        )

    def subject_titles(self, language: str) -> Mapping[str, str]:
        """Subject code → title."""
        return {each.code: each.title(language) for each in self.subjects.subjects}

    def grade_titles(self, language: str) -> Mapping[str, str]:
        """Grade code → title, from the highest to the lowest."""
        return {band.code: band.title(language) for band in self.cuts.grades}


def policy_of(work: Work, sitting_id: int) -> Policy:
    """The policy of the edition that the sitting pinned."""
    return Policy.of(delivery.sitting_ref(work, sitting_id).edition)
