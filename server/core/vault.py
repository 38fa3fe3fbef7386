"""Secrets at rest: data keys wrapped by a master key (AES-256-GCM), keyed digests, signatures.

The master and secret keys come from the configuration and never enter the database, a log or an error."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
KEY = 32


class Tampered(Exception):
    """A sealed value does not open: it, its place or its key was changed. The message names the place."""


class Vault:
    """Seals and opens values. `place` (such as `item:17`) is authenticated: a value moved is a value refused."""

    def __init__(self, master_key: bytes, secret_key: bytes) -> None:
        if len(master_key) != KEY or len(secret_key) < KEY:
            raise ValueError("master key must be 32 bytes, secret key at least 32")
        self._master = AESGCM(master_key)
        self._secret = secret_key
        self._keys: dict[str, bytes] = {}

    def new_key(self, place: str) -> tuple[bytes, bytes]:
        """A fresh data key, in clear and wrapped for storage at `place`."""
        key = AESGCM.generate_key(256)
        return key, _seal(self._master, key, place)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The data key that was wrapped for `place`."""
        return _open(self._master, wrapped, place)

    def seal(self, key: bytes, value: bytes, place: str) -> bytes:
        """nonce + ciphertext + tag of `value` under a data key."""
        return _seal(AESGCM(key), value, place)

    def open(self, key: bytes, sealed: bytes, place: str) -> bytes:
        """The value; Tampered if a bit or its place differs."""
        return _open(AESGCM(key), sealed, place)

    def mac(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA-256 under a key of this purpose alone."""
        key = self._keys.get(purpose)
        if key is None:
            key = self._keys[purpose] = hmac.digest(self._secret, b"synak/" + purpose.encode(), "sha256")
        return hmac.digest(key, message, "sha256")

    def new_signing_key(self, place: str) -> tuple[bytes, bytes]:
        """An Ed25519 pair: public key, and private key wrapped for `place`."""
        private = Ed25519PrivateKey.generate()
        return private.public_key().public_bytes_raw(), _seal(self._master, private.private_bytes_raw(), place)

    def sign(self, wrapped: bytes, place: str, message: bytes) -> bytes:
        """The Ed25519 signature of `message` by the wrapped private key."""
        return Ed25519PrivateKey.from_private_bytes(_open(self._master, wrapped, place)).sign(message)


def verify_signature(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """True if `signature` over `message` was made by the holder of the private key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def same(left: bytes, right: bytes) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(left, right)


def digest(value: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(value).hexdigest()


def _seal(cipher: AESGCM, value: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, value, place.encode())


def _open(cipher: AESGCM, sealed: bytes, place: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"{place} does not open: it was changed, or the key is another") from error
