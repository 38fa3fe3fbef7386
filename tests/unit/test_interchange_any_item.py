"""Any item of any type, with pictures, passages, formulas and recordings in up to three languages, out and in again."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from itembank.interchange.qti.package import Package
from itembank.interchange.qti.writing import write_qti
from itembank.interchange.remarks import Defaults
from itembank.interchange.source import read_blocks, read_runs, written, written_blocks
from itembank.items.content import NewItem
from itembank.items.figures import NewFigure
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording
from server.core.terms import LANGUAGES
from tests.factories.itembank import new_item
from tests.factories.packages import PNG, SVG
from tests.unit.test_interchange_round_trip import ELSEWHERE, OPUS

SOUND = OPUS.read_bytes()
WORD = st.text(alphabet="абвгөңүABC123.,;:«»()<>&\"'", min_size=1, max_size=8)
PIECE = st.one_of(
    WORD, WORD.map("**{}**".format), WORD.map("_{}_".format),
    st.sampled_from(["$x^{2}$", "$\\frac{1}{2}${жарым}", "$\\sqrt{x} \\le 3{,}5$", "$\\sin \\alpha$", "\\\n",
                     "5 \\$"]),
)  # fmt: skip
LINE = st.lists(PIECE, min_size=1, max_size=4).map(" ".join)


def plain(line: str) -> str:
    """The line as it is written when nothing in it says less than it seems to."""
    return written(read_runs(line)) or "x"


def options(draw: Any, n: int) -> tuple[str, ...]:
    return tuple(f"{plain(draw(LINE))} {at}" for at in range(n))


def block(draw: Any, before: str = "") -> str:
    lines = "\n\n".join(draw(st.lists(LINE, min_size=1, max_size=3)))
    return written_blocks(read_blocks(f"{before} {lines}".strip())) or "?"


@st.composite
def items(draw: Any) -> NewItem:
    """An item that is whole: alike in its languages in all that must be."""
    kind = draw(st.sampled_from(["choice", "multiple_choice", "ordering", "matching", "inline_choice", "gap_match",
                                 "hotspot", "number", "accepted", "extended_text"]))  # fmt: skip
    n = draw(st.integers(3, 6))
    tongues = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True))
    has = {part: draw(st.booleans()) for part in ("figure", "passage", "recording")}
    texts = {each: text(draw, kind, n, has) for each in sorted(tongues)}
    changes: dict[str, Any] = {
        "multiple_choice": {"n_right": 2}, "number": {"number": draw(st.sampled_from(["12", "-0,5", "3.14"])),
                                                      "tolerance": draw(st.sampled_from([None, "0.1"]))},
        "hotspot": {"areas": tuple(f"rect {20 * at} 10 15 15" for at in range(n)), "n_right": draw(st.integers(1, 2))},
        "extended_text": {"words": draw(st.sampled_from([(None, None), (20, 150), (None, 80)]))},
    }.get(kind, {})  # fmt: skip
    type_ = "text_entry" if kind in ("number", "accepted") else kind
    is_shuffled = kind in ("number", "accepted", "extended_text", "hotspot") or draw(st.booleans())
    return new_item(
        draw(st.sampled_from(["GEO-1", "МАТ/1 «а»", "Кыр-7"])), type=type_, texts=texts, shuffle=is_shuffled,
        passage="Text 1" if has["passage"] else None, tier=draw(st.sampled_from(["basic", "medium", "raised"])),
        family=draw(st.sampled_from([None, "f-1"])), **changes,
    )  # fmt: skip


def text(draw: Any, kind: str, n: int, has: dict[str, bool]) -> NewText:
    figures = {"map": NewFigure(SVG, plain(draw(WORD)), draw(st.sampled_from([None, "Узун $x$.\n\nСөз."])))}
    figures |= {"photo": NewFigure(PNG, "Сүрөт")} if has["figure"] else {}
    before = "![photo]" if has["figure"] else ""
    gaps = {"inline_choice": "[[1]] жана [[2]]", "gap_match": "[[1]], [[2]]"}.get(kind, "")
    parts: dict[str, Any] = {
        "stem": block(draw, f"{before} {gaps}".strip()), "passage": block(draw) if has["passage"] else None,
        "figures": figures if kind == "hotspot" else {key: each for key, each in figures.items() if key == "photo"},
        "recording": NewRecording(SOUND, "Жарыя", "Биринчи.\n\n«Экинчи».", 3) if has["recording"] else None,
    }  # fmt: skip
    if kind == "inline_choice":
        parts["menus"] = tuple(tuple(f"{draw(WORD)} {at}" for at in range(3)) for _ in range(2))
    elif kind == "accepted":
        parts["accepted"] = tuple(f"{draw(WORD)} {at}" for at in range(2))
    elif kind == "extended_text":
        parts["rubric"] = block(draw)
    elif kind != "number":
        parts["options"] = options(draw, n)
    if kind == "matching":
        parts["prompts"] = options(draw, n - 1)
    if kind == "hotspot":
        parts["picture"] = "map"
    return NewText(**parts)


@given(items())
@settings(max_examples=120, deadline=None)
def test_any_item_comes_back_equal_and_nothing_is_said_of_it(item: NewItem) -> None:
    [outcome] = Package(write_qti([item]), Defaults(ELSEWHERE.subject, ELSEWHERE.area, "medium", "en"))
    assert (outcome.problems, outcome.notes) == ((), ())
    assert outcome.item == item
