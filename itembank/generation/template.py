"""The mechanism: a template asks one question for many parameter sets; here they are tried and written out.
What is asked, which mistakes tempt and how a key is verified stands in the modules by area."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

from itembank.generation import latex
from itembank.generation.draft import DraftItem, DraftText, Tier
from itembank.generation.wording import LANGUAGES, Said, decimal, everywhere

DISTRACTORS = 3
MOST_TRIES = 20_000

Parameters = tuple[Any, ...]
Cases = Callable[[Random], Iterable[Parameters]]


def as_formula(write: Callable[[Any], str]) -> Callable[[Any], Said]:
    """A way to show options: what `write` makes of a value, the same in each language."""
    return lambda value: everywhere(f"${write(value)}$")


as_number = as_formula(latex.number)


def anything(_value: Any) -> bool:
    return True


@dataclass(frozen=True)
class Choice:
    """A question with a computed key and the answers that known mistakes lead to, each with its mistake."""

    stem: Said
    key: Any
    mistakes: tuple[tuple[Any, str], ...]
    show: Callable[[Any], Said] = as_number
    natural: Callable[[Any], bool] = anything


@dataclass(frozen=True)
class Entry:
    """A question answered by typing an exact number."""

    stem: Said
    key: Fraction | int


@dataclass(frozen=True)
class Instance:
    """A question that passed judgement, with the parameters it was made of."""

    parameters: Parameters
    question: Choice | Entry
    distractors: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True)
class Template:
    code: str
    tier: Tier
    area: str
    count: int
    cases: Cases
    check: Callable[..., bool]
    ask: Callable[..., Choice | Entry] = field(repr=False)

    def instances(self, rng: Random) -> tuple[Instance, ...]:
        """The first `count` usable parameter sets with different keys, verified; ValueError if fewer."""
        kept: dict[Any, Instance] = {}
        for instance in self.judged(rng):
            kept.setdefault(instance.question.key, instance)
            if len(kept) == self.count:
                return tuple(kept.values())
        raise ValueError(f"{self.code}: {len(kept)} usable parameter sets, {self.count} wanted")

    def judged(self, rng: Random) -> Iterator[Instance]:
        """Every usable parameter set among those tried; ValueError at the first that the check finds wrong."""
        for parameters in islice(self.cases(rng), MOST_TRIES):
            instance = _judged(parameters, self.ask(*parameters))
            if instance is not None:
                self.verify(instance)
                yield instance

    def verify(self, instance: Instance) -> None:
        """ValueError unless the independent check accepts the key and refuses every distractor."""
        if not self.check(instance.question.key, *instance.parameters):
            raise ValueError(f"{self.code}{instance.parameters}: the key {instance.question.key} is wrong")
        for value, reason in instance.distractors:
            if self.check(value, *instance.parameters):
                raise ValueError(f"{self.code}{instance.parameters}: {value} ({reason}) is right as well")

    def drafts(self, rng: Random, subject: str, prefix: str) -> tuple[DraftItem, ...]:
        family = f"{prefix}-{self.code}"
        return tuple(
            self.draft(instance, subject, family, n)
            for n, instance in enumerate(self.instances(rng), start=1)
        )

    def draft(self, instance: Instance, subject: str, family: str, n: int) -> DraftItem:
        """The instance written out as the nth item of the family."""
        question = instance.question
        typed = isinstance(question, Entry)
        shown = [] if isinstance(question, Entry) else _shown(question, instance.distractors)
        return DraftItem(
            code=f"{family}-{n:02d}",
            subject=subject,
            tier=self.tier,
            area=self.area,
            type="text_entry" if typed else "choice",
            family=family,
            texts={
                language: DraftText(
                    question.stem.in_language(language),
                    tuple(option.in_language(language) for option in shown),
                )
                for language in LANGUAGES
            },
            number=decimal(question.key) if typed else None,
            distractor_reasons=tuple(reason for _, reason in instance.distractors),
        )


def template(
    code: str, *, tier: Tier, area: str, count: int, cases: Cases, check: Callable[..., bool]
) -> Callable[[Callable[..., Choice | Entry]], Template]:
    """Make the decorated function a template; check(answer, *parameters) must not repeat the key."""
    return lambda ask: Template(code, tier, area, count, cases, check, ask)


def listed(*sets: Parameters) -> Cases:
    """Exactly these parameter sets, in this order."""
    return lambda _rng: sets


def drawn(*ranges: Iterable[Any], given: Callable[..., bool] = lambda *_: True) -> Cases:
    """Every combination that meets the condition, in random order."""

    def shuffled(rng: Random) -> list[Parameters]:
        possible = [values for values in product(*ranges) if given(*values)]
        rng.shuffle(possible)
        return possible

    return shuffled


def sampled(draw: Callable[[Random], Parameters]) -> Cases:
    """As many random sets as anyone asks for."""

    def endless(rng: Random) -> Iterator[Parameters]:
        while True:
            yield draw(rng)

    return endless


def _judged(parameters: Parameters, question: Choice | Entry) -> Instance | None:
    """None where the parameters make a poor item: the reasons are told line by line."""
    if isinstance(question, Entry):
        return Instance(parameters, question) if _has_decimal(question.key) else None
    # A mistake that leads to the key goes unnoticed, so these parameters measure nothing.
    if any(value == question.key for value, _ in question.mistakes):
        return None
    tempting: dict[Any, str] = {}
    for value, reason in question.mistakes:
        if _plausible(value) and question.natural(value):
            tempting.setdefault(value, reason)
    distractors = tuple(tempting.items())[:DISTRACTORS]
    if len(distractors) < DISTRACTORS or not (_plausible(question.key) and question.natural(question.key)):
        return None
    if _stands_out(question.key, [value for value, _ in distractors]):
        return None
    return Instance(parameters, question, distractors) if _alike(_shown(question, distractors)) else None


def _shown(question: Choice, distractors: Sequence[tuple[Any, str]]) -> list[Said]:
    return [question.show(value) for value in (question.key, *(value for value, _ in distractors))]


def _has_decimal(value: Fraction | int) -> bool:
    try:
        return len(decimal(value)) <= 7
    except ValueError:
        return False


def _plausible(value: Any) -> bool:
    """Numbers a textbook would print."""
    if not isinstance(value, Fraction | int):
        return True
    number = Fraction(value)
    return abs(number) < 10_000 and (number.denominator <= 400 or 10_000 % number.denominator == 0)


def _stands_out(key: Any, others: Sequence[Any]) -> bool:
    """The key is the only whole, the only broken, the only negative or the only positive number."""
    if not all(isinstance(value, Fraction | int) for value in (key, *others)):
        return False
    traits: tuple[Callable[[Any], bool], ...] = (lambda v: Fraction(v).denominator == 1, lambda v: v < 0)
    return any(all(trait(value) != trait(key) for value in others) for trait in traits)


def _alike(options: Sequence[Said]) -> bool:
    """Written options differ, and none betrays itself by its length."""
    texts = [option.ky for option in options]
    lengths = [len(text) for text in texts]
    return len(set(texts)) == len(texts) and max(lengths) <= 3 * min(lengths) + 12
