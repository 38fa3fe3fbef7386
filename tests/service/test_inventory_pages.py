"""Pages of the whole bank: who searches, what acts do and refuse, and that nothing shows what items say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from itembank import add_item
from itembank.authoring.models import Manuscript
from itembank.items.models import Item
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from tests.factories import accounts
from tests.factories import itembank as factory

ClientAs = Callable[..., FlaskClient]


@pytest.fixture
def bank(platform: Platform) -> dict[str, int]:
    """Code → manuscript id of three approved items and one that rests."""
    with open_work(platform, SYSTEM) as work:
        factory.blueprint(work)
        for n in (1, 2, 3):
            add_item(work, factory.new_item(f"GEO-{n}"))
        rows = work.db.execute(select(Item.code, Manuscript.id).join(Manuscript, Manuscript.item_id == Item.id)).all()
    return {row.code: row.id for row in rows}


def page(client: FlaskClient, path: str, language: str = "en") -> str:
    client.set_cookie("synak_lang", language)
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.get_data(as_text=True)


def state(platform: Platform, manuscript_id: int) -> str:
    with platform.database.reading() as db:
        return db.get_one(Manuscript, manuscript_id).state


def posted(client: FlaskClient, path: str, data: dict[str, object]) -> tuple[int, str]:
    client.set_cookie("synak_lang", "en")
    response = client.post(path, data=data, headers={"Accept": "text/html"})
    return response.status_code, response.get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY])
@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_list_names_items_and_says_nothing_of_what_they_say(
    client_as: ClientAs, bank: dict[str, int], role: Role, language: str
) -> None:
    shown = page(client_as(role), "/bank/items?subject=geography", language)
    assert all(code in shown for code in bank)
    assert "Stem of" not in shown
    assert "wrong1" not in shown


def test_nothing_found_says_what_to_do(client_as: ClientAs, bank: dict[str, int]) -> None:
    assert "No item answers all of this" in page(client_as(Role.COMMISSION), "/bank/items?code=NONE")


def test_what_was_not_understood_is_said_beside_its_field(client_as: ClientAs, bank: dict[str, int]) -> None:
    shown = page(client_as(Role.COMMISSION), "/bank/items?b_min=%3Cb%3Ehard")
    assert 'id="b_min-error"' in shown
    assert "<b>hard" not in shown
    assert "&lt;b&gt;hard" in shown


def test_ticked_items_are_put_at_rest_and_taken_up_again(
    client_as: ClientAs, platform: Platform, bank: dict[str, int]
) -> None:
    client, ids = client_as(Role.COMMISSION), [bank["GEO-1"], bank["GEO-2"]]
    status, shown = posted(client, "/bank/items", {"id": ids, "act": "rest", "reason": "Текшерүү керек"})
    assert status == 200
    assert "Done: 2." in shown
    assert {state(platform, id_) for id_ in ids} == {"resting"}
    status, shown = posted(client, "/bank/items", {"id": [*ids, bank["GEO-3"]], "act": "wake", "reason": "Текшерилди"})
    assert "Done: 2." in shown
    assert "GEO-3 (Approved for tests)" in shown
    assert {state(platform, id_) for id_ in ids} == {"approved"}
    with platform.database.reading() as db:
        acts = db.execute(select(JournalEntry).where(JournalEntry.act == "items_acted_on")).scalars().all()
    assert [act.subject for act in acts] == ["bank", "bank"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({"act": "rest", "reason": "long enough"}, "Tick from 1 to 500 items"),
     ({"act": "rest", "id": ["x"]}, "Tick from"),
     ({"act": "retire", "id": ["GEO-1"], "reason": "so"}, "Give the reason in 5 to 500"),
     ({"act": "family", "id": ["GEO-1"], "family": "f" * 41}, "at most 40 characters")],
)  # fmt: skip
def test_what_is_missing_is_said_and_what_was_typed_stays(
    client_as: ClientAs, platform: Platform, bank: dict[str, int], data: dict[str, object], sentence: str
) -> None:
    sent = {**data, "id": [bank.get(str(each), each) for each in data.get("id", [])]}  # type: ignore[attr-defined]
    status, shown = posted(client_as(Role.COMMISSION), "/bank/items", sent)
    assert status == 422
    assert sentence in shown
    assert f'value="{data.get("reason", "")}"' in shown
    assert state(platform, bank["GEO-1"]) == "approved"


def test_enemies_are_set_and_parted(client_as: ClientAs, platform: Platform, bank: dict[str, int]) -> None:
    client = client_as(Role.PSYCHOMETRICIAN)
    for family in ("rivers", ""):
        posted(client, "/bank/items", {"id": [bank["GEO-1"]], "act": "family", "family": family})
        with platform.database.reading() as db:
            assert db.scalar(select(Item.family).where(Item.code == "GEO-1")) == (family or None)


def test_nobody_alone_decides_on_what_they_wrote(
    client_as: ClientAs, platform: Platform, bank: dict[str, int]
) -> None:
    with open_work(platform, SYSTEM) as work:
        author = accounts.a_staff_member(work, Role.COMMISSION)
        work.db.get_one(Manuscript, bank["GEO-1"]).author_id = author
    data = {"id": [bank["GEO-1"], bank["GEO-2"]], "act": "retire", "reason": "long enough"}
    assert "Done: 1." in posted(client_as(Role.COMMISSION, id=author), "/bank/items", data)[1]
    assert state(platform, bank["GEO-1"]) == "approved"
    assert state(platform, bank["GEO-2"]) == "retired"


def test_an_act_needs_its_role(client_as: ClientAs, platform: Platform, bank: dict[str, int]) -> None:
    data = {"id": [bank["GEO-1"]], "act": "retire", "reason": "long enough"}
    for role in (Role.PSYCHOMETRICIAN, Role.SECURITY):
        assert posted(client_as(role), "/bank/items", data)[0] == 403
    assert state(platform, bank["GEO-1"]) == "approved"
    assert posted(client_as(Role.SECURITY), "/bank/items", {**data, "act": "rest"})[0] == 200
    assert state(platform, bank["GEO-1"]) == "resting"


def test_the_health_page_says_what_to_write(client_as: ClientAs, bank: dict[str, int]) -> None:
    shown = page(client_as(Role.COMMISSION), "/bank/health")
    assert "Lacking most:" in shown
    assert "Stem of" not in shown
