"""A commission of appeals and candidates with results, for tests: the smallest world in which a case can be decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import update

from server import delivery, grading
from server.accounts import signing
from server.accounts.models import Organisation, Staff
from server.appeals import commission, filing, hearings, interests, protocols, voting
from server.appeals.commission import Seat
from server.appeals.filing import Claim
from server.appeals.models import Appeal, AppealHearing
from server.core.errors import CatError
from server.core.roles import Actor, Role
from server.core.work import Work
from server.delivery.models import ExamSession
from tests.factories.accounts import PIN, a_staff_member, an_organisation
from tests.factories.delivery import Answers, Planned, a_sitting, every_second, finished_session

SEATS = ("chair", "deputy_chair", "secretary", "member", "member", "member")
BODIES = ("ministry", "ntc", "methodological_commission")
SUBJECT = "history"


@dataclass
class Chamber:
    """A sitting whose results are out, its candidates, and the commission by the order of its seats."""

    work: Work
    office: Work
    department: Work
    sitting: Planned
    sessions: Sequence[int]
    members: Sequence[Work]
    pin: str = PIN

    @property
    def chair(self) -> Work:
        return self.members[0]

    @property
    def secretary(self) -> Work:
        return self.members[2]

    def later(self, by: timedelta) -> Chamber:
        """The same, at a later instant."""

        def moved(work: Work) -> Work:
            return replace(work, now=work.now + by)

        return Chamber(
            moved(self.work), moved(self.office), moved(self.department), self.sitting, self.sessions,
            [moved(each) for each in self.members], self.pin,
        )  # fmt: skip

    def candidate(self, session_id: int) -> Work:
        """The candidate of a session at the page of their result."""
        lease = self.work.db.get_one(ExamSession, session_id).lease
        return replace(self.work, actor=Actor(frozenset({Role.CANDIDATE}), session_id, lease=lease))

    def number(self, session_id: int) -> str:
        return delivery.session_ref(self.work, session_id).registration_no

    def file(self, session_id: int, *tasks: int, words: str = "I read it otherwise") -> int | CatError:
        claim = Claim(SUBJECT, ("points_awarded",), tasks, words)
        return filing.file_own(self.candidate(session_id), claim)

    def filed(self, session_id: int, *tasks: int, words: str = "I read it otherwise") -> int:
        found = self.file(session_id, *tasks, words=words)
        assert isinstance(found, int), found
        return found

    def row(self, appeal_id: int) -> Appeal:
        return self.work.db.get_one(Appeal, appeal_id)

    def admitted(self, session_id: int, *tasks: int) -> int:
        appeal_id = self.filed(session_id, *tasks)
        self.admit(appeal_id)
        return appeal_id

    def admit(self, appeal_id: int) -> None:
        hearings.admit(self.secretary, appeal_id, self.row(appeal_id).revision)
        self.work.db.flush()

    def called(self, *appeal_ids: int) -> int:
        at = self.work.now + timedelta(hours=2)
        hearing_id = hearings.call(self.secretary, self.sitting.programme_id, at, "Room 3")
        hearings.put_on_agenda(self.secretary, hearing_id, appeal_ids)
        return hearing_id

    def opened(self, *appeal_ids: int) -> int:
        """A hearing of these cases at which everybody is."""
        hearing_id = self.called(*appeal_ids)
        for member in self.members:
            hearings.confirm_presence(member, hearing_id)
        return hearing_id

    def moved(self, appeal_id: int, *outcomes: voting.Outcome) -> int:
        revision = self.row(appeal_id).revision
        return voting.put_motion(self.secretary, appeal_id, revision, outcomes, "As the instructions say")

    def carried(self, appeal_id: int, *outcomes: voting.Outcome) -> None:
        """A motion for which everybody who votes has voted."""
        motion_id = self.moved(appeal_id, *outcomes)
        for member in (*self.members[:2], *self.members[3:]):
            voting.vote(member, appeal_id, motion_id, "for")

    def drawn(self, appeal_id: int) -> str:
        """The protocol is drawn up; its digest."""
        protocols.draw_up(self.secretary, appeal_id)
        return self.shown(appeal_id)

    def shown(self, appeal_id: int) -> str:
        row = protocols.last_of(self.work, self.row(appeal_id))
        return protocols.document_of(self.work, self.row(appeal_id), row).digest if row else ""

    def sign(self, appeal_id: int, member: Work, shown: str, pin: str = "") -> CatError | None:
        attempt = signing.check_pin(member, member.actor.id or 0, pin or self.pin)
        refusal = protocols.sign(member, appeal_id, shown, attempt)
        self.work.db.flush()
        return refusal

    def decided(self, session_id: int, *outcomes: voting.Outcome) -> int:
        """A case decided so, from its filing to the third signature."""
        appeal_id = self.admitted(session_id, *(each.seq for each in outcomes))
        self.opened(appeal_id)
        self.carried(appeal_id, *outcomes)
        shown = self.drawn(appeal_id)
        for member in (self.chair, *self.members[3:5]):
            assert self.sign(appeal_id, member, shown) is None
        return appeal_id

    def hearing(self, hearing_id: int) -> AppealHearing:
        return self.work.db.get_one(AppealHearing, hearing_id)

    def stand_aside(self, member: Work, appeal_id: int, interest: str = "relative") -> None:
        interests.declare_in_case(member, appeal_id, interest)


def a_chamber(
    work: Work, n: int = 2, answers: Answers = every_second, *, is_released_at_once: bool = True
) -> Chamber:  # fmt: skip
    """A sitting of one subject with n graded candidates of one department, and the commission of its programme."""
    planned = a_sitting(work, subjects=[SUBJECT], is_released_at_once=is_released_at_once)
    sessions = [finished_session(work, planned, answers) for _ in range(n)]
    for session_id in sessions:
        grading.grade_session(work, session_id)
    return a_chamber_over(work, planned, sessions)


def a_chamber_over(work: Work, planned: Planned, sessions: Sequence[int]) -> Chamber:
    """The commission of the sitting's programme, and the department of these candidates."""
    ntc, department = an_organisation(work, "ntc").id, an_organisation(work, "department").id
    centres = [delivery.session_ref(work, each).centre_id for each in sessions]
    work.db.execute(update(Organisation).where(Organisation.id.in_(centres)).values(parent_id=department))
    office = _person(work, ntc, Role.OFFICE)
    members = [_person(work, ntc, Role.APPEALS) for _ in SEATS]
    for at, member in enumerate(members):
        work.db.get_one(Staff, member.actor.id).name = f"Member {at}"
    work.db.flush()
    name(office, planned.programme_id, members)
    return Chamber(work, office, _person(work, department, Role.OFFICE), planned, sessions, members)


def name(office: Work, programme_id: int, members: Sequence[Work], order_no: str = "17") -> int:
    """The commission is these people, in the order of the seats, as the ministry approved it."""
    seats = [
        Seat(member.actor.id or 0, role, BODIES[at % len(BODIES)])
        for at, (member, role) in enumerate(zip(members, SEATS, strict=True))
    ]
    ministry = _person(office, an_organisation(office, "ministry").id, Role.OFFICE)
    return commission.name_commission(ministry, programme_id, order_no, date(2026, 1, 5), seats)


def _person(work: Work, organisation_id: int, role: Role) -> Work:
    staff_id = a_staff_member(work, role, organisation_id=organisation_id)
    signing.set_pin(work, staff_id, PIN)
    work.db.flush()
    return replace(work, actor=Actor(frozenset({role}), staff_id, "somebody", organisation_id))
