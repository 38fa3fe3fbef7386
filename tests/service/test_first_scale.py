"""The first scale of a subject: asked for on the page, set by the candidates, said so, and later runs linked to it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from itembank.calibrations import queries
from itembank.calibrations.recording import OWN_SCALE
from server.core.roles import SYSTEM, Role
from server.core.tasks import latest
from server.core.work import Platform, open_work
from server.delivery.models import SittingSection
from server.jobs.worker import work_off
from tests.factories.calibrating import Tried, logistic, new_items, sat
from tests.factories.delivery import a_sitting

NEW = "biology"
PLACES = np.linspace(-1.6, 1.6, 12)
FORM = "/bank/calibrations/new"


@pytest.fixture
def client(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    made = client_as(Role.PSYCHOMETRICIAN, id=7)
    made.set_cookie("synak_lang", "en")
    return made


def tried_out(platform: Platform, n: int) -> tuple[int, list[Tried]]:
    """A sitting in which so many candidates had all items of a subject without any parameters, and those items."""
    with open_work(platform, SYSTEM) as work:
        items = new_items(work, [logistic(1.3, b, 0.15) for b in PLACES], subject=NEW)
        sitting = a_sitting(work, subjects=["history"])
        of_it = update(SittingSection).where(SittingSection.sitting_id == sitting.id)
        work.db.execute(of_it.values(subject=NEW))
        work.db.expire_all()
        sat(work, sitting.id, items, n, length=0)
    return sitting.id, items


def test_a_subject_without_parameters_gets_its_scale_from_its_candidates(
    platform: Platform, client: FlaskClient
) -> None:
    sitting_id, items = tried_out(platform, 500)
    assert f"subject={NEW}" in client.get(FORM).text
    form = client.get(f"{FORM}?subject={NEW}").text
    assert "This calibration sets the scale." in form
    assert "mean ability 0 and standard deviation 1" in form
    assert "500 sealed sessions" in form
    asked = client.post(FORM, data={"subject": NEW, "sitting": sitting_id, "design": "concurrent", "reference": ""})
    assert asked.status_code == 303
    assert "a scale of its own" in client.get(asked.location).text
    assert work_off(platform)
    with open_work(platform, SYSTEM) as work:
        run_id = latest(work, "calibration", NEW)[0].result_id
        assert run_id is not None
        found = queries.report(work, run_id)
    assert (found.run.source, found.run.scale) == ("estimated", OWN_SCALE)
    assert "On a scale of its own" in client.get(f"/bank/calibrations/{run_id}/technical").text
    at = {each.version_id: b for each, b in zip(items, PLACES, strict=True)}
    # The candidates are N(0.2, 1.1): on their own scale the difficulties lie so.
    away = [line.figures["b"] - (at[line.item_version_id] - 0.2) / 1.1 for line in found.items]
    assert len(away) == len(PLACES)
    assert abs(np.mean(away)) < 0.15
    assert np.sqrt(np.mean(np.square(away))) < 0.3
    again = client.get(f"{FORM}?subject={NEW}").text
    assert f"Calibration {run_id}" in again
    assert "This calibration sets the scale." not in again


def test_too_few_answers_are_said_in_a_sentence(platform: Platform, client: FlaskClient) -> None:
    sitting_id, _items = tried_out(platform, 20)
    asked = client.post(FORM, data={"subject": NEW, "sitting": sitting_id, "design": "concurrent", "reference": ""})
    assert work_off(platform)
    page = client.get(asked.location).text
    assert "Only 0 items have enough answers; at least 3 are needed." in page
    assert "Ask for another calibration of this subject" in page
    assert "Only 0 items have enough answers" in client.get("/bank/calibrations").text


def test_a_new_scale_is_no_place_for_new_items_beside_anchors(platform: Platform, client: FlaskClient) -> None:
    sitting_id, _items = tried_out(platform, 1)
    asked = client.post(FORM, data={"subject": NEW, "sitting": sitting_id, "design": "fixed", "reference": ""})
    assert asked.status_code == 409
    assert "cannot be asked for like this (the scale)" in asked.text


def test_a_subject_without_answers_says_where_they_come_from(platform: Platform, client: FlaskClient) -> None:
    with open_work(platform, SYSTEM) as work:
        new_items(work, [logistic(1.0, 0.0)], subject="chemistry")
    page = client.get(f"{FORM}?subject=chemistry").text
    assert "there is nothing to calculate from" in page
    assert 'href="/bank/pretests"' in page
