"""A table of simple items as items of the bank: each row by itself, so that one bad row costs no other.
Every remark names its row and its column as the writer sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from itembank.interchange.archive import shown
from itembank.interchange.complete import look
from itembank.interchange.qti.names import code
from itembank.interchange.remarks import Defaults, Outcome, Remark, Slate
from itembank.interchange.tables import columns
from itembank.interchange.tables.cells import FORMULA, UNREADABLE, rows
from itembank.interchange.tables.columns import ANSWERS, LETTERS, SIMPLE, TIERS, TYPES, YES_NO
from itembank.items.bounds import LONGEST_BLOCK, LONGEST_LINE, LONGEST_NAME
from itembank.items.content import NewItem
from itembank.items.parts import ItemType, NewText
from server.core.errors import Invalid
from server.core.terms import LANGUAGES


class Table:
    """The items of a table, in their order."""

    def __init__(self, data: bytes, defaults: Defaults) -> None:
        found = list(rows(data))
        if not found:
            raise Invalid("table_empty")
        (_number, first), *self._rows = found
        self._defaults = defaults
        self._heads = {at: key for at, text in first.items() if (key := columns.known(text))}
        self._names = {key: " ".join(first[at].split()) for at, key in self._heads.items()}
        if not any(key.startswith("stem_") for key in self._names):
            raise Invalid("table_heads")
        if len(self._names) != len(self._heads):
            raise Invalid("table_heads_twice")
        if not self._rows:
            raise Invalid("table_empty")
        self._strange = sorted(shown(" ".join(text.split())) for at, text in first.items() if at not in self._heads)
        self._headed = set(first)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Outcome]:
        return (self.outcome(at) for at in range(len(self)))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is said of the table as a whole."""
        return tuple(Remark("table_column_unknown", {"column": each}) for each in self._strange)

    def outcome(self, at: int) -> Outcome:
        """What becomes of the row at that place."""
        number, found = self._rows[at]
        named = {self._heads[place]: text for place, text in found.items() if place in self._heads}
        # A line's end after a single answer says that a semicolon belongs to it.
        cells = {key: text if key.startswith(ANSWERS.code) else text.strip() for key, text in named.items()}
        row = _Row(number, cells, self._names, self._defaults)
        if set(found) - self._headed:
            row.slate.note("table_stray", row=number, n=len(set(found) - self._headed))
        item = row.item()
        if item is not None:
            look(item, row.slate)
        slate = row.slate
        is_taken = item is not None and not slate.problems
        taken = item if is_taken else None
        return Outcome(str(number), shown(cells.get("code", "")), taken, tuple(slate.problems), tuple(slate.notes))


class _Row:
    """One row; what is wrong with it stands on its slate."""

    def __init__(self, number: int, cells: Mapping[str, str], names: Mapping[str, str], defaults: Defaults) -> None:
        self.number, self.cells, self.names, self.defaults = number, cells, names, defaults
        self.slate = Slate()

    def item(self) -> NewItem | None:
        """The item; None if the row cannot be one."""
        for key, text in self.cells.items():
            most = _longest(key)
            if text == FORMULA:
                self.problem("table_formula", key)
            elif text == UNREADABLE:
                self.problem("table_unreadable", key)
            elif len(text) > most:
                self.problem("table_long", key, most=most)
        if self.slate.problems:
            return None  # what a cell says may be read only where it can be
        letters = self._letters()
        right = self._right(letters)
        kind = self._kind(letters, right)
        tier = columns.coded(self.cells.get("tier", ""), TIERS) or self.defaults.tier
        if tier not in [each.code for each in TIERS]:
            self.problem("table_word", "tier")
        if self.slate.problems:
            return None
        order = right + [letter for letter in letters if letter not in right]
        tongues = [tag for tag in LANGUAGES if self.cells.get(f"stem_{tag}")]
        return NewItem(
            code=code(self.cells.get("code", "")), tier=cast(Any, tier), type=kind,
            subject=columns.coded(self.cells.get("subject", "")) or self.defaults.subject,
            area=columns.coded(self.cells.get("area", "")) or self.defaults.area,
            family=code(self.cells.get("family", "")) or None,
            number=self.cells.get("number"), tolerance=self.cells.get("tolerance"), n_right=max(1, len(right)),
            shuffle=columns.coded(self.cells.get("shuffle", "yes"), YES_NO) != "no",
            texts={tag: self._text(tag, order) for tag in tongues},
        )  # fmt: skip

    def problem(self, said: str, key: str, **facts: Any) -> None:
        """What is wrong, with the row and the heading of the column."""
        self.slate.problem(said, row=self.number, column=self.names.get(key, key), **facts)

    def _text(self, language: str, order: list[str]) -> NewText:
        options = tuple(self.cells[f"{letter}_{language}"] for letter in order)
        return NewText(self.cells[f"stem_{language}"], options, answers(self.cells.get(f"accepted_{language}", "")))

    def _letters(self) -> list[str]:
        """The letters of the options, which are the same in every language."""
        tongues = [tag for tag in LANGUAGES if any(key.endswith(f"_{tag}") for key in self.cells)]
        if not tongues:
            self.problem("table_missing", f"stem_{self.defaults.language}")
        found = {tag: [letter for letter in LETTERS if f"{letter}_{tag}" in self.cells] for tag in tongues}
        for tag in tongues:
            if f"stem_{tag}" not in self.cells:
                self.problem("table_missing", f"stem_{tag}")
            for letter in sorted({each for letters in found.values() for each in letters} - set(found[tag])):
                self.problem("table_missing", f"{letter}_{tag}")
        return found[tongues[0]] if tongues else []

    def _right(self, letters: list[str]) -> list[str]:
        """The letters that are right, in the order of the alphabet."""
        written = self.cells.get("correct", "")
        if not letters:
            if written:
                self.problem("table_right", "correct")
            return []
        named = re.split(r"[\s,;.]+", written.upper().translate(_CYRILLIC).strip(" ,;."))
        if len(named) == 1 and len(named[0]) > 1:
            named = list(named[0])
        if not named or not set(named) <= set(letters) or len(set(named)) != len(named):
            self.problem("table_right", "correct")
        return sorted(set(named) & set(letters))

    def _kind(self, letters: list[str], right: list[str]) -> ItemType:
        """The type that the row names, or that its cells are of."""
        written = columns.coded(self.cells.get("type", ""), TYPES)
        usual = "text_entry" if not letters else "choice" if len(right) < 2 else "multiple_choice"
        kind = written or usual
        if kind not in SIMPLE:
            self.problem("table_type", "type")
        elif (kind == "text_entry") != (not letters) or (kind == "choice" and len(right) > 1):
            self.problem("table_type_other", "type")
        return cast(ItemType, kind if kind in SIMPLE else "choice")


def _longest(key: str) -> int:
    """How many characters a cell of that column may hold."""
    if "_" not in key:
        return LONGEST_NAME * 4  # a title with its code in brackets
    return LONGEST_LINE if key.split("_")[0] in LETTERS else LONGEST_BLOCK


def answers(cell: str) -> tuple[str, ...]:
    """The answers of a cell: one a line, or on one line with semicolons between them."""
    parts = cell.split("\n") if "\n" in cell else cell.split(";")
    return tuple(part.strip() for part in parts if part.strip())


_CYRILLIC = str.maketrans("АВСЕН", "ABCEH")  # typed on a Cyrillic keyboard they look the same
