"""The .seb file: what is packed opens again, and nothing else does."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.delivery.seb.container import (
    LARGEST,
    BadContainer,
    decrypt,
    encrypt,
    pack_password,
    pack_plain,
    unpack,
)

DOCUMENT = b'<?xml version="1.0"?><plist><dict/></plist>'
ASCII = st.text(st.characters(codec="ascii", min_codepoint=32), min_size=1)


@given(st.binary(), ASCII)
@settings(max_examples=25, deadline=None)
def test_a_file_opens_again(document: bytes, password: str) -> None:
    assert unpack(pack_plain(document)) == document
    assert unpack(pack_password(document, password), password) == document
    with pytest.raises(BadContainer):
        unpack(pack_password(document, password), password + "x")


def test_the_shape_of_the_files() -> None:
    plain, secret = gzip.decompress(pack_plain(DOCUMENT)), gzip.decompress(pack_password(DOCUMENT, "sesame"))
    assert plain[:4] == b"plnd"
    assert gzip.decompress(plain[4:]) == DOCUMENT
    assert secret[:6] == b"pswd\x02\x01"
    assert (len(secret) - 4 - 34 - 32) % 16 == 0
    assert pack_password(DOCUMENT, "sesame") != pack_password(DOCUMENT, "sesame")


def test_files_of_others_open() -> None:
    assert unpack(DOCUMENT) == unpack(gzip.compress(DOCUMENT)) == DOCUMENT
    assert unpack(b"plnd" + gzip.compress(DOCUMENT)) == DOCUMENT
    typed = hashlib.sha256(b"sesame").hexdigest()
    assert unpack(b"pwcc" + encrypt(gzip.compress(DOCUMENT), typed), "sesame") == DOCUMENT
    empty = hashlib.sha256(b"").hexdigest()
    assert unpack(gzip.compress(b"pwcc" + encrypt(gzip.compress(DOCUMENT), empty))) == DOCUMENT


def test_files_of_the_published_cipher_open() -> None:
    # RNCryptor's own vectors: version 3 "one byte", and version 2 as made on iOS.
    sealed = bytes.fromhex(
        "03010001020304050607010203040506070802030405060708090a0b0c0d0e0f0001a1f8730e0bf480eb7b70f690abf2"
        "1e029514164ad3c474a51b30c7eaa1ca545b7de3de5b010acbad0a9a13857df696a8"
    )
    assert decrypt(sealed, "thepassword") == b"\x01"
    sealed = base64.b64decode(
        "AgG8X+ixN6HN9zFnuK1NMJAPntIuC0+WPsmFhGL314zLuq1T9xWDHYzpnzW8EqDz81Amj36+EqrjazQ1gO9ao6bpMwUKdT2xY4ZU"
        "rhtCQm3LD2okbEIGjj5dtMJtB3i759WdnmNf8K0ULDWNzNQHPzdNDcEE2BPh+2kRaqVzWyBOzJppJoD5n+WdglS7BEBU+4U="
    )
    assert decrypt(sealed, "mypassword123$!").startswith(b"Lorem ipsum dolor sit amet")


def test_every_changed_bit_is_refused() -> None:
    sealed = encrypt(b"sixteen or more bytes", "sesame")
    for at in range(0, len(sealed) * 8, 7):
        changed = bytearray(sealed)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(BadContainer):
            decrypt(bytes(changed), "sesame")


@pytest.mark.parametrize("blob", [
    b"", b"text", b"pkhs" + b"\x00" * 300, b"plnd", b"plnd" + gzip.compress(DOCUMENT, mtime=0)[:-3], b"\x1f\x8b",
    b"pswd\x02\x01",
    gzip.compress(b"plnd" + gzip.compress(b"\x00" * (LARGEST + 1), mtime=0), mtime=0),
])  # fmt: skip
def test_what_is_no_file_is_refused(blob: bytes) -> None:
    with pytest.raises(BadContainer):
        unpack(blob, "sesame")


@pytest.mark.parametrize("password", ["", "сезам"])
def test_a_password_that_clients_would_cut_short_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        pack_password(DOCUMENT, password)
