"""Recipes as their authors use them: kept, tried, made into drafts of one family; nobody else sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from itembank import add_item
from itembank.authoring import reviewing, safe
from itembank.authoring.models import Manuscript, ReviewComment
from itembank.items.models import Item
from itembank.recipes import routes, service
from itembank.recipes.models import ItemRecipe
from itembank.recipes.recipe import Recipe
from itembank.recipes.starting import EXAMPLES
from server.core.errors import Invalid, NotFound, Stale
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_work
from tests.factories import accounts
from tests.factories import itembank as factory

ClientAs = Callable[..., FlaskClient]
EQUATION = EXAMPLES["equation"]


@pytest.fixture
def writer(work: Work) -> Work:
    for area in ("algebra", "numbers"):
        add_item(work, factory.new_item(f"MAT-{area}", subject="mathematics", area=area))
    id_ = accounts.a_staff_member(work, Role.WRITER)
    return replace(work, actor=Actor(frozenset({Role.WRITER}), id_, "writer"))


@pytest.fixture
def client(client_as: ClientAs, platform: Platform) -> FlaskClient:
    """A writer's browser, in English."""
    with open_work(platform, SYSTEM) as work:
        for subject, area in (("mathematics", "algebra"), ("mathematics", "numbers"), ("history", "ancient")):
            add_item(work, factory.new_item(f"X-{area}", subject=subject, area=area))
        writer_id = accounts.a_staff_member(work, Role.WRITER)
    browser = client_as(Role.WRITER, id=writer_id)
    browser.set_cookie("synak_lang", "en")
    return browser


def make(work: Work, recipe_id: int, n: int) -> list[int]:
    kept = service.find(work, recipe_id)
    made = service.make(work, kept, n, service.ready(kept))
    work.db.flush()
    return made


def typed(recipe: Recipe, **changes: object) -> dict[str, object]:
    fields = {name: value for name, value in vars(recipe).items() if name not in ("code", "stems", "subject")}
    stems = {f"stem-{each}": text for each, text in recipe.stems.items()}
    return {**fields, "area": f"{recipe.subject}/{recipe.area}", **stems, **changes}


def test_a_recipe_is_kept_sealed_and_its_authors_alone(writer: Work) -> None:
    id_ = service.keep(writer, EQUATION)
    assert service.find(writer, id_).recipe.stems == EQUATION.stems
    row = writer.db.get_one(ItemRecipe, id_)
    assert "Теңдемени".encode() not in row.source_sealed
    other = replace(writer, actor=replace(writer.actor, id=accounts.a_staff_member(writer, Role.WRITER)))
    with pytest.raises(NotFound):
        service.find(other, id_)
    with pytest.raises(NotFound):
        make(other, id_, 1)
    assert service.mine(other) == []


def test_an_older_text_overwrites_nothing(writer: Work) -> None:
    id_ = service.keep(writer, EQUATION)
    service.keep(writer, replace(EQUATION, title="Second"), id_, 1)
    with pytest.raises(Stale):
        service.keep(writer, replace(EQUATION, title="Third"), id_, 1)
    assert service.find(writer, id_).recipe.title == "Second"


def test_what_comes_of_it_are_drafts_of_one_family_each_another_item(writer: Work) -> None:
    id_ = service.keep(writer, EQUATION)
    made = [*make(writer, id_, 3), *make(writer, id_, 3)]
    rows = [writer.db.get_one(Manuscript, each) for each in made]
    items = [writer.db.get_one(Item, row.item_id) for row in rows]
    assert {row.state for row in rows} == {"draft"}
    assert {row.author_id for row in rows} == {writer.actor.id}
    assert {item.family for item in items} == {service.find(writer, id_).recipe.code}
    assert len({item.code for item in items}) == 6
    stems = {safe.open_document(writer, row).item["texts"]["ky"]["stem"] for row in rows}
    assert len(stems) == 6
    assert service.find(writer, id_).n_made == 6


def test_the_mistake_behind_each_wrong_answer_is_said_at_its_place(writer: Work) -> None:
    [manuscript_id] = make(writer, service.keep(writer, EQUATION), 1)
    row = writer.db.get_one(Manuscript, manuscript_id)
    comments = writer.db.execute(select(ReviewComment)).scalars().all()
    assert sorted(each.anchor for each in comments) == ["en.options.2", "en.options.3", "en.options.4"]
    said = {safe.unseal(writer, row, each.place, each.body_sealed).decode() for each in comments}
    assert said <= {line.split("|")[1].strip() for line in EQUATION.mistakes.splitlines()}
    assert reviewing.LONGEST_ANCHOR >= 12


def test_a_recipe_that_is_used_up_gives_what_there_is(writer: Work) -> None:
    few = replace(EQUATION, parameters="a = 2, 3\nb = 5\nx = 3, 4, 5", given="")
    id_ = service.keep(writer, few)
    n = len(make(writer, id_, 30))
    assert 1 <= n <= 3
    assert make(writer, id_, 30) == []
    with pytest.raises(Invalid):
        make(writer, id_, 31)


def test_an_author_begins_from_an_example_and_makes_drafts(client: FlaskClient, platform: Platform) -> None:
    page = client.get("/bank/recipes/new?from=equation", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert page.count("<article") == 4
    kept = client.post("/bank/recipes/new", data=typed(EQUATION))
    assert kept.status_code == 303
    address = kept.headers["Location"]
    page = client.get(address, headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "<math" in page
    made = client.post(f"{address}/items", data={"n": "4"}, follow_redirects=True).get_data(as_text=True)
    assert "New drafts among your texts: 4." in made
    with platform.database.reading() as db:
        made_of_it = select(Manuscript.id).join(Item, Item.id == Manuscript.item_id).where(Item.family.is_not(None))
        assert len(db.execute(made_of_it).all()) == 4


def lines(platform: Platform, act: str) -> list[JournalEntry]:
    with platform.database.reading() as db:
        return list(db.scalars(select(JournalEntry).where(JournalEntry.act == act)))


def test_what_comes_of_it_stands_under_the_mark_of_its_opening(client: FlaskClient, platform: Platform) -> None:
    address = client.post("/bank/recipes/new", data=typed(EQUATION)).headers["Location"]
    page = client.get(address, headers={"Accept": "text/html"}).get_data(as_text=True)
    [line] = lines(platform, "recipe_opened")
    mark = json.loads(line.facts)["mark"]
    assert page.count(f"Tester {mark}") == 4 * 12  # across each item
    assert page.index('<div lang="ky"') < page.index('<div lang="ru"') < page.index('<div lang="en"')
    assert "reading__mark" not in client.get("/bank/recipes/new?from=equation").get_data(as_text=True)  # nobody's


def test_a_list_of_recipes_opens_them_so_it_is_journalled(client: FlaskClient, platform: Platform) -> None:
    assert "You have no recipe yet" in client.get("/bank/recipes").get_data(as_text=True)
    assert lines(platform, "recipes_listed") == []
    client.post("/bank/recipes/new", data=typed(EQUATION))
    assert EQUATION.title in client.get("/bank/recipes").get_data(as_text=True)
    [line] = lines(platform, "recipes_listed")
    assert len(json.loads(line.facts)["recipes"]) == 1


def test_who_only_looks_lets_nothing_be_worked_out(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = client.post("/bank/recipes/new", data=typed(EQUATION)).headers["Location"]
    monkeypatch.setattr(routes, "try_out", lambda _recipe: pytest.fail("worked out again"))
    first, second = (client.get(address).get_data(as_text=True) for _ in range(2))
    items = [re.sub(r'data-mark="[^"]*"', "", page.partition("<article")[2]) for page in (first, second)]
    assert items[0]
    assert items[0] == items[1]


def test_an_area_is_chosen_with_its_subject(client: FlaskClient) -> None:
    page = client.get("/bank/recipes/new").get_data(as_text=True)
    assert dict(re.findall(r'<option value="(\w+/\w+)">([^<]+)<', page)) == {
        "history/ancient": "History of Kyrgyzstan: ancient", "mathematics/algebra": "Mathematics: algebra",
        "mathematics/numbers": "Mathematics: numbers",
    }  # fmt: skip
    wrong = client.post("/bank/recipes/new", data=typed(EQUATION, area="history/algebra"))
    shown = client.get(wrong.headers["Location"]).get_data(as_text=True)
    assert "Choose an area. The subject comes with it." in shown
    refused = client.post(f"{wrong.headers['Location']}/items", data={"n": "1"})
    assert refused.status_code == 422


def test_a_right_number_is_shown_as_it_is_written(client: FlaskClient) -> None:
    fixed = replace(EXAMPLES["discount"], parameters="price = 200\npercent = 5, 10, 15, 20, 25", given="")
    page = client.post("/bank/recipes/new", data=typed(fixed), follow_redirects=True,
                       headers={"Accept": "text/html"}).get_data(as_text=True)  # fmt: skip
    assert "Right answer: 1" in page
    assert ".0" not in page.partition("<article")[2]


def test_what_is_wrong_is_said_and_kept(client: FlaskClient) -> None:
    data = typed(EQUATION, key="<b>x", check="answer = x + 1")
    page = client.post("/bank/recipes/new", data=data, follow_redirects=True).get_data(as_text=True)
    assert "“&lt;b&gt;x” is not understood" in page
    assert "<b>x" not in page
    assert 'value="answer = x + 1"' in page


def test_a_stale_page_keeps_what_was_typed(client: FlaskClient, platform: Platform) -> None:
    address = client.post("/bank/recipes/new", data=typed(EQUATION)).headers["Location"]
    assert client.post(address, data=typed(EQUATION, title="Second", revision="1")).status_code == 303
    late = client.post(address, data=typed(EQUATION, title="Third", revision="1"))
    assert late.status_code == 409
    assert 'value="Third"' in late.get_data(as_text=True)
    with open_work(platform, SYSTEM) as work:
        assert list(work.db.execute(select(ItemRecipe.revision)).scalars()) == [2]
