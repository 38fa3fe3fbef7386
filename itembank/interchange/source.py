"""The author's source as a row of runs, its formulas still in LaTeX, and back again.
`itembank.items.rich` decides what a mark is; here stands only how to write what it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Literal

from itembank.items.rich import MARK

Kind = Literal["strong", "em", "formula", "figure", "gap", "br"]
_SPACES = re.compile(r"[ \t\r\n]+")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_ESCAPED = "$\\_*[{"


@dataclass(frozen=True)
class Mark:
    """What is no plain text: with its `runs` inside, or with its LaTeX or name as `text`."""

    kind: Kind
    runs: tuple[Run, ...] = ()
    text: str = ""
    said: str | None = None


Run = str | Mark
BREAK = Mark("br")
SHORT = 2000  # up to here every way to write it is tried; of a longer text none or all are escaped


def read_blocks(text: str) -> list[list[Run]]:
    """The runs of each paragraph."""
    return [read_runs(part) for part in _PARAGRAPH.split(text.strip()) if part]


def read_runs(text: str) -> list[Run]:
    """The runs of one paragraph, neighbouring strings joined."""
    return joined(list(_runs(text.strip())))


def written_blocks(blocks: Sequence[Sequence[Run]]) -> str:
    """The paragraphs as an author would write them; those with nothing in them are left out."""
    return "\n\n".join(part for part in map(written, blocks) if part)


def written(runs: Sequence[Run]) -> str:
    """The source that reads back as these runs: with no more backslashes than it needs."""
    wanted = trimmed(runs)
    plain = _all(wanted, "")
    found = [c for c in _ESCAPED if c in plain]
    sizes = range(len(found) + 1) if len(plain) <= SHORT else (0, len(found))
    for n in sizes:
        for escape in combinations(found, n):
            source = _all(wanted, "".join(escape))
            if read_runs(source) == wanted and not _has_lone(source):
                return source
    return written(_without_marks(wanted))


def _has_lone(source: str) -> bool:
    """Whether a dollar sign stands there without its pair, which the bank takes for a formula that does not end."""
    found = list(MARK.finditer(source))
    within = [each[each.lastgroup] for each in found if each.lastgroup in ("strong", "em", "part")]
    return any(each.lastgroup == "lone" for each in found) or any(map(_has_lone, within))


def is_exact(runs: Sequence[Run]) -> bool:
    """Whether the source can say all of it: emphasis in the middle of a word, say, it cannot."""
    return read_runs(written(runs)) == trimmed(runs)


def trimmed(runs: Sequence[Run]) -> list[Run]:
    """The runs with single spaces, none at the ends, and no emphasis of nothing."""
    return _stripped(joined([each for run in runs for each in _outward(run)]))


def joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbouring strings become one, empty ones vanish."""
    found: list[Run] = []
    for is_text, group in groupby(runs, key=lambda run: isinstance(run, str)):
        if is_text:
            text = _SPACES.sub(" ", "".join(run for run in group if isinstance(run, str)))
            found += [text] if text else []
        else:
            found += group
    return found


def _stripped(runs: list[Run]) -> list[Run]:
    kept = list(runs)
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip()
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip()
    while kept and kept[-1] == BREAK:
        kept.pop()
    return [run for run in kept if run != ""]


def _outward(run: Run) -> Iterator[Run]:
    """A space at the edge of an emphasis stands outside it."""
    if isinstance(run, str) or run.kind not in ("em", "strong"):
        yield run
        return
    inside = trimmed(run.runs)
    first, last = (run.runs[0], run.runs[-1]) if run.runs else ("", "")
    if isinstance(first, str) and first[:1].isspace():
        yield " "
    if inside:
        yield Mark(run.kind, tuple(inside))
    if isinstance(last, str) and last[-1:].isspace():
        yield " "


def _without_marks(runs: Sequence[Run]) -> list[Run]:
    """The same words without the emphasis that cannot be written where it stands."""
    plain: list[Run] = []
    for run in runs:
        plain += _without_marks(run.runs) if isinstance(run, Mark) and run.kind in ("em", "strong") else [run]
    return joined(plain)


def _all(runs: Sequence[Run], escape: str) -> str:
    around: list[Run] = ["", *runs, ""]
    return "".join(_one(run, escape, around[at], around[at + 2]) for at, run in enumerate(runs))


def _one(run: Run, escape: str, before: Run, after: Run) -> str:
    if isinstance(run, str):
        return "".join(f"\\{c}" if c in escape else c for c in run)
    inside = _all(run.runs, escape)
    if run.kind == "em":
        is_part = "_" in inside or _touches(before, -1) or _touches(after, 0)
        return f"[_{inside}_]" if is_part else f"_{inside}_"
    said = "" if run.said is None else f"{{{run.said}}}"
    return {
        "strong": f"**{inside}**", "formula": f"${run.text}${said}", "figure": f"![{run.text}]",
        "gap": f"[[{run.text}]]", "br": "\\\n",
    }[run.kind]  # fmt: skip


def _touches(run: Run, end: int) -> bool:
    """Whether a letter stands there, so that only a part of a word is emphasised."""
    return isinstance(run, str) and run != "" and (run[end].isalnum() or run[end] == "_")


def _runs(text: str) -> Iterator[Run]:
    end = 0
    for found in MARK.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        yield _mark(found)
    yield text[end:]


def _mark(found: re.Match[str]) -> Run:
    kind = found.lastgroup or ""
    if kind in ("formula", "said"):
        return Mark("formula", text=found["formula"], said=found["said"])
    if kind in ("strong", "em", "part"):
        return Mark("strong" if kind == "strong" else "em", tuple(joined(list(_runs(found[kind])))))
    if kind == "figure" or kind == "gap":
        return Mark("figure" if kind == "figure" else "gap", text=found[kind])
    return BREAK if kind == "br" else found[kind]
