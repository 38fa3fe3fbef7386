"""The pages of rescoring and of corrected keys: from the proposal to the applied correction."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from itembank.items.correcting import item_of
from server import delivery
from server.accounts import signing
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.jobs.worker import work_off
from tests.factories.accounts import PIN, a_staff_member, an_organisation
from tests.factories.delivery import every_second, right, wrong
from tests.factories.rescoring import Scene, a_scene, compute_now

ClientAs = Callable[..., FlaskClient]


@pytest.fixture
def scene(platform: Platform) -> Scene:
    with open_work(platform, SYSTEM) as work:
        return a_scene(work, (right, every_second, wrong))


@pytest.fixture
def office(client_as: ClientAs, scene: Scene) -> Callable[[int], FlaskClient]:
    def sit(n: int) -> FlaskClient:
        client = client_as(Role.OFFICE, id=scene.office.staff[n], organisation_id=scene.office.organisation_id)
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        client.set_cookie("synak_lang", "en")
        return client

    return sit


def worked_off(platform: Platform) -> None:
    while work_off(platform) is not None:
        pass


def code_of(platform: Platform, scene: Scene) -> str:
    with open_work(platform, SYSTEM) as work:
        return item_of(work, scene.item_version_id)[1]


def test_DC_28_a_strike_from_its_proposal_to_the_new_versions(
    platform: Platform, scene: Scene, office: Callable[[int], FlaskClient]
) -> None:
    assert "/office/rescoring" in office(0).get("/office").text
    assert "Nothing was ever corrected" in office(0).get("/office/rescoring").text
    form = {"kind": "item_struck", "code": code_of(platform, scene), "reason": "Two answers", "decided_by": "Order 17"}
    reply = office(0).post("/office/rescoring", data=form)
    assert reply.status_code == 303, reply.text
    path = reply.headers["Location"]
    assert "The effect is being computed" in office(0).get(path).text
    worked_off(platform)
    page = office(1).get(path).text
    assert "Whom it changes" in page
    assert "<svg" in page
    (effect,) = re.findall(r'name="effect_id" value="(\d+)"', page)
    assert office(0).post(f"{path}/sign", data={"pin": "111222", "effect_id": effect}).status_code == 422
    assert office(0).post(f"{path}/sign", data={"pin": PIN, "effect_id": effect}).status_code == 303
    assert "Another person of the office signs next" in office(0).get(path).text
    assert office(1).post(f"{path}/sign", data={"pin": PIN, "effect_id": effect}).status_code == 303
    worked_off(platform)
    page = office(2).get(path).text
    assert "What it changed" in page
    assert "Sign for this effect" not in page
    assert "Withdraw the correction" not in page
    assert "applied" in office(0).get("/office/rescoring").text


def test_the_office_sees_numbers_and_no_name(
    platform: Platform, scene: Scene, office: Callable[[int], FlaskClient]
) -> None:
    with open_work(platform, SYSTEM) as work:
        run_id = scene.strike()
        compute_now(work, run_id)
        refs = [delivery.session_ref(work, each) for each in scene.sessions]
    page = office(0).get(f"/office/rescoring/{run_id}").text
    changed = [ref for ref in refs if ref.registration_no in page]
    assert changed
    assert not [ref.name for ref in refs if ref.name in page]


@pytest.mark.parametrize(("said", "sentence"), [
    ({"code": "NONE-1"}, "no such version"), ({"decided_by": " "}, "on whose decision"),
    ({"kind": "session", "form_no": "123"}, "this form number"), ({"reason": ""}, "Write the reason"),
])  # fmt: skip
def test_what_is_wrong_with_a_proposal_is_said(
    platform: Platform, scene: Scene, office: Callable[[int], FlaskClient], said: dict[str, str], sentence: str
) -> None:
    form = {"kind": "item_struck", "code": code_of(platform, scene), "reason": "Two answers", "decided_by": "Order 17"}
    reply = office(0).post("/office/rescoring", data={**form, **said})
    assert reply.status_code == 422
    assert sentence in reply.text


def test_a_key_is_asked_for_made_by_one_and_confirmed_by_another(
    platform: Platform, scene: Scene, office: Callable[[int], FlaskClient], client_as: ClientAs
) -> None:
    code = code_of(platform, scene)
    form = {"kind": "key_corrected", "code": code, "reason": "Doubted", "decided_by": "Order 17"}
    assert office(0).post("/office/rescoring", data=form).status_code == 303
    with open_work(platform, SYSTEM) as work:
        place = an_organisation(work, "ntc")
        members = [a_staff_member(work, Role.COMMISSION, organisation_id=place.id, name=f"Member {n}") for n in (1, 2)]
        for each in members:
            signing.set_pin(work, each, PIN)

    def member(n: int) -> FlaskClient:
        client = client_as(Role.COMMISSION, id=members[n], organisation_id=place.id)
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        client.set_cookie("synak_lang", "en")
        return client

    (path,) = set(re.findall(r'"(/bank/keys/\d+)"', member(0).get("/bank/keys").text))
    assert code in member(0).get(path).text
    said = {"letter": list("abcd"), "reason": "Each can be defended", "pin": PIN}
    assert member(0).post(path, data={**said, "letter": []}).status_code == 422
    assert member(0).post(path, data=said).status_code == 303
    page = member(1).get(path).text
    assert "Each can be defended" in page
    (key_id,) = re.findall(r'name="key_id" value="(\d+)"', page)
    assert member(0).post(f"{path}/confirm", data={"key_id": key_id, "pin": PIN}).status_code == 422
    assert member(1).post(f"{path}/confirm", data={"key_id": key_id, "pin": PIN}).status_code == 303
    assert member(1).get(path).status_code == 403  # it is confirmed: nobody opens the item for it any more
    assert "<strong>2</strong>" in office(0).get("/office/rescoring").text
    assert office(0).post("/office/rescoring", data={**form, "key": "2"}).status_code == 303
