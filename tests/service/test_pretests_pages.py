"""The bank's pages of pretests: what may be planned and why not, what comes of it, how far it is, where it is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from itembank.authoring.service import admit
from itembank.pretests.models import PretestPlan, PretestStop
from itembank.pretests.places import Layout
from itembank.pretests.service import NewPlan, plan_pretest
from server.core.errors import CatError, Invalid, Refused
from server.core.journal import JournalEntry
from server.core.regulation import Edition, load_edition
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from server.delivery.models import ExamSession
from tests.factories import delivery as make
from tests.factories import itembank as bank

PLAN = {"length": 12, "tiers": dict.fromkeys(bank.PLACES, (4, 4)), "areas": dict.fromkeys(bank.AREAS, (1, 12))}
ClientAs = Callable[..., FlaskClient]


@dataclass(frozen=True)
class House:
    """A pool with items that wait, and the client of the psychometrician."""

    pool_id: int
    versions: list[int]
    client: FlaskClient

    def fields(self, **more: object) -> dict[str, object]:
        """The form as somebody fills it in."""
        return {"pool": self.pool_id, "item": self.versions, "per_candidate": 2, "first": 3, "last": 2, "apart": 1,
                "needed_ky": 20, "needed_ru": 20, "n_ky": 40, "n_ru": 10, **more}


@pytest.fixture
def law() -> Edition:
    return load_edition("kg-distinction", "2013")


def waiting(work: Work, code: str, **more: object) -> int:
    return admit(work, bank.new_item(code, subject="history", **more), "pretest")


@pytest.fixture
def house(platform: Platform, law: Edition, client_as: ClientAs) -> House:
    with open_work(platform, SYSTEM) as work:
        pool_id = make.a_pool(work, law, "history", plan=PLAN)
        versions = [waiting(work, f"new-{n}") for n in range(5)]
        waiting(work, "half", languages=("ky",))
    client = client_as(Role.PSYCHOMETRICIAN, id=1, organisation_id=1)
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    client.set_cookie("synak_lang", "en")
    return House(pool_id, versions, client)


def test_an_empty_bank_says_how_items_come_here(client_as: ClientAs) -> None:
    client = client_as(Role.PSYCHOMETRICIAN, id=1, organisation_id=1)
    client.set_cookie("synak_lang", "en")
    assert "Nothing is being tried out yet" in client.get("/bank/pretests").text
    assert "no pool has been published yet" in client.get("/bank/pretests/new").text


def test_what_may_not_be_tried_out_says_why(house: House) -> None:
    page = house.client.get(f"/bank/pretests/new?pool={house.pool_id}").text
    assert page.count('type="checkbox" value=') == 5 + 1 + 1, "five, the one without Russian, the nearest"
    assert "half has no text in these languages of the pool" in page
    assert "at most 3 more may be tried out" in page


def test_what_comes_of_a_plan_is_shown_before_it_is_made(house: House, work: Work) -> None:
    page = house.client.post("/bank/pretests/preview", data=house.fields())
    assert page.status_code == 200
    assert "16 to 16" in page.text, "40 candidates, two each, of five items"
    assert "4 to 4" in page.text
    assert 'value="20"' in page.text, "what was typed stays"
    assert work.db.execute(select(PretestPlan)).first() is None
    refused = house.client.post("/bank/pretests/preview", data=house.fields(first=1))
    assert (refused.status_code, "At least 3 scored items come before the first" in refused.text) == (422, True)


def test_from_plan_to_answers_to_the_end(house: House, platform: Platform, law: Edition) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = make.a_sitting(work, edition=law, pools={"history": house.pool_id})
        session_id = make.a_session(work, sitting)
    made = house.client.post("/bank/pretests", data=house.fields())
    assert made.status_code == 303
    path = made.location.split("?")[0]
    page = house.client.get(made.location).text
    assert "The plan stands" in page
    assert page.count("0 of 20") == 10, "five items in two languages"
    taken = house.client.post(f"{path}/sittings", data={"sitting": sitting.id, "take": "1"})
    assert "The sitting tries these items out" in house.client.get(taken.location).text
    with open_work(platform, SYSTEM) as work:
        assert work.db.get_one(ExamSession, session_id).sections[0].length == 14
        make.finished_session(work, sitting)
    page = house.client.get(path).text
    assert page.count("1 of 20") == 2
    overview = house.client.get("/bank/pretests").text
    assert "2 of 200" in overview
    stopped = house.client.post(f"{path}/stop", data={"position": "0", "reason": "not clear"})
    assert "not clear" in house.client.get(stopped.location).text
    refused = house.client.post(f"{path}/stop", data={"position": "", "reason": " "})
    assert (refused.status_code, "Say in at most 300 letters" in refused.text) == (422, True)
    assert house.client.post(f"{path}/stop", data={"position": "", "reason": "over"}).status_code == 303
    assert "Stop it" not in house.client.get(path).text
    with open_work(platform, SYSTEM) as work:
        acts = select(JournalEntry.act).where(JournalEntry.subject.in_([f"pretest_plan:{path.rsplit('/', 1)[1]}"]))
        found = set(work.db.execute(acts).scalars())
        assert found >= {"pretest_planned", "pretest_plan_opened", "pretest_stopped"}
        assert [row.position for row in work.db.execute(select(PretestStop)).scalars()] == [0, None]


def test_no_page_shows_a_word_of_an_item(house: House) -> None:
    made = house.client.post("/bank/pretests", data=house.fields())
    for path in ("/bank/pretests", f"/bank/pretests/new?pool={house.pool_id}", made.location):
        text = house.client.get(path).text
        assert "Stem of" not in text
        assert "wrong1" not in text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"per_candidate": 4}, "pretest_too_many"),
        ({"layout": Layout(2, 2, 1)}, "pretest_too_early"),
        ({"layout": Layout(3, 1, 1)}, "pretest_too_late"),
        ({"layout": Layout(3, 2, 0)}, "pretest_too_close"),
        ({"layout": Layout(8, 4, 1)}, "pretest_places"),
        ({"per_candidate": 0}, "pretest_few_items"),
        ({"needed": {"ky": 20}}, "pretest_needed"),
        ({"needed": {"ky": 20, "ru": 0}}, "pretest_needed"),
        ({"item_version_ids": ()}, "pretest_items"),
        ({"item_version_ids": (0,)}, "pretest_items"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_dc_8_figures_that_do_not_go_together_are_refused(
    house: House, work: Work, law: Edition, change: dict[str, object], code: str
) -> None:
    known = {"pool_id": house.pool_id, "item_version_ids": house.versions, "per_candidate": 2,
             "layout": Layout(3, 2, 1), "needed": {"ky": 20, "ru": 20}}  # fmt: skip
    with pytest.raises(CatError) as refused:
        plan_pretest(work, NewPlan(**{**known, **change}), law)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert isinstance(refused.value, Refused | Invalid)


def test_what_would_meet_its_like_in_a_test_is_refused_by_name(work: Work, law: Edition) -> None:
    pool_id = make.a_pool(work, law, "history", has_passages=True)
    (passage,) = {"histor-basic-north"}
    in_use = waiting(work, "kin", family="fam", passage=passage)
    twins = [waiting(work, f"twin-{n}", family="fam") for n in range(2)]
    written = admit(work, bank.written_item("essay", subject="history"), "pretest")
    drafted = admit(work, bank.new_item("ready", subject="history"), "approved")

    def refusal(*versions: int, per_candidate: int = 1) -> str:
        new = NewPlan(pool_id=pool_id, item_version_ids=versions, per_candidate=per_candidate,
                      layout=Layout(3, 2, 1), needed={"ky": 1, "ru": 1})  # fmt: skip
        with pytest.raises(CatError) as refused:
            plan_pretest(work, new, law)
        return refused.value.code

    assert refusal(in_use) == "pretest_passage"
    assert refusal(written) == "pretest_written"
    assert refusal(drafted) == "pretest_state"
    assert refusal(*twins, per_candidate=2) == "pretest_too_many"
    long = make.a_pool(work, law, "history", plan=PLAN)
    new = NewPlan(pool_id=long, item_version_ids=twins, per_candidate=2, layout=Layout(3, 2, 1),
                  needed={"ky": 1, "ru": 1})  # fmt: skip
    with pytest.raises(CatError) as refused:
        plan_pretest(work, new, law)
    assert refused.value.code == "pretest_few_items", "two of one family never meet"
