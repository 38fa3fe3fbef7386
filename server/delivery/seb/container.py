"""The .seb file: gzip around a prefix and its body, in plain (`plnd`) or under a password (`pswd`, RNCryptor).

Files bound to a certificate (`pkhs`, `phsk`) are neither written nor read."""

from __future__ import annotations

import hashlib
import hmac
import os
import zlib

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

GZIP, XML = b"\x1f\x8b", b"<?xml"
PLAIN, PASSWORD, CLIENT = b"plnd", b"pswd", b"pwcc"
SALT, BLOCK, MAC, HEAD = 8, 16, 32, 2
ITERATIONS, KEY = 10_000, 32
WRITTEN, READ, WITH_PASSWORD = 2, (2, 3), 1
LARGEST = 8 * 1024 * 1024


class BadContainer(ValueError):
    """The file is no .seb file that can be read here, or the password is not its own."""


class WrongPassword(BadContainer):
    """The file is under another password, or was changed: the two cannot be told apart."""


def pack_plain(xml: bytes) -> bytes:
    """A .seb file that everybody can read."""
    return _gzip(PLAIN + _gzip(xml))


def pack_password(xml: bytes, password: str) -> bytes:
    """A .seb file that opens with the password; ASCII, for version 2 of the cipher cuts other passwords short."""
    if not password or not password.isascii():
        raise ValueError("the password must be ASCII, and not empty")
    return _gzip(PASSWORD + encrypt(_gzip(xml), password))


def unpack(blob: bytes, password: str = "") -> bytes:
    """The XML in a .seb file, in plain or under the password; BadContainer if it does not open."""
    if blob.startswith(GZIP):
        blob = _gunzip(blob)
    if blob.startswith(XML):
        return blob
    prefix, body = blob[:4], blob[4:]
    if prefix == PLAIN:
        return _gunzip(body)
    if prefix == PASSWORD:
        return _gunzip(decrypt(body, password))
    if prefix == CLIENT:
        return _gunzip(decrypt(body, hashlib.sha256(password.encode()).hexdigest()))
    raise BadContainer(f"files of kind {prefix!r} are not read here")


def encrypt(value: bytes, password: str) -> bytes:
    """RNCryptor version 2: head, two salts, IV, AES-256-CBC, and an HMAC over all of it."""
    encryption_salt, mac_salt, iv = os.urandom(SALT), os.urandom(SALT), os.urandom(BLOCK)
    padder = PKCS7(BLOCK * 8).padder()
    cipher = Cipher(AES(_key(password, encryption_salt)), CBC(iv)).encryptor()
    body = cipher.update(padder.update(value) + padder.finalize()) + cipher.finalize()
    sealed = bytes((WRITTEN, WITH_PASSWORD)) + encryption_salt + mac_salt + iv + body
    return sealed + hmac.digest(_key(password, mac_salt), sealed, "sha256")


def decrypt(sealed: bytes, password: str) -> bytes:
    """What RNCryptor version 2 or 3 holds under the password; BadContainer if anything of it was changed."""
    start = HEAD + 2 * SALT + BLOCK
    body = sealed[start:-MAC]
    if len(sealed) < start + BLOCK + MAC or len(body) % BLOCK:
        raise BadContainer("the encrypted part is cut short")
    if sealed[0] not in READ or sealed[1] != WITH_PASSWORD:
        raise BadContainer("the encrypted part is of another version")
    encryption_salt, mac_salt = sealed[HEAD : HEAD + SALT], sealed[HEAD + SALT : HEAD + 2 * SALT]
    expected = hmac.digest(_key(password, mac_salt), sealed[:-MAC], "sha256")
    if not hmac.compare_digest(expected, sealed[-MAC:]):
        raise WrongPassword("the password is not right, or the file was changed")
    cipher = Cipher(AES(_key(password, encryption_salt)), CBC(sealed[start - BLOCK : start])).decryptor()
    unpadder = PKCS7(BLOCK * 8).unpadder()
    return unpadder.update(cipher.update(body) + cipher.finalize()) + unpadder.finalize()


def _key(password: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha1", password.encode(), salt, ITERATIONS, KEY)


def _gzip(value: bytes) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(value) + packer.flush()


def _gunzip(value: bytes) -> bytes:
    """Not more than LARGEST: a small file may stand for a very large one."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(value, LARGEST)
    except zlib.error as error:
        raise BadContainer("the file is not whole") from error
    if not unpacker.eof:
        raise BadContainer("the file is too large, or not whole")
    return found
