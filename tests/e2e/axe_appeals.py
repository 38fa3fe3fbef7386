"""Appeals at each stage in the demonstration: what the commission, the offices and a candidate look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select, update

from server import delivery, grading
from server.accounts.models import Organisation, Staff
from server.appeals import filing, telling
from server.appeals.filing import Claim
from server.appeals.voting import Outcome
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Work, open_work
from server.delivery.cookie import CANDIDATE_COOKIE, make_token
from server.jobs.demonstration.appeals import SEATS, ensure_commission
from server.jobs.demonstration.centre import PIN
from tests.e2e.pages import Page
from tests.factories.appeals import SUBJECT, Chamber
from tests.factories.delivery import Planned, a_sitting, every_second, finished_session
from tests.live import LiveServer

# Pages under words that other tests look at, but for these.
PAGES = {"/office/appeals", "/office/appeals/commission", "/exam/appeal"}
WORDS = "In task 3 both answers are right: the book of grade 9 says so on page 41."


@dataclass(frozen=True)
class Docket:
    """The cases by how far they are, a hearing, and the session of the candidate who was told."""

    cases: Mapping[str, int]
    hearing: int
    session: int
    lease: int


def a_docket(live: LiveServer) -> Docket:
    """One case filed, one voted on, one to sign, one decided and told; each against a result of its own."""
    with open_work(live.platform, SYSTEM) as work:
        planned = a_sitting(work, subjects=[SUBJECT], is_released_at_once=True)
        sessions = [finished_session(work, planned, every_second) for _ in range(5)]
        for session_id in sessions:
            grading.grade_session(work, session_id)
        centres = [delivery.session_ref(work, each).centre_id for each in sessions]
        department = work.db.execute(select(Organisation.id).where(Organisation.code == "bishkek")).scalar_one()
        work.db.execute(update(Organisation).where(Organisation.id.in_(centres)).values(parent_id=department))
    ensure_commission(live.platform)
    with open_work(live.platform, SYSTEM) as work:
        return _heard(_chamber(work, planned, sessions))


def _heard(chamber: Chamber) -> Docket:
    cases = {name: chamber.filed(chamber.sessions[n], 3, 5, words=WORDS) for n, name in enumerate(("filed", "voted"))}
    cases["told"] = chamber.decided(chamber.sessions[2], Outcome(3, "unchanged"), Outcome(5, "unchanged"))
    telling.tell(chamber.secretary, cases["told"])
    cases["signed"] = chamber.admitted(chamber.sessions[3], 3, 5)
    chamber.admit(cases["voted"])
    hearing = chamber.opened(cases["voted"], cases["signed"])
    chamber.carried(cases["signed"], Outcome(3, "item_struck"), Outcome(5, "unchanged"))
    chamber.sign(cases["signed"], chamber.chair, chamber.drawn(cases["signed"]))
    chamber.moved(cases["voted"], Outcome(3, "item_struck"), Outcome(5, "unchanged"))
    claim = Claim(SUBJECT, ("answers_recorded",), (2,))
    filing.file_list(chamber.department, [chamber.number(chamber.sessions[4])], claim)
    session_id = chamber.sessions[2]
    return Docket(cases, hearing, session_id, chamber.candidate(session_id).actor.lease)


def as_candidate(live: LiveServer, page: Page, docket: Docket) -> None:
    """The browser holds the session of that candidate."""
    token = make_token(live.platform.vault, docket.session, docket.lease)
    cookie = {"name": CANDIDATE_COOKIE, "value": token, "url": f"{page.origin}/exam", "path": "/exam"}
    page.browser.execute_cdp_cmd("Network.setCookie", cookie)


def _chamber(work: Work, planned: Planned, sessions: list[int]) -> Chamber:
    staff = {row.login: row for row in work.db.scalars(select(Staff))}

    def of(login: str, role: Role) -> Work:
        who = staff[login]
        return replace(work, actor=Actor(frozenset({role}), who.id, who.name, who.organisation_id))

    members = [of(login, Role.APPEALS) for login, _role, _body in SEATS]
    office, department = of("office", Role.OFFICE), of("department", Role.OFFICE)
    return Chamber(work, office, department, planned, sessions, members, PIN)
