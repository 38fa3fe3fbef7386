"""A .seb file beside the sitting's: opened in plain or by its password, and what differs named by what it is about."""

from __future__ import annotations

import gzip
import plistlib
from datetime import datetime
from typing import Any

import pytest

from server.core.errors import Invalid
from server.delivery.seb.compare import THEME_OF, THEMES, Value, differences, open_file
from server.delivery.seb.config_key import config_key
from server.delivery.seb.container import pack_password, pack_plain
from server.delivery.seb.settings import settings_of, to_plist

OWN = settings_of("https://exam.example", "ABCD-EFGH", b"\x07" * 32)


def changed(**settings: Any) -> list[tuple[str, str, Value, Value]]:
    found = {name: value for name, value in {**OWN, **settings}.items() if value is not None}
    return [(each.name, each.theme, each.found, each.own) for each in differences(found, OWN)]


def test_each_setting_is_about_something() -> None:
    assert set(THEME_OF) >= set(OWN) - {"originatorVersion"}
    assert sum(map(len, THEMES.values())) == len(THEME_OF)


def test_a_file_is_opened_as_a_computer_opens_it() -> None:
    xml = to_plist(OWN)
    for content, password in (
        (xml, ""), (gzip.compress(xml), ""), (pack_plain(xml), ""), (pack_password(xml, "sesame"), "sesame"),
    ):  # fmt: skip
        opened = open_file(content, password)
        assert (opened.key, opened.odd) == (config_key(OWN), None)
        assert list(differences(opened.settings, OWN)) == []


@pytest.mark.parametrize(("content", "password", "code"), [
    (pack_password(to_plist(OWN), "sesame"), "", "seb_file_password"),
    (pack_password(to_plist(OWN), "sesame"), "sesam", "seb_file_password"),
    (b"", "", "seb_file_unreadable"), (b"PK\x03\x04", "", "seb_file_unreadable"),
    (b"pkhs" + b"0" * 40, "", "seb_file_unreadable"), (pack_plain(b"<?xml"), "", "seb_file_unreadable"),
    (pack_plain(b'<?xml version="1.0"?><plist><dict><key>a</key>' + b"<array>" * 9999 + b"</array>" * 9999
                + b"</dict></plist>"), "", "seb_file_unreadable"),
])  # fmt: skip
def test_what_is_no_file_is_said(content: bytes, password: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        open_file(content, password)


def test_what_systems_hash_differently_is_named() -> None:
    dated = open_file(plistlib.dumps({**OWN, "made": datetime(2026, 5, 20)}), "")
    assert (dated.key, dated.odd) == (None, "made")
    listed = open_file(plistlib.dumps({**OWN, "rules": [{"a": ""}, {"b": {}}]}), "")
    assert (listed.key is not None, listed.odd) == (True, "rules")


def test_what_differs_is_shown_in_words_and_secrets_are_not() -> None:
    assert changed() == []
    assert changed(originatorVersion="another", gone={}) == []
    on, off, secret = Value("on"), Value("off"), Value("secret")
    start = (Value("text", "https://old.example/start"), Value("text", "https://exam.example/exam/start"))
    assert changed(startURL="https://old.example/start", allowPrint=True, examKeySalt=b"x", quitURLConfirm=None) == [
        ("startURL", "start", *start),
        ("quitURLConfirm", "quit", Value("missing"), off),
        ("examKeySalt", "salt", secret, secret),
        ("allowPrint", "printing", on, off),
    ]
    assert changed(unknown=[1, 2]) == [("unknown", "other", Value("text", "[1, 2]"), Value("missing"))]
    assert [name for name, *_more in changed(allowQuit=1)] == ["allowQuit"]
    assert changed(browserWindowWebView=3.0) == [], "the real is written as the integer"
