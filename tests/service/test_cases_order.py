"""No order of commands decides a case twice, gives two attempts for one test, or a repeat above the maximum (CS-18);
none takes back a test that has begun, or leaves somebody expected whose place was taken back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server import delivery
from server.candidates import cases
from server.candidates.cases.machine import OPEN, STANDS
from server.candidates.cases.models import CandidateCase, CaseDecision, CaseTakingBack
from server.candidates.cases.service import Facts, NewCase, TakingBack
from server.candidates.models import Registration
from server.candidates.rules import RepeatRule
from server.core.errors import CatError
from server.core.machine import moves_of
from server.core.regulation import load_edition
from server.core.work import Work
from server.delivery import service as sessions
from server.delivery.rules import LatenessRule
from server.grading.cases import taking_back
from tests.factories import delivery as make
from tests.factories.cases import PDF, Offices, a_decision, offices_of

COMMANDS = ("file", "paper", "submit", "withdraw", "grant", "refuse", "assign", "begin", "take_back")
steps = st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 5)), min_size=6, max_size=40)
# Most random orders never come far: some of the examples begin with a way that does.
WAY = [("file", 0), ("paper", 0), ("submit", 0), ("grant", 0), ("assign", 0)]


class Desk:
    """One person's tests and cases, and whoever may act on them."""

    def __init__(self, work: Work, pools: dict[str, int]) -> None:
        self.work, self.pools = work, pools
        sitting = make.a_sitting(work, pools=pools)
        self.sessions = [make.a_session(work, sitting)]
        self.by: Offices = offices_of(work, self.sessions[0])
        self.cases: list[int] = []
        self.begun: set[int] = set()

    def do(self, command: str, n: int) -> None:
        """One command on one of the cases; what is refused changes nothing."""
        department, ministry = (replace(self.work, actor=each) for each in (self.by.department, self.by.ministry))
        if command == "file":
            session = delivery.session_ref(self.work, self.sessions[n % len(self.sessions)])
            facts = Facts(session.id, None, ("history",))
            self.cases.append(cases.file_case(department, NewCase("repeat", session.registration_id, ""), facts))
            return
        if not self.cases:
            return
        case_id = self.cases[n % len(self.cases)]
        facts = Facts(None, None, ("history",))
        if command == "paper":
            cases.add_paper(department, case_id, "advice", PDF)
        elif command == "submit":
            cases.submit(department, case_id, facts)
        elif command == "withdraw":
            cases.withdraw(department, case_id)
        elif command == "take_back":
            taking_back.undo(ministry, case_id, TakingBack("12/min", self.work.now.date(), "by mistake"))
        elif command == "assign":
            made = cases.register_attempt(self.work, case_id)
            self.sessions.append(self._expected(made))
        elif command == "begin":
            self._begin(self.sessions[n % len(self.sessions)])
        else:
            cases.decide(ministry, case_id, a_decision(self.work, f"{command}ed" if command == "grant" else "refused"),
                         facts)

    def _begin(self, session_id: int) -> None:
        ref = delivery.session_ref(self.work, session_id)
        late = delivery.sitting_ref(self.work, ref.sitting_id).edition.get("DC-16", LatenessRule)
        sessions.admit_session(self.work, session_id, late.judge(self.work.now, self.work.now), None)
        assert sessions.begin_sessions(self.work, [session_id], self.work.now) == 1
        self.begun.add(session_id)

    def _expected(self, registration_id: int) -> int:
        later = make.a_sitting(self.work, pools=self.pools)
        centre = delivery.session_ref(self.work, self.sessions[0]).centre_id
        return sessions.prepare_session(self.work, later.id, registration_id, centre)


def check(desk: Desk, most: int) -> None:
    """What must hold after every command."""
    db = desk.work.db
    rows = db.execute(select(CandidateCase).where(CandidateCase.id.in_(desk.cases))).scalars().all()
    decided = Counter(db.execute(select(CaseDecision.case_id).where(CaseDecision.case_id.in_(desk.cases))).scalars())
    assert all(n == 1 for n in decided.values())
    taken = {row.case_id: row.next_registration_id for row in db.execute(select(CaseTakingBack)).scalars()}
    taken = {case_id: taken[case_id] for case_id in desk.cases if case_id in taken}
    assert {row.id for row in rows if row.state in (*STANDS, "refused")} | set(taken) == set(decided)
    assert all(row.state == "withdrawn" for row in rows if row.id in taken)
    live = Counter(row.session_id for row in rows if row.state in (*OPEN, *STANDS))
    assert all(n == 1 for n in live.values()), "one test gives one further attempt"
    assert sum(row.state in STANDS for row in rows) <= most
    attempts = db.execute(select(Registration.attempt).where(Registration.candidate_id == person(desk))).scalars().all()
    assert sorted(attempts) == list(range(1, len(attempts) + 1))
    assigned = sum(row.state == "assigned" for row in rows)
    assert len(attempts) - 1 == assigned + sum(each is not None for each in taken.values())
    assert assigned <= most
    for session in delivery.session_refs(desk.work, desk.sessions):
        if session.registration_id in taken.values():
            assert (session.state, session.id in desk.begun) == ("absent", False)
        else:
            assert session.state == ("running" if session.id in desk.begun else "expected")
    for row in rows:
        verbs = Counter(move.verb for move in moves_of(db, "candidate_case", [row.id]))
        assert verbs["grant"] + verbs["refuse"] + verbs["withdraw"] <= 1
        assert verbs["assign"] <= verbs["grant"]
        assert verbs["take_back"] == (row.id in taken) <= verbs["grant"]


def person(desk: Desk) -> int:
    first = delivery.session_ref(desk.work, desk.sessions[0]).registration_id
    return desk.work.db.get_one(Registration, first).candidate_id


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(way=st.booleans(), orders=steps)
def test_CS_18_no_order_of_commands_grants_too_much(work: Work, way: bool, orders: list[tuple[str, int]]) -> None:
    desk, most = a_desk(work)
    for command, n in [*(WAY if way else []), *orders]:
        try:
            with work.db.begin_nested():
                desk.do(command, n)
        except CatError:
            pass
        check(desk, most)


def test_CS_18_the_third_repeat_is_refused_and_the_way_to_the_second_is_open(work: Work) -> None:
    desk, most = a_desk(work)
    for n in range(most):
        for command, _ in WAY:
            desk.do(command, n)
        check(desk, most)
    for command, n in (("file", most), ("paper", most)):
        desk.do(command, n)
    with pytest.raises(CatError, match="no_repeat_left"):
        desk.do("submit", most)


def test_CS_18_a_repeat_that_was_taken_back_leaves_room_for_another(work: Work) -> None:
    desk, most = a_desk(work)
    for n in range(most + 1):
        for command, _ in WAY:
            desk.do(command, n)
        if n == 0:
            desk.do("take_back", 0)
        check(desk, most)
    desk.do("begin", len(desk.sessions) - 1)
    with pytest.raises(CatError, match="granted_test_begun"):
        desk.do("take_back", most)


def a_desk(work: Work) -> tuple[Desk, int]:
    """A person with one test; the pool is made once for all examples of a test."""
    edition = load_edition("kg-distinction", "2013")
    if "pools" not in work.db.info:
        work.db.info["pools"] = {"history": make.a_pool(work, edition, "history")}
    return Desk(work, work.db.info["pools"]), edition.get("CS-18", RepeatRule).repeats_max
