"""What web tests share: browsers with tokens of their own, and staff of an organisation that reads everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.core.roles import STAFF_ROLES, SYSTEM
from server.core.work import Platform, open_work
from server.edge import csrf
from tests.factories.accounts import a_staff_member, an_organisation

JSON, HTML = "application/json", "text/html,application/xhtml+xml,*/*;q=0.8"
Browser = Callable[..., FlaskClient]


@pytest.fixture
def browser(app: Flask) -> Browser:
    """`browser("mine", language="en")`: a browser that has opened one of our pages and holds its token."""

    def make(name: str = "test-browser", *, language: str = "en", accept: str = HTML) -> FlaskClient:
        client = app.test_client()
        client.set_cookie(csrf.COOKIE, name)
        client.set_cookie("synak_lang", language)
        client.environ_base["HTTP_ACCEPT"] = accept
        with app.app_context():
            client.environ_base["HTTP_X_CSRF_TOKEN"] = csrf._token_for(name)
        return client

    return make


@pytest.fixture
def someone(platform: Platform) -> tuple[int, int]:
    """A staff member of the testing centre and the organisation's id; which role acts is up to the test."""
    with open_work(platform, SYSTEM) as work:
        place = an_organisation(work, "ntc").id
        return a_staff_member(work, *sorted(STAFF_ROLES), organisation_id=place, login="someone"), place
