"""A recipe: a template of items that an author writes in words. What it asks, for which numbers, the key, and the
mistakes that lead to each wrong answer; `itembank.generation` tries the numbers and judges what comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from math import prod
from random import Random
from typing import Any, Literal

from itembank.generation import latex
from itembank.generation.template import Choice, Entry, Instance, Template
from itembank.generation.wording import LANGUAGES, Said, everywhere
from itembank.recipes.expression import Expression, Impossible, Unreadable, read

MOST_SETS = 200_000
MOST_TRIED = 20_000  # of them, drawn by lot: what comes of none of these comes of hardly any
MOST_GIVEN = 12
MOST_PLACES = 40
MOST_VALUES = 200
MOST_PARAMETERS = 8
MOST_MISTAKES = 8
NAME = re.compile(r"[a-zA-Z]\w{0,11}", re.ASCII)
NUMBER = re.compile(r"\s*-?\d{1,9}(?:\.\d{1,6}|/\d{1,6})?\s*")
SPAN = re.compile(r"\s*(-?\d{1,6})\s*\.\.\s*(-?\d{1,6})\s*")
ANSWER = "answer"
Type = Literal["choice", "text_entry"]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a recipe: `code` stable, `part` where, `shown` the author's own words there."""

    code: str
    part: str
    shown: str = ""


class Faulty(ValueError):
    """The recipe cannot be used; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{each.part}: {each.code}" for each in problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A template as its author writes it.

    `parameters` is a line for each: `a = 2..9`, `b = 1, 3, 5`. `given` are conditions, a line each. `stems` have
    `@(a+b)` where a number stands and `@+(b)` where it stands with its sign. `check` must hold of the right `answer`
    alone, said another way than `key`. `mistakes` are lines `expression | what went wrong`."""

    code: str
    title: str
    subject: str
    area: str
    tier: Literal["basic", "medium", "raised"]
    type: Type
    parameters: str
    given: str
    key: str
    check: str
    mistakes: str
    stems: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """What is sealed."""
        return {**vars(self), "stems": dict(self.stems)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Recipe:
        """What `to_json` wrote."""
        return cls(**value)


@dataclass(frozen=True)
class _Read:
    """A recipe that was understood."""

    ranges: dict[str, tuple[Fraction, ...]]
    given: tuple[Expression, ...]
    key: Expression
    check: Expression
    mistakes: tuple[tuple[Expression, str], ...]
    stems: Mapping[str, tuple[tuple[str, Expression | None, bool], ...]]


def template_of(recipe: Recipe, count: int) -> Template:
    """The template that makes `count` items of it; Faulty names everything that is not understood."""
    understood = _understood(recipe)
    names = tuple(understood.ranges)

    def cases(rng: Random) -> Iterator[tuple[Fraction, ...]]:
        for numbers in _drawn(rng, [understood.ranges[name] for name in names]):
            given = dict(zip(names, numbers, strict=True))
            if all(each.holds(given) for each in understood.given) and _has_values(understood, given):
                yield numbers

    def ask(*numbers: Fraction) -> Choice | Entry:
        given = dict(zip(names, numbers, strict=True))
        key = understood.key.number(given)
        if recipe.type == "text_entry":
            return Entry(_said(understood, given), key)
        mistakes = tuple((value, why) for value, why in _mistaken(understood, given))
        return Choice(_said(understood, given), key, mistakes)

    def check(answer: Fraction, *numbers: Fraction) -> bool:
        return understood.check.holds({**dict(zip(names, numbers, strict=True)), ANSWER: Fraction(answer)})

    return Template(recipe.code, recipe.tier, recipe.area, count, cases, check, ask)


def examples(recipe: Recipe, most: int, rng: Random) -> list[Instance]:
    """Up to `most` items of it, different in their key; Faulty if it is not understood or contradicts itself."""
    template = template_of(recipe, most)
    kept: dict[Fraction, Instance] = {}
    try:
        for instance in template.judged(rng):
            kept.setdefault(Fraction(instance.question.key), instance)
            if len(kept) == most:
                break
    except ValueError as error:
        raise Faulty([Problem("recipe_check", "check", str(error).split(": ", 1)[-1])]) from error
    return list(kept.values())


def _understood(recipe: Recipe) -> _Read:
    problems: list[Problem] = []
    ranges = _ranges(recipe.parameters, problems)
    known = frozenset(ranges)
    lines = _lines(recipe.given)
    if len(lines) > MOST_GIVEN:
        problems.append(Problem("recipe_conditions", "given", str(MOST_GIVEN)))
    given = [_expression(line, "given", known, problems) for line in lines[:MOST_GIVEN]]
    key = _expression(recipe.key, "key", known, problems)
    check = _expression(recipe.check, "check", known | {ANSWER}, problems)
    if check is not None and ANSWER not in check.names:
        problems.append(Problem("recipe_answer", "check", recipe.check))
    mistakes = _mistakes(recipe, known, problems)
    stems = {
        language: _stem(text, language, known, problems) for language, text in recipe.stems.items() if text.strip()
    }
    if not stems or not set(stems) <= set(LANGUAGES):
        problems.append(Problem("recipe_stem", "stems"))
    if prod(map(len, ranges.values())) > MOST_SETS:
        problems.append(Problem("recipe_many", "parameters", str(MOST_SETS)))
    if problems or key is None or check is None:
        raise Faulty(problems)
    return _Read(ranges, tuple(each for each in given if each), key, check, tuple(mistakes), stems)


def _ranges(text: str, problems: list[Problem]) -> dict[str, tuple[Fraction, ...]]:
    found: dict[str, tuple[Fraction, ...]] = {}
    for line in _lines(text):
        name, _, values = line.partition("=")
        name, numbers = name.strip(), _values(values)
        if not NAME.fullmatch(name) or name in found or name == ANSWER or not numbers or len(found) == MOST_PARAMETERS:
            problems.append(Problem("recipe_parameter", "parameters", line))
        else:
            found[name] = numbers
    if not found and not problems:
        problems.append(Problem("recipe_parameter", "parameters"))
    return found


def _values(text: str) -> tuple[Fraction, ...]:
    """The numbers of `2..9`, `1, 3, 5` or of both; none if it is neither."""
    numbers: list[Fraction] = []
    for part in text.split(","):
        span = SPAN.fullmatch(part)
        try:
            if span:
                low, high = int(span[1]), int(span[2])
                numbers += map(Fraction, range(low, min(high, low + MOST_VALUES) + 1))
            elif NUMBER.fullmatch(part):
                numbers.append(Fraction(part.strip()))
            else:
                return ()
        except ZeroDivisionError:
            return ()
    return tuple(dict.fromkeys(numbers)) if len(numbers) <= MOST_VALUES else ()


def _mistakes(recipe: Recipe, known: frozenset[str], problems: list[Problem]) -> list[tuple[Expression, str]]:
    lines = _lines(recipe.mistakes)
    if recipe.type == "choice" and not 3 <= len(lines) <= MOST_MISTAKES:
        problems.append(Problem("recipe_mistakes", "mistakes", str(MOST_MISTAKES)))
    found = []
    for line in lines:
        text, _, why = line.partition("|")
        expression = _expression(text, "mistakes", known, problems)
        if not why.strip():
            problems.append(Problem("recipe_why", "mistakes", line))
        elif expression is not None:
            found.append((expression, " ".join(why.split())))
    return found


def _stem(
    text: str, language: str, known: frozenset[str], problems: list[Problem]
) -> tuple[tuple[str, Expression | None, bool], ...]:
    """The pieces of a stem: words, and after each the number that stands there, with its sign or without."""
    pieces: list[tuple[str, Expression | None, bool]] = []
    at = 0
    for start, end, is_signed in islice(_places(text), MOST_PLACES):
        inside = text[start + (3 if is_signed else 2) : end]
        pieces.append((text[at:start], _expression(inside, f"stems.{language}", known, problems), is_signed))
        at = end + 1
    return (*pieces, (text[at:], None, False))


def _places(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where numbers stand: from the @ to the bracket that closes, and whether with a sign."""
    for found in re.finditer(r"@(\+?)\(", text):
        depth = 0
        for at in range(found.end() - 1, len(text)):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            if depth == 0:
                yield found.start(), at, bool(found[1])
                break
        else:
            return  # what is open here stays open for all that follow


def _expression(text: str, part: str, known: frozenset[str], problems: list[Problem]) -> Expression | None:
    try:
        expression = read(text)
    except Unreadable:
        problems.append(Problem("recipe_expression", part, text.strip()))
        return None
    if not expression.names <= known:
        problems.append(Problem("recipe_unknown", part, ", ".join(sorted(expression.names - known))))
        return None
    return expression


def _drawn(rng: Random, ranges: list[tuple[Fraction, ...]]) -> Iterator[tuple[Fraction, ...]]:
    """Combinations in random order, each once, and no more than anybody waits for."""
    sets = list(islice(product(*ranges), MOST_SETS))
    yield from rng.sample(sets, min(len(sets), MOST_TRIED))


def _has_values(understood: _Read, given: Mapping[str, Fraction]) -> bool:
    """Whether the key and every number of every stem can be worked out."""
    try:
        understood.key.number(given)
        _said(understood, given)
    except Impossible:
        return False
    return True


def _mistaken(understood: _Read, given: Mapping[str, Fraction]) -> Iterator[tuple[Fraction, str]]:
    """What each mistake leads to; one that leads nowhere tempts nobody."""
    for expression, why in understood.mistakes:
        try:
            yield expression.number(given), why
        except Impossible:
            continue


def _said(understood: _Read, given: Mapping[str, Fraction]) -> Said:
    texts = {
        language: "".join(words + _written(expression, given, is_signed) for words, expression, is_signed in pieces)
        for language, pieces in understood.stems.items()
    }
    any_text = next(iter(texts.values()))
    said = everywhere(any_text)
    return Said(texts.get("ky", said.ky), texts.get("ru", said.ru), texts.get("en", said.en))


def _written(expression: Expression | None, given: Mapping[str, Fraction], is_signed: bool) -> str:
    if expression is None:
        return ""
    value = expression.number(given)
    return f"{'-' if value < 0 else '+'} {latex.number(abs(value))}" if is_signed else latex.number(value)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
