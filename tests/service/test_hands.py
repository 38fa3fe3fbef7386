"""Four eyes over languages and versions (CS-15): what an editor changes another passes; three people read a text."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from itembank.authoring import access, reading, reviewing, safe, service
from itembank.authoring.editor import queries
from itembank.authoring.models import Manuscript, ManuscriptHand, ManuscriptMedia, Review, ReviewComment
from server.accounts.models import StaffRole
from server.core.errors import CatError, Denied, Invalid
from server.core.journal import last_acts
from server.core.roles import Actor, Role
from server.core.work import Work
from tests.factories import accounts
from tests.factories import itembank as factory

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="%d" height="5"/></svg>'


@dataclass
class House:
    """Writers, one reader of contents, two of languages and one of both, each with a work in their own name."""

    work: Work
    place: int
    writer: Work
    other: Work
    reader: Work
    editors: tuple[Work, Work]

    def row(self, id_: int) -> Manuscript:
        return self.work.db.get_one(Manuscript, id_)

    def person(self, *roles: Role) -> Work:
        id_ = accounts.a_staff_member(self.work, *roles, organisation_id=self.place)
        return replace(self.work, actor=Actor(frozenset(roles), id_, "somebody", self.place))

    def review(self, id_: int, language: str | None = None) -> Review:
        query = select(Review).where(
            Review.manuscript_id == id_, Review.verdict.is_(None), Review.language == language
        )
        return self.work.db.scalars(query).one()

    def passed(self, id_: int, language: str | None, by: Work) -> Review:
        """That person is asked for the reading and lets it pass."""
        review = self.review(id_, language)
        review.reviewer_id = by.actor.id
        self.work.db.flush()
        reviewing.pass_review(by, review.id, review.revision)
        self.work.db.flush()
        return review

    def in_language_review(self, languages: tuple[str, ...] = ("ky", "ru"), writer: Work | None = None) -> int:
        writer = writer or self.writer
        id_ = service.begin(writer, factory.new_item("GEO-1", languages=languages), "ky")
        self.hand_in(id_, writer)
        return id_

    def hand_in(self, id_: int, writer: Work) -> None:
        service.submit(writer, id_, self.row(id_).revision)
        self.work.db.flush()
        self.passed(id_, None, self.reader)

    def item(self, id_: int) -> dict[str, Any]:
        return json.loads(json.dumps(safe.open_document(self.work, self.row(id_)).item))  # type: ignore[no-any-return]

    def reads(self, id_: int, language: str, who: Work) -> Review:
        review = self.review(id_, language)
        review.reviewer_id = who.actor.id
        self.work.db.flush()
        return review

    def mends(self, id_: int, who: Work, words: str, language: str = "ru") -> None:
        """That person, asked to read the language, changes its question."""
        self.reads(id_, language, who)
        item = self.item(id_)
        item["texts"][language]["stem"] = words
        service.save(who, id_, self.row(id_).revision, item)
        self.work.db.flush()

    def bars(self, id_: int, language: str | None) -> dict[int, str | None]:
        kind = "language" if language else "content"
        found = reviewing.readers(self.work, self.row(id_), kind, language)  # type: ignore[arg-type]
        return {each.id: each.bar for each in found}


@pytest.fixture
def house(work: Work) -> House:
    place = accounts.an_organisation(work, "ntc").id
    house = House(work, place, work, work, work, (work, work))
    house.writer, house.other = house.person(Role.WRITER), house.person(Role.WRITER)
    house.reader = house.person(Role.REVIEWER, Role.EDITOR)
    house.editors = house.person(Role.EDITOR), house.person(Role.EDITOR)
    house.work = replace(work, actor=replace(house.reader.actor, id=None))
    return house


def refused(error: type[CatError], code: str) -> pytest.RaisesExc[CatError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def id_of(who: Work) -> int:
    return who.actor.id or 0


def test_cs_15_what_an_editor_changed_passes_by_another(house: House) -> None:
    id_, (first, second) = house.in_language_review(), house.editors
    house.mends(id_, first, "Иначе?")
    done = house.passed(id_, "ru", first)
    assert (done.verdict, house.row(id_).state) == ("mended", "language_review")
    again = house.review(id_, "ru")
    assert again.id != done.id
    assert again.reviewer_id != id_of(first)
    assert house.bars(id_, "ru")[id_of(first)] == "hand"
    with refused(Invalid, "review_hand"):
        reviewing.assign(house.other, again.id, again.revision, id_of(first))
    house.passed(id_, "ky", first)
    house.passed(id_, "ru", second)
    assert house.row(id_).state == "pretest"


def test_cs_15_a_row_that_says_otherwise_lets_nobody_pass_their_own_words(house: House) -> None:
    id_, (first, second) = house.in_language_review(), house.editors
    house.mends(id_, first, "Иначе?")
    house.passed(id_, "ru", first)
    with refused(Denied, "review_hand"):
        house.passed(id_, "ru", first)
    house.mends(id_, second, "Ещё иначе?")
    assert house.passed(id_, "ru", second).verdict == "mended"
    assert house.passed(id_, "ru", first).verdict == "pass"  # two people go on in turn, and each was read


def test_cs_15_who_changes_after_another_leaves_both_unread(house: House) -> None:
    id_, (first, second) = house.in_language_review(), house.editors
    house.mends(id_, first, "Иначе?")
    house.mends(id_, second, "Ещё иначе?")  # named instead of the first, who had not finished
    bars = house.bars(id_, "ru")
    assert (bars[id_of(first)], bars[id_of(second)]) == ("hand", "hand")


def test_every_second_of_typing_leaves_one_row(house: House) -> None:
    id_, first = house.in_language_review(), house.editors[0]
    for words in ("И", "Ин", "Иначе?"):
        house.mends(id_, first, words)
    assert len(house.work.db.scalars(select(ManuscriptHand)).all()) == 1


@pytest.mark.parametrize(
    "change", [{"options": [1, 0, 2, 3]}, {"options": [0, 1, 2]}, {"accepted": ["x"]}, {"rubric": "2"}]
)
def test_an_editor_changes_neither_key_nor_order(house: House, change: dict[str, Any]) -> None:
    id_, first = house.in_language_review(), house.editors[0]
    house.reads(id_, "ru", first)
    item = house.item(id_)
    text = item["texts"]["ru"]
    lines = text["options"]
    if "options" in change:
        change = {"options": [lines[n] for n in change["options"]]}
    item["texts"]["ru"] = {**text, **change}
    with refused(Denied, "manuscript_words_only"):
        service.save(first, id_, house.row(id_).revision, item)
    assert house.work.db.scalars(select(ManuscriptHand)).all() == []


def test_an_editor_takes_no_language_out_and_leaves_the_origin_alone(house: House) -> None:
    id_, first = house.in_language_review(), house.editors[0]
    for language in ("ky", "ru"):
        house.reads(id_, language, first)
    item = house.item(id_)
    with refused(Denied, "manuscript_words_only"):
        service.save(first, id_, house.row(id_).revision, {**item, "texts": {"ky": item["texts"]["ky"]}})
    item["texts"]["ky"]["stem"] = "Такыр башка суроо?"
    with refused(Denied, "manuscript_origin"):
        service.save(first, id_, house.row(id_).revision, item, ["ru"])
    assert queries.open_manuscript(first, id_).writes == ["ru"]


def test_cs_15_the_content_and_every_language_are_not_one_persons(house: House) -> None:
    id_ = house.in_language_review()
    house.reads(id_, "ky", house.editors[0])
    assert house.bars(id_, "ru")[id_of(house.reader)] is None
    house.passed(id_, "ru", house.reader)
    assert house.bars(id_, "ky")[id_of(house.reader)] == "content"
    with refused(Denied, "review_both"):
        house.passed(id_, "ky", house.reader)
    house.passed(id_, "ky", house.editors[0])
    assert house.row(id_).state == "pretest"


def test_cs_15_an_item_in_one_language_has_three_people(house: House) -> None:
    id_ = house.in_language_review(("ky",))
    assert house.review(id_, "ky").reviewer_id != id_of(house.reader)
    assert house.bars(id_, "ky")[id_of(house.reader)] == "content"


def test_cs_15_where_one_person_alone_holds_both_roles_the_last_language_waits(house: House) -> None:
    for editor in house.editors:
        role = select(StaffRole).where(StaffRole.staff_id == editor.actor.id)
        house.work.db.delete(house.work.db.scalars(role).one())
    house.work.db.flush()
    house.in_language_review()
    rows = house.work.db.scalars(select(Review).where(Review.kind == "language")).all()
    assert sorted(row.reviewer_id or 0 for row in rows) == [0, id_of(house.reader)]


def test_cs_15_the_authors_of_all_versions_read_none_of_them(house: House) -> None:
    id_, (first, second) = house.in_language_review(), house.editors
    house.mends(id_, first, "Иначе?")
    house.passed(id_, "ru", first)
    house.passed(id_, "ru", second)
    house.passed(id_, "ky", second)
    for role in (Role.REVIEWER, Role.EDITOR):
        house.work.db.add(StaffRole(staff_id=id_of(house.writer), role=role.value))
    house.work.db.add(StaffRole(staff_id=id_of(first), role=Role.REVIEWER.value))
    version_id = house.row(id_).item_version_id or 0
    next_id = service.revise(house.other, version_id, house.other.actor.id)
    house.work.db.flush()
    content, russian = house.bars(next_id, None), house.bars(next_id, "ru")
    author, hand = id_of(house.writer), id_of(first)
    assert (content[author], content[hand], content[id_of(house.reader)]) == ("author", "hand", None)
    assert (russian[author], russian[hand], russian[id_of(second)]) == ("author", "hand", None)
    house.hand_in(next_id, house.other)
    with refused(Denied, "review_own"):
        house.passed(next_id, "ky", house.writer)


def test_files_are_the_authors_of_a_draft_and_not_without_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = service.begin(house.writer, factory.new_item("GEO-1"), "ky")
    monkeypatch.setattr(safe, "MOST_FILES", 2)
    kept = [service.add_file(house.writer, id_, SVG % n) for n in (1, 2)]
    house.work.db.flush()
    assert service.add_file(house.writer, id_, SVG % 2) == kept[1]  # it is there already
    with refused(Invalid, "manuscript_full"):
        service.add_file(house.writer, id_, SVG % 3)
    monkeypatch.setattr(safe, "MOST_FILES", 9)
    monkeypatch.setattr(safe, "MOST_BYTES", 2 * len(SVG) + 100)
    with refused(Invalid, "manuscript_full"):
        service.add_file(house.writer, id_, SVG % 3)
    monkeypatch.undo()
    service.submit(house.writer, id_, house.row(id_).revision)
    house.work.db.flush()
    review = house.review(id_)
    review.reviewer_id = house.reader.actor.id
    house.work.db.flush()
    for who in (house.reader, house.writer):
        with refused(Denied, "manuscript_not_now"):
            service.add_file(who, id_, SVG % 4)
    house.passed(id_, None, house.reader)
    house.reads(id_, "ru", house.editors[0])
    with refused(Denied, "manuscript_not_now"):
        service.add_file(house.editors[0], id_, SVG % 4)
    assert len(house.work.db.scalars(select(ManuscriptMedia)).all()) == 2


def test_answers_to_answers_have_one_level_however_many_there_are(house: House) -> None:
    id_ = service.begin(house.writer, factory.new_item("GEO-1"), "ky")
    last = first = reviewing.comment(house.writer, id_, "ky.stem", "Биринчи")
    for n in range(1100):
        last = reviewing.comment(house.writer, id_, "ru.stem", f"{n}", last)
    row = house.work.db.get_one(ReviewComment, last)
    assert (row.answers_id, row.anchor) == (first, "ky.stem")
    [thread] = reading.threads_of(house.work, house.row(id_))
    assert [each.body for each in thread.answers] == [str(n) for n in range(1100)]


def test_a_long_chain_of_answers_is_one_thread(house: House) -> None:
    id_ = service.begin(house.writer, factory.new_item("GEO-1"), "ky")
    before = None
    for n in range(1100):  # rows as somebody might bring them in
        row = reviewing.say(house.work, house.row(id_), "ky.stem", f"{n}", house.writer.actor.id)
        row.answers_id = before
        house.work.db.flush()
        before = row.id
    [thread] = reading.threads_of(house.work, house.row(id_))
    assert len(thread.answers) == 1099


def test_a_look_reads_so_many_lines_of_the_journal_and_no_more(house: House) -> None:
    id_ = service.begin(house.writer, factory.new_item("GEO-1"), "ky")
    for _n in range(3 * access.LOOKED_AT):
        access.opened(house.writer, id_)
    house.writer.close()
    since = house.work.now - access.WITHIN
    found = last_acts(
        house.work.db, "item:GEO-1", "item_opened", house.writer.actor.label, since, most=access.LOOKED_AT
    )
    assert len(found) == access.LOOKED_AT
    assert access.seen(house.writer, id_).mark == ""


def test_an_opening_of_yesterday_is_none_of_today(house: House) -> None:
    id_ = service.begin(house.writer, factory.new_item("GEO-1"), "ky")
    access.opened(house.writer, id_)
    house.writer.close()
    later = replace(house.writer, now=house.writer.now + access.WITHIN)
    assert access.seen(later, id_).mark != ""
