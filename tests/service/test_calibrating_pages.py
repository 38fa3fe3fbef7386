"""The pages of calibrations: a run is asked for, watched, read and decided about; no word of content on any."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from itembank.calibrations import jobs, queries
from itembank.calibrations.spec import Spec
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.jobs.worker import work_off
from tests.factories.calibrating import SUBJECT, Tried, logistic, new_items, sat
from tests.factories.delivery import a_pool, a_sitting
from tests.factories.itembank import edition

ClientAs = Callable[..., FlaskClient]
LIST = "/bank/calibrations"


@pytest.fixture
def tried(platform: Platform) -> tuple[int, list[Tried]]:
    """A sitting with three items tried out on 130 candidates, one of them with a wrong key."""
    with open_work(platform, SYSTEM) as work:
        items = new_items(work, [logistic(1.2, b) for b in (-0.5, 0.0, 0.5)])
        items[2].is_key_wrong = True
        pools = {SUBJECT: a_pool(work, edition(), SUBJECT)}
        sitting = a_sitting(work, subjects=[SUBJECT], pools=pools)
        sat(work, sitting.id, items, 130)
    return sitting.id, items


def english(client: FlaskClient) -> FlaskClient:
    """The same, reading English."""
    client.set_cookie("synak_lang", "en")
    return client


def reference(platform: Platform) -> int:
    with open_work(platform, SYSTEM) as work:
        return min(run.id for run in queries.runs(work) if run.subject == SUBJECT)


def asked(client: FlaskClient, sitting_id: int, run_id: int) -> str:
    """The page of the job, asked for by the form."""
    reply = client.post(f"{LIST}/new", data={"subject": SUBJECT, "sitting": sitting_id, "design": "fixed",
                                             "reference": run_id, "releases": "1"})  # fmt: skip
    assert reply.status_code == 303
    return reply.location


def test_a_calibration_is_asked_for_made_read_and_decided(
    platform: Platform, client_as: ClientAs, tried: tuple[int, list[Tried]]
) -> None:
    client = english(client_as(Role.PSYCHOMETRICIAN, id=7))
    assert "130" in client.get(f"{LIST}/new?subject={SUBJECT}").text
    job = asked(client, tried[0], reference(platform))
    waits = client.get(job).text
    assert "It waits for the worker" in waits
    assert "order 417/1" in waits
    task = f"/tasks/{job.rsplit('/', 1)[1]}"
    assert f'data-task="{task}"' in waits
    assert client.get(task).json["next"] is None
    work_off(platform)
    assert client.get(task).json == {"state": "done", "done": 0, "total": 0, "words": "done", "next": job}
    report = client.get(job).location
    page = client.get(report).text
    assert "look at the key" in page
    assert "key new-" not in page
    assert "Stem of" not in page
    with open_work(platform, SYSTEM) as work:
        run = queries.report(work, int(report.rsplit("/", 1)[1]))
    sound = next(each for each in run.items if each.item_version_id == tried[1][0].version_id)
    card = f"{report}/items/{sound.item_version_id}"
    shown = client.get(card).text
    assert "<svg" in shown
    assert "Accept the parameters" in shown
    assert "Stem of" not in shown
    refused = client.post(f"{card}/decision", data={"verdict": "accepted", "reason": " "})
    assert refused.status_code == 409
    assert "Give the reason" in refused.text
    done = client.post(f"{card}/decision", data={"verdict": "accepted", "reason": "sound"})
    assert done.status_code == 303
    assert done.location != card
    assert client.post(f"{card}/decision", data={"verdict": "rejected", "reason": "late"}).status_code == 409
    wrong = f"{report}/items/{tried[1][2].version_id}"
    assert "Accept the parameters" not in client.get(wrong).text
    assert client.post(f"{wrong}/decision", data={"verdict": "accepted", "reason": "no"}).status_code == 409
    technical = client.get(f"{report}/technical").text
    assert run.digest in technical
    assert "EM-7" in technical


def test_the_commission_reads_and_decides_nothing(
    platform: Platform, client_as: ClientAs, tried: tuple[int, list[Tried]]
) -> None:
    with open_work(platform, SYSTEM) as work:
        jobs.request_calibration(work, Spec(subject=SUBJECT, sittings=(tried[0],), until=work.now, design="fixed",
                                            reference_run_id=reference(platform)))  # fmt: skip
    work_off(platform)
    client = english(client_as(Role.COMMISSION, id=8))
    with open_work(platform, SYSTEM) as work:
        run_id = queries.runs(work)[0].id
    page = client.get(f"{LIST}/{run_id}/items/{tried[1][0].version_id}")
    assert page.status_code == 200
    assert "Accept the parameters" not in page.text
    assert client.post(f"{LIST}/{run_id}/items/{tried[1][0].version_id}/decision", data={}).status_code == 403
    assert client.get(f"{LIST}/new").status_code == 403
    assert "Ask for a calibration" not in client.get(LIST).text
    assert client.get(f"{LIST}/{run_id}/items/99999").status_code == 404
    assert client.get(f"{LIST}/{reference(platform)}").status_code == 404  # it came ready-made: there is no report


def test_a_cancelled_job_and_one_that_cannot_be_say_so(
    platform: Platform, client_as: ClientAs, tried: tuple[int, list[Tried]]
) -> None:
    client = english(client_as(Role.PSYCHOMETRICIAN, id=7))
    job = asked(client, tried[0], reference(platform))
    stop = f"/tasks/{job.rsplit('/', 1)[1]}/stop"
    assert english(client_as(Role.COMMISSION, id=8)).post(stop).status_code == 403
    assert client_as(Role.WRITER, id=9).get(stop.removesuffix("/stop")).status_code == 404
    client = english(client_as(Role.PSYCHOMETRICIAN, id=7))
    assert client.post(stop).location == job
    assert "It was stopped" in client.get(job).text
    assert client.post(stop).status_code == 409
    assert work_off(platform) is None
    unknown = {"design": "fixed", "sitting": 99_999}
    for wrong in ({"design": "fixed"}, {"design": "nothing", "sitting": tried[0]}, unknown):
        reply = client.post(f"{LIST}/new", data={"subject": SUBJECT, "reference": reference(platform), **wrong})
        assert reply.status_code == 409
        assert "cannot be asked for like this" in reply.text
