"""Nobody tries the bank with a text: others' items are told of at a hand-in alone, and by no name (DC-7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from itembank.authoring import alike, service
from itembank.authoring.alike import ASKED, MOST_A_DAY
from itembank.authoring.editor import queries, wire
from itembank.items.parts import NewText
from server.core.journal import entries_on
from server.core.work import Work
from tests.factories import itembank as factory
from tests.service.test_commission import Hall, hall

__all__ = ["hall"]
GUESS = NewText("Stem of GEO-1 in ky, told again", ("key GEO-1 ky", "wrong1 GEO-1 ky", "wrong2 GEO-1 ky", "x y z"))
NEAR = {"near_duplicate", "near_duplicate_elsewhere"}


def begun(writer: Work, code: str) -> int:
    return service.begin(writer, factory.new_item(code, texts={"ky": GUESS, "ru": GUESS}), "ky")


def near(work: Work, manuscript_id: int) -> list[tuple[str, str]]:
    """What the page says of items like it."""
    ask = wire.Look.model_validate({"item": None, "language": "ky", "with_key": False})
    found = queries.looks_of(work, manuscript_id, ask).remarks
    return [(each.code, each.sentence) for each in found if each.code in NEAR]


@pytest.fixture
def guessed(hall: Hall) -> int:
    """A draft that says nearly what another's item says."""
    hall.frozen(factory.new_item("GEO-1", texts={"ky": GUESS, "ru": GUESS}), hall.members[1])
    id_ = begun(hall.writer, "GEO-7")
    hall.flush()
    return id_


def handed_in(hall: Hall, id_: int) -> None:
    """Handed in by its author in a unit of work of their own."""
    hall.writer._acts.clear()
    service.submit(hall.writer, id_, hall.row(id_).revision)
    hall.flush()
    hall.writer.close()


def test_a_draft_is_told_nothing_of_others_items_however_often_it_is_saved(hall: Hall, guessed: int) -> None:
    assert near(hall.writer, guessed) == []


def test_at_a_hand_in_the_author_is_told_that_there_is_one_and_the_reader_which(hall: Hall, guessed: int) -> None:
    handed_in(hall, guessed)
    [(code, sentence)] = near(hall.writer, guessed)
    assert code == "near_duplicate_elsewhere"
    assert "GEO" not in sentence
    assert not any(c.isdigit() for c in sentence)
    [(code, sentence)] = near(hall.reader, guessed)
    assert code == "near_duplicate"
    assert "GEO-1" in sentence


def test_that_it_was_asked_and_what_was_found_stands_in_the_journal(hall: Hall, guessed: int) -> None:
    handed_in(hall, guessed)
    [asked] = [each for each in entries_on(hall.work.db, "item:GEO-7") if each.act == ASKED]
    assert (asked.actor, asked.facts["items"], asked.facts["is_told"]) == (
        hall.writer.actor.label, ["GEO-1"], True,
    )  # fmt: skip


def test_who_tries_many_texts_a_day_is_told_no_more(hall: Hall, guessed: int) -> None:
    for _ in range(MOST_A_DAY):
        handed_in(hall, guessed)
        assert near(hall.writer, guessed) != []
        service.withdraw(hall.writer, guessed, hall.row(guessed).revision)
        hall.flush()
    handed_in(hall, guessed)
    assert near(hall.writer, guessed) == []
    assert near(hall.reader, guessed) != []


def test_the_days_count_ends_with_the_day(hall: Hall, guessed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST_A_DAY", 0)
    handed_in(hall, guessed)
    assert near(hall.writer, guessed) == []
    monkeypatch.setattr(alike, "DAY", timedelta(seconds=-1))
    service.withdraw(hall.writer, guessed, hall.row(guessed).revision)
    hall.flush()
    handed_in(hall, guessed)
    assert near(hall.writer, guessed) != []


def test_who_may_change_a_text_in_its_languages_is_told_nothing_either(hall: Hall, guessed: int) -> None:
    handed_in(hall, guessed)
    hall.read(guessed)
    assert hall.row(guessed).state == "language_review"
    assert near(hall.editor, guessed) == []


def test_an_authors_own_items_are_named_as_they_write(hall: Hall) -> None:
    begun(hall.writer, "GEO-5")
    id_ = begun(hall.writer, "GEO-6")
    [(code, sentence)] = near(hall.writer, id_)
    assert code == "near_duplicate"
    assert "GEO-5" in sentence
