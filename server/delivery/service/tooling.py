"""The testing office decides which tools the candidate's page of a sitting has, within the edition (DC-15)."""

from __future__ import annotations

from collections.abc import Collection

from server.core.errors import Invalid
from server.core.work import Work
from server.delivery.tools import queries


def decide(work: Work, sitting_id: int, tools: Collection[str]) -> None:
    """The sitting offers these tools; refused where the edition forbids one, or once a candidate has signed in."""
    sitting = queries.of_office(work, sitting_id, to_change=True)
    rule = queries.rule_of(sitting)
    for tool in sorted(tools):
        rule.judge(tool).or_refuse()
    if queries.is_fixed(work, sitting_id):
        raise Invalid("tools_too_late")
    sitting.tools = list(rule.offered(tools))
    work.record(
        "sitting:tools", f"sitting:{sitting_id}", clause=queries.CLAUSE, tools=", ".join(sitting.tools)
    )
