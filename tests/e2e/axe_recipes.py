"""Recipes as axe sees them: none yet, an empty one, one kept with its examples, and one in error."""

from __future__ import annotations

from tests.e2e.findings import Findings


def look_at_recipes(pages: Findings) -> None:
    """The writer, who is signed in, keeps a recipe that works and one that does not."""
    for path in ("/bank/recipes", "/bank/recipes/new"):
        pages.visit(path)
    for start, name in (("equation", "a recipe with its examples"), ("", "a recipe with errors")):
        pages.browser.get(f"{pages.page.origin}/bank/recipes/new?from={start}")
        pages.page.wait_for("form[action$='/bank/recipes/new'] button").click()
        pages.page.wait_for("form[action*='/bank/recipes/']:not([action$='/new'])")
        pages.tour(name)
    pages.visit("/bank/recipes")
