"""What is said of each item that came in or did not: codes and facts, worded in the reader's language by the web.
No fact holds a word of a stem, an option or a key: only names of files, elements, rows and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from itembank.items.content import NewItem
from server.core.errors import Invalid


@dataclass(frozen=True)
class Remark:
    """One thing to say: `code` has its sentence in server.web.messages."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of one item of a package or one row of a table.

    `item` is None exactly where there are `problems`; `notes` say what of it is not kept or is still to be done."""

    source: str
    code: str
    item: NewItem | None = None
    problems: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Defaults:
    """What an item gets that does not say it itself."""

    subject: str
    area: str = ""
    tier: str = "medium"
    language: str = "ky"


LONGEST_FACT = 200
MOST_REMARKS = 40  # of a kind on one item; whoever reads so many mends the file first


class Slate:
    """The remarks on one item while it is read; each is said once, and no more than anybody reads."""

    def __init__(self) -> None:
        self.problems: list[Remark] = []
        self.notes: list[Remark] = []

    def problem(self, code: str, **facts: Any) -> None:
        """The item cannot be taken; reading goes on to find what else is wrong."""
        _add(self.problems, Remark(code, _brief(facts)))

    def note(self, code: str, **facts: Any) -> None:
        """Something of the item is not kept, or is still to be done."""
        _add(self.notes, Remark(code, _brief(facts)))

    def failed(self, error: Invalid) -> None:
        """The item cannot be read any further."""
        self.problem(error.code, **error.facts)


def _brief(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts as they may stand in a sentence: what a file made long is cut."""
    return {name: f"{fact[:LONGEST_FACT]}…" if isinstance(fact, str) and len(fact) > LONGEST_FACT else fact
            for name, fact in facts.items()}  # fmt: skip


def _add(remarks: list[Remark], remark: Remark) -> None:
    if len(remarks) < MOST_REMARKS and remark not in remarks:
        remarks.append(remark)
    elif len(remarks) == MOST_REMARKS and remark not in remarks:
        remarks.append(Remark("import_more", {"most": MOST_REMARKS}))
