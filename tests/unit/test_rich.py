"""Authoring text to node trees: what is allowed, what is refused, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.items import rich
from itembank.items.formula import math
from itembank.items.rich import FormulaError


def el(tag: str, *children: object, **attributes: str) -> dict[str, object]:
    return {"t": tag, "a": attributes, "c": list(children)}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Бир\nсап", [el("p", "Бир сап")]),
        ("Бир\n\n  Эки", [el("p", "Бир"), el("p", "Эки")]),
        ("_Той_ деген (_-ген_).", [el("p", el("em", "Той"), " деген (", el("em", "-ген"), ").")]),
        ("**Эч** ким", [el("p", el("strong", "Эч"), " ким")]),
        ("**эч _ким_**", [el("p", el("strong", "эч ", el("em", "ким")))]),
        ("бош ____ орун", [el("p", "бош ____ орун")]),
        ("snake_case_name", [el("p", "snake_case_name")]),
        (r"5 \$ жана \_белги\_", [el("p", "5 $ жана _белги_")]),
        ("бир\\\nэки", [el("p", "бир", el("br"), "эки")]),
        ("китеп[_тер_]де, [_a_b_]", [el("p", "китеп", el("em", "тер"), "де, ", el("em", "a_b"))]),
        (r"\[[1]], !\[map] жана \[\_x\_]", [el("p", "[[1]], ![map] жана [_x_]")]),
        (r"\{2; 3}", [el("p", "{2; 3}")]),
        ("a * b * c", [el("p", "a * b * c")]),
        ("<b>x</b> & y", [el("p", "<b>x</b> & y")]),
    ],
)
def test_prose(text: str, tree: list[object]) -> None:
    assert rich.paragraphs(text, "ky") == tree


@pytest.mark.parametrize(
    ("latex", "children"),
    [
        ("x^{2}", [el("msup", el("mi", "x"), el("mn", "2"))]),
        (r"\frac{1}{2}", [el("mfrac", el("mn", "1"), el("mn", "2"))]),
        ("2{,}5", [el("mn", "2,5")]),
        ("(2, 5)", [el("mo", "(", stretchy="false"), el("mn", "2"), el("mo", ","), el("mn", "5"),
                    el("mo", ")", stretchy="false")]),
        (r"\sqrt{2}", [el("msqrt", el("mn", "2"))]),
        (r"\text{<script>}", [el("mtext", "<script>")]),
    ],
)  # fmt: skip
def test_formula(latex: str, children: list[object]) -> None:
    assert math(latex)["c"] == children


def test_formula_carries_its_spoken_form() -> None:
    [before, formula, after] = rich.inline("Если $x^2 = 9$, то", "ru")
    assert (before, after) == ("Если ", ", то")
    assert formula["a"] == {"display": "inline", "alttext": "икс в квадрате равно 9"}  # type: ignore[index]
    assert rich.spoken([before, formula, after], "ru") == "Если икс в квадрате равно 9, то"


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}{2", r"\frac{1}", "x^", "x__2", "}", r"\foo", r"\left( x", r"\begin{cases} x", "", "   ",
        r"\href{javascript:alert(1)}{x}", r"\color{red}{x}", "{" * 30 + "}" * 30, "1" * 2000,
    ],
)  # fmt: skip
def test_bad_formula_is_named(latex: str) -> None:
    with pytest.raises(FormulaError) as caught:
        rich.inline(f"Эсептегиле: ${latex}$", "ky")
    assert caught.value.formula[:20] == latex[:20]


def test_lone_dollar_is_refused() -> None:
    with pytest.raises(FormulaError):
        rich.inline("баасы 5$", "ky")


@pytest.mark.parametrize(
    "tree",
    [
        [el("script", "alert(1)")],
        [el("p", "x", onclick="alert(1)")],
        [el("p", el("em", el("img", src="//evil")))],
        [el("math", href="javascript:")],
        [{"t": "p", "a": {}, "c": [], "html": "<b>"}],
    ],
)
def test_check_refuses_what_is_not_on_the_list(tree: list[object]) -> None:
    with pytest.raises(ValueError):
        rich.check(tree)  # type: ignore[arg-type]


MARKS = st.sampled_from("$_*\\\n {}^/<>&абвxyz12.,;()[]|")
TEXT = st.text(st.one_of(MARKS, st.characters(exclude_categories=("Cs",))), max_size=80)


@given(TEXT)
def test_any_text_becomes_an_allowed_tree_or_a_named_error(text: str) -> None:
    try:
        tree = rich.paragraphs(text, "ru")
    except FormulaError:
        return
    rich.check(tree)
    assert isinstance(rich.spoken(tree, "ru"), str)


@given(st.text(st.characters(exclude_characters="$_*\\", exclude_categories=("Cs",)), max_size=200))
def test_text_without_marks_loses_nothing_but_spaces(text: str) -> None:
    plain = rich.words(rich.paragraphs(text, "ky"))
    assert "".join(plain.split()) == "".join(text.split())


@given(st.text(max_size=60))
def test_any_formula_is_shown_or_refused(latex: str) -> None:
    for language in ("ky", "ru", "en"):
        try:
            tree = rich.inline(f"${latex.replace('$', '')}$", language)
        except FormulaError:
            continue
        rich.check(tree)


def test_an_author_says_a_formula_in_other_words() -> None:
    [formula] = rich.inline("$x^2${икстин квадраты}", "ky")
    assert formula["a"]["alttext"] == "икстин квадраты"  # type: ignore[index]
    assert rich.spoken([formula], "ky") == "икстин квадраты"
    with pytest.raises(FormulaError):
        rich.inline("$x^2${ }", "ky")


def test_a_figure_stands_where_it_is_named_and_is_said_by_its_alternative() -> None:
    tree = rich.paragraphs("Караңыз:\n\n![map]", "ky")
    assert tree == [el("p", "Караңыз:"), el("p", el("figure", id="map"))]
    assert (rich.figures(tree), rich.spoken(tree, "ky", {"map": "карта"})) == (["map"], "Караңыз: карта")


def test_brackets_of_emphasis_that_never_close_are_words() -> None:
    text = "[_a" * 3000
    assert rich.words(rich.paragraphs(text, "ky")) == text
