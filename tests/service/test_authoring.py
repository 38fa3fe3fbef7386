"""A manuscript from the first draft to a frozen version: four eyes, need-to-know, stale languages, no lost text."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from itembank.authoring import access, reviewing, safe, service, states
from itembank.authoring.models import Manuscript, Review, ReviewComment
from itembank.items.models import Item, ItemVersion
from itembank.items.parts import NewText
from itembank.items.service import open_source, set_family
from server.accounts.models import StaffRole
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.journal import entries_on
from server.core.roles import Actor, Role
from server.core.work import Work
from tests.factories import accounts
from tests.factories import itembank as factory


@dataclass
class Desk:
    """The people of one testing centre, each with a work in their own name."""

    work: Work
    writer: Work
    reviewer: Work
    editor: Work
    stranger: Work

    def review(self, manuscript_id: int, language: str | None = None) -> Review:
        query = select(Review).where(
            Review.manuscript_id == manuscript_id, Review.verdict.is_(None), Review.language == language
        )
        return self.work.db.execute(query).scalar_one()

    def row(self, manuscript_id: int) -> Manuscript:
        return self.work.db.get_one(Manuscript, manuscript_id)


@pytest.fixture
def desk(work: Work) -> Desk:
    place = accounts.an_organisation(work, "ntc").id

    def person(role: Role) -> Work:
        id_ = accounts.a_staff_member(work, role, organisation_id=place)
        return replace(work, actor=Actor(frozenset({role}), id_, "somebody", place))

    return Desk(work, person(Role.WRITER), person(Role.REVIEWER), person(Role.EDITOR), person(Role.WRITER))


def begun(desk: Desk, **changes: object) -> int:
    return service.begin(desk.writer, factory.new_item("GEO-1", **changes), "ky")  # type: ignore[arg-type]


def submitted(desk: Desk) -> int:
    id_ = begun(desk)
    service.submit(desk.writer, id_, desk.row(id_).revision)
    desk.work.db.flush()
    return id_


def in_language_review(desk: Desk) -> int:
    id_ = submitted(desk)
    review = desk.review(id_)
    reviewing.pass_review(desk.reviewer, review.id, review.revision)
    desk.work.db.flush()
    return id_


def frozen(desk: Desk) -> int:
    id_ = in_language_review(desk)
    for language in ("ky", "ru"):
        review = desk.review(id_, language)
        reviewing.pass_review(desk.editor, review.id, review.revision)
        desk.work.db.flush()
    return id_


def refused(error: type[CatError], code: str) -> pytest.RaisesExc[CatError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def test_a_text_that_both_readings_passed_is_frozen_with_its_source(desk: Desk) -> None:
    row = desk.row(frozen(desk))
    assert row.state == "pretest"
    assert row.source_sealed is None
    version = desk.work.db.get_one(ItemVersion, row.item_version_id)
    assert version.languages == ["ky", "ru"]
    assert open_source(desk.work, version) == factory.new_item("GEO-1")


def test_a_manuscript_begun_and_saved_comes_back_as_it_was_written(desk: Desk) -> None:
    id_ = begun(desk)
    row = desk.row(id_)
    document = safe.open_document(desk.work, row)
    texts = {**document.item["texts"]}
    texts["ky"] = {**texts["ky"], "stem": "Башка суроо, эки сап\n\nэкинчи $x^2$"}
    service.save(desk.writer, id_, row.revision, {**document.item, "texts": texts, "tier": "raised"})
    desk.work.db.flush()
    after = safe.open_document(desk.work, row)
    assert after.item["texts"]["ky"]["stem"] == "Башка суроо, эки сап\n\nэкинчи $x^2$"
    assert after.item["tier"] == "raised"
    assert row.stale == ["ru"]  # the origin says something else now


def test_an_unfinished_draft_is_kept_and_not_handed_in(desk: Desk) -> None:
    id_ = begun(desk, texts={"ky": NewText("Суроо, жооптору азырынча жок")})
    with refused(Invalid, "item_incomplete"):
        service.submit(desk.writer, id_, desk.row(id_).revision)
    assert desk.row(id_).state == "draft"


def test_who_saves_an_older_text_is_told_and_overwrites_nothing(desk: Desk) -> None:
    id_ = begun(desk)
    row = desk.row(id_)
    before, revision = safe.open_document(desk.work, row), row.revision
    service.save(desk.writer, id_, revision, {**before.item, "tier": "raised"})
    desk.work.db.flush()
    with refused(Stale, "changed_meanwhile"):
        service.save(desk.writer, id_, revision, before.item)
    assert safe.open_document(desk.work, row).item["tier"] == "raised"


def test_nobody_reviews_what_they_wrote(desk: Desk) -> None:
    both = replace(desk.writer, actor=replace(desk.writer.actor, roles=frozenset({Role.WRITER, Role.REVIEWER})))
    desk.work.db.flush()
    id_ = submitted(desk)
    row = desk.row(id_)
    staff_id = desk.writer.actor.id or 0
    desk.work.db.add(StaffRole(staff_id=staff_id, role=Role.REVIEWER.value))
    desk.work.db.flush()
    assert {each.id: each.bar for each in reviewing.readers(both, row, "content", None)}[staff_id] == "author"
    review = desk.review(id_)
    assert review.reviewer_id == desk.reviewer.actor.id
    review.reviewer_id = desk.writer.actor.id  # even if a row said so
    desk.work.db.flush()
    with refused(Denied, "review_own"):
        reviewing.pass_review(both, review.id, review.revision)


def test_an_author_names_no_reader_of_their_own_text(desk: Desk) -> None:
    chair = replace(desk.writer, actor=replace(desk.writer.actor, roles=frozenset({Role.WRITER, Role.COMMISSION})))
    id_ = submitted(desk)
    review = desk.review(id_)
    with refused(Denied, "review_own"):
        reviewing.assign(chair, review.id, review.revision, desk.reviewer.actor.id or 0)


def test_a_file_that_a_frozen_text_does_not_have_is_missed(desk: Desk) -> None:
    with pytest.raises(KeyError):
        safe.open_file(desk.work, desk.row(frozen(desk)), "0" * 64)


def test_to_those_it_does_not_concern_a_manuscript_does_not_exist(desk: Desk) -> None:
    id_ = begun(desk)
    for other in (desk.stranger, desk.reviewer, desk.editor):
        with refused(NotFound, "not_found"):
            access.opened(other, id_)
    service.submit(desk.writer, id_, desk.row(id_).revision)
    desk.work.db.flush()
    assert access.opened(desk.reviewer, id_).purpose == "review"
    with refused(NotFound, "not_found"):
        access.opened(desk.editor, id_)


def test_a_review_that_is_decided_opens_the_text_no_longer(desk: Desk) -> None:
    id_ = in_language_review(desk)
    with refused(NotFound, "not_found"):
        access.opened(desk.reviewer, id_)


def test_every_opening_stands_in_the_journal(desk: Desk) -> None:
    id_ = submitted(desk)
    access.opened(desk.reviewer, id_)
    desk.reviewer.close()
    acts = entries_on(desk.work.db, "item:GEO-1")
    [opening] = [act for act in acts if act.act == "item_opened"]
    assert opening.actor == desk.reviewer.actor.label
    assert opening.facts["purpose"] == "review"


def test_a_returned_text_says_why_and_is_the_authors_again(desk: Desk) -> None:
    id_ = in_language_review(desk)
    review = desk.review(id_, "ru")
    with refused(Invalid, "comment_malformed"):
        reviewing.return_review(desk.editor, review.id, review.revision, "  ")
    reviewing.return_review(desk.editor, review.id, review.revision, "Терминди которуңуз")
    desk.work.db.flush()
    row = desk.row(id_)
    assert row.state == "draft"
    verdicts = desk.work.db.execute(select(Review.verdict).where(Review.kind == "language")).scalars().all()
    assert sorted(str(each) for each in verdicts) == ["overtaken", "return"]
    said = desk.work.db.execute(select(ReviewComment)).scalar_one()
    assert safe.unseal(desk.work, row, said.place, said.body_sealed).decode() == "Терминди которуңуз"


def test_an_editor_mends_their_language_alone(desk: Desk) -> None:
    id_ = in_language_review(desk)
    row = desk.row(id_)
    own, foreign = desk.review(id_, "ru"), desk.review(id_, "ky")
    foreign.reviewer_id = None
    desk.work.db.flush()
    document = safe.open_document(desk.work, row)
    texts = document.item["texts"]
    for change in (
        {"texts": {**texts, "ky": {**texts["ky"], "stem": "Башка?"}}}, {"tier": "raised"}, {"n_right": 2},
        {"texts": {"ru": texts["ru"]}},
    ):
        with refused(Denied, "manuscript_language_only"):
            service.save(desk.editor, id_, row.revision, {**document.item, **change})
    mended = {**document.item, "texts": {**texts, "ru": {**texts["ru"], "stem": "Иначе?"}}}
    service.save(desk.editor, id_, row.revision, mended)
    assert own.verdict is None
    assert safe.open_document(desk.work, row).item["texts"]["ru"]["stem"] == "Иначе?"


def test_a_translation_of_another_origin_passes_when_somebody_says_that_it_fits(desk: Desk) -> None:
    id_ = begun(desk)
    row = desk.row(id_)
    item = safe.open_document(desk.work, row).item
    texts = {**item["texts"], "ky": {**item["texts"]["ky"], "stem": "Башкача айтылган суроо?"}}
    service.save(desk.writer, id_, row.revision, {**item, "texts": texts})
    service.submit(desk.writer, id_, row.revision)
    desk.work.db.flush()
    content = desk.review(id_)
    reviewing.pass_review(desk.reviewer, content.id, content.revision)
    desk.work.db.flush()
    kyrgyz, russian = desk.review(id_, "ky"), desk.review(id_, "ru")
    reviewing.pass_review(desk.editor, kyrgyz.id, kyrgyz.revision)
    with refused(Invalid, "translation_stale"):
        reviewing.pass_review(desk.editor, russian.id, russian.revision)
    service.save(desk.editor, id_, row.revision, safe.open_document(desk.work, row).item, confirmed=["ru"])
    desk.work.db.flush()
    reviewing.pass_review(desk.editor, russian.id, russian.revision)
    desk.work.db.flush()
    assert row.state == "pretest"


def test_what_was_used_never_changes_the_next_version_does(desk: Desk) -> None:
    id_ = frozen(desk)
    version_id = desk.row(id_).item_version_id
    assert version_id is not None
    with refused(Denied, "manuscript_not_now"):
        item = safe.open_document(desk.work, desk.row(id_)).item
        service.save(desk.writer, id_, desk.row(id_).revision, {**item, "n_right": 2})
    next_id = service.revise(desk.writer, version_id, desk.writer.actor.id)
    with refused(Invalid, "manuscript_open"):
        service.revise(desk.writer, version_id, desk.writer.actor.id)
    assert desk.row(next_id).number == 2
    assert safe.open_document(desk.work, desk.row(next_id)).item == safe.open_document(desk.work, desk.row(id_)).item
    assert desk.row(id_).item_version_id == version_id


def test_a_draft_of_the_next_version_leaves_the_items_enemies_alone(desk: Desk) -> None:
    version_id = desk.row(frozen(desk)).item_version_id
    item = desk.work.db.execute(select(Item)).scalar_one()
    set_family(desk.work, item, "rivers")
    next_id = service.revise(desk.writer, version_id or 0, desk.writer.actor.id)
    source = safe.open_document(desk.work, desk.row(next_id)).item
    service.save(desk.writer, next_id, desk.row(next_id).revision, {**source, "family": None, "passage": "text"})
    assert (item.family, item.passage) == ("rivers", None)


def test_a_pool_takes_only_what_is_approved_and_puts_it_in_use(desk: Desk) -> None:
    id_ = frozen(desk)
    version_id = desk.row(id_).item_version_id
    assert version_id is not None
    with refused(Invalid, "pool_state"):
        states.put_in_use(desk.work, [version_id])
    states.calibrate(desk.work, [version_id])
    states.approve(desk.work, desk.row(id_), "чечим 1")
    states.put_in_use(desk.work, [version_id])
    desk.work.db.flush()
    assert desk.row(id_).state == "in_use"
    assert states.rest(desk.work, [version_id], "шек") == [version_id]
    desk.work.db.flush()
    states.wake(desk.work, desk.row(id_), "шек тарады")
    assert desk.row(id_).state == "approved"


def test_an_item_without_a_code_gets_the_next_free_one(desk: Desk) -> None:
    first = service.begin(desk.writer, replace(factory.new_item(), code=""), "ky")
    second = service.begin(desk.writer, replace(factory.new_item(), code=""), "ky")
    codes = [safe.open_document(desk.work, desk.row(id_)).item["code"] for id_ in (first, second)]
    assert len(set(codes)) == 2
    assert all(code.startswith("GEO-") for code in codes)


def test_the_least_busy_reviewer_is_asked(desk: Desk) -> None:
    other = accounts.a_staff_member(desk.work, Role.REVIEWER, organisation_id=desk.writer.actor.organisation_id)
    asked = []
    for code in ("GEO-1", "GEO-2", "GEO-3", "GEO-4"):
        id_ = service.begin(desk.writer, factory.new_item(code), "ky")
        service.submit(desk.writer, id_, desk.row(id_).revision)
        asked.append(desk.review(id_).reviewer_id)
    assert sorted(asked, key=str) == sorted([desk.reviewer.actor.id, other] * 2, key=str)
