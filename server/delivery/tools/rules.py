"""Judgements on the tools of the candidate's page: aids to reading and writing, and what the act forbids (DC-15).
Pure: facts in, Ruling out; the list of tools comes from the edition."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, codes, find


@dataclass(frozen=True, kw_only=True)
class ScreenTool(Named):
    """A tool: whether a sitting may offer it, and whether it does unless it decides otherwise."""

    allowed: bool
    offered: bool


@rule("screen_tools")
@dataclass(frozen=True, kw_only=True)
class ScreenToolsRule(Rule):
    """Which tools the candidate's page may have; a forbidden one is refused to every sitting (DC-15)."""

    tools: tuple[ScreenTool, ...]

    def __post_init__(self) -> None:
        wrong = [tool.code for tool in self.tools if tool.offered and not tool.allowed]
        require(not wrong, "tools", f"offers what it does not allow: {', '.join(wrong)}")

    def judge(self, tool: str) -> Ruling:
        """Whether a sitting may offer the tool; one that the edition does not list it may not."""
        found = find(self.tools, tool)
        if found is None or not found.allowed:
            return self.refuse("screen_tool_refused", tool=tool)
        return self.allow("screen_tool_allowed", tool=tool)

    def offered(self, decided: Collection[str] | None) -> tuple[str, ...]:
        """The tools of a sitting that has decided on these, or on nothing; never one that is not allowed."""
        wanted = [tool.code for tool in self.tools if tool.offered] if decided is None else decided
        return tuple(each for each in codes(self.tools) if each in wanted and self.judge(each).allowed)
