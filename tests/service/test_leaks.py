"""A leak is looked into: who of the staff and which candidates knew the items; by codes, a text or a mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from math import comb
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from itembank.authoring import access, service
from itembank.authoring.models import Manuscript, Review
from itembank.items.models import Item, ItemVersion
from itembank.withdrawals.queries import in_force
from server import accounts, grading
from server.core.clock import FrozenClock
from server.core.journal import JournalEntry, entries_on
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery.models import Step
from server.reports.leaks import effects, knowing, meeting
from server.reports.leaks.chance import Overlap
from tests.factories import accounts as staff
from tests.factories import delivery as make
from tests.factories import itembank as bank

ClientAs = Callable[..., FlaskClient]
WORD = "Абасбекова"


@dataclass
class Bank:
    """Three drafts of one writer, all of them opened by `nosy`, one by `idle`."""

    platform: Platform
    clock: FrozenClock
    writer: int
    nosy: int
    idle: int
    place: int
    marks: list[str]

    def work(self, id_: int | None = None, role: Role = Role.REVIEWER) -> Any:
        actor = SYSTEM if id_ is None else Actor(frozenset({role}), id_, "x", self.place)
        return open_work(self.platform, actor)

    def open(self, id_: int, manuscript_id: int) -> str:
        with self.work() as work:
            work.db.execute(select(Review).where(Review.manuscript_id == manuscript_id)).scalar_one().reviewer_id = id_
        with self.work(id_) as work:
            return access.opened(work, manuscript_id).mark


@pytest.fixture
def desk(platform: Platform, clock: FrozenClock) -> Bank:
    with open_work(platform, SYSTEM) as work:
        place = staff.an_organisation(work, "ntc").id
        ids = [
            staff.a_staff_member(work, role, organisation_id=place, login=login)
            for role, login in ((Role.WRITER, "writer"), (Role.REVIEWER, "nosy"), (Role.REVIEWER, "idle"))
        ]
        for n in range(20):
            bank.add_item(work, bank.new_item(f"GEO-{100 + n}"))
    found = Bank(platform, clock, *ids, place, [])
    for n in range(3):
        with found.work(found.writer, Role.WRITER) as work:
            new = bank.new_item(f"GEO-{n}")
            stem = f"{new.texts['ky'].stem} {WORD} деген сөз кайсы облустун тоосунда кездешет деп сураган экен"
            texts = {**new.texts, "ky": replace(new.texts["ky"], stem=stem)}
            id_ = service.begin(work, replace(new, texts=texts), "ky")
            service.submit(work, id_, work.db.get_one(Manuscript, id_).revision)
        clock.advance(60)
        found.marks.append(found.open(found.nosy, id_))
    found.open(found.idle, id_)
    return found


def codes(n: int) -> list[str]:
    return [f"GEO-{at}" for at in range(n)]


def test_who_opened_most_of_the_leaked_items_stands_first(desk: Bank) -> None:
    with desk.work() as work:
        seen = knowing.sights(work, codes(3))
        people = knowing.people(work, codes(3), seen, None)
    assert [(each.actor, each.overlap.hits) for each in people] == [
        (f"staff:{desk.nosy}", 3), (f"staff:{desk.writer}", 3), (f"staff:{desk.idle}", 1)
    ] or [each.overlap.hits for each in people] == [3, 3, 1]  # fmt: skip
    nosy = next(each for each in people if each.actor == f"staff:{desk.nosy}")
    assert nosy.overlap == Overlap(3, 3, 3, 23)
    assert nosy.codes == ("GEO-0", "GEO-1", "GEO-2")
    assert {each.purpose for each in seen} == {"author", "review"}


def test_what_was_seen_after_the_leak_does_not_count_before_it(desk: Bank) -> None:
    leak = desk.clock.now()
    desk.clock.advance(3600)
    with desk.work() as work:
        id_ = work.db.execute(
            select(Manuscript.id).join(Item, Item.id == Manuscript.item_id).where(Item.code == "GEO-0")
        ).scalar_one()
    desk.open(desk.idle, id_)
    with desk.work() as work:
        seen = knowing.sights(work, codes(3))
        people = {each.actor: each for each in knowing.people(work, codes(3), seen, leak)}
    idle = people[f"staff:{desk.idle}"]
    assert (idle.overlap.hits, idle.all_hits) == (1, 2)


def test_an_opening_names_the_sign_in_it_was_made_from(desk: Bank) -> None:
    with desk.work() as work:
        login = accounts.sign_in(work, "nosy", staff.PASSWORD)
        assert login
    desk.clock.advance(30)
    with desk.work() as work:
        id_ = work.db.execute(select(Manuscript.id).order_by(Manuscript.id.desc())).scalars().first()
    assert id_ is not None
    desk.open(desk.nosy, id_)
    with desk.work() as work:
        last = [each for each in knowing.sights(work, codes(3)) if each.actor == f"staff:{desk.nosy}"][-1]
        earlier = knowing.sights(work, ["GEO-0"])[-1]
    assert last.signed_in_at == last.at - timedelta(seconds=30)
    assert earlier.signed_in_at is None


def test_a_mark_leads_to_its_opening_also_where_a_letter_cannot_be_read(desk: Bank) -> None:
    mark = desk.marks[1]
    for read, is_exact in ((mark, True), (mark.lower(), True), ("?" + mark[1:], True), (_other(mark), False)):
        with desk.work() as work:
            [(sight, exactly)] = knowing.marked(work, read)
        assert (sight.code, sight.actor, exactly) == ("GEO-1", f"staff:{desk.nosy}", is_exact), read
    with desk.work() as work:
        assert knowing.marked(work, "%%%%%%%%") == []


def _other(mark: str) -> str:
    return mark[:-1] + next(letter for letter in "2345" if letter != mark[-1])


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 8), st.integers(1, 12))
def test_the_chance_is_that_of_drawing_by_lot(hits: int, n_leaked: int, n_opened: int, n_items: int) -> None:
    n_leaked, n_opened = min(n_leaked, n_items), min(n_opened, n_items)
    ways = sum(
        comb(n_leaked, k) * comb(n_items - n_leaked, n_opened - k) for k in range(hits, min(n_leaked, n_opened) + 1)
    )
    found = Overlap(hits, n_leaked, n_opened, n_items)
    assert found.by_chance == pytest.approx(ways / comb(n_items, n_opened))
    assert found.expected == pytest.approx(n_leaked * n_opened / n_items)


def test_candidates_who_were_given_an_item_are_told_by_sitting_before_and_after(work: Work) -> None:
    sitting = make.a_sitting(work, subjects=["history"])
    early = make.finished_session(work, sitting)
    grading.grade_session(work, early)
    step = work.db.execute(select(Step).where(Step.session_id == early, Step.seq == 1)).scalar_one()
    leak = work.now + timedelta(minutes=5)
    later = replace(work, now=work.now + timedelta(minutes=10))
    late = make.finished_session(later, sitting)
    work.db.flush()
    first = work.db.execute(select(Step.item_version_id).where(Step.session_id == late, Step.seq == 1)).scalar_one()
    met = meeting.meetings(work, {step.item_version_id, first})
    assert {(each.session_id, each.seq) for each in met} >= {(early, 1), (late, 1)}
    [row] = meeting.by_sitting(work, met, leak)
    assert (row.before, row.after, row.graded, row.released_at) == ({early}, {late}, {early}, None)


def test_what_a_withdrawal_would_touch_is_told_before_it_is_done(work: Work) -> None:
    sitting = make.a_sitting(work, subjects=["history"])
    running = make.a_running_session(work, sitting)
    make.a_session(work, sitting)
    version_id = work.db.execute(select(Step.item_version_id).where(Step.session_id == running)).scalar_one()
    item = work.db.execute(
        select(Item).join(ItemVersion, ItemVersion.item_id == Item.id).where(ItemVersion.id == version_id)
    ).scalar_one()
    found = effects.effects(work, [item.code], None)
    assert (found.n_running, found.n_results, in_force(work)) == (1, 1, [])
    [pool] = found.pools
    assert (pool.n_items, pool.n_withdrawn, pool.is_possible) == (18, 1, True)
    [part] = found.planned
    assert (part.n_waiting, part.n_running) == (1, 1)
    tier = select(Item.code).where(Item.tier == item.tier, Item.subject == "history")
    assert not effects.effects(work, list(work.db.execute(tier).scalars()), None).pools[0].is_possible


@pytest.fixture
def page(client_as: ClientAs, desk: Bank) -> FlaskClient:
    client = client_as(Role.SECURITY, id=desk.idle, organisation_id=desk.place)
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    client.set_cookie("synak_lang", "en")
    return client


def acts(desk: Bank, subject: str = "bank") -> list[str]:
    with desk.platform.database.reading() as db:
        return [entry.act for entry in entries_on(db, subject)]


def test_the_page_tells_all_of_it_and_no_word_of_an_item(desk: Bank, page: FlaskClient) -> None:
    reply = page.get("/bank/leaks?codes=GEO-0,+GEO-1,GEO-404&at=2030-01-01T09:00")
    assert reply.status_code == 200
    assert "The bank has no item GEO-404." in reply.text
    assert "2 of 2" in reply.text
    assert desk.marks[0] in reply.text
    assert "<svg" in reply.text
    assert WORD not in reply.text
    assert acts(desk) == ["leak_looked_into"]


def test_a_leaked_text_finds_its_items_and_is_kept_nowhere(desk: Bank, page: FlaskClient) -> None:
    text = "Кечээ мындай болгон: " + "Stem of GEO-1 in ky " + (
        f"{WORD} деген сөз кайсы облустун тоосунда кездешет деп сураган экен"
    )  # fmt: skip
    reply = page.post("/bank/leaks/search", data={"text": text})
    assert reply.status_code == 200
    assert "codes=GEO-1" in reply.text or "GEO-1" in reply.text
    assert acts(desk) == ["leak_searched"]
    with desk.platform.database.reading() as db:
        assert not any(WORD in facts for facts in db.execute(select(JournalEntry.facts)).scalars())
    assert "No item of the bank" in page.post("/bank/leaks/search", data={"text": "Бүгүн күн ачык"}).text


def test_a_photographed_mark_is_looked_up(desk: Bank, page: FlaskClient) -> None:
    assert "under one opening alone" in page.get(f"/bank/leaks?mark={desk.marks[2]}").text
    assert "No opening has such a mark" in page.get("/bank/leaks?mark=2222-2222").text


def test_a_withdrawal_is_shown_done_with_a_reason_and_lifted(desk: Bank, page: FlaskClient) -> None:
    with desk.work() as work:
        version_id = bank.add_item(work, bank.new_item("GEO-200"))
    shown = page.get("/bank/leaks/withdrawal?codes=GEO-200")
    assert "Nothing has been changed yet" in shown.text
    wanted = {"codes": "GEO-200", "running": "yes", "cause": "published", "rewrite": "no"}
    assert page.post("/bank/leaks/withdrawal", data={**wanted, "reason": " "}).status_code == 422
    done = page.post("/bank/leaks/withdrawal", data={**wanted, "reason": "a picture"})
    assert done.status_code == 303
    after = page.get(done.headers["Location"]).text
    assert "It is done, in one act" in after
    assert "The same is not to be asked anew." in after
    with desk.work() as work:
        [standing] = in_force(work)
        item_id = work.db.get_one(ItemVersion, version_id).item_id
    assert (standing.item_id, standing.reason, standing.may_rewrite) == (item_id, "a picture", False)
    assert "a picture" in page.get("/bank/leaks").text
    page.post("/bank/leaks/lift", data={"act": standing.act, "reason": "another text"})
    with desk.work() as work:
        assert in_force(work) == []
    assert acts(desk, "item:GEO-200")[-2:] == ["item_withdrawn", "withdrawal_lifted"]


def test_an_auditor_reads_and_changes_nothing(desk: Bank, client_as: ClientAs) -> None:
    auditor = client_as(Role.AUDITOR, id=desk.idle)
    assert auditor.get("/bank/leaks?codes=GEO-0").status_code == 200
    assert auditor.get("/bank/leaks/withdrawal?codes=GEO-0").status_code == 403
    assert auditor.post("/bank/leaks/withdrawal", data={"codes": "GEO-0", "reason": "x"}).status_code == 403


def test_no_code_is_said_to_be_none(page: FlaskClient) -> None:
    assert page.get("/bank/leaks/withdrawal").status_code == 422
    assert page.post("/bank/leaks/withdrawal", data={"codes": "GEO-404", "reason": "x"}).status_code == 422


def test_more_codes_than_are_looked_at_are_refused_and_not_forgotten(desk: Bank, page: FlaskClient) -> None:
    codes = " ".join(f"GEO-{n}" for n in range(201))
    for reply in (
        page.get(f"/bank/leaks?codes={codes}"),
        page.post("/bank/leaks/withdrawal", data={"codes": codes, "reason": "a picture"}),
    ):
        assert reply.status_code == 422
        assert "These are 201 codes" in reply.text
