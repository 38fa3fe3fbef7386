"""The configuration: no default secret, and a clear word on what is wrong."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from server.core.masters import Ring
from server.jobs.serve import gunicorn_arguments
from server.web.config import Config, Misconfigured

KEY = base64.b64encode(bytes(32)).decode()
GOOD = {"SYNAK_DATABASE_URL": "sqlite:///x.db", "SYNAK_MASTER_KEY": KEY, "SYNAK_SECRET_KEY": KEY}


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_nothing_secret_has_a_default(missing: str) -> None:
    with pytest.raises(Misconfigured, match=missing):
        Config.from_env({k: v for k, v in GOOD.items() if k != missing})


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SYNAK_MASTER_KEY", "not base64!", "base64"),
        ("SYNAK_MASTER_KEY", base64.b64encode(b"short").decode(), "5 bytes"),
        ("SYNAK_MASTER_KEY", f"{KEY} {KEY}", "twice"),
        ("SYNAK_SECRET_KEY", f"{KEY} {base64.b64encode(b'x' * 32).decode()}", "one key"),
        ("SYNAK_ASYNC_MODE", "asyncio", "threading, gevent, eventlet"),
        ("SYNAK_PROXIES", "127.0.0.1", "how many front servers"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str, word: str) -> None:
    with pytest.raises(Misconfigured, match=word):
        Config.from_env({**GOOD, name: value})


def test_a_key_may_come_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text(KEY + "\n")
    path.chmod(0o600)
    env = {k: v for k, v in GOOD.items() if k != "SYNAK_MASTER_KEY"}
    config = Config.from_env({**env, "SYNAK_MASTER_KEY_FILE": str(path)})
    assert config.masters.ids() == Ring(bytes(32)).ids()
    assert "masters" not in repr(config)
    assert "secret_key" not in repr(config)
    with pytest.raises(Misconfigured, match="cannot be read"):
        Config.from_env({**env, "SYNAK_MASTER_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize("name", ["SYNAK_MASTER_KEY", "SYNAK_SECRET_KEY"])
@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620])
def test_a_key_that_others_may_read_or_change_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    path = tmp_path / "some.key"
    path.write_text(KEY)
    path.chmod(mode)
    env = {k: v for k, v in GOOD.items() if k != name} | {f"{name}_FILE": str(path)}
    with pytest.raises(Misconfigured, match="chmod 600"):
        Config.from_env(env)
    path.chmod(0o640)  # a service's group, as systemd and containers give it
    assert Config.from_env(env).masters.ids() == Ring(bytes(32)).ids()


def test_older_master_keys_stand_behind_the_one_that_wraps() -> None:
    older = base64.b64encode(b"x" * 32).decode()
    masters = Config.from_env({**GOOD, "SYNAK_MASTER_KEY": f"{KEY}  # since May\n{older}"}).masters
    assert masters.ids() == Ring(bytes(32), b"x" * 32).ids()


def test_recordings_lie_in_a_folder_or_in_a_bucket_and_its_keys_are_never_shown(tmp_path: Path) -> None:
    assert Config.from_env(GOOD).archive is None
    folder = Config.from_env({**GOOD, "SYNAK_ARCHIVE": "/srv/video", "SYNAK_ARCHIVE_ROOM_GB": "7"}).archive
    assert folder is not None
    assert (folder.folder, folder.limits.room_max) == (Path("/srv/video"), 7 * 1024**3)
    (tmp_path / "secret").write_text("sesame\n")
    config = Config.from_env({
        **GOOD, "SYNAK_ARCHIVE": "s3://synak-video/2030/may/", "SYNAK_ARCHIVE_KEY_ID": "OPENER", "SYNAK_HOME": "/srv",
        "SYNAK_ARCHIVE_SECRET_FILE": str(tmp_path / "secret"), "SYNAK_ARCHIVE_ENDPOINT": "https://storage.example.kg",
    })  # fmt: skip
    bucket = config.archive
    assert bucket is not None
    assert (bucket.folder, bucket.bucket, bucket.prefix) == (None, "synak-video", "2030/may/")
    assert (bucket.secret, bucket.incoming) == ("sesame", Path("/srv/incoming"))
    assert not {word for word in ("sesame", "OPENER") if word in repr(config)}


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SYNAK_ARCHIVE", "s3://", "s3://bucket/prefix"),
        ("SYNAK_ARCHIVE", "s3://Video/a b", "s3://bucket/prefix"),
        ("SYNAK_ARCHIVE", "ftp://video/a", "s3://bucket/prefix"),
        ("SYNAK_ARCHIVE_ENDPOINT", "https://me:sesame@storage.example.kg", "must be an origin"),
        ("SYNAK_ARCHIVE_KEY_ID", "OPENER", "both or neither"),
        ("SYNAK_ARCHIVE_ROOM_GB", "much", "SYNAK_ARCHIVE_ROOM_GB"),
        ("SYNAK_ARCHIVE_SECRET_FILE", "/none/here", "SYNAK_ARCHIVE_SECRET_FILE cannot be read"),
    ],
)
def test_what_is_wrong_with_the_archive_is_named_without_its_secret(name: str, value: str, word: str) -> None:
    with pytest.raises(Misconfigured, match=word) as refused:
        Config.from_env({**GOOD, "SYNAK_ARCHIVE": "s3://synak-video", name: value})
    assert "sesame" not in str(refused.value)


def test_sqlite_gets_one_process_with_threads() -> None:
    arguments = gunicorn_arguments(Config.from_env(GOOD), {})
    assert arguments[arguments.index("--worker-class") + 1] == "gthread"
    assert arguments[arguments.index("--workers") + 1] == "1"
    with pytest.raises(SystemExit, match="PostgreSQL"):
        gunicorn_arguments(Config.from_env(GOOD), {"SYNAK_WORKERS": "4"})
