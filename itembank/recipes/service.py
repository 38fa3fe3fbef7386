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
from itembank.authoring.beginning import areas
from itembank.authoring.reviewing import comment
from itembank.authoring.safe import new_mark
from itembank.authoring.service import begin
from itembank.generation.template import Instance
from itembank.items import source
from itembank.items.content import canonical
from itembank.recipes.models import ItemRecipe
from itembank.recipes.recipe import Recipe, examples
from itembank.recipes.tried import Tried, items_of
from server.core.errors import Invalid, NotFound, Stale
from server.core.work import Work

MOST_MADE = 30
UNTRIED = Tried()
TRIED = 400  # so many different items are looked at for those that are not in the bank yet


@dataclass(frozen=True)
class Kept:
    """A recipe of the actor's with what the bank knows of it."""

    id: int
    revision: int
    n_made: int
    recipe: Recipe
    tried: Tried
    mark: str = ""


def mine(work: Work) -> list[Kept]:
    """The actor's recipes, the last saved first; that they were opened for it stands in the journal (DC-7)."""
    query = select(ItemRecipe).where(ItemRecipe.author_id == work.actor.id)
    rows = work.db.execute(query.order_by(ItemRecipe.saved_at.desc(), ItemRecipe.id.desc())).scalars().all()
    if rows:
        work.record("recipes_listed", "recipes", clause="DC-7", recipes=[row.code for row in rows])
    return [_opened(work, row) for row in rows]


def find(work: Work, recipe_id: int) -> Kept:
    """The actor's own recipe; to everybody else it does not exist (DC-7)."""
    return _opened(work, _own(work, recipe_id))


def opened(work: Work, recipe_id: int) -> Kept:
    """The same, and that it was opened stands in the journal, with the mark that its items are shown under."""
    kept = replace(find(work, recipe_id), mark=new_mark())
    work.record("recipe_opened", f"item_recipe:{kept.recipe.code}", clause="DC-7", purpose="recipe", mark=kept.mark)
    return kept


def keep(
    work: Work, recipe: Recipe, recipe_id: int | None = None, revision: int | None = None, tried: Tried = UNTRIED
) -> int:
    """The recipe stands as it was written, understood or not, with what came of it; its id.

    Stale if it was saved elsewhere meanwhile."""
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
    document = {"recipe": replace(recipe, code=row.code).to_json(), "tried": tried.to_json()}
    row.source_sealed = work.vault.seal(key, canonical(document), _place(row))
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
    if recipe.area not in areas(work, recipe.subject):
        raise Invalid("recipe_area")
    made: list[int] = []
    for instance, item in zip(instances, items_of(recipe, instances), strict=True):
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


def _own(work: Work, recipe_id: int) -> ItemRecipe:
    row = work.db.get(ItemRecipe, recipe_id)
    if row is None or row.author_id != work.actor.id:
        raise NotFound("not_found")
    return row


def _opened(work: Work, row: ItemRecipe) -> Kept:
    key = work.vault.unwrap(row.data_key, f"item_recipe:{row.code}")
    value: dict[str, Any] = json.loads(work.vault.open(key, row.source_sealed, _place(row)))
    return Kept(row.id, row.revision, row.n_made, Recipe.from_json(value["recipe"]), Tried.from_json(value["tried"]))


def _place(row: ItemRecipe) -> str:
    return f"item_recipe:{row.code}/source"
