"""A leaked item stops wherever it is: as a draft, before its readers, on an agenda, in a request for a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from itembank import add_item
from itembank.authoring import access, assigning, commission, history, judging, service, states, waiting
from itembank.authoring.commission import queries as sittings
from itembank.authoring.four_eyes import CHECKS
from itembank.authoring.models import Manuscript, Review
from itembank.calibrations.recording import columns_for
from itembank.calibrations.spec import Spec
from itembank.exports import service as exports
from itembank.items.models import Item
from itembank.items.service import seal_item
from itembank.withdrawals import service as withdrawals
from itembank.withdrawals.queries import in_force, refuse_versions, versions_in_force
from itembank.withdrawals.service import Decision
from server.core.errors import CatError, Denied, Invalid, NotFound
from server.core.roles import Actor, Role
from server.reports.leaks.holdings import holdings
from server.reports.leaks.standing import decision
from tests.factories import accounts
from tests.factories import itembank as factory
from tests.service.test_commission import Hall, hall

__all__ = ["hall"]
ClientAs = Callable[..., FlaskClient]
LEAK = Decision(cause="published", reason="A picture in a channel", may_rewrite=False)


def withdraw(hall: Hall, *codes: str) -> str:
    act = withdrawals.withdraw(hall.work, codes, LEAK)
    hall.flush()
    return act


def refused(error: type[CatError], code: str) -> pytest.RaisesExc[CatError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def undecided(hall: Hall, manuscript_id: int) -> Review:
    query = select(Review).where(Review.manuscript_id == manuscript_id, Review.verdict.is_(None))
    return hall.work.db.scalars(query).first()  # type: ignore[return-value]


def test_a_leaked_draft_is_withdrawn_and_its_author_is_told_why(hall: Hall) -> None:
    id_ = service.begin(hall.writer, factory.new_item("GEO-1"), "ky")
    withdraw(hall, "GEO-1")
    revision = hall.row(id_).revision
    for go_on in (
        lambda: access.opened(hall.writer, id_),
        lambda: service.submit(hall.writer, id_, revision),
        lambda: service.abandon(hall.writer, id_, revision, "x"),
        lambda: service.add_file(hall.writer, id_, b""),
    ):
        with pytest.raises(Invalid) as raised:
            go_on()
        assert raised.value.code == "item_withdrawn"
        assert raised.value.facts == {
            "clause": "DC-7", "items": "GEO-1", "leak_cause": "leak_published", "rewriting": "rewrite_no",
        }  # fmt: skip
    [mine] = waiting.own_texts(hall.work, hall.writer.actor.id or 0)
    assert (mine.state, mine.withdrawn) == ("draft", "published")


def test_its_reading_stops_and_goes_on_when_the_withdrawal_is_lifted(hall: Hall) -> None:
    id_ = service.begin(hall.writer, factory.new_item("GEO-1"), "ky")
    service.submit(hall.writer, id_, hall.row(id_).revision)
    hall.flush()
    act, review = withdraw(hall, "GEO-1"), undecided(hall, id_)
    said = judging.Judgement("pass", CHECKS["content"])
    for who, what in (
        (hall.reader, lambda who: judging.judge(who, review.id, review.revision, said)),
        (hall.reader, lambda who: access.opened(who, id_)),
        (hall.members[0], lambda who: assigning.assign(who, review.id, review.revision, review.reviewer_id or 0, "")),
    ):
        with refused(Invalid, "item_withdrawn"):
            what(who)
    assert (hall.row(id_).state, waiting.readings(hall.work)[0].text.withdrawn) == ("content_review", "published")
    withdrawals.lift(hall.work, act, "Another text")
    hall.flush()
    hall.read(id_)
    assert hall.row(id_).state == "language_review"


def test_no_further_version_of_it_is_begun_revised_frozen_or_brought_in(hall: Hall) -> None:
    first = hall.calibrated()
    version_id = hall.row(first).item_version_id or 0
    draft = service.revise(hall.work, version_id, hall.writer.actor.id)
    service.submit(hall.writer, draft, hall.row(draft).revision)
    hall.flush()
    hall.read(draft)
    withdraw(hall, "GEO-1")
    with refused(Invalid, "item_withdrawn"):
        hall.read(draft)
    assert hall.row(draft).item_version_id is None
    ways: tuple[Callable[[], int], ...] = (
        lambda: service.begin(hall.writer, factory.new_item("GEO-1"), "ky"),
        lambda: service.revise(hall.work, version_id, hall.writer.actor.id),
        lambda: add_item(hall.work, factory.new_item("GEO-1")),
    )
    for again in ways:
        with refused(Invalid, "item_withdrawn"):
            again()


def test_a_version_that_is_frozen_while_its_item_is_withdrawn_is_withdrawn_too(hall: Hall) -> None:
    """Of two acts at once one may freeze what the other withdraws: the withdrawal is of the item."""
    hall.calibrated()
    withdraw(hall, "GEO-1")
    second = seal_item(hall.work, factory.new_item("GEO-1"))
    assert second in dict(versions_in_force(hall.work))
    with refused(Invalid, "item_withdrawn"):
        refuse_versions(hall.work, [second])


def test_nothing_puts_a_withdrawn_version_further_on(hall: Hall) -> None:
    id_ = hall.calibrated()
    version_id = hall.row(id_).item_version_id or 0
    withdraw(hall, "GEO-1")
    ways: tuple[Callable[[], None], ...] = (
        lambda: states.calibrate(hall.work, [version_id]),
        lambda: states.put_in_use(hall.work, [version_id]),
        lambda: states.approve(hall.work, hall.row(id_), "x"),
    )
    for further in ways:
        with refused(Invalid, "item_withdrawn"):
            further()


def test_the_commission_may_retire_it_and_nothing_else(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.opened(id_)
    commission.decide(hall.members[1], session_id, [id_], "approve", "Sound")
    withdraw(hall, "GEO-1")
    with refused(Invalid, "item_withdrawn"):
        commission.decide(hall.members[1], session_id, [id_], "rework", "Mend it")
    [row] = sittings.session_page(hall.members[1], session_id).agenda
    assert (row.verdicts, row.text.withdrawn) == (("retire",), "published")
    shown = hall.close(session_id)
    for member in hall.members:
        assert hall.sign(session_id, member, shown) is None
    assert hall.row(id_).state == "resting"
    hall.decided(id_, "retire", "It is known")
    assert hall.row(id_).state == "retired"


def test_it_leaves_in_a_file_for_the_officer_alone(hall: Hall) -> None:
    hall.calibrated()
    hall.calibrated("GEO-2")
    asker = replace(hall.work, actor=Actor(frozenset({Role.COMMISSION}), hall.members[0].actor.id, "x"))
    officer_id = accounts.a_staff_member(hall.work, Role.SECURITY)
    officer = replace(hall.work, actor=Actor(frozenset({Role.SECURITY}), officer_id, "x"))
    second = replace(officer, actor=replace(officer.actor, id=hall.members[1].actor.id))
    before = exports.ask(asker, ["GEO-1"], "qti", "for the archive")
    hall.flush()
    exports.decide(officer, before, 1, is_approved=True, reason="yes")
    hall.flush()
    withdraw(hall, "GEO-1")
    with refused(Invalid, "item_withdrawn"):
        exports.take(asker, before)
    with refused(Invalid, "item_withdrawn"):
        exports.ask(asker, ["GEO-1", "GEO-2"], "qti", "again")
    with refused(Invalid, "export_evidence"):
        exports.ask(officer, ["GEO-1", "GEO-2"], "qti", "more than the evidence")
    evidence = exports.ask(officer, ["GEO-1"], "qti", "evidence")
    hall.flush()
    exports.decide(second, evidence, 1, is_approved=True, reason="yes")
    hall.flush()
    assert isinstance(exports.take(officer, evidence), exports.Taken)


def test_no_calibration_estimates_it_or_leans_on_it(hall: Hall) -> None:
    kept, leaked = (hall.row(hall.calibrated(code)).item_version_id or 0 for code in ("GEO-1", "GEO-2"))
    withdraw(hall, "GEO-2")
    spec = Spec(subject="geography", sittings=(1,), until=hall.work.now, design="concurrent")
    assert [column.item_version_id for column in columns_for(hall.work, spec, {kept, leaked})] == [kept]


def test_one_act_on_a_family_is_told_before_and_after(hall: Hall) -> None:
    kin = [replace(factory.new_item(f"GEO-{n}"), family="GEO-R1") for n in (1, 2, 3)]
    frozen = hall.calibrated("GEO-9")
    first = service.begin(hall.writer, kin[0], "ky")
    for other in kin[1:]:
        service.begin(hall.members[0], other, "ky")
    hall.flush()
    items = withdrawals.items_of(hall.work, ["GEO-1", "GEO-9"])
    found = holdings(hall.work, items, withdrawals.versions_of(hall.work, ["GEO-1", "GEO-9"]))
    assert [(each.code, each.kind, each.of) for each in found.kin] == [
        ("GEO-2", "family", "GEO-R1"), ("GEO-3", "family", "GEO-R1")
    ]  # fmt: skip
    assert [(each.code, each.state, each.n_readings) for each in found.drafts] == [("GEO-1", "draft", 0)]
    act = withdraw(hall, "GEO-1", "GEO-2", "GEO-3", "GEO-9")
    said, rested = decision(hall.work, act)
    assert sorted(said.codes) == ["GEO-1", "GEO-2", "GEO-3", "GEO-9"]
    assert [(each.code, each.before) for each in rested] == [("GEO-9", "calibrated")]
    assert {each.act for each in in_force(hall.work)} == {act}
    assert (hall.row(first).state, hall.row(frozen).state) == ("draft", "resting")
    withdrawals.lift(hall.work, act, "Another text")
    hall.flush()
    lifted, _rested = decision(hall.work, act)
    assert lifted.lifted is not None
    with refused(NotFound, "not_found"):
        decision(hall.work, "no such act")


def test_dc_7_a_text_that_tests_are_made_of_is_closed_to_its_author(hall: Hall) -> None:
    id_ = hall.calibrated()
    assert access.opened(hall.writer, id_).purpose == "author"
    hall.decided(id_, "approve")
    with refused(Denied, "manuscript_kept"):
        access.opened(hall.writer, id_)
    hall.decided(id_, "rework", "Another number")
    draft = hall.work.db.scalars(select(Manuscript.id).where(Manuscript.state == "draft")).one()
    assert access.opened(hall.writer, draft).purpose == "author"


def test_dc_7_who_wrote_and_read_an_item_is_told_to_those_who_work_on_it(hall: Hall) -> None:
    hall.frozen(factory.new_item("GEO-1"), hall.members[1])
    own = history.item_page(hall.members[1], "GEO-1", with_openings=False, with_names=False)
    stranger = history.item_page(hall.writer, "GEO-1", with_openings=False, with_names=False)
    commission_page = history.item_page(hall.writer, "GEO-1", with_openings=False, with_names=True)
    for page, author in ((own, "Member 1"), (commission_page, "Member 1"), (stranger, "")):
        [part] = page.parts
        assert part.author == author
        assert all(bool(each.reviewer) == bool(author) for each in part.reviews)
        assert all(bool(step.by) == bool(author) for step in part.steps)
    assert all(each.is_asked for each in stranger.parts[0].reviews)


def test_the_page_of_an_item_tells_strangers_no_name_and_no_cause(hall: Hall, client_as: ClientAs) -> None:
    hall.frozen(factory.new_item("GEO-1"), hall.members[1])
    withdraw(hall, "GEO-1")
    hall.work.close()
    place = hall.writer.actor.organisation_id
    shown = {}
    for name, who in (("stranger", hall.writer), ("author", hall.members[1])):
        client = client_as(Role.WRITER, id=who.actor.id, organisation_id=place)
        client.set_cookie("synak_lang", "en")
        shown[name] = client.get("/bank/items/GEO-1", headers={"Accept": "text/html"}).text
    assert all("withdrawn" in text for text in shown.values())
    assert ("Member 1" in shown["author"], "Member 1" in shown["stranger"]) == (True, False)
    assert ("It was found outside" in shown["author"], "It was found outside" in shown["stranger"]) == (True, False)
    assert all("A picture in a channel" not in text for text in shown.values())


def test_the_cause_is_one_of_those_that_are_known(hall: Hall) -> None:
    hall.calibrated()
    with refused(Invalid, "withdrawal_cause"):
        withdrawals.withdraw(hall.work, ["GEO-1"], replace(LEAK, cause="because"))
    assert hall.work.db.scalars(select(Item.code)).all() == ["GEO-1"]
    assert in_force(hall.work) == []
