"""How long the parts of an item may be, and how many: the same in the editor and in every file that comes in.
Pure; whoever refuses what is longer says so in its own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itembank.items.content import NewItem
from itembank.items.parts import NewText

LONGEST_BLOCK = 20_000  # a stem, a passage, a rubric: some ten pages
LONGEST_LINE = 4000  # an option, an answer, a text alternative
LONGEST_NAME = 40
MOST_LINES = 12
MOST_MENUS = 5
MOST_FIGURES = 12


def over(item: NewItem) -> Iterator[tuple[str, int]]:
    """Each part that is longer, or has more in it, than the bank keeps: its name, and how much would be taken."""
    names = {
        "code": item.code, "subject": item.subject, "area": item.area, "family": item.family, "passage": item.passage,
        "number": item.number, "tolerance": item.tolerance,
    }  # fmt: skip
    yield from ((part, LONGEST_NAME) for part, text in names.items() if text and len(text) > LONGEST_NAME)
    yield from _lines("areas", item.areas)
    if item.n_right > MOST_LINES:
        yield "n_right", MOST_LINES
    for language, text in item.texts.items():
        yield from ((f"{part}.{language}", most) for part, most in _of_text(text))


def _of_text(text: NewText) -> Iterator[tuple[str, int]]:
    heard = text.recording
    blocks = {
        "stem": text.stem, "passage": text.passage, "rubric": text.rubric, "recording": heard and heard.transcript,
        **{f"figures.{name}": each.description for name, each in text.figures.items()},
    }  # fmt: skip
    yield from ((part, LONGEST_BLOCK) for part, block in blocks.items() if block and len(block) > LONGEST_BLOCK)
    for part, lines in (("options", text.options), ("accepted", text.accepted), ("prompts", text.prompts)):
        yield from _lines(part, lines)
    for n, menu in enumerate(text.menus, start=1):
        yield from _lines(f"menus.{n}", menu)
    yield from _lines("figures", [each.alternative for each in text.figures.values()])
    yield from _lines("recording", [heard.title] if heard else [])
    if len(text.menus) > MOST_MENUS:
        yield "menus", MOST_MENUS


def _lines(part: str, lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    if len(lines) > MOST_LINES:
        yield part, MOST_LINES
    for line in lines:
        if len(line) > LONGEST_LINE:
            yield part, LONGEST_LINE
            return
