"""Secrets at rest: data keys wrapped by master keys (AES-256-GCM), keyed digests, signatures.

The master and secret keys come from the configuration and never enter the database, a log or an error."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.core.masters import MasterKeys, Ring
from server.core.sealing import KEY, Tampered, seal, unseal

__all__ = ["Tampered", "Vault", "digest", "same", "verify_signature"]


class Vault:
    """Seals and opens values. `place` (such as `item:17`) is authenticated: a value moved is a value refused."""

    def __init__(self, masters: MasterKeys | bytes, secret_key: bytes) -> None:
        if len(secret_key) < KEY:
            raise ValueError(f"the secret key must be {KEY} bytes at least")
        self._masters = Ring(masters) if isinstance(masters, bytes) else masters
        self._secret = secret_key
        self._keys: dict[str, bytes] = {}

    def new_key(self, place: str) -> tuple[bytes, bytes]:
        """A fresh data key, in clear and wrapped for storage at `place`."""
        key = AESGCM.generate_key(256)
        return key, self._masters.wrap(key, place)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The data key that was wrapped for `place`."""
        return self._masters.unwrap(wrapped, place)

    def rewrap(self, wrapped: bytes, place: str) -> bytes:
        """The same key wrapped by the master key that wraps now."""
        return self._masters.wrap(self._masters.unwrap(wrapped, place), place)

    def master_ids(self) -> tuple[bytes, ...]:
        """The ids of the master keys at hand; the first one wraps. What is wrapped begins with its master key's."""
        return self._masters.ids()

    def seal(self, key: bytes, value: bytes, place: str) -> bytes:
        """nonce + ciphertext + tag of `value` under a data key."""
        return seal(AESGCM(key), value, place)

    def open(self, key: bytes, sealed: bytes, place: str) -> bytes:
        """The value; Tampered if a bit or its place differs."""
        return unseal(AESGCM(key), sealed, place)

    def mac(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA-256 under a key of this purpose alone."""
        key = self._keys.get(purpose)
        if key is None:
            key = self._keys[purpose] = hmac.digest(self._secret, b"synak/" + purpose.encode(), "sha256")
        return hmac.digest(key, message, "sha256")

    def new_signing_key(self, place: str) -> tuple[bytes, bytes]:
        """An Ed25519 pair: public key, and private key wrapped for `place`."""
        private = Ed25519PrivateKey.generate()
        return private.public_key().public_bytes_raw(), self._masters.wrap(private.private_bytes_raw(), place)

    def sign(self, wrapped: bytes, place: str, message: bytes) -> bytes:
        """The Ed25519 signature of `message` by the wrapped private key."""
        return Ed25519PrivateKey.from_private_bytes(self.unwrap(wrapped, place)).sign(message)


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
