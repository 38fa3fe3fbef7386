"""Whatever is pressed in whatever order by whomever: three people have had every frozen text, and none passed their own
words (CS-15). What was written and read is kept here beside the bank, and compared with what the bank let through."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from itembank.authoring import reviewing, service
from itembank.authoring.models import Manuscript, Review
from server.core.errors import CatError
from server.core.roles import Role
from server.core.work import Work
from tests.factories import itembank as factory
from tests.service.test_hands import House, house, id_of

__all__ = ["house"]
LANGUAGES = ("ky", "ru")
ACTS = ("submit", "withdraw", "write", "mend", "mend", "assign", "assign", "pass", "pass", "pass", "pass", "return",
        "revise")  # fmt: skip
Presses = list[tuple[str, int]]
# Handed in, the content passed, a translation mended by its reader, passed on, and both languages passed.
LED: Presses = [
    ("submit", 0), ("pass", 0), ("mend", 1), ("pass", 1), ("pass", 0), ("pass", 0), ("revise", 1),
]  # fmt: skip


@dataclass
class Told:
    """The item as those who work on it would tell of it: who wrote what last, and whose words nobody else has read."""

    house: House
    people: list[Work]
    id: int
    authors: set[int] = field(default_factory=set)
    last: dict[str, int] = field(default_factory=dict)
    alone: dict[str, set[int]] = field(default_factory=lambda: {each: set() for each in LANGUAGES})

    def press(self, act: str, n: int) -> None:
        """One command by somebody; what is refused changes nothing, here as there."""
        row, who = self.house.row(self.id), self.people[n % len(self.people)]
        open_ = self.house.work.db.scalars(
            select(Review).where(Review.manuscript_id == self.id, Review.verdict.is_(None)).order_by(Review.id)
        ).all()
        review = open_[n % len(open_)] if open_ else None
        if act in ("submit", "withdraw"):
            {"submit": service.submit, "withdraw": service.withdraw}[act](self.author(row), self.id, row.revision)
        elif act == "write":
            self.write(who, LANGUAGES[n % 2], n)
        elif act == "mend" and review is not None and review.reviewer_id is not None:
            self.write(self.named(review), review.language or "ky", n)
        elif act == "revise" and row.item_version_id is not None:
            self.id = service.revise(who, row.item_version_id, id_of(who))
            self.authors.add(id_of(who))
        elif review is not None:
            self.read(act, review, n)

    def named(self, review: Review) -> Work:
        return next(each for each in self.people if each.actor.id == review.reviewer_id)

    def author(self, row: Manuscript) -> Work:
        return next(each for each in self.people if each.actor.id == row.author_id)

    def write(self, who: Work, language: str, n: int) -> None:
        item = self.house.item(self.id)
        item["texts"][language]["stem"] += f" {n}"
        row = self.house.row(self.id)
        service.save(who, self.id, row.revision, item, ["ru"] if row.state == "draft" else [])
        self.last[language] = id_of(who)
        if row.state != "draft":
            self.alone[language].add(id_of(who))

    def read(self, act: str, review: Review, n: int) -> None:
        if act == "assign":
            reviewing.assign(self.house.work, review.id, review.revision, id_of(self.people[n % len(self.people)]))
        elif act == "pass" and review.reviewer_id is not None:
            reviewing.pass_review(self.named(review), review.id, review.revision)
            if review.language:
                self.alone[review.language] &= {review.reviewer_id}
        elif act == "return" and review.reviewer_id is not None:
            reviewing.return_review(self.named(review), review.id, review.revision, "Mend it")

    def check(self) -> None:
        """Holds of the text if it is frozen."""
        if self.house.row(self.id).item_version_id is None:
            return
        rows = self.house.work.db.scalars(
            select(Review).where(Review.manuscript_id == self.id, Review.verdict == "pass").order_by(Review.id)
        ).all()
        passed = {row.language: row.reviewer_id or 0 for row in rows}
        readers = {passed[each] for each in LANGUAGES}
        assert not {passed[None], *readers} & self.authors
        assert readers - {passed[None]}  # author, reader of the content and of a language are three
        for language in LANGUAGES:
            assert self.last.get(language) != passed[language]
            assert not self.alone[language]


def told(house: House) -> Told:
    """An item of the first writer, in a house where most hold more than one role."""
    everything = house.person(Role.WRITER, Role.REVIEWER, Role.EDITOR)
    id_ = service.begin(house.writer, factory.new_item("GEO-1"), "ky")
    house.work.db.flush()
    return Told(house, [house.writer, everything, house.reader, *house.editors], id_, {id_of(house.writer)})


def tried(house: House, story: Told, pressed: Presses) -> None:
    for act, n in pressed:
        savepoint = house.work.db.begin_nested()
        with suppress(CatError):
            story.press(act, n)
            house.work.db.flush()
            savepoint.commit()
        if savepoint.is_active:
            savepoint.rollback()
        story.check()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pressed=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 29)), max_size=40), start=st.integers(0, 7))
def test_cs_15_no_order_of_commands_freezes_what_fewer_than_three_had(
    house: House, pressed: Presses, start: int
) -> None:
    house.work.db.flush()
    undone = house.work.db.begin_nested()
    tried(house, told(house), [*LED[:start], *pressed])
    undone.rollback()
    house.work.db.expire_all()


def test_the_straight_way_does_freeze_two_versions(house: House) -> None:
    story = told(house)
    tried(house, story, LED)
    verdicts = house.work.db.scalars(select(Review.verdict).order_by(Review.id)).all()
    assert (verdicts, house.row(story.id).number) == (["pass", "pass", "mended", "pass"], 2)
    tried(house, story, [("submit", 0), ("pass", 0), ("pass", 0), ("pass", 0)])
    assert house.row(story.id).item_version_id is not None
