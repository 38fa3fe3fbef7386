"""Proof of recipes: each opens at its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from itembank.items.proof import opening_faults
from itembank.recipes.models import ItemRecipe
from server.core.work import Work


def recipe_faults(work: Work, ids: Collection[int]) -> Iterator[str]:
    """One sentence for each of these recipes that was changed."""
    for row in work.db.execute(select(ItemRecipe).where(ItemRecipe.id.in_(ids))).scalars():
        yield from opening_faults(work, row.data_key, f"item_recipe:{row.code}", {"source": row.source_sealed})
