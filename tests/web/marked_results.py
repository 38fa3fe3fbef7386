"""Results of two sides of a country, every name of a side with its mark: listed, appealed, approved and printed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from unittest import mock

from sqlalchemy import select, update

from server import candidates, delivery, grading
from server.accounts import signing
from server.accounts.models import Organisation, Staff
from server.appeals import commission, interests, telling, voting
from server.appeals.commission import Seat
from server.appeals.models import Appeal, AppealHearing
from server.candidates import cases
from server.candidates.cases.models import CandidateCase, CasePaper
from server.candidates.cases.service import Facts, NewCase
from server.candidates.models import AdmissionList
from server.core.clock import FrozenClock
from server.core.roles import SYSTEM, Actor, Role
from server.core.tasks.models import Task
from server.core.work import Platform, Work, open_work
from server.delivery import service as delivering
from server.delivery.additional.models import AdditionalSitting
from server.delivery.forms import form_no
from server.delivery.models import ExamSession
from server.delivery.models import Sitting as SittingRow
from server.grading import outcomes, rescoring
from server.grading.control.models import ControlFinding
from server.grading.lists.models import ResultList
from server.grading.rescoring import Cause
from server.grading.rescoring.models import RescoringRun
from server.jobs.worker import work_off
from server.marking import drawing, giving, intake, opening
from server.marking.models import Allotment, WrittenWork
from server.statements import batch, issuing
from server.statements import service as statements
from server.statements.models import Statement, StatementBatch
from tests.factories import delivery as make
from tests.factories.accounts import PIN, a_staff_member, an_organisation
from tests.factories.appeals import BODIES, SEATS, Chamber
from tests.factories.candidates import a_file, a_line
from tests.factories.cases import PDF, a_next_sitting
from tests.factories.grading import a_finding
from tests.factories.results import Offices, corrected, received, released

MARKS = {"north": "айтберген", "south": "зулпукар"}  # in every name of that side, and nowhere else
SUBJECT = "history"
A_WEEK = timedelta(days=9)
UNCHANGED = voting.Outcome(1, "unchanged")


@dataclass
class Side:
    """A department with its centre and its school: who acts there, and all that tells who its candidates are."""

    mark: str
    places: dict[str, int]
    people: dict[str, Actor]
    sessions: list[int] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The mark as a name begins."""
        return self.mark.title()


@dataclass
class Country:
    """Both sides, those who act for all of it or read works by code, and the ids of all that was made."""

    platform: Platform
    sides: dict[str, Side]
    people: dict[str, Actor]
    ids: dict[str, list[int]] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)

    def words(self, *sides: str) -> set[str]:
        """What tells who somebody of these sides is, in small letters."""
        return {word.casefold() for each in sides or self.sides
                for word in (self.sides[each].mark, *self.sides[each].numbers)}  # fmt: skip

    def lease(self, session_id: int) -> int:
        """By which the device of a candidate holds the session."""
        with self.platform.database.reading() as db:
            return db.get_one(ExamSession, session_id).lease

    def of_the_north(self) -> dict[str, int]:
        """An id of each kind that is the north's or the whole country's alone."""
        alone = ("appeal_id", "statement_id", "batch_id", "case_id", "finding_id", "rescoring_id", "task_id")
        return {each: self.ids[each][0] for each in alone} | {"session_id": self.sides["north"].sessions[0]}

    def private_tasks(self, actor: Actor) -> set[int]:
        """The tasks that this actor asked for."""
        with self.platform.database.reading() as db:
            return set(db.scalars(select(Task.id).where(Task.asked_by == actor.label)))


def a_country(platform: Platform, clock: FrozenClock) -> Country:
    """One sitting whose results are final, with statements; one whose appeals are being heard."""
    with open_work(platform, SYSTEM) as work:
        country = _people(platform, work)
        settled = _sat(work, country)
        _settled(work, country, settled)
    clock.advance(A_WEEK.total_seconds())
    with open_work(platform, SYSTEM) as work:
        _approved(work, country, settled.sitting.id)
        _open(work, country, _sat(work, country))
    while work_off(platform) is not None:
        pass
    with open_work(platform, SYSTEM) as work:
        _known(work, country)
    return country


def _people(platform: Platform, work: Work) -> Country:
    ntc, ministry = an_organisation(work, "ntc").id, an_organisation(work, "ministry").id
    people = {"ntc": _one(work, Role.OFFICE, ntc), "ntc 2": _one(work, Role.OFFICE, ntc),
              "ministry": _one(work, Role.OFFICE, ministry)}  # fmt: skip
    people |= {f"marker {n}": _one(work, Role.MARKER, ntc) for n in range(2)}
    people |= {f"member {n}": _one(work, Role.APPEALS, ntc) for n in range(len(SEATS))}
    people["no member"] = _one(work, Role.APPEALS, ntc)
    return Country(platform, {name: _side(work, mark) for name, mark in MARKS.items()}, people)


def _side(work: Work, mark: str) -> Side:
    places: dict[str, int] = {}
    for kind in ("department", "centre", "school"):
        places[kind] = an_organisation(work, kind).id
        names = {each: f"{mark.title()} {kind}" for each in ("ky", "ru", "en")}
        values = {"names": names, "parent_id": None if kind == "department" else places["department"]}
        work.db.execute(update(Organisation).where(Organisation.id == places[kind]).values(values))
    people = {
        kind: _one(work, Role.OFFICE, places[kind], f"{mark.title()}ова") for kind in ("department", "school")
    }
    people["centre"] = _one(work, Role.CENTRE, places["centre"], f"{mark.title()}ова")
    return Side(mark, places, people)


def _one(work: Work, role: Role, place: int, name: str = "Кызматкер") -> Actor:
    staff_id = a_staff_member(work, role, organisation_id=place, name=name)
    signing.set_pin(work, staff_id, PIN)
    work.db.flush()
    return Actor(frozenset({role}), staff_id, name, place)


def _sat(work: Work, country: Country) -> Chamber:
    """A sitting in which a pupil of each side's school and somebody else wrote; each of them names themselves."""
    pool = make.a_pool(work, make.load_edition("kg-distinction", "2013"), SUBJECT, n_written=1)
    sitting = make.a_sitting(work, pools={SUBJECT: pool})
    pupils = []
    for side in country.sides.values():
        made = _seated(work, sitting, side)
        side.sessions += made
        pupils.append(made[0])
    ntc, members = (
        replace(work, actor=country.people["ntc"]),
        [replace(work, actor=country.people[f"member {n}"]) for n in range(len(SEATS))],
    )
    seats = [Seat(each.actor.id or 0, role, BODIES[n % len(BODIES)])
             for n, (each, role) in enumerate(zip(members, SEATS, strict=True))]  # fmt: skip
    ministry = replace(work, actor=country.people["ministry"])
    commission.name_commission(ministry, sitting.programme_id, "17", date(2026, 1, 5), seats)
    _marked(work, country, sitting.id)
    for session_id in delivery.sessions_of_sitting(work, sitting.id):
        assert grading.grade_session(work, session_id.id).state == "graded"
    work.db.flush()
    return Chamber(work, ntc, ntc, sitting, pupils, members)


def _seated(work: Work, sitting: make.Planned, side: Side) -> list[int]:
    manager = replace(work, actor=side.people["centre"])
    lines = [a_line(family_name=f"{side.name}ова", given_name=f"{side.name}гүл", patronymic=f"{side.name}овна",
                    school=f"{side.name} {school}") for school in ("school", "лицейи")]  # fmt: skip
    side.numbers |= {line["document_number"] for line in lines}
    made = candidates.certify_admission_list(
        manager, programme_id=sitting.programme_id, file_name=f"{side.mark}.csv", content=a_file(*lines)
    )
    found = []
    for n, who in enumerate(candidates.registrations_of(work, sitting.programme_id, made.id)):
        session_id = delivering.prepare_session(work, sitting.id, who.id, side.places["centre"])
        delivering.seat_session(work, session_id, f"{side.mark}-{n}", f"room:{session_id}")
        lateness = sitting.edition.get("DC-16", make.LatenessRule).judge(work.now, work.now)
        delivering.admit_session(work, session_id, lateness, None)
        delivering.begin_sessions(work, [session_id], work.now)
        text = f"Мен {who.name}, {who.school} окуучусумун.\nНомерим {who.registration_no}, ордум {side.mark}-{n}."
        with mock.patch.object(make, "TEXT", text):
            make.answer_all(work, session_id, make.every_second)
        side.numbers |= {who.registration_no, form_no(session_id)}
        found.append(session_id)
    return found


def _marked(work: Work, country: Country, sitting_id: int) -> None:
    """Everything written is marked by both markers."""
    office = replace(work, actor=country.people["ntc"])
    markers = [country.people[f"marker {n}"] for n in range(2)]
    opening.open_marking(office, sitting_id, {})
    for each in markers:
        opening.call_marker(office, sitting_id, each.id or 0, [SUBJECT], ["ky", "ru"])
    marking = opening.opened(work, sitting_id)
    intake.take_in(work, marking, intake.pending(work, marking))
    drawing.draw(work, marking)
    drawn = select(Allotment.staff_id, WrittenWork.ref).join(WrittenWork, WrittenWork.id == Allotment.work_id)
    by_id = {each.id: each for each in markers}
    for staff_id, ref in work.db.execute(drawn.where(WrittenWork.marking_id == marking.id)).all():
        giving.give_mark(replace(work, actor=by_id[staff_id]), ref, giving.Given(8, make.uuid4()))
        country.refs.append(ref)


def _listed(work: Work, country: Country, sitting_id: int) -> int:
    """The results are released, and both departments have signed for theirs."""
    offices = Offices(*(replace(work, actor=country.people[each]) for each in ("ntc", "ntc 2")))
    list_id = released(work, sitting_id, offices)
    for side in country.sides.values():
        assert received(replace(work, actor=side.people["department"]), list_id) is None
    return list_id


def _settled(work: Work, country: Country, chamber: Chamber) -> None:
    for pupil in chamber.sessions:
        corrected(work, pupil, "90", "excellent")
    _listed(work, country, chamber.sitting.id)
    for pupil in chamber.sessions:
        appeal_id = chamber.decided(pupil, UNCHANGED)
        telling.tell(chamber.secretary, appeal_id)
    work.db.flush()
    telling.issue_list(chamber.office, chamber.sitting.id)
    for side in country.sides.values():
        department = replace(work, actor=side.people["department"])
        outcomes.record_order(
            department, chamber.sitting.id, "4", f"{side.name}: late", f"{side.name}: earlier"
        )


def _approved(work: Work, country: Country, sitting_id: int) -> None:
    ministry, ntc = (replace(work, actor=country.people[each]) for each in ("ministry", "ntc"))
    attempt = signing.check_pin(ministry, ministry.actor.id or 0, PIN)
    newest = grading.lists.queries.newest(work, sitting_id)
    assert newest is not None
    assert statements.approve(ministry, sitting_id, newest.id, "712/1", attempt) is None
    work.db.flush()
    issuing.issue(ntc, sitting_id)
    for side in country.sides.values():
        batch.ask(replace(work, actor=side.people["department"]), sitting_id, "ky", "http://localhost")


def _open(work: Work, country: Country, chamber: Chamber) -> None:
    """Cases before a hearing: a protocol that waits for signatures, a member aside; results that are corrected."""
    _listed(work, country, chamber.sitting.id)
    found = []
    for pupil, side in zip(chamber.sessions, country.sides.values(), strict=True):
        words = (
            f"Мен {side.name}ова {side.name}гүл, {side.name} school, {chamber.number(pupil)}, {side.mark}-0."
        )
        found.append(chamber.filed(pupil, 1, words=words))
        chamber.admit(found[-1])
    chamber.opened(*found)
    for appeal_id in found:
        chamber.carried(appeal_id, UNCHANGED)
        chamber.sign(appeal_id, chamber.chair, chamber.drawn(appeal_id))
    interests.declare_in_case(chamber.members[5], found[0], "relative")
    corrected(work, country.sides["south"].sessions[-1], "90", "excellent")
    grading.lists.freeze(chamber.office, chamber.sitting.id, because="A correction was applied.")
    strike = Cause(
        kind="session", session_id=chamber.sessions[0], reason="Looked at again", decided_by="order:17"
    )
    rescoring.propose(chamber.office, strike)
    a_finding(chamber.office, chamber.sitting.id, [each.sessions[-1] for each in country.sides.values()])
    for pupil, side in zip(chamber.sessions, country.sides.values(), strict=True):
        department = replace(work, actor=side.people["department"])
        who = delivery.session_ref(work, pupil).registration_id
        case_id = cases.file_case(department, NewCase("exemption", who, "exchange"), Facts(None, None))
        cases.add_paper(department, case_id, "documents", PDF + side.mark.encode())
    a_next_sitting(chamber.office, "additional", chamber.sitting.id)


def _known(work: Work, country: Country) -> None:
    """The ids of all there is, by the names that routes have for them."""
    rows: dict[str, Any] = {
        "sitting_id": SittingRow, "session_id": ExamSession, "appeal_id": Appeal, "hearing_id": AppealHearing,
        "result_list_id": ResultList, "statement_id": Statement, "batch_id": StatementBatch, "task_id": Task,
        "finding_id": ControlFinding, "rescoring_id": RescoringRun, "case_id": CandidateCase, "paper_id": CasePaper,
        "staff_id": Staff, "list_id": AdmissionList,
    }  # fmt: skip
    country.ids = {
        name: list(work.db.scalars(select(model.__mapper__.primary_key[0]))) for name, model in rows.items()
    }
    pupils = [id_ for side in country.sides.values() for id_ in side.sessions[::2]]
    country.ids |= {"seq": [1, 7], "session_id": pupils, "staff_id": country.ids["staff_id"][:2],
                    "additional_id": list(work.db.scalars(select(AdditionalSitting.sitting_id)))}  # fmt: skip
