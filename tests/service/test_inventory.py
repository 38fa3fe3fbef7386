"""The bank searched, counted and seen whole: what answers is what was asked, and nothing says what an item says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from itembank import NewRun, add_item, record_calibration
from itembank.authoring import service, states
from itembank.authoring.models import Manuscript
from itembank.calibrations.service import Parameters
from itembank.inventory import usage
from itembank.inventory.filters import Filters
from itembank.inventory.models import ItemUsage
from itembank.inventory.queries import PAGE, search
from server.core.clock import FrozenClock
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.delivery.models import Step
from server.web.caretaker import take_care
from tests.factories import itembank as factory
from tests.factories.delivery import a_running_session, a_sitting


def codes(work: Work, **asked: str) -> list[str]:
    return [row.code for row in search(work, Filters.read(asked)).rows]


@pytest.fixture
def bank(work: Work) -> Work:
    """Five items: three in two languages, one in Kyrgyz alone, one history item; two have parameters."""
    ids = [add_item(work, factory.new_item(f"GEO-{n}")) for n in (1, 2, 3)]
    add_item(work, factory.new_item("GEO-4", languages=("ky",), tier="raised", area="south", family="rivers"))
    add_item(work, factory.new_item("HIS-1", subject="history"))
    parameters = [Parameters(ids[0], 0.8, -1.0, 0), Parameters(ids[1], 1.6, 1.5, 0)]
    run = NewRun(subject="geography", source="estimated", model="2PL", scale="t", n_persons=300, parameters=parameters)
    record_calibration(work, run)
    usage.count(work, {ids[2]: usage.Given(40, work.now)}, work.now)
    work.db.flush()
    return work


def test_everything_is_there_by_code(bank: Work) -> None:
    assert codes(bank) == ["GEO-1", "GEO-2", "GEO-3", "GEO-4", "HIS-1"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"subject": "history"}, ["HIS-1"]),
        ({"code": "geo-2"}, ["GEO-2"]),
        ({"code": "GEO"}, ["GEO-1", "GEO-2", "GEO-3", "GEO-4"]),
        ({"code": "%"}, []),
        ({"tier": "raised", "area": "south"}, ["GEO-4"]),
        ({"family": "rivers"}, ["GEO-4"]),
        ({"missing": "ru"}, ["GEO-4"]),
        ({"language": "ru", "subject": "geography"}, ["GEO-1", "GEO-2", "GEO-3"]),
        ({"a_min": "1"}, ["GEO-2"]),
        ({"b_max": "0"}, ["GEO-1"]),
        ({"b_min": "-2", "b_max": "2", "sort": "b"}, ["GEO-1", "GEO-2"]),
        ({"given_min": "40"}, ["GEO-3"]),
        ({"given_max": "0", "subject": "geography"}, ["GEO-1", "GEO-2", "GEO-4"]),
        ({"sort": "given", "subject": "geography"}, ["GEO-3", "GEO-1", "GEO-2", "GEO-4"]),
        ({"type": "matching"}, []),
        ({"state": "approved", "tier": "raised"}, ["GEO-4"]),
    ],
)
def test_what_answers_is_what_was_asked(bank: Work, asked: dict[str, str], expected: list[str]) -> None:
    assert codes(bank, **asked) == expected


def test_an_item_stands_once_in_its_newest_version(bank: Work) -> None:
    add_item(bank, factory.new_item("GEO-1"))
    [row] = search(bank, Filters.read({"code": "GEO-1"})).rows
    assert row.number == 2


def test_what_cannot_be_understood_is_named_and_left_out(bank: Work) -> None:
    typed = {"tier": "easy", "b_min": "much", "page": "0", "given_min": "-1", "state": "approved", "x": "1"}
    asked = Filters.read(typed)
    assert asked.wrong == ("b_min", "given_min", "page", "tier")
    assert asked.state == "approved"
    assert search(bank, asked).total == 5


def test_an_address_says_again_what_was_asked() -> None:
    asked = {"subject": "history", "b_min": "-1.5", "is_stale": "1", "sort": "b", "page": "3"}
    filters = Filters.read(asked)
    assert Filters.read(dict(part.split("=") for part in filters.address().split("&"))) == filters
    assert Filters.read({}).address() == ""
    assert "page" not in filters.address(page=1)


def test_pages_follow_one_another_and_the_last_holds_the_rest(work: Work) -> None:
    for n in range(PAGE + 3):
        add_item(work, factory.new_item(f"GEO-{n:03d}", languages=("ky",)))
    first, second = (search(work, Filters.read({"page": n})) for n in ("1", "2"))
    assert (len(first.rows), len(second.rows), first.total, first.n_pages) == (PAGE, 3, PAGE + 3, 2)
    assert first.rows[-1].code < second.rows[0].code
    assert search(work, Filters.read({"page": "99"})).rows == second.rows


def test_a_stale_translation_is_found(work: Work) -> None:
    id_ = service.begin(work, factory.new_item("GEO-1"), "ky")
    row = work.db.get_one(Manuscript, id_)
    assert codes(work, is_stale="1") == []
    row.stale = ["ru"]
    work.db.flush()
    assert codes(work, is_stale="1") == ["GEO-1"]
    assert codes(work, missing="ru") == ["GEO-1"]
    assert codes(work, state="draft") == ["GEO-1"]


def test_a_state_is_found_where_the_item_is_now(bank: Work) -> None:
    [row] = search(bank, Filters.read({"code": "GEO-3"})).rows
    states.rest(bank, [row.item_version_id or 0], "шек")
    bank.db.flush()
    assert codes(bank, state="resting") == ["GEO-3"]


def test_the_caretaker_counts_every_item_given_once(platform: Platform, clock: FrozenClock) -> None:
    with open_work(platform, SYSTEM) as work:
        a_running_session(work, a_sitting(work, subjects=["history"]))
        n_steps = work.db.execute(select(func.count()).select_from(Step).where(Step.is_reached)).scalar_one()
    assert n_steps > 0

    def counted() -> int:
        take_care(platform)
        with platform.database.reading() as db:
            return db.execute(select(func.coalesce(func.sum(ItemUsage.n_given), 0))).scalar_one()

    assert counted() == 0  # made just now: perhaps not everything is committed yet
    clock.advance(timedelta(hours=2).total_seconds())
    assert counted() == n_steps
    clock.advance(timedelta(hours=2).total_seconds())
    assert counted() == n_steps
