"""Tests on paper: data comes out as it is, formulas are set, every copy is whole, and the same makes the same bytes."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from itembank.items import rich
from server.core.paper import press_booklet
from server.core.paper.booklet import Answers, Booklet, Cover, Figure, Passage, Prose, Task, Tree
from tests.factories.packages import PNG, SVG

COVER = Cover((("Предмет", "Математика"),), "Код", 8, "Баштоодон мурда", ("Бир",))
LATEX = (
    r"\frac{x^2+1}{\sqrt{2}}", r"\left(\frac{1}{2}\right)^2", r"\sum_{i=1}^{n} x_i", r"\vec{AB}", r"\overline{CD}",
    r"-2{,}5 \cdot 10^{3} \le x", r"\sin\alpha", r"\begin{cases} x+y=1 \\ x-y=2 \end{cases}", r"\sqrt[3]{8}",
    r"\log_2 8", r"\int_0^1 f(x)\,dx", r"\angle ABC = 90^\circ", r"\lim_{x \to 0} x", r"|x| < 3",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", r"30 \text{ см}", r"A \cup B", r"\{1; 2\}",
)  # fmt: skip


def tree(source: str) -> Tree:
    return tuple(rich.paragraphs(source, "ky"))


def a_booklet(*blocks: Any, copies: tuple[str, ...] = ("M · 1",)) -> Booklet:
    return Booklet("ky", "1-вариант", "Математика", "{n} / {all}", 1_778_554_800, COVER, blocks, copies)


def pages(booklet: Booklet) -> list[str]:
    read = PdfReader(io.BytesIO(press_booklet(booklet))).pages
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in read]


@pytest.mark.parametrize("latex", LATEX)
def test_formulas_are_set_and_told(latex: str) -> None:
    pdf = press_booklet(a_booklet(Task("1", tree(f"Эсепте: ${latex}$ ."), "")))
    assert b"pdfuaid" in pdf
    assert "$" not in PdfReader(io.BytesIO(pdf)).pages[1].extract_text()


def test_letters_of_a_formula_are_not_run_into_words() -> None:
    assert "𝑥 = 1" in " ".join(pages(a_booklet(Task("1", tree("$x=1$"), ""))))


@pytest.mark.parametrize("said", [
    '#panic("x")', "*b* = _c_", "back\\slash", "@ref <label>", "// no", "{n} {all}", "]]}})",
])  # fmt: skip
def test_no_text_is_read_as_markup(said: str) -> None:
    node = ({"t": "p", "a": {}, "c": [said]},)
    task = Task(said, node, said, ((said, node),), ((said, node),), True, 1, 20, said)
    booklet = replace(a_booklet(Passage(said, node), task, Answers((said,), ((said,),)), Prose(said, node)), head=said)
    squeezed = "".join("".join(pages(booklet)).split())
    assert squeezed.count("".join(said.split())) >= 12


@pytest.mark.parametrize(("data", "type_"), [(SVG, "svg"), (PNG, "png")])
def test_pictures_stand_where_the_text_names_them(data: bytes, type_: Any) -> None:
    figures = {"map": Figure(data, 300, type_, "Карта")}
    pdf = press_booklet(a_booklet(Task("1", tree("Көр: ![map]"), "", figures=figures)))
    assert b"pdfuaid" in pdf
    assert len(pdf) > len(press_booklet(a_booklet(Task("1", tree("Көр:"), ""))))


def test_every_copy_is_whole_and_counts_its_own_pages() -> None:
    found = pages(a_booklet(Task("1", tree("Бир"), "", lines=20), copies=("M · 1", "M · 2")))
    assert len(found) == 4
    for n, page in enumerate(found):
        assert f"M · {n // 2 + 1}" in page
        assert f"{n % 2 + 1} / 2" in page


def test_the_same_test_is_the_same_bytes() -> None:
    one, other = (a_booklet(Task("1", tree("Бир $x$"), "")) for _ in range(2))
    assert press_booklet(one) == press_booklet(other)
    assert press_booklet(one) != press_booklet(replace(one, copies=("M · 2",)))
