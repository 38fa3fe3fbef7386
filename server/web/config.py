"""The configuration: frozen, read from the environment once. It has no default secret."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.core.clock import SystemClock
from server.core.db import Database
from server.core.masters import KeyFile, MasterKeys, Ring, keys_in, read_private
from server.core.storage import GIB, ArchiveSettings, Limits
from server.core.vault import Vault
from server.core.work import Platform

ASYNC_MODES = ("threading", "gevent", "eventlet")
BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)?)?/?")


class Misconfigured(Exception):
    """A setting is missing or wrong; the message names it and says what to set."""


@dataclass(frozen=True)
class Config:
    """How this process runs. `is_background` runs relay and caretaker inside the web process; `sockets` is how
    many consoles a process holds at most; `proxies` how many front servers add to X-Forwarded-For. With
    `realtime_origin` consoles live in a realtime process, fed through Redis. `archive` is where recordings are kept."""

    database_url: str
    masters: MasterKeys = field(repr=False)
    secret_key: bytes = field(repr=False)
    public_origin: str = "http://127.0.0.1:8000"
    redis_url: str | None = None
    realtime_origin: str | None = None
    async_mode: str = "threading"
    is_background: bool = True
    is_demonstration: bool = False
    pool_size: int = 16
    sockets: int = 32
    proxies: int = 0
    archive: ArchiveSettings | None = None

    @property
    def is_secure(self) -> bool:
        """True if browsers reach us by https; cookies then say so."""
        return self.public_origin.startswith("https://")

    def make_platform(self) -> Platform:
        """Database, clock and vault as configured."""
        database = Database(self.database_url, pool_size=self.pool_size)
        return Platform(database, SystemClock(), Vault(self.masters, self.secret_key))

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Config:
        """The configuration that the SYNAK_ variables describe; Misconfigured names what is wrong."""
        env = os.environ if env is None else env
        url = env.get("SYNAK_DATABASE_URL")
        if not url:
            raise Misconfigured("Set SYNAK_DATABASE_URL, for instance sqlite:////var/lib/synak/synak.db")
        mode = env.get("SYNAK_ASYNC_MODE", "threading")
        if mode not in ASYNC_MODES:
            raise Misconfigured(f"SYNAK_ASYNC_MODE is {mode!r}; it must be one of {', '.join(ASYNC_MODES)}")
        if bool(env.get("SYNAK_REDIS_URL")) != bool(env.get("SYNAK_REALTIME_ORIGIN")):
            raise Misconfigured("Set SYNAK_REDIS_URL and SYNAK_REALTIME_ORIGIN together, or neither.")
        return cls(
            database_url=url,
            masters=_masters(env),
            secret_key=_secret(env, "SYNAK_SECRET_KEY"),
            public_origin=env.get("SYNAK_PUBLIC_ORIGIN", cls.public_origin).rstrip("/"),
            redis_url=env.get("SYNAK_REDIS_URL") or None,
            realtime_origin=(env.get("SYNAK_REALTIME_ORIGIN") or "").rstrip("/") or None,
            async_mode=mode,
            is_background=env.get("SYNAK_BACKGROUND", "1") == "1",
            is_demonstration=env.get("SYNAK_DEMONSTRATION", "0") == "1",
            pool_size=int(env.get("SYNAK_POOL_SIZE", "16")),
            sockets=int(env.get("SYNAK_SOCKETS", "32")),
            proxies=_proxies(env),
            archive=_archive(env) if env.get("SYNAK_ARCHIVE") else None,
        )


def _proxies(env: Mapping[str, str]) -> int:
    text = env.get("SYNAK_PROXIES") or "0"
    if not re.fullmatch(r"[0-9]", text):
        raise Misconfigured("SYNAK_PROXIES must say how many front servers stand before this one, 0 to 9")
    return int(text)


def _archive(env: Mapping[str, str]) -> ArchiveSettings:
    """The folder or the bucket that SYNAK_ARCHIVE names, with its limits."""
    place = env["SYNAK_ARCHIVE"]
    limits = Limits(
        _gib(env, "SYNAK_ARCHIVE_ROOM_GB", Limits.room_max), _gib(env, "SYNAK_ARCHIVE_FREE_GB", Limits.free_min)
    )  # fmt: skip
    if "://" not in place:
        return ArchiveSettings(folder=Path(place), limits=limits)
    found = BUCKET.fullmatch(place)
    if found is None:
        raise Misconfigured("SYNAK_ARCHIVE must be a folder or s3://bucket/prefix")
    endpoint = env.get("SYNAK_ARCHIVE_ENDPOINT") or None
    if endpoint and not re.fullmatch(r"https?://[^/@\s?#]+/?", endpoint):
        raise Misconfigured("SYNAK_ARCHIVE_ENDPOINT must be an origin like https://storage.example.kg")
    key_id, secret = (_text(env, f"SYNAK_ARCHIVE_{name}") for name in ("KEY_ID", "SECRET"))
    if bool(key_id) != bool(secret):
        raise Misconfigured("Set SYNAK_ARCHIVE_KEY_ID and SYNAK_ARCHIVE_SECRET, or their _FILE, both or neither.")
    home = Path(env.get("SYNAK_HOME", "var"))
    return ArchiveSettings(
        bucket=found[1], prefix=f"{found[2]}/" if found[2] else "", endpoint=endpoint, limits=limits,
        incoming=Path(env.get("SYNAK_ARCHIVE_INCOMING") or home / "incoming"), key_id=key_id, secret=secret,
        region=env.get("SYNAK_ARCHIVE_REGION") or ArchiveSettings.region,
    )  # fmt: skip


def _gib(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default // GIB)
    if not (text.isascii() and text.isdigit()):
        raise Misconfigured(f"{name} must be a whole number of GB")
    return int(text) * GIB


def _text(env: Mapping[str, str], name: str) -> str | None:
    """What the variable holds, or the file that `<name>_FILE` names; None if neither is set."""
    path = env.get(f"{name}_FILE")
    if env.get(name) or not path:
        return env.get(name) or None
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise Misconfigured(f"{name}_FILE cannot be read: {error.strerror}") from None


def _masters(env: Mapping[str, str]) -> MasterKeys:
    """The ring that SYNAK_MASTER_KEY holds, or the file that SYNAK_MASTER_KEY_FILE names."""
    path = env.get("SYNAK_MASTER_KEY_FILE")
    if env.get("SYNAK_MASTER_KEY") or not path:
        return Ring(*_keys(env, "SYNAK_MASTER_KEY"))
    try:
        return KeyFile(Path(path))
    except OSError as error:
        raise Misconfigured(f"SYNAK_MASTER_KEY_FILE cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise Misconfigured(f"SYNAK_MASTER_KEY_FILE: {error}") from None


def _secret(env: Mapping[str, str], name: str) -> bytes:
    """32 random bytes, base64, from the variable or from the file that `<name>_FILE` names."""
    keys = _keys(env, name)
    if len(keys) != 1:
        raise Misconfigured(f"{name} must hold one key")
    return keys[0]


def _keys(env: Mapping[str, str], name: str) -> list[bytes]:
    try:
        path = env.get(f"{name}_FILE")
        keys = keys_in(env.get(name) or (read_private(Path(path)) if path else ""))
    except OSError as error:
        raise Misconfigured(f"{name}_FILE cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise Misconfigured(f"{name}: {error}") from None
    if not keys:
        raise Misconfigured(f"Set {name} or {name}_FILE: 32 random bytes in base64 (openssl rand -base64 32)")
    return keys
