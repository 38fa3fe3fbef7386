"""Words of appeals that pages and papers share: states, outcomes, duties, roles and grounds of an edition."""

from __future__ import annotations

from collections.abc import Mapping

from server.appeals.commission import rule_of, titles
from server.appeals.filing import UNANSWERED
from server.appeals.rules import AppealMaterialRule, AppealScopeRule, UnansweredRule
from server.core.i18n import _, language
from server.core.regulation import Edition


def states() -> Mapping[str, str]:
    """Where a case stands."""
    return {
        "filed": _("filed"), "admitted": _("admitted to a hearing"), "heard": _("being heard"), "decided": _("decided"),
        "told": _("appellant told"), "closed": _("case closed"), "refused": _("not admitted"),
        "withdrawn": _("taken back"),
    }  # fmt: skip


def hearing_states() -> Mapping[str, str]:
    """Where a hearing stands."""
    return {"called": _("called"), "open": _("open"), "over": _("over")}


def outcomes() -> Mapping[str, str]:
    """What becomes of a task."""
    return {
        "unchanged": _("stays as it is"), "marks_changed": _("marks changed"), "item_struck": _("task struck"),
        "key_corrected": _("key corrected"),
    }  # fmt: skip


def choices() -> Mapping[str, str]:
    """How a member votes."""
    return {"for": _("for"), "against": _("against"), "abstain": _("abstain")}


def duties() -> Mapping[str, str]:
    """What waits for the reader in a case."""
    return {
        "admit": _("to admit or refuse"), "call": _("to put on a hearing"), "vote": _("your vote"),
        "sign": _("your signature"), "tell": _("to tell the appellant"),
    }  # fmt: skip


def filers() -> Mapping[str, str]:
    """Who filed an appeal."""
    return {"candidate": _("the candidate"), "department": _("the department")}


def grounds(edition: Edition) -> Mapping[str, str]:
    """What an appeal may ask, by code."""
    return titles(edition.get("DC-23", AppealScopeRule).grounds, language())


def instructions(edition: Edition, subject: str) -> list[tuple[str, str]]:
    """What the act bids the commission go by in the subject: each clause with its words."""
    rules = ("DC-26", edition.get("DC-26", AppealMaterialRule)), (UNANSWERED, edition.get(UNANSWERED, UnansweredRule))
    return [
        (clause, each.title(language()))
        for clause, rule in rules
        for each in rule.instructions
        if subject in each.subjects
    ]


def roles(edition: Edition) -> Mapping[str, str]:
    """The roles of the commission."""
    return titles(rule_of(edition).roles, language())


def bodies(edition: Edition) -> Mapping[str, str]:
    """The bodies it is drawn from."""
    return titles(rule_of(edition).bodies, language())


def interests(edition: Edition) -> Mapping[str, str]:
    """Why a member stands aside."""
    return titles(rule_of(edition).interests, language())
