"""Whatever is pressed in whatever order: no appeal after its window or without a received result, no decision with two
signatures, no second one, no vote that counts of somebody with an interest (DC-24, DC-25, DC-28)."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server import grading
from server.accounts import signing
from server.accounts.models import StaffPin
from server.appeals import filing, hearings, interests, protocols, telling, voting
from server.appeals.models import Appeal, AppealDecision, AppealHearing, AppealInterest, AppealProtocol
from server.appeals.rules import AppealWindowRule, DecisionRule
from server.appeals.voting import Outcome
from server.core.errors import CatError
from server.core.machine import moves_of
from server.core.terms import in_time
from server.core.work import Work
from tests.factories.appeals import Chamber, a_chamber

ACTS = (
    "file", "file", "admit", "admit", "refuse", "call", "come", "come", "come", "come", "move", "vote", "vote", "vote",
    "draw", "sign", "sign", "sign", "aside", "end", "tell", "withdraw", "list", "later",
)  # fmt: skip
# A way to a decision, into which the drawn acts break: most drawn orders alone would never come so far.
WAY = ("file", "admit", "call", *("come",) * 6, "move", *("vote",) * 6, "draw", *("sign",) * 5, "tell", "list")
SECOND, STEP = timedelta(seconds=1), timedelta(days=2)


@pytest.fixture
def chamber(work: Work) -> Chamber:
    return a_chamber(work, 1)


class Play:
    """One run: the chamber, which moves on in time, and who is next at each kind of act."""

    def __init__(self, chamber: Chamber) -> None:
        self.chamber, self.turn = chamber, Counter[str]()

    def press(self, act: str, n: int | None) -> None:
        """One command by somebody: by whoever is next, or by the nth."""
        chamber = self.chamber = self.chamber.later(SECOND)
        by = self.turn[act] if n is None else n
        self.turn[act] += 1
        member = chamber.members[by % len(chamber.members)]
        with suppress(CatError), chamber.work.db.begin_nested():
            self.do(act, member, by)
        chamber.work.db.expire_all()

    def do(self, act: str, member: Work, n: int) -> None:
        chamber, session_id = self.chamber, self.chamber.sessions[0]
        case = chamber.work.db.scalars(select(Appeal).order_by(Appeal.id.desc())).first()
        hearing = chamber.work.db.scalars(select(AppealHearing).order_by(AppealHearing.id.desc())).first()
        if act == "file":
            chamber.file(session_id, 3)
        elif act == "later":
            self.chamber = chamber.later(STEP)
        elif act == "list":
            telling.issue_list(chamber.office, chamber.sitting.id)
        elif act == "call":
            chamber.called(*([case.id] if case else []))
        elif act == "come" and hearing:
            hearings.confirm_presence(member, hearing.id)
        elif act == "end" and hearing:
            hearings.end(chamber.secretary, hearing.id)
        elif case:
            self.in_case(act, case, member, n)

    def in_case(self, act: str, case: Appeal, member: Work, n: int) -> None:
        chamber = self.chamber
        if act == "admit":
            hearings.admit(chamber.secretary, case.id, case.revision)
        elif act == "refuse":
            hearings.refuse(chamber.chair, case.id, case.revision, "Nothing is named")
        elif act == "move":
            chamber.moved(case.id, Outcome(3, "unchanged" if n % 2 else "item_struck"))
        elif act == "vote" and (motion := voting.motion_of(chamber.work, case)):
            voting.vote(member, case.id, motion.id, voting.CHOICES[n % 7 == 6])
        elif act == "draw":
            protocols.draw_up(chamber.secretary, case.id)
        elif act == "aside":
            interests.declare_in_case(member, case.id, "relative")
        elif act == "tell":
            telling.tell(chamber.secretary, case.id)
        elif act == "withdraw":
            filing.withdraw_own(chamber.candidate(case.session_id), case.id)
        elif act == "sign":
            attempt = signing.PinAttempt(member.actor.id or 0, True, _hash(chamber, member))
            protocols.sign(member, case.id, chamber.shown(case.id), attempt)


def _hash(chamber: Chamber, member: Work) -> str | None:
    return chamber.work.db.get_one(StaffPin, member.actor.id).pin_hash


def check(chamber: Chamber) -> None:
    """What must hold of all that stands."""
    for case in chamber.work.db.scalars(select(Appeal)).all():
        rule = chamber.sitting.edition.get("DC-25", AppealWindowRule)
        assert case.received_at <= case.filed_at
        assert in_time(case.filed_at, rule.last(case.received_at))
        assert case.received_at == grading.received_at(chamber.work, case.session_id)
        decisions = chamber.work.db.scalars(select(AppealDecision).where(AppealDecision.appeal_id == case.id)).all()
        verbs = Counter(move.verb for move in moves_of(chamber.work.db, "appeal", [case.id]))
        assert len(decisions) == verbs["decide"] <= 1
        assert (len(decisions) == 1) == (case.state in ("decided", "told", "closed"))
        for decision in decisions:
            check_decision(chamber, case, decision)
    live = Counter(
        (case.session_id, case.subject, case.received_at)
        for case in chamber.work.db.scalars(select(Appeal).where(Appeal.state != "withdrawn"))
    )
    assert all(n == 1 for n in live.values())


def check_decision(chamber: Chamber, case: Appeal, decision: AppealDecision) -> None:
    """The chair and two members stand under what was decided, and nobody voted who stood aside when it was."""
    row = chamber.work.db.get_one(AppealProtocol, decision.protocol_id)
    document = protocols.document_of(chamber.work, case, row)
    assert document.digest == decision.digest
    under = [each for each in signing.signatures_under(chamber.work, document) if each.is_valid]
    roles = Counter({each.staff_id: each.role for each in under}.values())
    assert roles["appeals_chair"] >= 1
    assert roles["appeals_member"] >= 2
    needed = chamber.sitting.edition.get("DC-28", DecisionRule).signatures
    assert sum(roles.values()) >= sum(needed.values())
    voters = {each["staff_id"] for each in document.content["votes"]}  # type: ignore[union-attr, call-overload, index]
    aside = select(AppealInterest.staff_id).where(
        AppealInterest.appeal_id == case.id, AppealInterest.declared_at < decision.decided_at
    )
    assert not voters & set(chamber.work.db.scalars(aside))
    assert not {each.staff_id for each in under} & set(chamber.work.db.scalars(aside))


Presses = list[tuple[int, str, int]]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(WAY)), st.sampled_from(ACTS), st.integers(0, 11)), max_size=14))
@example([(WAY.index("sign") + 1, "aside", 5)])  # who voted stands aside while the others sign
@example([(WAY.index("tell") - 1, "aside", 3)])  # who signed stands aside before the last one signs
@example([(WAY.index("sign") + 2, "move", 1), (WAY.index("sign") + 2, "draw", 0)])
@example([(0, "later", 0)] * 5)
@example([(WAY.index("come"), "withdraw", 0), (WAY.index("come"), "file", 0)])
def test_no_order_of_commands_breaks_the_law(chamber: Chamber, presses: Presses) -> None:
    savepoint = chamber.work.db.begin_nested()
    play = Play(chamber)
    try:
        for at, step in enumerate((*WAY, "")):
            for _, act, n in (each for each in presses if each[0] == at):
                play.press(act, n)
            play.press(step, None)
        check(play.chamber)
    finally:
        savepoint.rollback()
        chamber.work.db.expire_all()


def test_the_way_by_itself_ends_in_a_decision(chamber: Chamber) -> None:
    play = Play(chamber)
    for step in WAY:
        play.press(step, None)
    case = chamber.work.db.scalars(select(Appeal)).one()
    assert case.state == "decided"  # told once grading has applied what it changes
    check(play.chamber)
