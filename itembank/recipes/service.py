"""Recipes kept, tried and used: each item that comes of one is a draft of its author's, in the recipe's family."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sqlalchemy import select

from itembank.authoring import likeness
from itembank.authoring.reviewing import comment
from itembank.authoring.service import begin
from itembank.generation.draft import DraftItem
from itembank.generation.template import Instance
from itembank.items import source
from itembank.items.content import NewItem, canonical
from itembank.items.parts import NewText
from itembank.recipes.models import ItemRecipe
from itembank.recipes.recipe import Recipe, examples, template_of
from server.core.errors import Invalid, NotFound, Stale
from server.core.work import Work

MOST_MADE = 30
TRIED = 400  # so many different items are looked at for those that are not in the bank yet


@dataclass(frozen=True)
class Kept:
    """A recipe of the actor's with what the bank knows of it."""

    id: int
    revision: int
    n_made: int
    recipe: Recipe


def mine(work: Work) -> list[Kept]:
    """The actor's recipes, the last saved first."""
    query = select(ItemRecipe).where(ItemRecipe.author_id == work.actor.id)
    rows = work.db.execute(query.order_by(ItemRecipe.saved_at.desc(), ItemRecipe.id.desc())).scalars()
    return [_opened(work, row) for row in rows]


def find(work: Work, recipe_id: int) -> Kept:
    """The actor's own recipe; to everybody else it does not exist (DC-7)."""
    return _opened(work, _own(work, recipe_id))


def opened(work: Work, recipe_id: int) -> Kept:
    """The same, and that it was opened stands in the journal."""
    kept = find(work, recipe_id)
    work.record("recipe_opened", f"item_recipe:{kept.recipe.code}", clause="DC-7")
    return kept


def keep(work: Work, recipe: Recipe, recipe_id: int | None = None, revision: int | None = None) -> int:
    """The recipe stands as it was written, understood or not; its id. Stale if it was saved elsewhere meanwhile."""
    if recipe_id is None:
        code = f"{recipe.subject[:3].upper()}-R{secrets.token_hex(3).upper()}"
        row = ItemRecipe(code=code, subject=recipe.subject, author_id=work.actor.id, source_sealed=b"")
        row.data_key = work.vault.new_key(f"item_recipe:{code}")[1]
        work.db.add(row)
    else:
        row = _own(work, recipe_id)
        if row.revision != revision:
            raise Stale("changed_meanwhile")
    row.subject, row.saved_at = recipe.subject, work.now
    key = work.vault.unwrap(row.data_key, f"item_recipe:{row.code}")
    row.source_sealed = work.vault.seal(key, canonical(replace(recipe, code=row.code).to_json()), _place(row))
    work.db.flush()  # its id is the answer
    work.record("recipe_saved", f"item_recipe:{row.code}", clause="DC-7")
    return row.id


def ready(kept: Kept) -> list[Instance]:
    """Items that could be made of it, in an order of its own. It takes a while: no writer waits for it."""
    return examples(kept.recipe, TRIED, Random(kept.recipe.code))


def make(work: Work, kept: Kept, n: int, instances: Sequence[Instance]) -> list[int]:
    """Drafts of `n` of these items that the bank does not have yet, or of all there are; the manuscripts' ids."""
    row, recipe = _own(work, kept.id), kept.recipe
    if row.revision != kept.revision:
        raise Stale("changed_meanwhile")
    if not 1 <= n <= MOST_MADE:
        raise Invalid("recipe_number", most=MOST_MADE)
    made: list[int] = []
    for instance, item in zip(instances, shown(recipe, instances), strict=True):
        if len(made) == n:
            break
        language = min(item.texts)
        if likeness.is_kept(work, row.code, language, source.text_to_json(item.texts[language])):
            continue
        code = f"{row.code}-{row.n_made + len(made) + 1:03d}"
        made.append(begin(work, replace(item, code=code), language))
        for place, (_value, why) in enumerate(instance.distractors, start=2):
            comment(work, made[-1], f"{language}.options.{place}", why)
    row.n_made += len(made)
    work.record("recipe_cooked", f"item_recipe:{row.code}", clause="DC-7", n=len(made))
    return made


def shown(recipe: Recipe, instances: Sequence[Instance]) -> list[NewItem]:
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


def _own(work: Work, recipe_id: int) -> ItemRecipe:
    row = work.db.get(ItemRecipe, recipe_id)
    if row is None or row.author_id != work.actor.id:
        raise NotFound("not_found")
    return row


def _opened(work: Work, row: ItemRecipe) -> Kept:
    key = work.vault.unwrap(row.data_key, f"item_recipe:{row.code}")
    value: dict[str, Any] = json.loads(work.vault.open(key, row.source_sealed, _place(row)))
    return Kept(row.id, row.revision, row.n_made, Recipe.from_json(value))


def _place(row: ItemRecipe) -> str:
    return f"item_recipe:{row.code}/source"
