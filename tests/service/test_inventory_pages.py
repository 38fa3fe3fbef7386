"""Pages of the whole bank: who searches, what acts do and refuse, and that nothing shows what items say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from itembank import add_item
from itembank.authoring.models import Manuscript
from itembank.inventory import queries, service
from itembank.items.models import Item
from itembank.withdrawals.service import Decision, withdraw
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
    asked = {"id": ids, "act": "rest", "reason": "Текшерүү керек"}
    status, shown = posted(client, "/bank/items", asked)
    assert status == 200
    assert "This is done to 2 items" in shown
    assert {state(platform, id_) for id_ in ids} == {"approved"}  # it was shown, not done
    status, shown = posted(client, "/bank/items", {**asked, "step": "do"})
    assert "Done: 2." in shown
    assert {state(platform, id_) for id_ in ids} == {"resting"}
    asked = {"id": [*ids, bank["GEO-3"]], "act": "wake", "reason": "Текшерилди"}
    for step, said in (("look", "This is done to 2 items"), ("do", "Done: 2.")):
        shown = posted(client, "/bank/items", {**asked, "step": step})[1]
        assert said in shown
        assert "These stay as they are: 1" in shown
        assert "Its state does not allow it." in shown
    assert {state(platform, id_) for id_ in ids} == {"approved"}
    with platform.database.reading() as db:
        lines = db.execute(select(JournalEntry).where(JournalEntry.act == "item_acted_on")).scalars().all()
    assert [line.subject for line in lines] == ["item:GEO-1", "item:GEO-2"] * 2


def test_all_that_answer_follow_on_every_page(
    client_as: ClientAs, platform: Platform, bank: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    client = client_as(Role.COMMISSION)
    asked = {"whole": "yes", "act": "rest", "reason": "long enough"}
    assert "With all 3 items that answer, on every page" in page(client, "/bank/items?subject=geography")
    shown = posted(client, "/bank/items?subject=geography", asked)[1]
    assert "This is done to 3 items" in shown
    # What was shown is what is done: an item that answers only now is left out.
    with open_work(platform, SYSTEM) as work:
        add_item(work, factory.new_item("GEO-4"))
    ids = re.findall(r'name="id" value="(\d+)"', shown)
    confirmed = {"id": ids, "act": "rest", "reason": "long enough", "step": "do"}
    assert "Done: 3." in posted(client, "/bank/items?subject=geography", confirmed)[1]
    assert {state(platform, id_) for id_ in bank.values()} == {"resting"}


def test_more_than_can_be_done_at_once_is_refused(
    client_as: ClientAs, platform: Platform, bank: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    monkeypatch.setattr(queries, "PAGE", 2)
    client = client_as(Role.COMMISSION)
    assert "goes up to 2 items" in page(client, "/bank/items")
    status, shown = posted(client, "/bank/items", {"whole": "yes", "act": "rest", "reason": "long enough"})
    assert (status, "More than 2 items answer." in shown) == (422, True)
    assert {state(platform, id_) for id_ in bank.values()} == {"approved"}


def test_what_is_withdrawn_is_not_taken_up_and_keeps_no_other_back(
    client_as: ClientAs, platform: Platform, bank: dict[str, int]
) -> None:
    client = client_as(Role.COMMISSION)
    ids = [bank["GEO-1"], bank["GEO-2"]]
    posted(client, "/bank/items", {"id": ids, "act": "rest", "reason": "long enough", "step": "do"})
    with open_work(platform, SYSTEM) as work:
        withdraw(work, ["GEO-1"], Decision(cause="published", reason="long enough"))
    shown = posted(client, "/bank/items", {"id": ids, "act": "wake", "reason": "long enough", "step": "do"})[1]
    assert "Done: 1." in shown
    assert "It is withdrawn" in shown
    assert [state(platform, id_) for id_ in ids] == ["resting", "approved"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({"act": "rest", "reason": "long enough"}, "Tick from 1 to 500 items"),
     ({"act": "rest", "id": ["x"], "reason": "long enough"}, "Tick from"),
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
        posted(client, "/bank/items", {"id": [bank["GEO-1"]], "act": "family", "family": family, "step": "do"})
        with platform.database.reading() as db:
            assert db.scalar(select(Item.family).where(Item.code == "GEO-1")) == (family or None)


def test_nobody_alone_decides_on_what_they_wrote(
    client_as: ClientAs, platform: Platform, bank: dict[str, int]
) -> None:
    with open_work(platform, SYSTEM) as work:
        author = accounts.a_staff_member(work, Role.COMMISSION)
        work.db.get_one(Manuscript, bank["GEO-1"]).author_id = author
    data = {"id": [bank["GEO-1"], bank["GEO-2"]], "act": "retire", "reason": "long enough", "step": "do"}
    shown = posted(client_as(Role.COMMISSION, id=author), "/bank/items", data)[1]
    assert "Done: 1." in shown
    assert "You wrote it yourself" in shown
    assert state(platform, bank["GEO-1"]) == "approved"
    assert state(platform, bank["GEO-2"]) == "retired"


def test_an_act_needs_its_role(client_as: ClientAs, platform: Platform, bank: dict[str, int]) -> None:
    data = {"id": [bank["GEO-1"]], "act": "retire", "reason": "long enough", "step": "do"}
    for role in (Role.PSYCHOMETRICIAN, Role.SECURITY):
        for step in ("look", "do"):
            assert posted(client_as(role), "/bank/items", {**data, "step": step})[0] == 403
    assert state(platform, bank["GEO-1"]) == "approved"
    assert posted(client_as(Role.SECURITY), "/bank/items", {**data, "act": "rest"})[0] == 200
    assert state(platform, bank["GEO-1"]) == "resting"


def test_the_health_page_says_what_to_write(client_as: ClientAs, bank: dict[str, int]) -> None:
    shown = page(client_as(Role.COMMISSION), "/bank/health")
    assert "Lacking most:" in shown
    assert "Stem of" not in shown
