"""The file of a case about a subject that the candidate never began opens, and says that there is nothing in it."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from server import grading
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from tests.factories.appeals import a_chamber
from tests.factories.delivery import absent_session


def test_DC_26_the_file_of_who_was_given_no_task_opens_and_says_so(
    platform: Platform, client_as: Callable[..., FlaskClient]
) -> None:
    with open_work(platform, SYSTEM) as work:
        chamber = a_chamber(work, 1, is_released_at_once=True)
        absent = absent_session(work, chamber.sitting)
        grading.grade_session(work, absent)
        appeal_id = chamber.admitted(absent)
        member = chamber.members[3].actor
    client = client_as(Role.APPEALS, id=member.id, organisation_id=member.organisation_id)
    client.set_cookie("synak_lang", "en")
    page = client.get(f"/appeals/{appeal_id}/file", headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    assert "No task of this subject was given" in page.text
    assert client.get(f"/appeals/{appeal_id}/file/1").status_code == 404
