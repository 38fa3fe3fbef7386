"""Recipes: the arithmetic of their authors, what is wrong with one, and what comes of one that is right."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.generation.template import Choice
from itembank.recipes.expression import Impossible, Unreadable, read
from itembank.recipes.recipe import Faulty, Recipe, examples
from itembank.recipes.starting import EMPTY, EXAMPLES

EQUATION, DISCOUNT = EXAMPLES["equation"], EXAMPLES["discount"]
SMALL = st.integers(-20, 20)


def value(text: str, **numbers: int) -> object:
    return read(text).value({name: Fraction(number) for name, number in numbers.items()})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2*a + b", Fraction(7)), ("a^b", Fraction(8)), ("a : b", Fraction(2, 3)), ("a·b − 1", Fraction(5)),
        ("sqrt(a^2 * 9/4)", Fraction(3)), ("gcd(12, 18, 3*a)", Fraction(6)), ("abs(a - b)", Fraction(1)),
        ("floor(7/a)", Fraction(3)), ("min(a, b) + max(a, b)", Fraction(5)), ("7 % b", Fraction(1)),
        ("0.25*a", Fraction(1, 2)),
        ("a = 2", True), ("a == 2 and b != 2", True), ("a < b <= 3", True), ("not a > b or a ≠ 2", True),
        ("-a", Fraction(-2)),
    ],
)  # fmt: skip
def test_arithmetic_is_exact(text: str, expected: object) -> None:
    assert value(text, a=2, b=3) == expected


@given(SMALL, SMALL, SMALL)
def test_it_agrees_with_arithmetic_itself(a: int, b: int, c: int) -> None:
    assert value("a*b - c*(a + b)", a=a, b=b, c=c) == a * b - c * (a + b)
    assert value("a*b = b*a", a=a, b=b) is True
    if b:
        assert value("a/b*b = a", a=a, b=b) is True


@pytest.mark.parametrize(
    "text",
    ["", "a +", "__import__('os')", "a.b", "a[0]", "lambda: 1", "open(a)", "(a for a in b)", "f'{a}'", "'a'", "1j",
     "True", "a if b else c", "[1]", "gcd(*a)", "a := 2", "a @ b", "a << 99", "~a", "1e999", "9" * 40,
     "(" * 500 + "1" + ")" * 500, "+".join("a" * 90)],
)  # fmt: skip
def test_nothing_but_arithmetic_is_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize(
    "text",
    ["a/0", "a % 0", "sqrt(2)", "sqrt(-1)", "2^99", "0^(-1)", "gcd(1/2, 2)", "(9^9)^9", "a + (a = 2)", "not a",
     "abs(1, 2)", "min()", "(10^9)*(10^9)"],
)  # fmt: skip
def test_what_has_no_value_says_so(text: str) -> None:
    with pytest.raises(Impossible):
        read(text).value({"a": Fraction(2)})
    assert read(text).holds({"a": Fraction(2)}) is False


def problems(recipe: Recipe) -> set[tuple[str, str]]:
    with pytest.raises(Faulty) as raised:
        examples(recipe, 4, Random(1))
    return {(each.code, each.part) for each in raised.value.problems}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"parameters": "a = "}, ("recipe_parameter", "parameters")),
        ({"parameters": "a = 1..9\na = 2..3"}, ("recipe_parameter", "parameters")),
        ({"parameters": "answer = 1..9"}, ("recipe_parameter", "parameters")),
        ({"parameters": "2a = 1..9"}, ("recipe_parameter", "parameters")),
        ({"parameters": "a = 1..999"}, ("recipe_parameter", "parameters")),
        ({"parameters": "\n".join(f"{name} = 1..50" for name in "abxy")}, ("recipe_many", "parameters")),
        ({"parameters": "a = 1e10000000"}, ("recipe_parameter", "parameters")),
        ({"parameters": "a = 1/0"}, ("recipe_parameter", "parameters")),
        ({"given": "\n".join(["x != 0"] * 13)}, ("recipe_conditions", "given")),
        ({"given": "x !="}, ("recipe_expression", "given")),
        ({"given": "q > 1"}, ("recipe_unknown", "given")),
        ({"key": "answer"}, ("recipe_unknown", "key")),
        ({"check": "a = a"}, ("recipe_answer", "check")),
        ({"check": "answer = x + 1"}, ("recipe_check", "check")),
        ({"check": "answer = answer"}, ("recipe_check", "check")),
        ({"mistakes": "x + 1 | one more"}, ("recipe_mistakes", "mistakes")),
        ({"mistakes": "x + 1\nx + 2 | b\nx + 3 | c"}, ("recipe_why", "mistakes")),
        ({"mistakes": "x + | a\nx + 2 | b\nx + 3 | c"}, ("recipe_expression", "mistakes")),
        ({"stems": {"ky": " ", "ru": ""}}, ("recipe_stem", "stems")),
        ({"stems": {"ky": "$@(a + )x$"}}, ("recipe_expression", "stems.ky")),
        ({"stems": {"ky": "a", "ru": "@(q)"}}, ("recipe_unknown", "stems.ru")),
    ],
)
def test_what_is_wrong_is_named_with_its_place(changes: dict[str, object], problem: tuple[str, str]) -> None:
    assert problem in problems(replace(EQUATION, **changes))  # type: ignore[arg-type]


def test_everything_wrong_is_named_at_once() -> None:
    assert len(problems(EMPTY)) >= 4


@pytest.mark.parametrize("recipe", EXAMPLES.values(), ids=EXAMPLES)
def test_the_recipes_to_begin_from_work(recipe: Recipe) -> None:
    made = examples(recipe, 12, Random(2))
    assert len(made) == 12
    assert len({each.question.key for each in made}) == 12


@pytest.mark.parametrize("seed", range(20))
def test_every_key_is_right_and_every_wrong_answer_a_mistake_of_its_own(seed: int) -> None:
    for each in examples(EQUATION, 5, Random(seed)):
        a, b, x = each.parameters
        assert isinstance(each.question, Choice)
        assert each.question.key == x
        wrong = [value for value, _why in each.distractors]
        assert len({x, *wrong}) == 4
        assert all(a * value + b != a * x + b for value in wrong)
        assert all(why for _value, why in each.distractors)


def test_the_numbers_stand_in_every_language_with_their_signs() -> None:
    recipe = replace(EQUATION, parameters="a = 2\nb = -3\nx = 5, 6, 7, 8, 9", given="")
    stem = examples(recipe, 1, Random(1))[0].question.stem
    assert stem.ky.startswith("Теңдемени чыгаргыла: $2x - 3 = ")
    assert stem.ru.startswith("Решите уравнение: $2x - 3 = ")


def test_brackets_within_a_number_belong_to_it() -> None:
    recipe = replace(EQUATION, stems={"ky": "$@((a + b) * (x))$ (@(a))"}, parameters="a = 2\nb = 3\nx = 5..9", given="")
    made = examples(recipe, 1, Random(1))[0]
    assert made.question.stem.ky == f"${5 * made.parameters[2]}$ (2)"


def test_brackets_that_never_close_are_words() -> None:
    recipe = replace(EQUATION, stems={"ky": "@(" * 2000 + "a"})
    assert examples(recipe, 1, Random(1))[0].question.stem.ky == "@(" * 2000 + "a"


def test_only_so_many_sets_are_tried() -> None:
    rare = replace(EQUATION, parameters="a = 2\nb = 1..199\nx = 1..199\nz = 1..5", given="z = 9")
    assert examples(rare, 1, Random(1)) == []


def test_no_numbers_that_fit_give_no_items() -> None:
    assert examples(replace(EQUATION, given="x > 99"), 4, Random(1)) == []


def test_a_recipe_comes_back_as_it_was_kept() -> None:
    assert Recipe.from_json(EQUATION.to_json()) == EQUATION


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_is_a_recipe_or_named_as_faulty(parameters: str, key: str, stem: str) -> None:
    recipe = replace(DISCOUNT, parameters=parameters, key=key, stems={"ky": stem})
    with contextlib.suppress(Faulty):
        assert len(examples(recipe, 2, Random(1))) <= 2
