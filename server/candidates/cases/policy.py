"""What an edition says of one kind of case: its grounds, its papers with their titles, its judgement when handed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from server.candidates.cases.rules import CaseKind, CaseProcedureRule
from server.candidates.rules import (
    ExemptionCase,
    ExemptionRule,
    ExtensionRule,
    MakeUpCase,
    MakeUpRule,
    RepeatRule,
)
from server.core.errors import Invalid
from server.core.regulation import Edition
from server.core.ruling import Ruling
from server.core.terms import Named, find

CLAUSE = "DC-17.cases"
ADVICE = "advice"
PROVED = ("make_up_granted", "decision_missing")  # the reason has its paper, whether it is decided on or not


@dataclass(frozen=True)
class Asked:
    """A case as the law looks at it when it is handed in; `order` is that of the decision, empty before it."""

    ground: str
    papers: Collection[str]
    at: datetime
    order: str
    test_on: date | None
    extended_to: date | None
    is_excused: bool
    repeats_done: int


@dataclass(frozen=True)
class CasePolicy:
    """The rules of an edition for one kind of case."""

    edition: Edition
    kind: CaseKind

    @classmethod
    def of(cls, edition: Edition, kind: str) -> CasePolicy:
        """The policy of that kind; Invalid where the edition knows none."""
        found = find(procedure(edition).kinds, kind)
        if found is None:
            raise Invalid("case_kind_unknown")
        return cls(edition, found)

    def grounds(self) -> tuple[Named, ...]:
        """What may be given as ground; a repeat has none but the grade."""
        if self.kind.code == "exemption":
            return self.edition.get(self.kind.clause, ExemptionRule).grounds
        return () if self.kind.code == "repeat" else self.edition.get("DC-18", MakeUpRule).reasons

    def papers(self) -> tuple[Named, ...]:
        """The kinds of paper that may go with it, in their order."""
        every = (*self.edition.get("DC-17", ExemptionRule).papers, *self.edition.get("DC-18", MakeUpRule).evidence,
                 *procedure(self.edition).papers)  # fmt: skip
        return tuple(found for code in self.kind.papers if (found := find(every, code)) is not None)

    def judge(self, asked: Asked) -> Ruling:
        """What the law says of the case as it stands, with the number of the decision if there is one."""
        if self.kind.code == "exemption":
            case = ExemptionCase(ground=asked.ground, papers=asked.papers, filed_at=asked.at, test_on=asked.test_on)
            return self.edition.get(self.kind.clause, ExemptionRule).judge(case)
        if self.kind.code == "repeat":
            return self.edition.get(self.kind.clause, RepeatRule).judge(asked.repeats_done, ADVICE in asked.papers)
        if self.kind.code == "make_up":
            return self._absence(asked)
        if asked.test_on is None or asked.extended_to is None:
            raise Invalid("case_without_day")
        rule = self.edition.get(self.kind.clause, ExtensionRule)
        is_proved = asked.is_excused or self._absence(asked).code in PROVED
        return rule.judge(asked.test_on, asked.extended_to, is_proved, asked.order)

    def _absence(self, asked: Asked) -> Ruling:
        rule = self.edition.get("DC-18", MakeUpRule)
        return rule.judge(MakeUpCase(reason=asked.ground, evidence=asked.papers, decision=asked.order))


def procedure(edition: Edition) -> CaseProcedureRule:
    """Who hands in and decides which cases, with what files."""
    return edition.get(CLAUSE, CaseProcedureRule)
