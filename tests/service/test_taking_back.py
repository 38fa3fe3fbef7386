"""Nobody comes by an item through its code: only who wrote its newest text goes on with it, and compares what they may
read (DC-7)."""

from __future__ import annotations

import json

import pytest

from itembank.authoring import access, comparing, safe, service
from itembank.interchange.fitting import Bank, fitted
from itembank.interchange.remarks import Defaults, Slate
from server.core.errors import Invalid, NotFound
from server.core.work import Work
from tests.factories import itembank as factory
from tests.service.test_commission import Hall, hall

__all__ = ["hall"]
DEFAULTS = Defaults("geography", "north", "medium", "ky")


def code_at_import(work: Work, code: str) -> tuple[str, list[str]]:
    slate = Slate()
    item = fitted(work, factory.new_item(code), DEFAULTS, Bank({"geography": {"north"}}), slate)
    return item.code, [each.code for each in slate.notes]


def passed_on(hall: Hall) -> tuple[Work, int, int]:
    """An item of one author whose second version another has written: the first author, and both manuscripts."""
    before = hall.members[2]
    first = hall.calibrated("GEO-1", before)
    second = service.revise(hall.work, hall.row(first).item_version_id or 0, hall.writer.actor.id)
    hall.flush()
    item = json.loads(json.dumps(safe.open_document(hall.work, hall.row(second)).item))
    item["texts"]["ky"]["stem"] = "SECRET OF VERSION TWO"
    service.save(hall.writer, second, hall.row(second).revision, item, ["ru"])
    hall.flush()
    return before, first, second


def submitted(hall: Hall, manuscript_id: int) -> None:
    service.submit(hall.writer, manuscript_id, hall.row(manuscript_id).revision)
    hall.flush()
    hall.read(manuscript_id)
    hall.read(manuscript_id)


def test_who_wrote_the_newest_text_keeps_the_code(hall: Hall) -> None:
    hall.calibrated("GEO-1")
    assert code_at_import(hall.writer, "GEO-1") == ("GEO-1", [])
    assert code_at_import(hall.members[2], "GEO-1") == ("", ["import_renamed"])


def test_a_former_author_does_not_take_the_item_back(hall: Hall) -> None:
    before, _first, second = passed_on(hall)
    submitted(hall, second)
    assert code_at_import(before, "GEO-1") == ("", ["import_renamed"])
    assert code_at_import(hall.writer, "GEO-1") == ("GEO-1", [])
    with pytest.raises(Invalid, match="manuscript_code"):
        service.begin(before, factory.new_item("GEO-1"), "ky")


def test_a_draft_that_was_given_up_takes_the_item_from_nobody(hall: Hall) -> None:
    before, _first, second = passed_on(hall)
    service.abandon(hall.writer, second, hall.row(second).revision, "No time")
    hall.flush()
    assert code_at_import(before, "GEO-1") == ("GEO-1", [])
    assert code_at_import(hall.writer, "GEO-1") == ("", ["import_renamed"])


def test_an_item_without_an_author_is_nobodys(hall: Hall) -> None:
    service.admit(hall.work, factory.new_item("OLD-1"))
    assert code_at_import(hall.writer, "OLD-1") == ("", ["import_renamed"])
    with pytest.raises(Invalid, match="manuscript_code"):
        service.begin(hall.work, factory.new_item("OLD-1"), "ky")


def test_earlier_texts_that_a_reader_may_not_read_are_not_compared(hall: Hall) -> None:
    before, first, second = passed_on(hall)
    service.abandon(hall.writer, second, hall.row(second).revision, "No time")
    third = service.begin(before, factory.new_item("GEO-1"), "ky")
    hall.flush()
    page = comparing.compare(before, third, "", "")
    assert {choice.number for choice in page.choices} == {hall.row(first).number, hall.row(third).number}
    assert "SECRET" not in repr(page.differences)
    with pytest.raises(NotFound):
        comparing.compare(before, third, "2.now", "3.now")
    with pytest.raises(NotFound):
        access.reading_of(before, second)


def test_a_writer_who_goes_on_with_anothers_item_sees_their_own_text_alone(hall: Hall) -> None:
    _before, first, second = passed_on(hall)
    submitted(hall, second)
    page = comparing.compare(hall.writer, second, "", "")
    assert {choice.number for choice in page.choices} == {hall.row(second).number}
    with pytest.raises(NotFound):
        comparing.compare(hall.writer, second, f"{hall.row(first).number}.now", "")
