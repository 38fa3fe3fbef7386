"""Behind a front server: whose address counts, and that nobody chooses their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from server.core.work import Platform
from server.edge import csrf
from server.statements.checking import A_MINUTE
from server.web.app import create_app
from server.web.config import Config

FRONT = "198.51.100.1"


def caller(platform: Platform, config: Config, proxies: int, front: str = FRONT) -> FlaskClient:
    """A client whose requests reach a server, told of that many front servers, from the address `front`."""
    app = create_app(replace(config, proxies=proxies), platform)
    client = app.test_client()
    client.set_cookie(csrf.COOKIE, "test-browser")
    with app.app_context():
        client.environ_base["HTTP_X_CSRF_TOKEN"] = csrf._token_for("test-browser")
    client.environ_base |= {"REMOTE_ADDR": front, "HTTP_ACCEPT": "text/html"}
    return client


def statuses(client: FlaskClient, says: str, times: int) -> list[int]:
    """What a check of a mistyped code is answered, so often in a row, if X-Forwarded-For is `says`."""
    asked = [client.post("/check", data={"code": "x"}, headers={"X-Forwarded-For": says}) for _ in range(times)]
    return [reply.status_code for reply in asked]


def test_behind_a_front_server_each_computer_has_its_own_tries(platform: Platform, config: Config) -> None:
    client = caller(platform, config, 1)
    assert statuses(client, "203.0.113.1", A_MINUTE + 1) == [422] * A_MINUTE + [429]
    assert statuses(client, "203.0.113.2", 1) == [422]


@pytest.mark.parametrize(
    ("made_up", "true"), [("203.0.113.{}", "192.0.2.1"), ("127.0.0.{}", "192.0.2.2"), ("rubbish {}", "192.0.2.3")]
)
def test_what_a_caller_writes_before_the_front_server_adds_counts_for_nothing(
    platform: Platform, config: Config, made_up: str, true: str
) -> None:
    client = caller(platform, config, 1)
    seen = [statuses(client, f"{made_up.format(n)}, {true}", 1)[0] for n in range(A_MINUTE + 1)]
    assert seen == [422] * A_MINUTE + [429]


def test_without_a_front_server_the_header_counts_for_nothing(platform: Platform, config: Config) -> None:
    client = caller(platform, config, 0, "198.51.100.9")
    assert [statuses(client, f"203.0.113.{n}", 1)[0] for n in range(A_MINUTE + 1)] == [422] * A_MINUTE + [429]
