"""A recipe tried out: what is wrong with it, or some items as it makes them, with the mistake behind each answer.
Done once, when it is saved: who only looks at a recipe lets nothing be worked out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from itembank.generation.draft import DraftItem
from itembank.generation.template import Instance
from itembank.items import source
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from itembank.recipes.recipe import Faulty, Problem, Recipe, examples, template_of

SHOWN = 4


@dataclass(frozen=True)
class Tried:
    """What came of it; `shown` are items, each with the mistakes behind its wrong answers in their order."""

    problems: tuple[Problem, ...] = ()
    shown: tuple[tuple[NewItem, tuple[str, ...]], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What is sealed beside the recipe."""
        return {
            "problems": [vars(each) for each in self.problems],
            "shown": [[source.to_json(item), list(whys)] for item, whys in self.shown],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Tried:
        """What `to_json` wrote."""
        return cls(
            tuple(Problem(**each) for each in value["problems"]),
            tuple((source.from_json(item, {}), tuple(whys)) for item, whys in value["shown"]),
        )


def try_out(recipe: Recipe) -> Tried:
    """The recipe tried with numbers drawn by lot; nothing of one in which no numbers are written yet."""
    if not recipe.parameters.strip():
        return Tried()
    try:
        instances = examples(recipe, SHOWN, Random(time.monotonic_ns()))
    except Faulty as fault:
        return Tried(tuple(fault.problems))
    whys = (tuple(why for _value, why in each.distractors) for each in instances)
    shown = tuple(zip(items_of(recipe, instances), whys, strict=True))
    few = (Problem("recipe_few", "parameters", str(len(shown))),) if len(shown) < SHOWN else ()
    return Tried(few, shown)


def items_of(recipe: Recipe, instances: Sequence[Instance]) -> list[NewItem]:
    """The items as they would be written."""
    template = template_of(recipe, 1)
    return [_item(recipe, template.draft(each, recipe.subject, recipe.code, 1)) for each in instances]


def _item(recipe: Recipe, draft: DraftItem) -> NewItem:
    """The item in the languages the recipe is written in."""
    languages = [language for language, text in recipe.stems.items() if text.strip()]
    return NewItem(
        code="", subject=recipe.subject, tier=recipe.tier, area=recipe.area, type=recipe.type,
        texts={each: NewText(draft.texts[each].stem, draft.texts[each].options) for each in languages},
        family=recipe.code, number=draft.number, tolerance=draft.tolerance,
    )  # fmt: skip
