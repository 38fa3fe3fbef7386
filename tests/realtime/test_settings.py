"""What the realtime process is told, and how it is served."""

from __future__ import annotations

import base64

import pytest

from server.core.masters import Ring
from server.jobs.realtime import address, gunicorn_arguments, realtime_config
from server.web.config import Config, Misconfigured

KEY = base64.b64encode(bytes(32)).decode()
WEB = {"SYNAK_DATABASE_URL": "sqlite:///x.db", "SYNAK_MASTER_KEY": KEY, "SYNAK_SECRET_KEY": KEY}
APART = {"SYNAK_REDIS_URL": "redis://cache:6379/0", "SYNAK_REALTIME_ORIGIN": "https://live.exam.test/"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNAK_SECRET_KEY", KEY)
    for name, value in APART.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("missing", sorted(APART))
def test_redis_and_the_realtime_origin_go_together(missing: str) -> None:
    assert Config.from_env({**WEB, **APART}).realtime_origin == "https://live.exam.test"
    with pytest.raises(Misconfigured, match="together"):
        Config.from_env({**WEB, **{k: v for k, v in APART.items() if k != missing}})


@pytest.mark.usefixtures("told")
def test_database_and_master_key_are_not_read_even_if_they_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNAK_DATABASE_URL", "postgresql://exam/secret")
    monkeypatch.setenv("SYNAK_MASTER_KEY", KEY)
    config = realtime_config()
    assert config.database_url == "sqlite://"
    assert config.masters.ids() != Ring(bytes(32)).ids()
    assert config.secret_key == bytes(32)


def test_without_a_redis_there_is_no_realtime_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNAK_SECRET_KEY", KEY)
    with pytest.raises(Misconfigured, match="SYNAK_REALTIME_ORIGIN"):
        realtime_config()


@pytest.mark.usefixtures("told")
def test_threads_are_gunicorns_one_for_each_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNAK_SOCKETS", "200")
    monkeypatch.setenv("SYNAK_REALTIME_BIND", "[::1]:9001")
    config = realtime_config()
    arguments = gunicorn_arguments(config)
    assert address(config) == ("::1", 9001)
    assert arguments[arguments.index("--bind") + 1] == "[::1]:9001"
    assert arguments[arguments.index("--worker-class") + 1] == "gthread"
    assert arguments[arguments.index("--workers") + 1] == "1"
    assert int(arguments[arguments.index("--threads") + 1]) > 200
