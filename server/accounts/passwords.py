"""Passwords: what is accepted as one, and how it is kept (argon2id, parameters of the OWASP cheat sheet).
Who signs in, and how often somebody may try, is the service's business."""

from __future__ import annotations

import base64
import os
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.core.errors import Invalid

MIN_LENGTH = 12
MAX_LENGTH = 128
# Long enough to pass the length rule, and among the first that a guesser tries.
COMMON_TEXT = """
123456789012 1234567890123 12345678901234 123456789123 1234567891011 123123123123 112233445566
987654321098 qwertyuiop12 qwertyuiop123 qwertyuiopas qwertyuiop[] qwertyuiopasdfgh qwerty123456
qwerty1234567 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3 asdfghjkl123
zxcvbnm12345 q1w2e3r4t5y6 password1234 password12345 password123456 passwordpassword mypassword123
newpassword1 changeme1234 changemenow1 letmeinletmein welcome12345 welcome123456 iloveyou1234
administrator administrator1 admin1234567 adminadmin123 administrator123 superadmin123 rootroot1234
testtesttest test12345678 testpassword computer1234 football1234 йцукенгшщзхъ йцукенгшщзхъ123
йцукен123456 парольпароль пароль123456 пароль1234567 администратор сырсөз123456 бишкек123456
кыргызстан123 кыргызстан2024 kyrgyzstan123 bishkek123456 synaksynak12 synak1234567
"""
COMMON = frozenset(COMMON_TEXT.split())
SEQUENCES = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
             "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "йцукенгшщзхъфывапролджэячсмитьбю")

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Each computation takes 19 MiB and a core: a flood of sign-ins must not take all of either from the exam.
_gate = threading.BoundedSemaphore(4)


def require_good(password: str, login: str = "") -> None:
    """Nothing if the password may be used, else Invalid; length counts, composition does not (ASVS 5)."""
    plain = _plain(password)
    if len(plain) < MIN_LENGTH:
        raise Invalid("password_too_short", minimum=MIN_LENGTH)
    if len(plain) > MAX_LENGTH:
        raise Invalid("password_too_long", maximum=MAX_LENGTH)
    if _is_common(plain.casefold()):
        raise Invalid("password_common")
    if login and login.casefold() in plain.casefold():
        raise Invalid("password_has_login")


def make_hash(password: str) -> str:
    """What is stored for a password."""
    with _gate:
        return _hasher.hash(_bytes(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether it is the password of `stored`; takes as long without one, so that time tells nothing."""
    if len(password) > MAX_LENGTH:
        stored, password = None, ""
    try:
        with _gate:
            return _hasher.verify(stored or _nobody(), _bytes(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """True if it was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _nobody() -> str:
    """A hash of today's parameters that no password has."""
    salt, value = (base64.b64encode(os.urandom(n)).decode().rstrip("=") for n in (16, 32))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${value}"


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _plain(password).encode("utf-8", "surrogatepass")


def _is_common(plain: str) -> bool:
    if plain in COMMON or any(plain in row * 2 or plain in row[::-1] * 2 for row in SEQUENCES):
        return True
    # "abcabcabcabc": a short piece said again and again.
    return any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, 5))
