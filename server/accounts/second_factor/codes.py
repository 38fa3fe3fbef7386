"""Codes: those of the moment (RFC 6238: SHA-1, 30 s, six digits, as every authenticator makes them), those of paper."""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from server.core.vault import same

STEP_S = 30
DIGITS = 6
AROUND = 1  # steps before and after the present one: the clock of a telephone is not ours
SECRET_BYTES = 20
PAPER_CODES = 10
PAPER_BYTES = 10
OF_THE_MOMENT = re.compile(rf"[0-9]{{{DIGITS}}}")
OF_PAPER = re.compile(r"[A-Z2-7]{16}")
ISSUER = "Synak"


def step_at(now: datetime) -> int:
    """The number of the thirty seconds that `now` falls in."""
    return int(now.timestamp()) // STEP_S


def code_of(secret: bytes, step: int) -> str:
    """The six digits that an authenticator shows in that step."""
    return TOTP(secret, DIGITS, SHA1(), STEP_S).generate(step * STEP_S).decode()  # noqa: S303  RFC 6238, HMAC


def matching_step(secret: bytes, code: str, now: datetime) -> int | None:
    """The step, about now, whose code it is; None if there is none. Takes as long either way."""
    here = step_at(now)
    steps = range(here - AROUND, here + AROUND + 1)
    found = [step for step in steps if same(code_of(secret, step).encode(), code.encode())]
    return max(found, default=None)


def plain(typed: str) -> str:
    """What was typed, without the spaces and dashes people put between groups."""
    return re.sub(r"[\s-]", "", typed).upper()


def shown_secret(secret: bytes) -> str:
    """The secret as one types it into an authenticator that has no camera."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, login: str) -> str:
    """What the QR code says (otpauth)."""
    name = quote(f"{ISSUER}:{login}", safe=":")
    return f"otpauth://totp/{name}?secret={base64.b32encode(secret).decode()}&issuer={ISSUER}"


def new_paper_codes() -> list[str]:
    """Codes to be printed or written down: 80 bits each."""
    drawn = (base64.b32encode(secrets.token_bytes(PAPER_BYTES)).decode() for _ in range(PAPER_CODES))
    return ["-".join(text[at : at + 4] for at in range(0, len(text), 4)) for text in drawn]
