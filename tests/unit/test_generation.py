"""The generated mathematics bank: its shape, the truth of its keys, its texts; and the mechanism."""

import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import isclose, pi, sqrt
from random import Random

import pytest
from latex2mathml.converter import convert

from itembank.generation import AREAS, DraftItem, latex, mathematics_bank, mathematics_templates, seeded
from itembank.generation.template import Choice, Entry, Instance, Template, listed, template
from itembank.generation.values import Interval
from itembank.generation.wording import LANGUAGES, Said, decimal, everywhere

BANK = mathematics_bank()
TEMPLATES = mathematics_templates()
COMMANDS = {r"\frac", r"\sqrt", r"\cdot", r"\le", r"\ge", r"\pi", r"\left", r"\right"}
COMMANDS |= {r"\sin", r"\log", r"\infty", r"\cup", r"\circ"}
NUMERIC = r"-?(\d+|\d*\\pi|\d*\\sqrt\{\d+\}|\\frac\{(\d+|\d*\\pi|\d*\\sqrt\{\d+\})\}\{\d+\})"

each_template = pytest.mark.parametrize("each", TEMPLATES, ids=lambda each: each.code)


@cache
def instances(each: Template) -> tuple[Instance, ...]:
    return each.instances(seeded(each))


def items(each: Template) -> list[DraftItem]:
    return [item for item in BANK if item.family == f"MAT-{each.code}"]


def formulas(text: str) -> list[str]:
    return text.split("$")[1::2]


def prose(text: str) -> str:
    return " ".join(text.split("$")[::2])


def written(item: DraftItem, language: str) -> list[str]:
    return [item.texts[language].stem, *item.texts[language].options]


def content(language: str, text: str) -> tuple[list[str], list[str]]:
    """What no translation may change: the formulas and the numbers, as English writes them."""
    inside = [formula if language == "en" else formula.replace("; ", ", ") for formula in formulas(text)]
    found = re.findall(r"\d+(?:[.,]\d+)?", prose(text))
    return sorted(inside), sorted(found if language == "en" else [n.replace(",", ".") for n in found])


# The shape of the bank


def test_bank_fills_every_area_and_tier() -> None:
    cells = Counter((item.area, item.tier) for item in BANK)
    assert set(cells) == {(area, tier) for area in AREAS for tier in ("basic", "medium", "raised")}
    assert min(cells.values()) >= 8
    assert len(BANK) >= 200
    assert len(TEMPLATES) >= 40


@pytest.mark.parametrize(("tier", "share"), [("basic", 0.35), ("medium", 0.40), ("raised", 0.25)])
def test_tiers_are_shared_out_as_asked(tier: str, share: float) -> None:
    assert sum(item.tier == tier for item in BANK) / len(BANK) == pytest.approx(share, abs=0.02)


def test_about_one_item_in_seven_is_typed() -> None:
    typed = [item for item in BANK if item.type == "text_entry"]
    assert 0.12 < len(typed) / len(BANK) < 0.18
    assert all(item.number is not None and not item.distractor_reasons for item in typed)


def test_codes_and_stems_are_unique() -> None:
    assert len({item.code for item in BANK}) == len(BANK)
    assert len({each.code for each in TEMPLATES}) == len(TEMPLATES)
    for language in LANGUAGES:
        assert len({item.texts[language].stem for item in BANK}) == len(BANK)


def test_items_of_one_template_are_enemies() -> None:
    assert {item.family for item in BANK} == {f"MAT-{each.code}" for each in TEMPLATES}
    assert all(item.code.startswith(f"{item.family}-") for item in BANK)


def test_bank_is_the_same_every_time() -> None:
    assert mathematics_bank() == BANK


def test_areas_are_named_in_every_language() -> None:
    assert all(set(names) == set(LANGUAGES) for names in AREAS.values())


# Keys


@each_template
def test_check_accepts_every_key_and_refuses_every_distractor(each: Template) -> None:
    assert len(instances(each)) == each.count
    for instance in instances(each):
        each.verify(instance)


@each_template
def test_check_catches_a_wrong_key(each: Template) -> None:
    for instance in instances(each):
        question = instance.question
        if isinstance(question, Entry):
            wrong = [question.key + 1, question.key - 1, question.key + Fraction(1, 100)]
        else:
            wrong = [value for value, _ in instance.distractors]
        for value in wrong:
            with pytest.raises(ValueError, match="is wrong"):
                each.verify(replace(instance, question=replace(question, key=value), distractors=()))


@each_template
def test_options_are_four_and_differ(each: Template) -> None:
    for item in items(each):
        for language in LANGUAGES:
            options = item.texts[language].options
            if item.type == "choice":
                assert len(options) == len(set(options)) == 4
                assert len(item.distractor_reasons) == len(set(item.distractor_reasons)) == 3
            else:
                assert options == ()


@each_template
def test_written_options_have_different_values(each: Template) -> None:
    """Options that differ only in spelling, as 3√4 and 6 do, would make two answers right."""
    for item in items(each):
        numbers = [formulas(option) for option in item.texts["en"].options]
        if all(len(found) == 1 and re.fullmatch(NUMERIC, found[0]) for found in numbers):
            values = sorted(value_of(found[0]) for found in numbers)
            assert not any(isclose(a, b) for a, b in pairwise(values))


# Texts


@each_template
def test_languages_carry_the_same_formulas_and_numbers(each: Template) -> None:
    for item in items(each):
        english = [content("en", text) for text in written(item, "en")]
        for language in ("ky", "ru"):
            assert [content(language, text) for text in written(item, language)] == english


@each_template
def test_decimals_stand_in_prose_with_the_separator_of_the_language(each: Template) -> None:
    for item in items(each):
        for language, foreign in (("ky", r"\d\.\d"), ("ru", r"\d\.\d"), ("en", r"\d,\d")):
            for text in written(item, language):
                assert not re.search(foreign, prose(text))
                assert not any(re.search(r"\d[.,]\d", formula) for formula in formulas(text))


@each_template
def test_letters_belong_to_the_language(each: Template) -> None:
    for item in items(each):
        for language in ("ky", "ru"):
            assert not any(re.search("[A-Za-z]", prose(text)) for text in written(item, language))
        assert not any(re.search("[а-яёңөү]", prose(text), re.IGNORECASE) for text in written(item, "en"))
        assert not re.search("[ңөү]", prose(item.texts["ru"].stem))


@each_template
def test_formulas_become_clean_mathml(each: Template) -> None:
    for item in items(each):
        for language in LANGUAGES:
            for text in written(item, language):
                assert text.count("$") % 2 == 0
                for formula in formulas(text):
                    assert set(re.findall(r"\\[a-zA-Z]+", formula)) <= COMMANDS
                    assert not set(formula) & set("<>&%~")
                    assert formula.count("{") == formula.count("}")
                    assert "\\" not in convert(formula)


# The mechanism


def asked(key: int, *distractors: int) -> Choice:
    return Choice(everywhere(f"{key}?"), key, tuple((value, f"mistake {value}") for value in distractors))


def usable(choice: Choice | Entry) -> bool:
    made = template(
        "ONE", tier="basic", area="numbers", count=1, cases=listed(()), check=lambda x: x == choice.key
    )(lambda: choice)
    try:
        return len(made.instances(Random(0))) == 1
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (asked(5, 6, 7, 8), True),
        (asked(5, 6, 7, 8, 9), True),
        (asked(5, 6, 7), False),
        (asked(5, 6, 6, 7), False),
        (asked(5, 5, 6, 7, 8), False),
        (asked(5, 6, 7, 123_456), False),
        (asked(-5, 6, 7, 8), False),
        (replace(asked(5, 6, 7, 8), key=Fraction(1, 2)), False),
        (replace(asked(5, 6, 7, 8), natural=lambda x: x < 8), False),
        (replace(asked(5, 6, 7, 8), show=lambda x: everywhere("a" * (80 if x == 5 else x))), False),
        (Entry(everywhere("?"), Fraction(3, 8)), True),
        (Entry(everywhere("?"), Fraction(1, 3)), False),
    ],
)
def test_poor_parameter_sets_are_rejected(choice: Choice | Entry, expected: bool) -> None:
    assert usable(choice) is expected


def test_distractor_that_is_right_as_well_is_an_error() -> None:
    either = template(
        "TWO", tier="basic", area="numbers", count=1, cases=listed(()), check=lambda x: x in (5, 7)
    )(lambda: asked(5, 6, 7, 8))
    with pytest.raises(ValueError, match="right as well"):
        either.instances(Random(0))


# Writing


def value_of(formula: str) -> float:
    """What a numeric formula says, read independently of how it was written."""
    read = re.fullmatch(r"(-?)(?:\\frac\{(.+)\}\{(\d+)\}|(.+))", formula)
    assert read is not None
    sign, top, bottom, plain = read.groups()
    parts = re.fullmatch(r"(\d*)(\\pi)?(?:\\sqrt\{(\d+)\})?", top or plain)
    assert parts is not None
    factor, circle, radicand = parts.groups()
    size = int(factor or 1) * (pi if circle else 1) * sqrt(int(radicand or 1)) / int(bottom or 1)
    return -size if sign else size


@pytest.mark.parametrize("value", [Fraction(n, d) for n in (-7, -1, 1, 3, 12) for d in (1, 2, 5)])
def test_numbers_are_written_as_they_are(value: Fraction) -> None:
    assert value_of(latex.number(value)) == pytest.approx(float(value))
    assert value_of(latex.multiple(value, "\\pi")) == pytest.approx(float(value) * pi)
    assert value_of(latex.surd(value, 3)) == pytest.approx(float(value) * sqrt(3))


def test_roots_are_written_as_they_are() -> None:
    assert all(isclose(value_of(latex.root_of(square)), sqrt(square)) for square in range(1, 200))


@pytest.mark.parametrize(
    ("coefficients", "expected"),
    [
        ((1, 0, -2), "x^{2} - 2"),
        ((-1, 1, 0), "-x^{2} + x"),
        ((Fraction(1, 2), 3), "\\frac{x}{2} + 3"),
        ((0, 0), "0"),
    ],
)
def test_polynomials_are_written_as_in_a_textbook(coefficients: tuple[int, ...], expected: str) -> None:
    assert latex.polynomial(coefficients) == expected


def test_intervals_show_which_ends_belong_to_them() -> None:
    assert latex.interval(Interval(2, 3)) == "\\left[2; 3\\right]"
    assert latex.interval(Interval(None, 3, closed=False)) == "\\left(-\\infty; 3\\right)"
    assert [x in Interval(2, None) for x in (1, 2, 3)] == [False, True, True]
    assert [x in Interval(2, 3, closed=False) for x in (2, Fraction(5, 2), 3)] == [False, True, False]


def test_sentences_follow_the_habits_of_the_language() -> None:
    said = Said(ky="$(1; 2)$ 0.5 м", ru="40 % 0.5", en="$(1; 2)$ 0.5 m")
    assert said.in_language("ky") == "$(1; 2)$ 0,5\u00a0м"
    assert said.in_language("ru") == "40\u00a0% 0,5"
    assert said.in_language("en") == "$(1, 2)$ 0.5\u00a0m"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Fraction(3, 4), "0.75"), (Fraction(-1, 8), "-0.125"), (-12, "-12"), (Fraction(1, 50), "0.02")],
)
def test_decimals_are_exact(value: Fraction | int, expected: str) -> None:
    assert decimal(value) == expected
