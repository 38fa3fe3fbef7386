"""Linear forms of a pool: asked for, assembled by a worker, frozen under digests, fresh where they must be."""

from __future__ import annotations

from itertools import combinations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from itembank.authoring import states
from itembank.blueprints.models import PoolItem
from itembank.forms import queries, service
from itembank.forms.models import ExamForm, FormSet
from itembank.forms.service import Plan
from server.core.errors import Invalid, NotFound
from server.core.roles import SYSTEM
from server.core.tasks import task_view
from server.core.work import Platform, open_work
from server.jobs.worker import work_off
from tests.factories import itembank as factory


@pytest.fixture
def pool(platform: Platform) -> int:
    with open_work(platform, SYSTEM) as work:
        return factory.published_pool(work, 4)


def plan(n: int = 2, least: int = 0, most: int = 0, purpose: str = "paper", is_fresh: bool = False) -> Plan:
    return Plan(n, least, most, purpose, is_fresh)


def assembled(platform: Platform, pool: int, asked: Plan) -> queries.FormsPage:
    with open_work(platform, SYSTEM) as work:
        task_id = service.ask_forms(work, pool, asked)
    assert work_off(platform)
    with open_work(platform, SYSTEM) as work:
        task = task_view(work, task_id)
        assert task.result_id is not None, task.failure
        return queries.forms_page(work, task.result_id)


@pytest.mark.parametrize(("n", "least", "most"), [(1, 0, 0), (2, 0, 0), (3, 0, 1), (2, 2, 2)])
def test_forms_keep_the_blueprint_and_the_overlap(platform: Platform, pool: int, n: int, least: int, most: int) -> None:
    page = assembled(platform, pool, plan(n, least, most))
    assert len(page.forms) == n
    for form in page.forms:
        assert len(form.items) == 6
        assert [form.count("tier", tier) for tier in factory.PLACES] == [2, 2, 2]
        assert min(form.count("area", area) for area in factory.AREAS) >= 1
    assert least <= len(page.common) <= most
    for one, other in combinations(page.forms, 2):
        codes = {item.code for item in one.items} & {item.code for item in other.items}
        assert codes == set(page.common)
    assert all(shared == len(page.common) for _one, _other, shared in page.shared)


def test_a_booklet_begins_with_what_is_easy(platform: Platform, pool: int) -> None:
    for form in assembled(platform, pool, plan()).forms:
        assert [item.b for item in form.items] == sorted(item.b for item in form.items)


def test_the_same_is_assembled_again_under_the_same_digests(platform: Platform, pool: int) -> None:
    one, other = assembled(platform, pool, plan()), assembled(platform, pool, plan())
    assert one.row.digest == other.row.digest
    assert [form.digest for form in one.forms] == [form.digest for form in other.forms]
    assert one.forms[0].digest != one.forms[1].digest


def test_fresh_forms_have_no_item_of_an_earlier_one(platform: Platform, pool: int) -> None:
    first = assembled(platform, pool, plan(2))
    fresh = assembled(platform, pool, plan(2, purpose="makeup", is_fresh=True))
    seen = {item.code for form in first.forms for item in form.items}
    assert not seen & {item.code for form in fresh.forms for item in form.items}
    with pytest.raises(Invalid, match="forms_short"):  # 24 items: all are in a form by now
        assembled(platform, pool, plan(1, is_fresh=True))


def test_items_at_rest_are_in_no_form(platform: Platform, pool: int) -> None:
    with open_work(platform, SYSTEM) as work:
        first = work.db.scalars(select(PoolItem).where(PoolItem.pool_id == pool)).first()
        assert first is not None
        states.rest(work, [first.item_version_id], "leaked")
    page = assembled(platform, pool, plan(2))
    assert first.position not in {item.position for form in page.forms for item in form.items}
    with pytest.raises(Invalid, match="forms_short"):
        assembled(platform, pool, plan(4))


def test_too_many_forms_are_refused_with_what_is_missing(platform: Platform, pool: int) -> None:
    with pytest.raises(Invalid) as refusal, open_work(platform, SYSTEM) as work:
        service.ask_forms(work, pool, plan(5))
    assert refusal.value.code == "forms_short"
    assert [["items"], 6] in refusal.value.facts["missing"]  # type: ignore[operator]


@pytest.mark.parametrize("fields", [(0, 0, 0, "paper"), (9, 0, 0, "paper"), (2, 1, 0, "paper"), (2, 0, 51, "paper"),
                                    (2, 0, 0, "sale")])  # fmt: skip
def test_nonsense_is_no_plan(fields: tuple[int, int, int, str]) -> None:
    with pytest.raises(Invalid, match="forms_plan"):
        plan(*fields)


def test_forms_are_frozen(platform: Platform, pool: int) -> None:
    assembled(platform, pool, plan())
    for table in (FormSet.__tablename__, ExamForm.__tablename__):
        with pytest.raises(DatabaseError, match="append-only"), open_work(platform, SYSTEM) as work:
            work.db.execute(text(f"UPDATE {table} SET digest = 'x'"))


def test_no_pool_no_forms(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        for act in (lambda: service.ask_forms(work, 4711, plan()), lambda: queries.forms_of(work, 4711),
                    lambda: queries.forms_page(work, 4711)):  # fmt: skip
            with pytest.raises(NotFound):
                act()
