"""The item editor on the server: what is opened, looked at, kept; passages written once; the mark of an opening."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from itembank.authoring import access, beginning, reviewing, safe, service
from itembank.authoring.beginning import NewDraft
from itembank.authoring.editor import queries, wire
from itembank.authoring.editor import service as editing
from itembank.authoring.models import Manuscript, Review
from itembank.items.parts import NewText
from server.core.errors import Denied, Invalid, NotFound, Stale
from server.core.journal import entries_on
from server.core.roles import Actor, Role
from server.core.work import Work
from tests.factories import accounts
from tests.factories import itembank as factory

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect x="5" y="5" width="50" height="40"/></svg>'


@pytest.fixture
def writer(work: Work) -> Work:
    place = accounts.an_organisation(work, "ntc").id
    for role in (Role.REVIEWER, Role.EDITOR):
        accounts.a_staff_member(work, role, organisation_id=place)
    id_ = accounts.a_staff_member(work, Role.WRITER, organisation_id=place)
    return replace(work, actor=Actor(frozenset({Role.WRITER}), id_, "Назгүл", place))


def begun(writer: Work, code: str = "GEO-1", **changes: Any) -> int:
    return service.begin(writer, factory.new_item(code, **changes), "ky")


def ask(opened: wire.Manuscript, confirmed: tuple[str, ...] = (), **changes: Any) -> wire.Save:
    item = {**opened.item.model_dump(), **changes}
    return wire.Save.model_validate({"revision": opened.revision, "item": item, "confirmed": list(confirmed)})


def with_text(opened: wire.Manuscript, language: str, **changes: Any) -> dict[str, Any]:
    texts = opened.item.model_dump()["texts"]
    return {**texts, language: {**texts[language], **changes}}


def look(writer: Work, id_: int, language: str = "ky", item: wire.ItemSource | None = None) -> wire.Looks:
    return queries.looks_of(writer, id_, wire.Look.model_validate(
        {"item": item and item.model_dump(), "language": language, "with_key": True}
    ))  # fmt: skip


def test_the_author_of_a_draft_may_change_all_of_it(writer: Work) -> None:
    opened = queries.open_manuscript(writer, begun(writer))
    assert (opened.purpose, opened.state, opened.origin) == ("author", "draft", "ky")
    assert (opened.writes, opened.may_classify) == (["ky", "ru"], True)
    assert opened.reader == "Назгүл"


def test_the_mark_of_a_preview_leads_to_the_opening_in_the_journal(writer: Work) -> None:
    id_ = begun(writer)
    first, second = queries.open_manuscript(writer, id_), queries.open_manuscript(writer, id_)
    writer.close()
    marks = [each.facts["mark"] for each in entries_on(writer.db, "item:GEO-1") if each.act == "item_opened"]
    assert sorted(marks) == sorted([first.mark, second.mark])
    assert first.mark != second.mark


def test_a_reader_changes_nothing_and_an_editor_their_language(writer: Work) -> None:
    id_ = begun(writer)
    service.submit(writer, id_, writer.db.get_one(Manuscript, id_).revision)
    writer.db.flush()
    asked = writer.db.execute(select(Review)).scalar_one()
    reviewer = replace(writer, actor=replace(writer.actor, id=asked.reviewer_id, roles=frozenset({Role.REVIEWER})))
    opened = queries.open_manuscript(reviewer, id_)
    assert (opened.purpose, opened.writes, opened.may_classify) == ("review", [], False)
    with pytest.raises(Denied):
        editing.save(reviewer, id_, ask(opened, texts=with_text(opened, "ky", stem="Башка?")))
    assert look(reviewer, id_).view is not None
    assert queries.open_manuscript(writer, id_).writes == []


def test_what_is_not_whole_yet_can_be_seen_and_says_what_is_missing(writer: Work) -> None:
    new = NewDraft(subject="geography", tier="basic", area="north", type="choice", languages=("ky", "ru"), origin="ky")
    begun(writer)
    id_ = beginning.begin(writer, new)
    looks = look(writer, id_)
    assert looks.view is not None
    assert [len(looks.view["options"]), looks.view["type"]] == [4, "choice"]
    assert {(each.code, each.anchor) for each in looks.remarks} >= {
        ("text_missing", "ky.stem"), ("text_missing", "ru.options.4"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", [
    "choice", "multiple_choice", "matching", "ordering", "inline_choice", "gap_match", "text_entry", "extended_text",
])  # fmt: skip
def test_each_type_begins_with_its_places(writer: Work, kind: str) -> None:
    begun(writer)
    new = NewDraft(subject="geography", tier="basic", area="north", type=kind, languages=("ky",), origin="ky")
    id_ = beginning.begin(writer, new)
    opened = queries.open_manuscript(writer, id_)
    gaps = {"inline_choice": "[[1]] кел", "gap_match": "[[1]] кел"}.get(kind, "")
    item = wire.ItemSource.model_validate({**opened.item.model_dump(), "texts": with_text(opened, "ky", stem=gaps)})
    assert look(writer, id_, item=item).view is not None


def test_the_preview_is_what_would_be_sealed(writer: Work) -> None:
    id_ = begun(writer)
    looks = look(writer, id_)
    assert looks.view is not None
    shown = {option["id"]: option["content"] for option in looks.view["options"]}
    assert looks.key is not None
    [letter] = looks.key
    assert shown[letter.lower()] == ["key GEO-1 ky"]
    assert looks.problem is None


def test_what_contradicts_itself_is_said_and_not_shown(writer: Work) -> None:
    id_ = begun(writer)
    opened = queries.open_manuscript(writer, id_)
    item = wire.ItemSource.model_validate(
        {**opened.item.model_dump(), "texts": with_text(opened, "ky", stem="Мында $x_{1$ бар")}
    )
    looks = look(writer, id_, item=item)
    assert looks.view is None
    assert looks.problem
    assert looks.remarks[0].code == "formula_wrong"


def test_items_that_say_nearly_the_same_are_named_by_code_alone(writer: Work) -> None:
    words = "Ысык-Көл Кыргыз Республикасынын кайсы дубанында жайгашканын жана аянты канча экенин аныктагыла"
    texts = {"ky": NewText(words, ("Ысык-Көл облусу", "Чүй облусу", "Талас облусу"))}
    begun(writer, "GEO-7", texts=texts)
    id_ = begun(writer, "GEO-8", texts=texts)
    [near] = [each for each in look(writer, id_).remarks if each.code == "near_duplicate"]
    assert "GEO-7" in near.sentence
    assert "100" in near.sentence
    assert "дубан" not in near.sentence


def test_a_picture_is_among_the_files_and_is_seen_by_those_it_concerns(writer: Work) -> None:
    id_ = begun(writer)
    kept = editing.add_file(writer, id_, SVG)
    assert (kept.type, kept.width, kept.height) == ("image/svg+xml", 200, 100)
    opened = queries.open_manuscript(writer, id_)
    figures = {"map": {"digest": kept.digest, "alternative": "Карта", "description": None}}
    texts = with_text(opened, "ky", stem="Мына ![map]", figures=figures)
    editing.save(writer, id_, ask(opened, texts=texts))
    view = look(writer, id_).view
    assert view is not None
    assert view["figures"]["map"]["width"] == 200
    with pytest.raises(Invalid):
        editing.add_file(writer, id_, b"MZ\x90")
    stranger = replace(writer, actor=replace(writer.actor, id=999))
    with pytest.raises(NotFound):
        editing.add_file(stranger, id_, SVG)
    with pytest.raises(NotFound):
        look(stranger, id_)


def test_a_stale_translation_shows_what_it_was_made_from(writer: Work) -> None:
    id_ = begun(writer)
    opened = queries.open_manuscript(writer, id_)
    saved = editing.save(writer, id_, ask(opened, texts=with_text(opened, "ky", stem="Жаңы суроо?")))
    assert saved.stale == ["ru"]
    assert saved.made_from["ru"].stem == "Stem of GEO-1 in ky"
    assert {"translation_stale"} <= {each.code for each in look(writer, id_).remarks}
    with pytest.raises(Stale):
        editing.save(writer, id_, ask(opened, ("ru",)))
    again = queries.open_manuscript(writer, id_)
    assert editing.save(writer, id_, ask(again, ("ru",))).stale == []


def test_what_readers_said_comes_with_the_text(writer: Work) -> None:
    id_ = begun(writer)
    reviewing.comment(writer, id_, "ky.options.2", "Бул да туура эмеспи?")
    [said] = queries.open_manuscript(writer, id_).said
    assert (said.anchor, said.body, said.is_settled) == ("ky.options.2", "Бул да туура эмеспи?", False)


def test_a_passage_is_written_once_for_all_drafts_of_it(writer: Work) -> None:
    first, second = begun(writer, "GEO-1"), begun(writer, "GEO-2")
    kept = editing.add_file(writer, first, SVG)
    opened = queries.open_manuscript(writer, first)
    figures = {"passage-1": {"digest": kept.digest, "alternative": "Карта", "description": None}}
    texts = with_text(opened, "ky", passage="Нарын шаары ![passage-1]", figures=figures)
    texts["ru"]["passage"] = "Город Нарын"
    editing.save(writer, first, ask(opened, texts=texts, passage="naryn"))
    joined = editing.save(writer, second, ask(queries.open_manuscript(writer, second), passage="naryn"))
    assert joined.taken is not None
    assert joined.taken.texts["ky"].passage == "Нарын шаары ![passage-1]"
    assert joined.shares_passage == ["GEO-1"]
    opened = queries.open_manuscript(writer, second)
    editing.save(writer, second, ask(opened, texts=with_text(opened, "ky", passage="Ош шаары", figures={})))
    text = queries.open_manuscript(writer, first).item.texts["ky"]
    assert (text.passage, text.figures) == ("Ош шаары", {})
    assert text.stem == "Stem of GEO-1 in ky"


def test_a_passage_that_was_handed_in_is_not_rewritten(writer: Work) -> None:
    texts = {language: NewText("Кайсы?", ("а", "б", "в"), passage="Эски текст") for language in ("ky", "ru")}
    first = begun(writer, "GEO-1", texts=texts, passage="naryn")
    second = begun(writer, "GEO-2", texts=texts, passage="naryn")
    service.submit(writer, first, writer.db.get_one(Manuscript, first).revision)
    opened = queries.open_manuscript(writer, second)
    saved = editing.save(writer, second, ask(opened, texts=with_text(opened, "ky", passage="Жаңы текст")))
    assert saved.shares_passage == []
    row = access.find(writer, first)
    assert safe.open_document(writer, row).item["texts"]["ky"]["passage"] == "Эски текст"
