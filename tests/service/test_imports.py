"""Imports: what is uploaded is sealed, read by a worker in steps, reported item by item, and gone afterwards."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from itembank import add_item
from itembank.authoring import access, safe
from itembank.authoring.models import Manuscript
from itembank.interchange import Defaults, queries, service, write_qti, write_xlsx
from itembank.interchange.models import ImportOutcome, ItemImport
from itembank.items.models import Item
from server.core.clock import FrozenClock
from server.core.errors import Invalid, NotFound
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.tasks import Keep, Progress, Stopped, TaskRef, cancel
from server.core.work import Platform, open_work
from server.jobs.worker import HANDLERS, work_off
from tests.factories.accounts import a_staff_member
from tests.factories.itembank import new_item
from tests.factories.packages import zipped

DEFAULTS = Defaults("geography", "north", "medium", "ky")


@pytest.fixture
def writer(platform: Platform) -> Actor:
    """A writer in a bank that has a subject and two areas."""
    with open_work(platform, SYSTEM) as work:
        add_item(work, new_item("OLD-1"))
        add_item(work, new_item("OLD-2", area="south"))
        return Actor(frozenset({Role.WRITER}), a_staff_member(work, Role.WRITER), "Writer")


def received(platform: Platform, writer: Actor, data: bytes, defaults: Defaults = DEFAULTS) -> int:
    with open_work(platform, writer) as work:
        return service.receive(work, data, defaults)


def imported(platform: Platform, writer: Actor, data: bytes) -> queries.ImportPage:
    import_id = received(platform, writer, data)
    assert work_off(platform)
    return page(platform, writer, import_id)


def page(platform: Platform, writer: Actor, import_id: int) -> queries.ImportPage:
    with open_work(platform, writer) as work:
        return queries.import_page(work, import_id, 0, 1000)


def acts(platform: Platform) -> list[tuple[str, dict[str, Any]]]:
    with open_work(platform, SYSTEM) as work:
        found = work.db.scalars(select(JournalEntry).order_by(JournalEntry.seq))
        return [(each.act, json.loads(each.facts)) for each in found]


def test_items_of_a_package_are_drafts_of_whoever_uploaded_it(platform: Platform, writer: Actor) -> None:
    items = [new_item("NEW-1", tier="raised", area="south"), new_item("NEW-2", family="f", is_demonstration=True)]
    found = imported(platform, writer, write_qti(items))
    assert (found.row.n, found.row.n_taken, found.row.is_open, found.is_refused) == (2, 2, False, False)
    assert [(each.code, each.problems, each.notes) for each in found.outcomes] == [("NEW-1", [], []), ("NEW-2", [], [])]
    with open_work(platform, writer) as work:
        manuscript = access.reading_of(work, found.outcomes[0].manuscript_id or 0).manuscript
        assert (manuscript.state, manuscript.author_id, manuscript.origin) == ("draft", writer.id, "ky")
        assert safe.item_of(work, manuscript, safe.open_document(work, manuscript)) == items[0]
        assert not work.db.execute(select(Item.is_demonstration).where(Item.code == "NEW-2")).scalar_one()


def test_the_file_is_gone_when_it_is_read_and_lies_sealed_before(platform: Platform, writer: Actor) -> None:
    data = write_xlsx([new_item("NEW-1")])
    import_id = received(platform, writer, data)
    with open_work(platform, SYSTEM) as work:
        sealed = work.db.get_one(ItemImport, import_id).upload_sealed
    assert sealed is not None
    assert len(sealed) > len(data)
    assert data[:40] not in sealed
    assert work_off(platform)
    with open_work(platform, SYSTEM) as work:
        row = work.db.get_one(ItemImport, import_id)
        assert row.upload_sealed is None
        assert row.ended_at == work.now


def test_the_journal_says_who_imported_how_much_and_no_word_of_it(platform: Platform, writer: Actor) -> None:
    imported(platform, writer, write_qti([new_item("NEW-1"), new_item("NEW-2")]))
    found = dict(acts(platform))
    assert found["items_imported"] == {"n": 2, "n_taken": 2, "is_refused": False, "n_tests": 0}
    assert set(found["import_received"]) == {"digest", "size"}
    assert "Stem of" not in repr(acts(platform))


def test_a_file_that_is_refused_gives_no_item_and_says_why(platform: Platform, writer: Actor) -> None:
    found = imported(platform, writer, zipped({"imsmanifest.xml": "<manifest/>", "../x": "1"}))
    assert (found.row.n, found.is_refused, found.row.is_open) == (0, True, False)
    assert found.remarks == [("package_path", {"file": "../x"})]
    assert found.task is not None
    assert found.task.state == "done"


def test_a_code_of_somebody_else_is_not_taken_over(platform: Platform, writer: Actor) -> None:
    found = imported(platform, writer, write_qti([new_item("OLD-1")]))
    [outcome] = found.outcomes
    assert outcome.code.startswith("GEO-")
    assert outcome.notes == [("import_renamed", {"item": "OLD-1"})]


def test_the_same_package_twice_makes_no_second_draft(platform: Platform, writer: Actor) -> None:
    data = write_qti([new_item("NEW-1")])
    imported(platform, writer, data)
    [outcome] = imported(platform, writer, data).outcomes
    assert (outcome.manuscript_id, outcome.problems) == (None, [("manuscript_open", {"item": "NEW-1"})])


def test_subjects_and_areas_that_the_bank_does_not_know(platform: Platform, writer: Actor) -> None:
    items = [new_item("NEW-1", subject="alchemy"), new_item("NEW-2", area="nowhere")]
    first, second = imported(platform, writer, write_qti(items)).outcomes
    assert first.notes == [("import_subject", {"subject": "geography"})]
    assert second.notes == [("import_area", {})]
    with open_work(platform, SYSTEM) as work:
        rows = work.db.execute(select(Item.subject, Item.area).where(Item.code.in_(["NEW-1", "NEW-2"]))).all()
    assert {tuple(row) for row in rows} == {("geography", "north")}


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    platform: Platform, writer: Actor, clock: FrozenClock
) -> None:
    items = [new_item(f"NEW-{n}") for n in range(25)]
    import_id = received(platform, writer, write_qti(items))

    class Killed(BaseException):
        pass

    def dying(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
        def until(done: int, total: int, _stage: str | None = None, /) -> None:
            tell(done, total)
            if done == 20:
                raise Killed

        return service.take_in(platform, task, until)

    with pytest.raises(Killed):
        work_off(platform, {service.KIND: dying})
    assert page(platform, writer, import_id).row.n == 20
    clock.advance(200)
    assert work_off(platform)
    found = page(platform, writer, import_id)
    assert [each.code for each in found.outcomes] == [item.code for item in items]
    with open_work(platform, SYSTEM) as work:
        assert work.db.execute(select(func.count()).select_from(Manuscript).where(
            Manuscript.author_id == writer.id)).scalar_one() == 25  # fmt: skip


def test_an_import_that_is_stopped_keeps_what_came_of_it_and_nothing_else(platform: Platform, writer: Actor) -> None:
    import_id = received(platform, writer, write_qti([new_item(f"NEW-{n}") for n in range(25)]))
    task = page(platform, writer, import_id).task
    assert task is not None

    def stopping(platform: Platform, ref: TaskRef, tell: Progress) -> Keep:
        def until(done: int, _total: int, _stage: str | None = None, /) -> None:
            if done == 10:
                with open_work(platform, writer) as work:
                    cancel(work, ref.id)
                    service.discard(work, import_id)  # as the page does
                raise Stopped

        return service.take_in(platform, ref, until)

    assert work_off(platform, {service.KIND: stopping})
    found = page(platform, writer, import_id)
    assert (found.row.n, found.row.is_open) == (10, False)
    assert ("import_discarded", {}) in acts(platform)


def test_a_worker_that_was_only_slow_leaves_the_import_to_its_successor(platform: Platform, writer: Actor) -> None:
    import_id = received(platform, writer, write_qti([new_item(f"NEW-{n}") for n in range(25)]))

    def slow(platform: Platform, ref: TaskRef, tell: Progress) -> Keep:
        def until(done: int, total: int, _stage: str | None = None, /) -> None:
            if done == 10 and total == 25:
                service.run(platform, import_id, lambda _done, _total: None)

        return service.take_in(platform, ref, until)

    assert work_off(platform, {service.KIND: slow})
    found = page(platform, writer, import_id)
    assert (found.row.n, found.row.n_taken, found.row.is_open) == (25, 25, False)
    assert "import_discarded" not in dict(acts(platform))


def test_nobody_fills_the_bank_with_files(platform: Platform, writer: Actor) -> None:
    data = write_qti([new_item("NEW-1")])
    for _ in range(service.MOST_OPEN):
        received(platform, writer, data)
    with pytest.raises(Invalid) as refused:
        received(platform, writer, data)
    assert refused.value.code == "import_waiting"


def test_a_forgotten_file_is_deleted(platform: Platform, writer: Actor, clock: FrozenClock) -> None:
    import_id = received(platform, writer, write_qti([new_item("NEW-1")]))
    with open_work(platform, SYSTEM) as work:
        assert service.discard_forgotten(work) == 0
    clock.advance(25 * 3600)
    with open_work(platform, SYSTEM) as work:
        assert service.discard_forgotten(work) == 1
    assert not page(platform, writer, import_id).row.is_open
    assert work_off(platform)  # the task finds nothing to do
    assert page(platform, writer, import_id).row.n == 0


def test_nobody_else_sees_an_import(platform: Platform, writer: Actor) -> None:
    import_id = received(platform, writer, write_qti([new_item("NEW-1")]))
    other = Actor(writer.roles, (writer.id or 0) + 1)
    with open_work(platform, other) as work:
        assert queries.own_imports(work) == []
        with pytest.raises(NotFound):
            queries.import_page(work, import_id, 0, 10)


@pytest.mark.parametrize(("changes", "part"), [
    ({"subject": "alchemy"}, "subject"), ({"area": "nowhere"}, "area"), ({"tier": "x"}, "tier"),
    ({"language": "de"}, "language"),
])  # fmt: skip
def test_what_is_chosen_beside_the_file_is_known_to_the_bank(
    platform: Platform, writer: Actor, changes: dict[str, str], part: str
) -> None:
    with pytest.raises(Invalid) as refused:
        received(platform, writer, b"x", Defaults(**{**vars(DEFAULTS), **changes}))
    assert part in refused.value.facts["parts"]  # type: ignore[operator]


def test_outcomes_hold_no_word_in_clear(platform: Platform, writer: Actor) -> None:
    imported(platform, writer, write_qti([new_item("NEW-1")]))
    with open_work(platform, SYSTEM) as work:
        [row] = work.db.scalars(select(ImportOutcome)).all()
    assert b"NEW-1" not in row.report_sealed
    assert service.KIND in HANDLERS
