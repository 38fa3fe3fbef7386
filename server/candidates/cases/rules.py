"""Judgement on how a case is handed in and decided: by whom, with which files, within which term (DC-17 to DC-19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, Term, codes, find


@dataclass(frozen=True, kw_only=True)
class CaseKind(Named):
    """A kind of case: its clause, the papers that may go with it, who hands it in, who decides it and how soon."""

    clause: str
    papers: tuple[str, ...]
    filed_by: tuple[str, ...]
    decided_by: tuple[str, ...]
    term: Term


@rule("case_procedure")
@dataclass(frozen=True, kw_only=True)
class CaseProcedureRule(Rule):
    """Who hands in and decides which cases, with what files (DC-17, DC-18, CS-12, CS-18)."""

    kinds: tuple[CaseKind, ...]
    papers: tuple[Named, ...]
    file_types: tuple[str, ...]
    file_max_mb: int
    files_max: int

    def __post_init__(self) -> None:
        require(len({kind.code for kind in self.kinds}) == len(self.kinds), "kinds", "one named twice")

    def judge_filing(self, kind: str, organisation: str) -> Ruling:
        """Whether an organisation of this kind may hand in such a case."""
        found = find(self.kinds, kind)
        if found is None:
            return self.refuse("case_kind_unknown", kind=kind, kinds=codes(self.kinds))
        if organisation not in found.filed_by:
            return self.refuse("case_not_filed_by", organisation=organisation, filed_by=found.filed_by)
        return self.allow("case_may_be_filed", kind=kind, organisation=organisation)

    def judge_decider(self, kind: CaseKind, organisation: str) -> Ruling:
        """Whether an organisation of this kind may decide it, and take back what was granted."""
        if organisation not in kind.decided_by:
            return self.refuse("case_not_decided_by", organisation=organisation, decided_by=kind.decided_by)
        return self.allow("case_may_be_decided", kind=kind.code, organisation=organisation)

    def judge_file(self, kind: CaseKind, paper: str, media_type: str, size_mb: int, n_before: int) -> Ruling:
        """Whether a file of so many megabytes, a begun one counting whole, may stand among the papers of a case."""
        facts = {"paper": paper, "media_type": media_type, "size_mb": size_mb}
        if paper not in kind.papers:
            return self.refuse("case_paper_unknown", papers=kind.papers, **facts)
        if media_type not in self.file_types:
            return self.refuse("case_file_type", types=self.file_types, **facts)
        if not 0 < size_mb <= self.file_max_mb:
            return self.refuse("case_file_size", max_mb=self.file_max_mb, **facts)
        if n_before >= self.files_max:
            return self.refuse("case_files_many", files_max=self.files_max, **facts)
        return self.allow("case_file_taken", **facts)

    def last(self, kind: CaseKind, submitted_at: datetime) -> datetime:
        """By when a case handed in then must be decided."""
        return kind.term.last(submitted_at, self.zone, self.calendar)
