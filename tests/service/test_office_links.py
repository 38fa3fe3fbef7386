"""Each office comes by links to what concerns it, and no link it is shown leads to a page that refuses it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask.testing import FlaskClient

from server import grading
from server.candidates.models import Registration
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery.models import ExamSession
from tests.factories.accounts import an_organisation
from tests.factories.cases import a_submitted_case, facts_of, office
from tests.factories.delivery import absent_session
from tests.factories.results import released
from tests.factories.statements import After, after_release

MOST = 150
HREF = re.compile(r'href="(/(?:office|appeals|journal)[^"#]*)')
FILES = re.compile(r"lang=|\.(?:xlsx|csv|pdf)|/paper|/extract|/notice|/archive|/photo|lists/\d+/notices")


@dataclass(frozen=True)
class World:
    """A sitting after its appeals with an absent candidate whose case waits; the offices by kind."""

    after: After
    absent: int
    offices: dict[str, tuple[int, int]]


@pytest.fixture
def world(platform: Platform) -> World:
    with open_work(platform, SYSTEM) as work:
        after = after_release(work).later()
        after.approved()
        other = absent_session(work, after.sitting)
        school = an_organisation(work, "school").id
        for each in (after.confirmed, after.other, other):
            work.db.get_one(Registration, work.db.get_one(ExamSession, each).registration_id).school_id = school
        grading.grade_session(work, other)
        released(replace(work, now=after.work.now), after.sitting.id, because="One was absent.")
        head = office(work, school)
        a_submitted_case(work, "make_up", work.db.get_one(ExamSession, other).registration_id,
                         facts_of(work, other), head)  # fmt: skip
        offices = {
            kind: (by.actor.id or 0, by.actor.organisation_id or 0)
            for kind, by in (("ntc", after.office), ("ministry", after.ministry), ("department", after.department))
        }
    return World(after, other, {**offices, "school": (head.id or 0, school)})


def walked(client: FlaskClient, start: str) -> dict[str, int]:
    """Every page that is come to from there, by its status."""
    seen: dict[str, int] = {}
    waiting = [start]
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen or FILES.search(path):
            continue
        reply = client.get(path, headers={"Accept": "text/html"})
        seen[path] = reply.status_code
        waiting += [each.replace("&amp;", "&") for each in HREF.findall(reply.text)]
    assert len(seen) < MOST
    return seen


@pytest.mark.parametrize("kind", ["school", "department", "ministry", "ntc"])
def test_no_link_that_an_office_is_shown_refuses_it(
    world: World, client_as: Callable[..., FlaskClient], kind: str
) -> None:
    staff, place = world.offices[kind]
    seen = walked(client_as(Role.OFFICE, id=staff, organisation_id=place), "/office")
    assert {path: status for path, status in seen.items() if status != 200} == {}
    sitting = f"/office/sittings/{world.after.sitting.id}"
    found = {sitting, f"{sitting}/analysis", f"{sitting}/outcome", f"{sitting}/lists", f"{sitting}/final",
             "/office/cases", "/office/additional", "/office/deadlines",
             f"/office/sessions/{world.after.confirmed}/score-report"}  # fmt: skip
    assert found <= set(seen)
