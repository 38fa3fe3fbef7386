"""What the commission may decide, and when enough of it has signed: the author of an item never counts for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from itembank.authoring.four_eyes import at_commission
from itembank.authoring.machine import FROZEN, MANUSCRIPT
from itembank.blueprints.rules import Approval, ContentApprovalRule, ReviewBoardRule
from server.core.ruling import Ruling

Verdict = Literal["approve", "rework", "rest", "wake", "retire"]
VERDICTS: tuple[Verdict, ...] = ("approve", "rework", "rest", "wake", "retire")


@dataclass(frozen=True)
class Board:
    """Who sits: names by staff id, the chair, the year of the commission; and the two clauses that bind it."""

    members: Mapping[int, str]
    chair_id: int
    commission_year: int
    content: ContentApprovalRule
    board: ReviewBoardRule

    def judge(self, signed: Collection[int], authors: Collection[int | None], year: int, minutes: str) -> Ruling:
        """Whether these signatures are enough for items of these authors: DC-5 and CS-17, each author left out."""
        ruling = self._judge_without(None, signed, year, minutes)
        for author in sorted({each for each in authors if each in self.members}, key=str):
            if not ruling.allowed:
                return ruling
            ruling = self._judge_without(author, signed, year, minutes)
        return ruling

    def _judge_without(self, author: int | None, signed: Collection[int], year: int, minutes: str) -> Ruling:
        people = [id_ for id_ in self.members if id_ in signed and id_ != author]
        approvals = [Approval(self.members[id_], id_ == self.chair_id) for id_ in people]
        ruling = self.content.judge(approvals, self.commission_year, year)
        return self.board.judge([self.members[id_] for id_ in people], minutes) if ruling.allowed else ruling


def may_decide(verdict: Verdict, state: str, item_type: str, is_withdrawn: bool = False) -> bool:
    """Whether the commission may decide so on an item that stands there; one that is withdrawn it may only retire."""
    if is_withdrawn and verdict != "retire":
        return False
    if verdict == "approve":
        return at_commission(state, item_type)
    if verdict == "wake":
        return state == "resting"
    return state in FROZEN if verdict == "rework" else MANUSCRIPT.allows(verdict, state)
