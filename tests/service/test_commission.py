"""The commission: nothing is approved but by a session of its members, the minutes signed by PIN (CS-17, DC-5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from itembank.authoring import access, commission, judging, safe, service, states
from itembank.authoring.commission import minutes, queries
from itembank.authoring.four_eyes import CHECKS
from itembank.authoring.models import CommissionDecision, CommissionSession, Manuscript, Review, ReviewComment
from itembank.blueprints.drafts.commission import name_commission
from itembank.items.content import NewItem
from server.accounts import signing
from server.accounts.models import Staff, StaffRole
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.machine import moves_of
from server.core.roles import Actor, Role
from server.core.vault import Tampered
from server.core.work import Work
from tests.factories import accounts
from tests.factories import itembank as factory

PIN = accounts.PIN


@dataclass
class Hall:
    """A writer, a reader of each kind, and a commission of the year: the chair is its first member."""

    work: Work
    writer: Work
    reader: Work
    editor: Work
    members: tuple[Work, ...]

    def row(self, manuscript_id: int) -> Manuscript:
        return self.work.db.get_one(Manuscript, manuscript_id)

    def session(self, session_id: int) -> CommissionSession:
        return self.work.db.get_one(CommissionSession, session_id)

    def flush(self) -> None:
        self.work.db.flush()

    def asked(self, review: Review) -> Work:
        return self.reader if review.kind == "content" else self.editor

    def read(self, manuscript_id: int) -> None:
        """Every reading that is asked for now is passed."""
        query = select(Review).where(Review.manuscript_id == manuscript_id, Review.verdict.is_(None))
        for review in self.work.db.scalars(query).all():
            checked = CHECKS[review.kind]
            judging.judge(self.asked(review), review.id, review.revision, judging.Judgement("pass", checked))
            self.flush()

    def frozen(self, new: NewItem, writer: Work | None = None) -> int:
        writer = writer or self.writer
        id_ = service.begin(writer, new, "ky")
        service.submit(writer, id_, self.row(id_).revision)
        self.flush()
        self.read(id_)
        self.read(id_)
        return id_

    def calibrated(self, code: str = "GEO-1", writer: Work | None = None) -> int:
        id_ = self.frozen(factory.new_item(code), writer)
        states.calibrate(self.work, [self.row(id_).item_version_id or 0])
        self.flush()
        return id_

    def opened(self, *manuscript_ids: int, members: tuple[Work, ...] | None = None) -> int:
        seated = [each.actor.id or 0 for each in members or self.members]
        session_id = commission.open_session(self.members[0], "geography", self.work.now.date(), "7", seated)
        commission.put_on_agenda(self.members[0], session_id, manuscript_ids)
        for member in (members or self.members)[1:]:
            commission.confirm_presence(member, session_id)
        return session_id

    def close(self, session_id: int) -> str:
        self.flush()
        commission.close(self.members[1], session_id, self.session(session_id).revision)
        self.flush()
        return commission.document_of(self.work, self.session(session_id)).digest

    def sign(self, session_id: int, member: Work, shown: str, pin: str = PIN) -> CatError | None:
        attempt = signing.check_pin(member, member.actor.id or 0, pin)
        refusal = commission.sign(member, session_id, shown, attempt)
        self.flush()
        return refusal

    def decided(self, manuscript_id: int, verdict: str, reason: str = "Sound") -> int:
        """A session that decided so, and whose members have all signed."""
        session_id = self.opened(manuscript_id)
        commission.decide(self.members[1], session_id, [manuscript_id], verdict, reason)
        shown = self.close(session_id)
        for member in self.members:
            assert self.sign(session_id, member, shown) is None
        return session_id


@pytest.fixture
def hall(work: Work) -> Hall:
    place = accounts.an_organisation(work, "ntc").id

    def person(*roles: Role) -> Work:
        id_ = accounts.a_staff_member(work, *roles, organisation_id=place)
        signing.set_pin(work, id_, PIN)
        work.db.flush()
        return replace(work, actor=Actor(frozenset(roles), id_, "somebody", place))

    members = tuple(person(Role.COMMISSION, Role.WRITER) for _n in range(4))
    hall = Hall(work, person(Role.WRITER), person(Role.REVIEWER), person(Role.EDITOR), members)
    for n, member in enumerate(members):
        work.db.get_one(Staff, member.actor.id).name = f"Member {n}"
    work.db.flush()
    ids = [each.actor.id or 0 for each in members]
    name_commission(members[0], work.now.year, "417", ids, ids[0])
    return hall


def refused(error: type[CatError], code: str) -> pytest.RaisesExc[CatError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def test_cs_17_a_text_walks_from_the_writer_to_approved(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.opened(id_)
    commission.decide(hall.members[1], session_id, [id_], "approve", "")
    shown = hall.close(session_id)
    for n, member in enumerate(hall.members[:3]):
        assert hall.row(id_).state == "calibrated", n
        assert hall.sign(session_id, member, shown) is None
    assert hall.row(id_).state == "approved"
    assert hall.session(session_id).state == "in_force"
    moves = [move.verb for move in moves_of(hall.work.db, "manuscript", [id_])]
    assert moves == ["submit", "pass_content", "pass_language", "calibrate", "approve"]
    [entered] = [move for move in moves_of(hall.work.db, "commission_session", [session_id])
                 if move.verb == "enter_into_force"]  # fmt: skip
    assert entered.ruling is not None
    assert entered.ruling["clause"] == "CS-17"


def test_dc_5_without_the_chair_nothing_is_in_force(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.opened(id_)
    commission.decide(hall.members[1], session_id, [id_], "approve", "")
    shown = hall.close(session_id)
    for member in hall.members[1:]:
        assert hall.sign(session_id, member, shown) is None
    assert hall.session(session_id).state == "closed"
    assert hall.row(id_).state == "calibrated"
    assert hall.sign(session_id, hall.members[0], shown) is None
    assert hall.row(id_).state == "approved"


def test_a_written_task_is_approved_without_a_calibration(hall: Hall) -> None:
    id_ = hall.frozen(factory.written_item())
    hall.decided(id_, "approve")
    assert hall.row(id_).state == "approved"


def test_what_was_never_tried_cannot_be_approved(hall: Hall) -> None:
    id_ = hall.frozen(factory.new_item())
    session_id = hall.opened(id_)
    with refused(Invalid, "decision_state"):
        commission.decide(hall.members[1], session_id, [id_], "approve", "")


def test_a_wrong_pin_signs_nothing(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.opened(id_)
    commission.decide(hall.members[1], session_id, [id_], "approve", "")
    shown = hall.close(session_id)
    refusal = hall.sign(session_id, hall.members[0], shown, "111222")
    assert refusal is not None
    assert refusal.code == "pin_wrong"
    with refused(Denied, "session_not_member"):
        hall.sign(session_id, hall.writer, shown)
    with refused(Stale, "document_changed"):
        hall.sign(session_id, hall.members[0], "0" * 64)
    assert hall.sign(session_id, hall.members[0], shown) is None
    again = hall.sign(session_id, hall.members[0], shown)
    assert again is not None
    assert again.code == "signed_already"


def test_nobody_decides_on_their_own_nor_signs_for_it(hall: Hall) -> None:
    author = hall.members[1]
    id_ = hall.calibrated(writer=author)
    session_id = hall.opened(id_)
    with refused(Denied, "decision_own"):
        commission.decide(author, session_id, [id_], "approve", "")
    commission.decide(hall.members[2], session_id, [id_], "approve", "")
    shown = hall.close(session_id)
    for member in (hall.members[0], author, hall.members[2]):
        assert hall.sign(session_id, member, shown) is None
    assert hall.row(id_).state == "calibrated"  # three have signed, but one of them wrote it
    assert hall.sign(session_id, hall.members[3], shown) is None
    assert hall.row(id_).state == "approved"


def test_the_chairs_own_item_waits_for_another_chair(hall: Hall) -> None:
    id_ = hall.calibrated(writer=hall.members[0])
    session_id = hall.opened(id_)
    with refused(Refused, "chair_approval_missing"):
        commission.decide(hall.members[2], session_id, [id_], "approve", "")


def test_cs_17_a_board_too_small_cannot_sit(hall: Hall) -> None:
    hall.calibrated()
    with refused(Refused, "approvals_too_few"):
        hall.opened(members=hall.members[:2])
    with refused(Invalid, "session_members"):
        hall.opened(members=hall.members[1:])
    with refused(Invalid, "session_members"):
        hall.opened(members=(*hall.members, hall.writer))


def test_members_read_what_is_before_them_while_the_session_is_open(hall: Hall) -> None:
    id_ = hall.calibrated()
    with refused(NotFound, "not_found"):
        access.opened(hall.members[1], id_)
    session_id = hall.opened(id_)
    assert access.opened(hall.members[1], id_).purpose == "commission"
    commission.decide(hall.members[1], session_id, [id_], "approve", "")
    hall.close(session_id)
    with refused(NotFound, "not_found"):
        access.opened(hall.members[1], id_)


def test_nobody_opens_a_session_and_reads_the_subject_alone(hall: Hall) -> None:
    chair, second, absent, _last = hall.members
    id_ = hall.calibrated()
    ids = [each.actor.id or 0 for each in hall.members]
    session_id = commission.open_session(second, "geography", hall.work.now.date(), "7", ids)
    commission.put_on_agenda(second, session_id, [id_])
    commission.confirm_presence(absent, session_id)
    for member in hall.members:  # two are there, but not the chair
        with refused(NotFound, "not_found"):
            access.opened(member, id_)
    with refused(Invalid, "session_not_there"):
        commission.decide(second, session_id, [id_], "approve", "")
    with refused(Invalid, "session_not_there"):
        commission.add_note(second, session_id, id_, "Let me see")
    assert queries.session_page(second, session_id).awaited[0].staff_id == chair.actor.id
    commission.confirm_presence(chair, session_id)
    assert not queries.session_page(second, session_id).awaited
    for member in (chair, second, absent):
        assert access.opened(member, id_).purpose == "commission"
    with refused(NotFound, "not_found"):  # who is named and did not come reads nothing
        access.opened(hall.members[3], id_)


def test_what_is_put_on_later_opens_when_chair_and_another_have_confirmed_again(hall: Hall) -> None:
    first, later = hall.calibrated(), hall.calibrated("GEO-2")
    session_id = hall.opened(first)
    soon = [replace(each, now=each.now + timedelta(minutes=5)) for each in hall.members]
    commission.put_item_on_agenda(soon[1], session_id, "GEO-2")
    assert access.opened(soon[1], first).purpose == "commission"
    with refused(NotFound, "not_found"):
        access.opened(soon[1], later)
    commission.confirm_presence(soon[2], session_id)
    with refused(NotFound, "not_found"):
        access.opened(soon[1], later)
    commission.confirm_presence(soon[0], session_id)
    assert access.opened(soon[1], later).purpose == "commission"
    tomorrow = replace(soon[1], now=soon[1].now + timedelta(hours=12))
    with refused(NotFound, "not_found"):
        access.opened(tomorrow, first)


def test_who_left_the_commission_neither_reads_nor_signs_and_what_they_signed_stays(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.opened(id_)
    leaver = hall.members[2]
    commission.decide(hall.members[1], session_id, [id_], "approve", "")
    shown = hall.close(session_id)
    assert hall.sign(session_id, leaver, shown) is None
    for gone in (leaver, hall.members[3]):
        held = select(StaffRole).where(StaffRole.staff_id == gone.actor.id, StaffRole.role == Role.COMMISSION.value)
        hall.work.db.delete(hall.work.db.execute(held).scalar_one())
    hall.flush()
    with refused(Denied, "signer_left"):
        hall.sign(session_id, hall.members[3], shown)
    hall.sign(session_id, hall.members[0], shown)
    assert hall.row(id_).state == "calibrated"
    hall.sign(session_id, hall.members[1], shown)
    assert hall.row(id_).state == "approved"  # signed while they held the role
    with refused(Invalid, "session_members"):
        hall.opened(hall.calibrated("GEO-2"))


def test_a_board_of_which_too_many_left_decides_nothing(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.opened(id_)
    for gone in hall.members[2:]:
        hall.work.db.get_one(Staff, gone.actor.id).is_active = False
    hall.flush()
    with refused(NotFound, "not_found"):
        access.opened(hall.members[3], id_)
    with refused(Refused, "approvals_too_few"):
        commission.decide(hall.members[1], session_id, [id_], "approve", "")


def test_a_subject_nobody_knows_opens_no_session(hall: Hall) -> None:
    ids = [each.actor.id or 0 for each in hall.members]
    for subject in ("nowhere", "geo" * 120, ""):
        with refused(Invalid, "session_incomplete"):
            commission.open_session(hall.members[0], subject, hall.work.now.date(), "7", ids)


def test_rework_begins_a_draft_for_its_author_and_leaves_the_version_where_it_is(hall: Hall) -> None:
    id_ = hall.calibrated()
    hall.decided(id_, "rework", "The third option is a trap")
    assert hall.row(id_).state == "calibrated"
    draft = hall.work.db.scalars(select(Manuscript).where(Manuscript.state == "draft")).one()
    assert (draft.author_id, draft.number) == (hall.writer.actor.id, 2)
    said = hall.work.db.scalars(select(ReviewComment)).one()
    assert safe.unseal(hall.work, draft, said.place, said.body_sealed).decode() == "The third option is a trap"


@pytest.mark.parametrize(("verdict", "state"), [("rest", "resting"), ("retire", "retired")])
def test_rest_and_retire_take_effect(hall: Hall, verdict: str, state: str) -> None:
    id_ = hall.calibrated()
    with refused(Invalid, "decision_reason"):
        commission.decide(hall.members[1], hall.opened(id_), [id_], verdict, " ")
    session = hall.work.db.scalars(select(CommissionSession)).one()
    commission.annul(hall.members[0], session.id, session.revision, "Begun anew")
    hall.flush()
    hall.decided(id_, verdict)
    assert hall.row(id_).state == state


def test_a_later_decision_stands_instead_and_both_stay_on_record(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.opened(id_)
    commission.decide(hall.members[1], session_id, [id_], "retire", "Too easy")
    commission.add_note(hall.members[2], session_id, id_, "It is easy, and needed")
    commission.decide(hall.members[1], session_id, [id_], "approve", "Needed")
    hall.close(session_id)
    content = commission.document_of(hall.work, hall.session(session_id)).content
    [item] = content["items"]  # type: ignore[misc, union-attr]
    assert (item["verdict"], item["reason"]) == ("approve", "Needed")  # type: ignore[index, call-overload]
    assert "It is easy, and needed" in str(content["notes"])
    assert len(hall.work.db.scalars(select(CommissionDecision)).all()) == 1


def test_an_item_is_before_one_session_at_a_time(hall: Hall) -> None:
    id_ = hall.calibrated()
    hall.opened(id_)
    with refused(Invalid, "session_agenda"):
        hall.opened(id_)


def test_what_moved_meanwhile_is_not_moved_back(hall: Hall) -> None:
    id_, other = hall.calibrated(), hall.calibrated("GEO-2")
    session_id = hall.opened(id_, other)
    commission.decide(hall.members[1], session_id, [id_, other], "approve", "")
    shown = hall.close(session_id)
    states.rest(hall.work, [hall.row(id_).item_version_id or 0], "a leak")
    hall.flush()
    for member in hall.members[:3]:
        assert hall.sign(session_id, member, shown) is None
    assert (hall.row(id_).state, hall.row(other).state) == ("resting", "approved")


def test_annulled_minutes_move_nothing_and_a_new_session_may_sit(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.opened(id_)
    commission.decide(hall.members[1], session_id, [id_], "retire", "By mistake")
    shown = hall.close(session_id)
    commission.annul(hall.members[0], session_id, hall.session(session_id).revision, "The wrong item")
    hall.flush()
    with refused(Stale, "not_in_state"):
        hall.sign(session_id, hall.members[0], shown)
    hall.decided(id_, "approve")
    assert hall.row(id_).state == "approved"


def test_minutes_changed_in_the_database_do_not_open(hall: Hall) -> None:
    id_ = hall.calibrated()
    session_id = hall.decided(id_, "approve")
    row = hall.session(session_id)
    document = commission.document_of(hall.work, row)
    assert all(each.is_valid for each in signing.signatures_under(hall.work, document))
    other = hall.session(hall.opened(hall.calibrated("GEO-3")))
    with pytest.raises(Tampered):
        minutes.unseal(hall.work, other, "minutes", row.minutes_sealed or b"")


def test_an_item_that_is_in_use_or_was_rejected_comes_before_a_session_by_its_code(hall: Hall) -> None:
    rejected = hall.frozen(factory.new_item("GEO-7"))  # tried out, its parameters rejected: it still stands there
    used = hall.calibrated("GEO-8")
    hall.decided(used, "approve")
    states.put_in_use(hall.work, [hall.row(used).item_version_id or 0])
    hall.flush()
    session_id = hall.opened()
    for code in ("geo-7", " GEO-8 "):
        commission.put_item_on_agenda(hall.members[0], session_id, code)
    commission.decide(hall.members[1], session_id, [rejected], "rework", "Two readings")
    commission.decide(hall.members[1], session_id, [used], "rest", "Leaked")
    shown = hall.close(session_id)
    for member in hall.members:
        assert hall.sign(session_id, member, shown) is None
    assert hall.row(used).state == "resting"
    drafts = select(Manuscript).where(Manuscript.item_id == hall.row(rejected).item_id, Manuscript.state == "draft")
    assert hall.work.db.execute(drafts).scalar_one().number == 2


def test_a_code_nobody_has_or_that_is_not_frozen_comes_before_no_session(hall: Hall) -> None:
    service.begin(hall.writer, factory.new_item("GEO-9"), "ky")
    session_id = hall.opened()
    for code in ("GEO-9", "GEO-404", "HIS-1"):
        with pytest.raises(Invalid, match="session_agenda"):
            commission.put_item_on_agenda(hall.members[0], session_id, code)


@pytest.mark.parametrize("verdict", ["retire", "rest", None])
def test_what_was_not_in_the_minutes_that_were_signed_takes_no_effect(hall: Hall, verdict: str | None) -> None:
    approved, other = hall.calibrated("GEO-7"), hall.calibrated("GEO-8")
    session_id = hall.opened(approved)
    commission.decide(hall.members[1], session_id, [approved], "approve", "Sound")
    shown = hall.close(session_id)
    row = hall.work.db.execute(select(CommissionDecision)).scalar_one()
    row.verdict = verdict  # behind the back of the product
    hall.work.db.add(CommissionDecision(
        commission_session_id=session_id, manuscript_id=other, added_at=hall.work.now, verdict="approve",
    ))  # fmt: skip
    hall.flush()
    for member in hall.members:
        assert hall.sign(session_id, member, shown) is None
    assert hall.row(approved).state == "approved"
    assert hall.row(other).state == "calibrated"
