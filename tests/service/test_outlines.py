"""Tests that came with packages: kept sealed, shown by codes to those they concern, and blueprints begun like them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from itembank import add_item
from itembank.blueprints.drafts.models import BlueprintDraft
from itembank.blueprints.drafts.queries import draft_page
from itembank.interchange.models import ImportedTest
from itembank.interchange.proof import import_faults
from itembank.items.content import NewItem
from itembank.outlines import queries, service
from itembank.outlines.counting import Cell, counted, whole_time
from server.core.errors import Invalid, NotFound
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from tests.factories.accounts import a_staff_member
from tests.factories.itembank import blueprint, new_item, written_item
from tests.factories.outlines import a_section, an_imported_test, an_outline

ClientAs = Callable[..., FlaskClient]


@pytest.fixture
def writer(platform: Platform) -> Actor:
    with open_work(platform, SYSTEM) as work:
        add_item(work, new_item("OLD-1"))
        add_item(work, new_item("OLD-2", area="south"))
        blueprint(work)
        return Actor(frozenset({Role.WRITER}), a_staff_member(work, Role.WRITER), "Writer")


@pytest.fixture
def planner(platform: Platform) -> Actor:
    with open_work(platform, SYSTEM) as work:
        return Actor(frozenset({Role.PSYCHOMETRICIAN}), a_staff_member(work, Role.PSYCHOMETRICIAN), "P")


def items() -> list[NewItem]:
    return [new_item("A"), new_item("B", tier="raised"), new_item("C", area="south"), written_item("W")]


def a_whole_test(platform: Platform, writer: Actor) -> int:
    outlines = {"ky": an_outline(a_section("A", "B", "C", select=2), a_section("W", title="Secret title"))}
    return an_imported_test(platform, writer, items(), outlines)


def test_a_test_is_kept_with_its_items_and_their_states(platform: Platform, writer: Actor) -> None:
    test_id = a_whole_test(platform, writer)
    with open_work(platform, writer) as work:
        known = queries.outline(work, test_id)
        assert [row.title for row in queries.outlines(work)] == ["Сынак 1"]
    assert {name: (each.code, each.state) for name, each in known.named.items()} == {
        code: (code, "draft") for code in "ABCW"
    }
    assert known.shown == an_outline(a_section("A", "B", "C", select=2), a_section("W", title="Secret title"))
    assert (known.row.n_items, known.row.n_missing, known.row.time_s) == (4, 0, 2700)


def test_an_item_of_somebody_else_stands_under_the_code_it_has_now(platform: Platform, writer: Actor) -> None:
    test_id = an_imported_test(platform, writer, [new_item("OLD-1")])
    with open_work(platform, writer) as work:
        [named] = queries.outline(work, test_id).named.values()
    assert named.code.startswith("GEO-")


def test_what_was_not_taken_in_is_missing_and_said(platform: Platform, writer: Actor) -> None:
    a_whole_test(platform, writer)
    again = a_whole_test(platform, writer)  # the drafts are open: no second ones are made
    with open_work(platform, writer) as work:
        known = queries.outline(work, again)
    assert (known.row.n_missing, known.named) == (4, {})


def test_another_writer_sees_none_and_who_plans_sees_all(platform: Platform, writer: Actor, planner: Actor) -> None:
    test_id = a_whole_test(platform, writer)
    with open_work(platform, Actor(writer.roles, (writer.id or 0) + 100)) as work:
        assert queries.outlines(work) == []
        with pytest.raises(NotFound):
            queries.outline(work, test_id)
    with open_work(platform, planner) as work:
        assert [row.id for row in queries.outlines(work)] == [test_id]


def test_titles_lie_sealed_and_a_flipped_bit_is_named(platform: Platform, writer: Actor) -> None:
    a_whole_test(platform, writer)
    with open_work(platform, SYSTEM) as work:
        row = work.db.scalars(select(ImportedTest)).one()
        assert b"Secret" not in row.outline_sealed
        assert list(import_faults(work, [row.item_import_id])) == []
        with work.db.no_autoflush:
            row.outline_sealed = bytes([*row.outline_sealed[:-1], row.outline_sealed[-1] ^ 1])
            [fault] = import_faults(work, [row.item_import_id])
            assert "test:0" in fault
            work.db.expunge(row)
    with pytest.raises(DatabaseError, match="append-only"), open_work(platform, SYSTEM) as work:
        work.db.execute(text("UPDATE imported_test SET position = 7"))


def test_a_blueprint_begins_with_what_is_counted(platform: Platform, writer: Actor, planner: Actor) -> None:
    test_id = a_whole_test(platform, writer)
    with open_work(platform, planner) as work:
        draft_id = service.draft_blueprint(work, test_id, work.now.year)
        page = draft_page(work, draft_id, None)
    fields = dict(page.fields)
    assert (fields["length"], fields["written"], fields["time_min"]) == ("2", "1", "45")
    bounds = {name: (fields.get(f"{name}_least"), fields.get(f"{name}_most"))
              for name in ("tier_basic", "tier_raised", "tier_medium", "area_0", "area_1")}
    assert bounds == {"tier_basic": ("1", "2"), "tier_raised": ("0", "1"), "tier_medium": ("0", "0"),
                      "area_0": ("1", "2"), "area_1": ("0", "1")}
    assert fields["area_0_ky"] == "north"  # as the last blueprint calls it


def test_an_open_draft_is_not_overwritten(platform: Platform, writer: Actor, planner: Actor) -> None:
    test_id = a_whole_test(platform, writer)
    with open_work(platform, planner) as work:
        service.draft_blueprint(work, test_id, 2027)
    with pytest.raises(Invalid, match="draft_open"), open_work(platform, planner) as work:
        service.draft_blueprint(work, test_id, 2027)
    with open_work(platform, SYSTEM) as work:
        assert len(work.db.scalars(select(BlueprintDraft)).all()) == 1


def test_nothing_is_counted_where_no_item_is_in_the_bank(platform: Platform, writer: Actor, planner: Actor) -> None:
    a_whole_test(platform, writer)
    again = a_whole_test(platform, writer)
    with pytest.raises(Invalid, match="outline_no_items"), open_work(platform, planner) as work:
        service.draft_blueprint(work, again, 2027)


def test_a_section_that_gives_some_of_its_items_leaves_the_quotas_open() -> None:
    cells = {"a": Cell("g", "basic", "n", "choice"), "b": Cell("g", "basic", "n", "choice"),
             "c": Cell("g", "raised", "s", "choice")}
    count = counted(an_outline(a_section("a", "b", "c", select=2)), cells)
    assert (count.length, count.least["n"], count.most["n"], count.least["s"], count.most["s"]) == (2, 1, 2, 0, 1)


def test_the_time_is_that_of_the_test_or_of_all_its_sections() -> None:
    assert whole_time(an_outline(a_section("a"), time_s=60)) == 60
    assert whole_time(an_outline(a_section("a"), time_s=None)) is None


def test_pages_by_codes_without_a_word_of_an_item(platform: Platform, writer: Actor, planner: Actor,
                                                  client_as: ClientAs) -> None:
    test_id = a_whole_test(platform, writer)
    client = client_as(Role.WRITER, id=writer.id)
    client.set_cookie("synak_lang", "en")
    assert f'href="/bank/outlines/{test_id}"' in client.get("/bank/outlines").text
    page = client.get(f"/bank/outlines/{test_id}").text
    for said in ("Сынак 1", "Secret title", "Part 1", "45 min", "So many of these are given: 2."):
        assert said in page
    assert "Stem of" not in page
    assert "Draft a blueprint" not in page
    other = client_as(Role.PSYCHOMETRICIAN, id=planner.id)
    other.set_cookie("synak_lang", "en")
    assert "Draft a blueprint" in other.get(f"/bank/outlines/{test_id}").text
    reply = other.post(f"/bank/outlines/{test_id}/blueprint", data={"year": "2027"})
    assert "/bank/blueprints/drafts/" in reply.headers["Location"]
    again = other.post(f"/bank/outlines/{test_id}/blueprint", data={"year": "2027"})
    assert again.status_code == 422
    assert "open already" in again.text


def test_without_tests_the_page_says_how_one_comes(client_as: ClientAs) -> None:
    client = client_as(Role.WRITER)
    client.set_cookie("synak_lang", "en")
    page = client.get("/bank/outlines").text
    assert "No package has brought a test yet" in page
    assert 'href="/bank/import"' in page
