"""Pages of recipes: an author's own, written in words, tried at once, and made into drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from itembank.authoring.beginning import areas, subjects
from itembank.authoring.html import written
from itembank.items.content import TIERS, NewItem
from itembank.recipes import service, starting
from itembank.recipes.recipe import Faulty, Problem, Recipe
from itembank.recipes.tried import Tried, try_out
from server.core.errors import Invalid, Stale
from server.core.i18n import number
from server.core.roles import Role
from server.core.terms import LANGUAGES
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("recipes", __name__, template_folder="templates")
LONGEST, LONGEST_AREA = 4000, 81
FIELDS = ("title", "tier", "type", "parameters", "given", "key", "check", "mistakes")


@dataclass(frozen=True)
class Example:
    """An item as a recipe would make it: in each language its stem, and its answers with the mistake behind each."""

    texts: Mapping[str, tuple[Markup, tuple[tuple[Markup, str], ...]]]
    number: str | None


@bp.get("/bank/recipes")
@allow(Role.WRITER)
def mine() -> ResponseReturnValue:
    """The reader's recipes."""
    with reading() as work:
        kept = service.mine(work)
    return render_template("recipes/mine.html", kept=kept)


@bp.get("/bank/recipes/new")
@allow(Role.WRITER)
def new() -> ResponseReturnValue:
    """An empty recipe, or one that works already and shows how."""
    recipe = starting.EXAMPLES.get(request.args.get("from", ""), starting.EMPTY)
    return _page(None, recipe, try_out(recipe))


@bp.post("/bank/recipes/new")
@allow(Role.WRITER)
def begin() -> ResponseReturnValue:
    """The recipe is kept, whether it is understood or not."""
    recipe = _typed("")
    tried = try_out(recipe)
    with unit_of_work() as work:
        recipe_id = service.keep(work, recipe, tried=tried)
    return redirect(url_for("recipes.show", recipe_id=recipe_id), 303)


@bp.get("/bank/recipes/<int:recipe_id>")
@allow(Role.WRITER)
def show(recipe_id: int) -> ResponseReturnValue:
    """One recipe with what is wrong with it, or with items as it makes them."""
    with reading() as work:
        kept = service.opened(work, recipe_id)
    return _page(kept, kept.recipe, kept.tried)


@bp.post("/bank/recipes/<int:recipe_id>")
@allow(Role.WRITER)
def save(recipe_id: int) -> ResponseReturnValue:
    """The recipe is what was typed; one that was saved elsewhere meanwhile is not overwritten."""
    with reading() as work:
        kept = service.find(work, recipe_id)
    recipe = _typed(kept.recipe.code)
    tried = try_out(recipe)
    try:
        with unit_of_work() as work:
            service.keep(work, recipe, recipe_id, request.form.get("revision", 0, type=int), tried)
    except Stale as fault:
        return _page(kept, recipe, Tried(tried.problems), fault), 409
    return redirect(url_for("recipes.show", recipe_id=recipe_id), 303)


@bp.post("/bank/recipes/<int:recipe_id>/items")
@allow(Role.WRITER)
def make(recipe_id: int) -> ResponseReturnValue:
    """Drafts of so many new items stand among the author's texts."""
    with reading() as work:
        kept = service.find(work, recipe_id)
    try:
        instances = service.ready(kept)
        with unit_of_work() as work:
            made = service.make(work, kept, request.form.get("n", 0, type=int), instances)
    except (Invalid, Faulty) as fault:
        problems = tuple(fault.problems) if isinstance(fault, Faulty) else ()
        return _page(kept, kept.recipe, Tried(problems), fault if isinstance(fault, Invalid) else None), 422
    return redirect(url_for("recipes.show", recipe_id=recipe_id, made=len(made)), 303)


def _typed(code: str) -> Recipe:
    form = {name: request.form.get(name, "").replace("\r\n", "\n")[:LONGEST] for name in FIELDS}
    stems = {each: request.form.get(f"stem-{each}", "").replace("\r\n", "\n")[:LONGEST] for each in LANGUAGES}
    if form["tier"] not in TIERS or form["type"] not in ("choice", "text_entry"):
        raise Invalid("unreadable")
    # An area is one of its subject: they are chosen together, so that they cannot contradict each other.
    subject, _slash, area = request.form.get("area", "")[:LONGEST_AREA].partition("/")
    return Recipe(code=code, subject=subject, area=area, stems=stems, **form)  # type: ignore[arg-type]


def _page(kept: service.Kept | None, recipe: Recipe, tried: Tried, fault: Invalid | Stale | None = None) -> str:
    with reading() as work:
        titles = {subject: areas(work, subject) for subject in subjects(work)}
    is_begun = kept is not None or bool(request.form)
    is_lost = is_begun and recipe.area not in titles.get(recipe.subject, {})
    problems = [*([Problem("recipe_area", "area")] if is_lost else []), *tried.problems]
    return render_template(
        "recipes/recipe.html", kept=kept, recipe=recipe, problems=problems, fault=fault, tiers=TIERS,
        shown=[_example(item, whys) for item, whys in tried.shown], languages=LANGUAGES, titles=titles,
        made=request.args.get("made", type=int),
    )  # fmt: skip


def _example(item: NewItem, whys: Sequence[str]) -> Example:
    reasons = ["", *whys]
    texts = {
        language: (
            written(f"{language}.stem", text.stem, lambda _name: None),
            tuple(
                (written(f"{language}.options.{n}", option, lambda _name: None), reasons[n - 1])
                for n, option in enumerate(text.options, start=1)
            ),
        )
        for language, text in sorted(item.texts.items(), key=lambda each: LANGUAGES.index(each[0]))
    }
    key = item.number and number(float(item.number), len(item.number.partition(".")[2]))
    return Example(texts, key)
